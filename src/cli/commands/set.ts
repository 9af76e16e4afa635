import { Command } from "commander";
import type { SetOutcome } from "../../api/local-service.ts";
import { type DaemonOptions, connectDaemon } from "../api-client.ts";
import { CliError, exitCode } from "../exit.ts";
import { type JsonOption, withDaemon } from "../options.ts";
import { createOutput } from "../output.ts";

/** `mfpgate set ID PATH=VALUE…`: all or nothing, by the rules of SetParameterValues. */
export function setCommand(): Command {
  const command = new Command("set")
    .description("set parameters, all or nothing, verified by reading back")
    .argument("<id>", "printer id or proxier")
    .argument("<path=value...>", "full parameter name, =, new value");
  return withDaemon(command).action(
    async (id: string, words: readonly string[], options: DaemonOptions & JsonOption) => {
      const output = createOutput(options.json === true);
      const values = Object.fromEntries(words.map(assignment));
      const client = await connectDaemon(options);
      output.progress(`writing ${words.length} parameter(s) of ${id} …`);
      const outcome = (await client.post(
        `/api/v1/printers/${encodeURIComponent(id)}/parameters`,
        values,
      )) as SetOutcome;
      if (output.isJson) output.json(outcome);
      if (outcome.outcome === "refused") {
        const reasons = outcome.faults.map((fault) => `${fault.path}: ${fault.code} ${fault.text}`);
        throw new CliError(
          `nothing was changed: ${[...reasons, ...(reasons.length === 0 ? [outcome.text] : [])].join("; ")}`,
        );
      }
      if (!output.isJson)
        output.line(
          outcome.outcome === "applied" ? "applied and read back" : "stored, applied later",
        );
    },
  );
}

function assignment(word: string): [string, string] {
  const at = word.indexOf("=");
  if (at < 1) throw new CliError(`${word} is not PATH=VALUE`, exitCode.usage);
  return [word.slice(0, at), word.slice(at + 1)];
}
