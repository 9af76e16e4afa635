import { readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExpectedEvaluation, LintRecording } from "../mapping/lint.ts";
import { errorText, systemCode } from "../shared/errors.ts";
import { packageRoot } from "../shared/package-version.ts";
import { RecordedAnswers } from "../southbound/snmp/recorded-answers.ts";
import { parseSnmprec } from "../southbound/snmp/snmprec.ts";
import { CliError, exitCode } from "./exit.ts";

/** Folder of the project's own recordings, the evidence of the shipped mappings. */
export const shippedRecordings = fileURLToPath(new URL("recordings", packageRoot));

/** Recordings are read as if at this moment, so that times derived from uptimes are the same in every run. */
const frozenAtMs = Date.UTC(2026, 0, 1);

const recordingSuffix = ".snmprec";

/** File with what a recording is expected to come out as. */
export function expectationFile(folder: string, name: string): string {
  return join(folder, `${name}.expected.json`);
}

/** All recordings of a folder with their expectations. @throws {CliError} when the folder cannot be read */
export async function readRecordings(folder: string): Promise<readonly LintRecording[]> {
  const names = (await listFolder(folder)).filter((name) => name.endsWith(recordingSuffix)).sort();
  return Promise.all(names.map((file) => readRecording(folder, basename(file, recordingSuffix))));
}

async function listFolder(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new CliError(
      `recordings folder ${folder} cannot be read: ${errorText(error)}`,
      exitCode.usage,
    );
  }
}

async function readRecording(folder: string, name: string): Promise<LintRecording> {
  const recording = parseSnmprec(await readFile(join(folder, name + recordingSuffix), "utf8"));
  const answers = new RecordedAnswers(recording, frozenAtMs);
  const expected = await readExpectation(expectationFile(folder, name));
  return expected === undefined ? { name, answers } : { name, answers, expected };
}

async function readExpectation(file: string): Promise<ExpectedEvaluation | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as ExpectedEvaluation;
  } catch (error) {
    throw new CliError(`${file} is not JSON: ${errorText(error)}`);
  }
}
