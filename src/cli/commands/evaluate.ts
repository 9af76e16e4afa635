import { Command } from "commander";
import { shippedMappings } from "../../main/mapping-folders.ts";
import { type CaptureEvaluation, evaluateAnswers } from "../../mapping/capture-evaluation.ts";
import type { MappingSet } from "../../mapping/evaluation.ts";
import { loadMappings } from "../../mapping/load.ts";
import { systemClock } from "../../shared/clock.ts";
import { readCapture } from "../../simulator/capture.ts";
import { loadRecording } from "../../simulator/recording.ts";
import { RecordedAnswers } from "../../southbound/snmp/recorded-answers.ts";
import { CliError, exitCode } from "../exit.ts";
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
      const evaluation = await evaluateCapture(mappings, capture, options.mapping);
      if (output.isJson) output.json(evaluation);
      else print(output, capture, evaluation);
    }
  });
}

/** The SNMP part of a capture as a virtual device would show it. @throws {CliError} when it has none */
async function evaluateCapture(
  mappings: MappingSet,
  path: string,
  mappingName?: string,
): Promise<CaptureEvaluation> {
  const { parts } = await readCapture(path);
  const recording = parts.find(({ kind }) => kind === "snmprec");
  if (recording === undefined) {
    throw new CliError(
      `${path} holds no SNMP recording, the only kind mapped so far`,
      exitCode.usage,
    );
  }
  const { varbinds } = await loadRecording(recording.file);
  const answers = new RecordedAnswers({ varbinds, skipped: [] }, systemClock.nowMs());
  return evaluateAnswers(mappings, answers, mappingName);
}

function print(
  output: Output,
  capture: string,
  { mapping, identity, parameters }: CaptureEvaluation,
): void {
  const { manufacturer, oui, productClass, serialNumber } = identity;
  output.line(`${capture}: ${mapping}`);
  output.line(`${manufacturer} (${oui}) ${productClass}, serial number ${serialNumber}`);
  output.table(
    ["Parameter", "Value", "Source"],
    Object.entries(parameters).map(([path, { value, source }]) => [path, String(value), source]),
  );
}
