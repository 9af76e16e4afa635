import { Command } from "commander";
import type { TransferLine } from "../../api/local-service.ts";
import { type DaemonOptions, connectDaemon } from "../api-client.ts";
import { type JsonOption, withDaemon } from "../options.ts";
import { createOutput } from "../output.ts";

/** `mfpgate transfers`: files the ACS ordered to be moved, until the ACS was told what came of them. */
export function transfersCommand(): Command {
  const command = new Command("transfers").description(
    "files the ACS has moved, until it was told what came of them",
  );
  return withDaemon(command).action(async (options: DaemonOptions & JsonOption) => {
    const output = createOutput(options.json === true);
    const client = await connectDaemon(options);
    const transfers = (await client.get("/api/v1/transfers")) as readonly TransferLine[];
    if (output.isJson) output.json(transfers);
    else
      output.table(
        ["Endpoint", "Order", "File", "State", "Due", "Server", "Command key", "Failure"],
        transfers.map(rowOf),
      );
  });
}

function rowOf(transfer: TransferLine): readonly string[] {
  const { endpoint, kind, fileType, state, dueAt, server, commandKey, fault } = transfer;
  return [endpoint, kind, fileType, state, dueAt ?? "", server, commandKey, fault ?? ""];
}
