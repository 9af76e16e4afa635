import { Argument, Command } from "commander";
import { type DaemonOptions, connectDaemon } from "../api-client.ts";
import { type JsonOption, withDaemon } from "../options.ts";
import { createOutput } from "../output.ts";

/** `mfpgate present ID virtual|embedded|none|auto`: how the ACS sees a printer from now on. */
export function presentCommand(): Command {
  const command = new Command("present")
    .description("choose how the ACS sees a printer; auto leaves it to the configuration")
    .argument("<id>", "printer id")
    .addArgument(
      new Argument("<choice>", "how it is shown").choices(["virtual", "embedded", "none", "auto"]),
    );
  return withDaemon(command).action(
    async (id: string, presentation: string, options: DaemonOptions & JsonOption) => {
      const output = createOutput(options.json === true);
      const client = await connectDaemon(options);
      const path = `/api/v1/printers/${encodeURIComponent(id)}/presentation`;
      const answer = await client.post(path, { presentation });
      if (output.isJson) output.json(answer);
      else if (presentation === "auto") output.line(`${id} is presented as the rules say`);
      else output.line(`${id} is presented as ${presentation}`);
    },
  );
}
