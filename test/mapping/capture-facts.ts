import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { evaluateCapturedPrinter } from "../../src/cli/captured-printer.ts";
import type { CaptureEvaluation } from "../../src/mapping/capture-evaluation.ts";
import type { MappingSet } from "../../src/mapping/evaluation.ts";
import { serviceObject } from "../../src/model/definition.ts";

/** One fact as `expected.json` of a capture tells it. */
export interface ExpectedFact {
  readonly file: string;
  readonly category: string;
  readonly name: string;
  readonly value: unknown;
}

/**
 * Where a fact is in the model: a path below the service object (or an absolute one), rows by what one of their
 * parameters says: `Supply[ColorantName=Black].RemainingPercent`, `InputTray[*].MaxCapacity` (any row).
 */
export type FactPlace =
  | string
  | {
      readonly path: string;
      /** What the model says for the fact, where it is not the fact's own spelling. */
      readonly as: string | number | boolean;
    }
  /** The table has so many rows. */
  | { readonly rows: string };

/** What one capture is expected to come out as. Every fact of its `expected.json` is in one of the two lists. */
export interface CaptureFacts {
  /** Folder below `../shared/ews` or `../shared/protocols`. */
  readonly capture: string;
  readonly mapping: string;
  /** By name of the fact; facts of one name in several files as `file: name`. */
  readonly facts: Readonly<Record<string, FactPlace>>;
  /** Facts the model has no place for, and why. */
  readonly without: Readonly<Record<string, string>>;
}

/** What differs from the facts, in words; empty when everything agrees. */
export async function differences(
  folder: string,
  expected: CaptureFacts,
  mappings: MappingSet,
): Promise<readonly string[]> {
  const evaluation = await evaluateCapturedPrinter(mappings, folder);
  if ("examples" in evaluation) return [`${folder} is a collection of greetings`];
  const facts = await readFacts(folder);
  const wrongMapping =
    evaluation.mapping === expected.mapping
      ? []
      : [`mapped by ${evaluation.mapping} instead of ${expected.mapping}`];
  return [...wrongMapping, ...facts.flatMap((fact) => difference(fact, expected, evaluation))];
}

async function readFacts(folder: string): Promise<readonly ExpectedFact[]> {
  const text = await readFile(join(folder, "expected.json"), "utf8");
  return (JSON.parse(text) as { facts: readonly ExpectedFact[] }).facts;
}

function difference(
  fact: ExpectedFact,
  { facts, without }: CaptureFacts,
  evaluation: CaptureEvaluation,
): readonly string[] {
  const { file, name } = fact;
  const place = facts[`${file}: ${name}`] ?? facts[name];
  const isLeftOut = (without[`${file}: ${name}`] ?? without[name]) !== undefined;
  if (place === undefined) return isLeftOut ? [] : [`${file}: ${name} is nowhere in the test`];
  const found = valuesAt(place, evaluation);
  const wanted = wantedOf(fact, place);
  if (found.includes(wanted)) return [];
  return [`${name}: ${found.join(" or ") || "nothing"} instead of ${wanted}`];
}

function wantedOf({ value }: ExpectedFact, place: FactPlace): string {
  if (typeof place === "object" && "as" in place) return String(place.as);
  return Array.isArray(value) ? value.join(",") : String(value);
}

function valuesAt(place: FactPlace, { parameters }: CaptureEvaluation): readonly string[] {
  if (typeof place === "object" && "rows" in place) {
    const count = parameters[absolute(`${place.rows}NumberOfEntries`)]?.value;
    return count === undefined ? [] : [String(count)];
  }
  const path = typeof place === "string" ? place : place.path;
  return pathsOf(path, parameters).flatMap((one) => {
    const value = parameters[one]?.value;
    return value === undefined ? [] : [String(value)];
  });
}

/** `Supply[ColorantName=Black].Level` → the paths of the rows that fit. */
function pathsOf(path: string, parameters: CaptureEvaluation["parameters"]): readonly string[] {
  const [, table, test, rest] = /^([^[]+)\[([^\]]+)\]\.(.+)$/.exec(path) ?? [];
  if (table === undefined || test === undefined || rest === undefined) return [absolute(path)];
  const prefix = absolute(`${table}.`);
  const rows = new Set(
    Object.keys(parameters)
      .filter((one) => one.startsWith(prefix))
      .map((one) => one.slice(prefix.length).split(".", 1)[0] ?? ""),
  );
  const tests = test === "*" ? [] : test.split(",").map((one) => one.split("="));
  return [...rows]
    .filter((row) =>
      tests.every(
        ([name = "", value]) => String(parameters[`${prefix}${row}.${name}`]?.value) === value,
      ),
    )
    .map((row) => `${prefix}${row}.${rest}`);
}

function absolute(path: string): string {
  return path.startsWith("Device.") ? path : `${serviceObject}1.${path}`;
}
