import { Command } from "commander";
import { type DaemonOptions, connectDaemon } from "../api-client.ts";
import { type JsonOption, withDaemon } from "../options.ts";
import { createOutput } from "../output.ts";

interface ApproveOptions extends DaemonOptions, JsonOption {
  readonly pages?: true;
  readonly certificate?: true;
  readonly password?: true;
}

/** `mfpgate approve ID`: adopts a printer that waits, or a retired one again; or trusts what changed in its web pages. */
export function approveCommand(): Command {
  const command = new Command("approve")
    .description("adopt a printer that waits for approval, or trust its web pages after a change")
    .argument("<id>", "printer id")
    .option("--pages", "trust its web pages as they are built now; after mapping test agrees")
    .option("--certificate", "trust the certificate its web server shows next")
    .option("--password", "try the web password it refused once more");
  return withDaemon(command).action(async (id: string, options: ApproveOptions) => {
    const { pages, certificate, password } = options;
    if (pages === true) await post(id, "pages/accept", `pages of ${id} accepted`, options);
    if (certificate === true)
      await post(id, "certificate/accept", `${id}: the next certificate is trusted`, options);
    if (password === true)
      await post(id, "password/retry", `${id}: its web password is tried once more`, options);
    if (pages === undefined && certificate === undefined && password === undefined)
      await post(id, "approve", `${id} approved`, options);
  });
}

/** `mfpgate retire ID`: stops polling and informing; identity and history are kept. */
export function retireCommand(): Command {
  const command = new Command("retire")
    .description("stop serving a printer; its identity and history are kept")
    .argument("<id>", "printer id");
  return withDaemon(command).action((id: string, options: DaemonOptions & JsonOption) =>
    post(id, "retire", `${id} retired`, options),
  );
}

/** One action on a printer, and what is said when it is done. */
async function post(
  id: string,
  action: string,
  done: string,
  options: DaemonOptions & JsonOption,
): Promise<void> {
  const output = createOutput(options.json === true);
  const client = await connectDaemon(options);
  const answer = await client.post(`/api/v1/printers/${encodeURIComponent(id)}/${action}`);
  if (output.isJson) output.json(answer);
  else output.line(done);
}
