import { Command } from "commander";
import { type DaemonOptions, connectDaemon } from "../api-client.ts";
import { type JsonOption, withDaemon } from "../options.ts";
import { createOutput } from "../output.ts";

/** `mfpgate approve ID`: adopts a printer that waits for approval, or a retired one again. */
export function approveCommand(): Command {
  return lifecycleCommand("approve", "adopt a printer that waits for approval", "approved");
}

/** `mfpgate retire ID`: stops polling and informing; identity and history are kept. */
export function retireCommand(): Command {
  return lifecycleCommand(
    "retire",
    "stop serving a printer; its identity and history are kept",
    "retired",
  );
}

function lifecycleCommand(verb: "approve" | "retire", description: string, done: string): Command {
  return withDaemon(
    new Command(verb).description(description).argument("<id>", "printer id"),
  ).action(async (id: string, options: DaemonOptions & JsonOption) => {
    const output = createOutput(options.json === true);
    const client = await connectDaemon(options);
    const answer = await client.post(`/api/v1/printers/${encodeURIComponent(id)}/${verb}`);
    if (output.isJson) output.json(answer);
    else output.line(`${id} ${done}`);
  });
}
