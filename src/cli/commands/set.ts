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
      const values = assignments(words);
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

/** A name given twice has two values, and it is not for us to choose (TR-069a6 A.3.2.1 refuses it as well). */
function assignments(words: readonly string[]): Readonly<Record<string, string>> {
  const values = new Map<string, string>();
  for (const word of words) {
    const at = word.indexOf("=");
    if (at < 1) throw new CliError(`${word} is not PATH=VALUE`, exitCode.usage);
    const path = word.slice(0, at);
    if (values.has(path))
      throw new CliError(`${path} is given twice; give it one value`, exitCode.usage);
    values.set(path, word.slice(at + 1));
  }
  return Object.fromEntries(values);
}
