import { Command } from "commander";
import { type DaemonOptions, connectDaemon } from "../api-client.ts";
import { type JsonOption, withDaemon } from "../options.ts";
import { createOutput } from "../output.ts";

/** `mfpgate inform ID|proxier`: starts a session with the ACS now. */
export function informCommand(): Command {
  const command = new Command("inform")
    .description("start a session with the ACS now")
    .argument("<id>", "printer id or proxier");
  return withDaemon(command).action(async (id: string, options: DaemonOptions & JsonOption) => {
    const output = createOutput(options.json === true);
    const client = await connectDaemon(options);
    const answer = await client.post(`/api/v1/printers/${encodeURIComponent(id)}/inform`);
    if (output.isJson) output.json(answer);
    else output.line(`session of ${id} requested`);
  });
}
