import { Command } from "commander";
import type { SetOutcome, SetPlan } from "../../api/local-service.ts";
import { type DaemonOptions, connectDaemon } from "../api-client.ts";
import { assignments } from "../assignments.ts";
import { CliError } from "../exit.ts";
import { type JsonOption, withDaemon } from "../options.ts";
import { type Output, createOutput } from "../output.ts";

/** `mfpgate set ID PATH=VALUE…`: all or nothing, by the rules of SetParameterValues. */
export function setCommand(): Command {
  const command = new Command("set")
    .description("set parameters, all or nothing, verified by reading back")
    .argument("<id>", "printer id or proxier")
    .argument("<path=value...>", "full parameter name, =, new value")
    .option("--dry-run", "print what would be done, step by step, and change nothing");
  return withDaemon(command).action(
    async (
      id: string,
      words: readonly string[],
      options: DaemonOptions & JsonOption & { readonly dryRun?: true },
    ) => {
      const output = createOutput(options.json === true);
      const values = assignments(words, "PATH=VALUE");
      const client = await connectDaemon(options);
      const path = `/api/v1/printers/${encodeURIComponent(id)}/parameters`;
      if (options.dryRun === true) {
        showPlan(output, (await client.post(`${path}?dryRun=true`, values)) as SetPlan);
        return;
      }
      output.progress(`writing ${words.length} parameter(s) of ${id} …`);
      showOutcome(output, (await client.post(path, values)) as SetOutcome);
    },
  );
}

/** @throws {CliError} when it was refused */
function showOutcome(output: Output, outcome: SetOutcome): void {
  if (output.isJson) output.json(outcome);
  if (outcome.outcome === "refused") {
    const reasons = outcome.faults.map((fault) => `${fault.path}: ${fault.code} ${fault.text}`);
    // Not always "nothing was changed": putting back may have failed.
    throw new CliError(
      reasons.length === 0 ? outcome.text : `${outcome.text}: ${reasons.join("; ")}`,
    );
  }
  if (output.isJson) return;
  if (outcome.outcome === "applied") output.line("applied and read back");
  else output.line(`not proven yet: ${outcome.why ?? "it is done later"}; see mfpgate audit`);
}

/** @throws {CliError} when it would be refused */
function showPlan(output: Output, plan: SetPlan): void {
  const { changes, steps, objections } = plan;
  if (output.isJson) output.json(plan);
  if (objections.length > 0) {
    const reasons = objections.map(({ path, code, text }) =>
      code === null ? `${path}: ${text}` : `${path}: ${code} ${text}`,
    );
    throw new CliError(`would be refused: ${reasons.join("; ")}`);
  }
  if (output.isJson) return;
  output.table(
    ["Parameter", "From", "To"],
    changes.map(({ path, from, to }) => [path, valueText(from), valueText(to)]),
  );
  output.line("");
  if (steps.length === 0) output.line("nothing to do: the printer has these values");
  else
    output.table(
      ["Step", "By", "What", "Parameters"],
      steps.map(({ driver, description, paths, restarts }, index) => [
        String(index + 1),
        driver,
        restarts === null ? description : `${description} (restarts the ${restarts})`,
        paths.join(", "),
      ]),
    );
  output.line("\nnothing was changed");
}

function valueText(value: string | number | boolean | null): string {
  return value === null ? "-" : JSON.stringify(value);
}
