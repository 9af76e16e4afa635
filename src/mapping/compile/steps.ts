import { type Datum, Missing, type Outcome, noSuchObject } from "../evaluate/datum.ts";
import { type Run, upTimeOid } from "../evaluate/run.ts";
import { type Enumeration, enumerationNamed } from "../enumerations.ts";
import type { Source } from "../schema.ts";
import { type TransformStep, makeTransform } from "../transforms/registry.ts";
import type { Needs } from "./context.ts";

type Step = (value: Datum, run: Run) => Outcome;

/** Transforms and enumeration of a source or parameter as one function; undefined when it has neither. */
export function compileSteps(
  { transform, values }: Pick<Source, "transform" | "values">,
  needs: Needs,
): Step | undefined {
  const steps: Step[] = (transform ?? []).map((step) => compileStep(step, needs));
  if (values !== undefined) steps.push(compileValues(values));
  const [first, second, ...rest] = steps;
  if (first === undefined || second === undefined) return first;
  return (value, run) => {
    let outcome = first(value, run);
    if (!(outcome instanceof Missing)) outcome = second(outcome, run);
    for (const step of rest) {
      if (outcome instanceof Missing) return outcome;
      outcome = step(outcome, run);
    }
    return outcome;
  };
}

function compileStep(step: TransformStep, needs: Needs): Step {
  if (step === "upTimeToDate") needs.scalars.add(upTimeOid);
  const transform = makeTransform(step);
  // The loader has refused such files already.
  if (typeof transform === "string") return () => new Missing(transform);
  return transform;
}

const noWord = new Missing("no word for this value");

/** Words for raw values; what has none stays as text, or is `otherwise`, or missing for a map of the file's own. */
function compileValues(values: NonNullable<Source["values"]>): Step {
  if (typeof values !== "string") {
    const map = new Map(Object.entries(values).map(([raw, word]) => [raw.toLowerCase(), word]));
    const otherwise = map.get("*");
    return (value, run) => map.get(keyOf(value, run)) ?? otherwise ?? noWord;
  }
  const enumeration: Enumeration | undefined = enumerationNamed(values);
  if (enumeration === undefined) return () => noSuchObject;
  const words = new Map(Object.entries(enumeration.words));
  return (value, run) => {
    const key = keyOf(value, run);
    return (
      words.get(key) ?? enumeration.otherwise ?? (typeof value === "number" ? key : run.text(value))
    );
  };
}

function keyOf(value: Datum, run: Run): string {
  return typeof value === "number" ? value.toString() : run.text(value).toLowerCase();
}
