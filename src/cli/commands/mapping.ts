import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { shippedMappings } from "../../main/mapping-folders.ts";
import { coverageOf, coveragePage } from "../../mapping/coverage.ts";
import { type MappingProblem, formatProblem, problemsError } from "../../mapping/errors.ts";
import { type LintRecording, expectationOf, lintMappings } from "../../mapping/lint.ts";
import { loadMappings, parseAll, readFolders } from "../../mapping/load.ts";
import { CliError, exitCode } from "../exit.ts";
import { type JsonOption, withJson } from "../options.ts";
import { type Output, createOutput } from "../output.ts";
import { expectationFile, readRecordings, shippedRecordings } from "../recordings.ts";

interface MappingOptions extends JsonOption {
  readonly recordings: string;
}

/** `mfpgate mapping lint|test|coverage`: for authors of mapping files. */
export function mappingCommand(): Command {
  const command = new Command("mapping").description("for authors of mapping files");
  command.addCommand(lintCommand());
  command.addCommand(testCommand());
  command.addCommand(coverageCommand());
  return command;
}

function withFolders(command: Command): Command {
  return withJson(command)
    .argument(
      "[folder...]",
      "your own folders of mapping files; the shipped ones are always read first",
    )
    .option(
      "--recordings <folder>",
      "folder of the recordings that are the evidence",
      shippedRecordings,
    );
}

/** `mapping lint`: shape, meaning, evidence and behaviour of all files at once. */
function lintCommand(): Command {
  const command = new Command("lint").description(
    "check mapping files: shape, meaning, evidence, behaviour",
  );
  return withFolders(command).action(
    async (folders: readonly string[], options: MappingOptions) => {
      const output = createOutput(options.json === true);
      const { texts, replaced, warnings } = await readFolders([shippedMappings, ...folders]);
      const found = lintMappings(texts, await readRecordings(options.recordings));
      const problems = [...warnings, ...found];
      if (output.isJson) output.json({ files: texts.length, problems, replaced });
      else printProblems(output, texts.length, problems);
      const errors = problems.filter(({ severity }) => severity === "error");
      if (errors.length > 0)
        throw new CliError(`${errors.length} error(s) in mapping files`, exitCode.usage);
    },
  );
}

function printProblems(output: Output, files: number, problems: readonly MappingProblem[]): void {
  for (const problem of problems) output.line(`${problem.severity}: ${formatProblem(problem)}`);
  const errors = problems.filter(({ severity }) => severity === "error").length;
  output.line(`${files} mapping files, ${errors} errors, ${problems.length - errors} warnings`);
}

/** `mapping test`: every recording against its `expected.json`; `--update` writes them anew. */
function testCommand(): Command {
  const command = new Command("test")
    .description("replay recordings and compare with the expected.json beside each")
    .option("--update", "write expected.json anew; look at the difference before you keep it");
  return withFolders(command).action(
    async (folders: readonly string[], options: MappingOptions & { readonly update?: true }) => {
      const output = createOutput(options.json === true);
      const recordings = await readRecordings(options.recordings);
      if (options.update === true) {
        await update([shippedMappings, ...folders], options.recordings, recordings);
        output.progress(`${recordings.length} expectations written`);
        return;
      }
      const { texts } = await readFolders([shippedMappings, ...folders]);
      const problems = lintMappings(texts, recordings).filter(
        ({ severity }) => severity === "error",
      );
      const without = recordings
        .filter(({ expected }) => expected === undefined)
        .map(({ name }) => name);
      const report = { recordings: recordings.length, withoutExpectation: without, problems };
      if (output.isJson) output.json(report);
      else printResult(output, report);
      if (problems.length > 0) throw new CliError(`${problems.length} difference(s)`);
    },
  );
}

async function update(
  folders: readonly string[],
  recordingsFolder: string,
  recordings: readonly LintRecording[],
): Promise<void> {
  const mappings = await loadMappings(folders);
  for (const { name, answers } of recordings) {
    const text = JSON.stringify(expectationOf(mappings, answers), undefined, 2);
    await writeFile(expectationFile(recordingsFolder, name), `${text}\n`);
  }
}

/** `mapping coverage`: which rows of the information table each maker's files read and write. */
function coverageCommand(): Command {
  const command = new Command("coverage").description(
    "which information each maker's mapping files read and write",
  );
  return withJson(command)
    .argument("[folder...]", "your own folders of mapping files, besides the shipped ones")
    .action(async (folders: readonly string[], options: JsonOption) => {
      const output = createOutput(options.json === true);
      const { texts } = await readFolders([shippedMappings, ...folders]);
      const { files, problems } = parseAll(texts);
      const errors = problems.filter(({ severity }) => severity === "error");
      if (errors.length > 0) throw problemsError(errors);
      const coverage = coverageOf(files);
      if (output.isJson) output.json(coverage);
      else output.line(coveragePage(coverage));
    });
}

interface TestReport {
  readonly recordings: number;
  readonly withoutExpectation: readonly string[];
  readonly problems: readonly MappingProblem[];
}

function printResult(
  output: Output,
  { recordings, withoutExpectation, problems }: TestReport,
): void {
  for (const problem of problems) output.line(formatProblem(problem));
  for (const name of withoutExpectation)
    output.line(`${name}: no expected.json; write it with --update`);
  output.line(
    `${recordings - withoutExpectation.length} recordings compared, ${problems.length} differences`,
  );
}
