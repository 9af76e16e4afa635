import type { ModelValue, ParameterDefinition } from "../../model/definition.ts";
import type { PollClass } from "../../model/snapshot.ts";
import { Missing, type Outcome, notApplicable, wholeNumber } from "../evaluate/datum.ts";
import type { Row, Run } from "../evaluate/run.ts";
import type { Located } from "../format/resolve.ts";
import type { CompleteParameter } from "../schema.ts";
import { compileConditions } from "./condition.ts";
import type { CompileContext, Needs, Reader } from "./context.ts";
import { compileFinish } from "./finish.ts";
import { compileFirst, compileSource } from "./source.ts";
import { compileSteps } from "./steps.ts";

/** A parameter ready to be evaluated. */
export interface CompiledParameter {
  /** Full template. */
  readonly template: string;
  readonly definition: ParameterDefinition;
  readonly pollClass: PollClass;
  /** Place of its value in the memo of the row, or of the run. */
  readonly slot: number;
  readonly needs: Needs;
  readonly located: Located<CompleteParameter>;
  /** Names of its transforms, for provenance. */
  readonly transforms: readonly string[];
  /** Value without memo; see `memoized`. */
  readonly evaluate: (run: Run, row: Row | undefined) => ModelValue | Missing;
}

/** What `compileParameter` is told besides the entry itself. */
export interface ParameterPlace {
  readonly template: string;
  readonly definition: ParameterDefinition;
  readonly pollClass: PollClass;
  readonly slot: number;
}

/** Compiles sources, agreement, transforms, words and the final check of one parameter. */
export function compileParameter(
  located: Located<CompleteParameter>,
  place: ParameterPlace,
  context: CompileContext,
): CompiledParameter {
  const { entry } = located;
  const first = compileFirst(entry.from, context);
  const steps = compileSteps(entry, context.needs);
  const prepared: Reader =
    steps === undefined
      ? first
      : (run, row) => {
          const value = first(run, row);
          return value instanceof Missing ? value : steps(value, run);
        };
  const agreed = compileAgreement(entry, prepared, context);
  const when = compileConditions(entry.when, { inner: context, outer: context, compileSource });
  const finish = compileFinish(place.definition);
  return {
    ...place,
    needs: context.needs,
    located,
    transforms: transformNames(entry),
    evaluate: (run, row) =>
      when?.(run, row, row) === false ? notApplicable : finish(agreed(run, row), run),
  };
}

/** Two sources that must tell the same; when only one of them answers, that one counts. */
function compileAgreement(
  { agree }: CompleteParameter,
  read: Reader,
  context: CompileContext,
): Reader {
  if (agree === undefined) return read;
  const other = compileSource(agree.with, context);
  const tolerance = agree.tolerance ?? 0;
  return (run, row) => {
    const value = read(run, row);
    if (value instanceof Missing) return value;
    const second = other(run, row);
    if (second instanceof Missing) return value;
    return doAgree(value, second, tolerance, run)
      ? value
      : new Missing(`its sources disagree (${run.text(value)} and ${run.text(second)})`);
  };
}

function doAgree(a: Outcome, b: Outcome, tolerance: number, run: Run): boolean {
  const left = wholeNumber(a);
  const right = wholeNumber(b);
  if (left !== undefined && right !== undefined) return Math.abs(left - right) <= tolerance;
  if (a instanceof Missing || b instanceof Missing) return false;
  return run.text(a).toLowerCase() === run.text(b).toLowerCase();
}

function transformNames({ from, transform, values }: CompleteParameter): readonly string[] {
  const steps = [...from.flatMap((source) => source.transform ?? []), ...(transform ?? [])];
  const names = steps.map((step) =>
    typeof step === "string" ? step : (Object.keys(step)[0] ?? ""),
  );
  return typeof values === "string" ? [...names, values] : names;
}

const inProgress = new Missing("it refers to itself");

/** The parameter's value in this row, or in this run outside tables; worked out once. */
export function memoized(
  parameter: CompiledParameter,
  run: Run,
  row: Row | undefined,
): ModelValue | Missing {
  const memo = row === undefined ? run.memo : row.memo;
  const known = memo[parameter.slot];
  // Only model values are put in.
  if (known !== undefined) return known as ModelValue | Missing;
  memo[parameter.slot] = inProgress;
  const value = parameter.evaluate(run, row);
  memo[parameter.slot] = value;
  return value;
}
