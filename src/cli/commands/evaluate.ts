import { Command } from "commander";
import { shippedMappings } from "../../main/mapping-folders.ts";
import { loadMappings } from "../../mapping/load.ts";
import { evaluateCapturedPrinter } from "../captured-printer.ts";
import { type JsonOption, withJson } from "../options.ts";
import { type Output, createOutput } from "../output.ts";

interface EvaluateOptions extends JsonOption {
  readonly mapping?: string;
  readonly mappings?: readonly string[];
}

/** `mfpgate evaluate CAPTURE…`: maps recordings without any network. */
export function evaluateCommand(): Command {
  const command = new Command("evaluate")
    .description("match and map captures, no network; --json prints one object per line")
    .argument("<capture...>", ".snmprec file or capture folder")
    .option("--mapping <name>", "this mapping instead of the best match")
    .option(
      "--mappings <folder...>",
      "further folders of mapping files, after the captures; they win over the shipped",
    );
  return withJson(command).action(async (captures: readonly string[], options: EvaluateOptions) => {
    const output = createOutput(options.json === true);
    const mappings = await loadMappings([shippedMappings, ...(options.mappings ?? [])]);
    for (const capture of captures) {
      const evaluation = await evaluateCapturedPrinter(mappings, capture, options.mapping);
      if (output.isJson) output.json(evaluation);
      else print(output, capture, evaluation);
    }
  });
}

function print(
  output: Output,
  capture: string,
  evaluation: Awaited<ReturnType<typeof evaluateCapturedPrinter>>,
): void {
  const { mapping, identity, parameters } = evaluation;
  output.line(`${capture}: ${mapping}`);
  if ("examples" in evaluation) {
    output.table(
      ["Maker", "Model", "Version", "Greeting"],
      evaluation.examples.map(({ input, identity: { manufacturer, ...found } }) => [
        manufacturer,
        found.productClass,
        found.softwareVersion,
        input,
      ]),
    );
    return;
  }
  const { manufacturer, oui, productClass, serialNumber } = identity;
  output.line(
    `${manufacturer} (${oui || "OUI unknown"}) ${productClass}, serial number ${serialNumber || "unknown"}`,
  );
  output.table(
    ["Parameter", "Value", "Source"],
    Object.entries(parameters).map(([path, { value, source }]) => [path, String(value), source]),
  );
}
