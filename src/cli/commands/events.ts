import { Command } from "commander";
import type { EventLine } from "../../api/local-service.ts";
import { type DaemonOptions, connectDaemon } from "../api-client.ts";
import { CliError, exitCode } from "../exit.ts";
import { type JsonOption, withDaemon } from "../options.ts";
import { createOutput } from "../output.ts";

/** `mfpgate events`: what happened lately, newest first. */
export function eventsCommand(): Command {
  const command = new Command("events")
    .description("what happened lately, newest first")
    .option("-n, --limit <count>", "how many, at most 1000", "50");
  return withDaemon(command).action(
    async (options: DaemonOptions & JsonOption & { readonly limit: string }) => {
      const output = createOutput(options.json === true);
      if (!/^[1-9]\d{0,3}$/.test(options.limit))
        throw new CliError("--limit takes 1 to 1000", exitCode.usage);
      const client = await connectDaemon(options);
      const events = (await client.get(
        `/api/v1/events?limit=${options.limit}`,
      )) as readonly EventLine[];
      if (output.isJson) output.json(events);
      else
        output.table(
          ["When", "Device", "Kind", "What"],
          events.map(({ at, device, kind, text }) => [at, device, kind, text]),
        );
    },
  );
}
