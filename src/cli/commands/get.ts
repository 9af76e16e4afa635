import { Command } from "commander";
import type { ParameterView } from "../../api/local-service.ts";
import { type DaemonOptions, connectDaemon } from "../api-client.ts";
import { type JsonOption, withDaemon } from "../options.ts";
import { createOutput } from "../output.ts";

/** `mfpgate get ID PATH`: reads what is older than its poll class, then prints what the ACS would get. */
export function getCommand(): Command {
  const command = new Command("get")
    .description("read parameters as the ACS would; ID is a printer id or proxier")
    .argument("<id>", "printer id or proxier")
    .argument("[path]", "full name, or partial path ending with a dot; empty for everything", "");
  return withDaemon(command).action(
    async (id: string, path: string, options: DaemonOptions & JsonOption) => {
      const output = createOutput(options.json === true);
      const client = await connectDaemon(options);
      output.progress(`reading ${id} …`);
      const query = `path=${encodeURIComponent(path)}&refresh=true`;
      const values = (await client.get(
        `/api/v1/printers/${encodeURIComponent(id)}/parameters?${query}`,
      )) as Readonly<Record<string, ParameterView>>;
      if (output.isJson) output.json(values);
      else {
        output.table(
          ["Parameter", "Value", "Type", ""],
          Object.entries(values).map(([name, { value, type, stale }]) => [
            name,
            String(value),
            type,
            stale ? "stale" : "",
          ]),
        );
      }
    },
  );
}
