import { parseArgs } from "node:util";
import { errorText } from "../src/shared/errors.ts";
import { conclusionOf, documentOf, machineLine, resultsOf, tableOf } from "./report.ts";
import { repeat } from "./repetition.ts";
import type { Measured, Row } from "./row.ts";
import { rows } from "./rows.ts";

const usage = 2;

/** `main.js PROJECT-ROOT [--json] [--only NAME]…`. Exit code 1 when a row could not be measured; a bar missed is no error. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean" }, only: { type: "string", multiple: true } },
  });
  const [projectRoot = ""] = positionals;
  const wanted = values.only ?? rows.map(({ name }) => name);
  const unknown = wanted.find((name) => !rows.some((row) => row.name === name));
  if (unknown !== undefined) {
    const names = rows.map(({ name }) => name).join(", ");
    process.stderr.write(`bench: there is no row ${unknown}; --only takes ${names}\n`);
    return usage;
  }
  const chosen = rows.filter(({ name }) => wanted.includes(name));
  return measureAll(chosen, projectRoot, values.json === true);
}

async function measureAll(
  chosen: readonly Row[],
  projectRoot: string,
  isJson: boolean,
): Promise<number> {
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      abort.abort();
    });
  const machine = machineLine();
  const results = [];
  for (const row of chosen) {
    const repetitions: Measured[] = [];
    for (let n = 1; n <= row.repetitions; n++) {
      process.stderr.write(`bench: ${row.title} (${row.name}), ${n} of ${row.repetitions}\n`);
      repetitions.push(await repeat(row, projectRoot, abort.signal));
    }
    results.push(...resultsOf(row, repetitions));
  }
  const text = isJson
    ? JSON.stringify(documentOf(results, machine), undefined, 2)
    : `${machine}\n\n${tableOf(results)}\n\n${conclusionOf(results)}`;
  process.stdout.write(`${text}\n`);
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`bench: ${errorText(error)}\n`);
    process.exitCode = 1;
  },
);
