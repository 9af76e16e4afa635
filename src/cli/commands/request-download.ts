import { Command } from "commander";
import type { RequestedDownload } from "../../api/local-service.ts";
import { type DaemonOptions, connectDaemon } from "../api-client.ts";
import { assignments } from "../assignments.ts";
import { type JsonOption, withDaemon } from "../options.ts";
import { createOutput } from "../output.ts";

/** `mfpgate request-download ID|proxier FILETYPE [NAME=VALUE…]`: asks the ACS to have a file downloaded. */
export function requestDownloadCommand(): Command {
  const command = new Command("request-download")
    .description("ask the ACS for a file (RequestDownload); it answers with a Download if it wants")
    .argument("<id>", "printer id or proxier")
    .argument("<filetype>", 'such as "1 Firmware Upgrade Image" or "3 Vendor Configuration File"')
    .argument("[name=value...]", "arguments for the ACS, at most 16");
  return withDaemon(command).action(
    async (
      id: string,
      fileType: string,
      words: readonly string[],
      options: DaemonOptions & JsonOption,
    ) => {
      const output = createOutput(options.json === true);
      const given = assignments(words, "NAME=VALUE");
      const client = await connectDaemon(options);
      output.progress(`asking the ACS for ${fileType} …`);
      const path = `/api/v1/printers/${encodeURIComponent(id)}/request-download`;
      const result = (await client.post(path, { fileType, arguments: given })) as {
        readonly answer: RequestedDownload;
      };
      if (output.isJson) output.json(result);
      else if (result.answer === "taken")
        output.line("the ACS took the request: see mfpgate transfers for what it makes of it");
      else
        output.line("the ACS has not answered yet; it is asked until it does, or until a restart");
    },
  );
}
