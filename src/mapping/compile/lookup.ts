import { type Datum, Missing, type Outcome, wholeNumber } from "../evaluate/datum.ts";
import type { Row, Run } from "../evaluate/run.ts";
import type { Condition, Source } from "../schema.ts";
import { type Test, compileConditions } from "./condition.ts";
import type { CompileContext, Reader } from "./context.ts";
import { compileSteps } from "./steps.ts";

const noRow = new Missing("no row fulfils its conditions");
const notNumeric = new Missing("a cell is not a number");

type CompileSource = (source: Source | Condition, context: CompileContext) => Reader;
/** How several values become one. */
export type Combine = NonNullable<Source["combine"]>;

/** Conditions are evaluated in the row looked at; what they are compared with, in the row that asks. */
export function compileLookup(
  source: Source | Condition,
  oid: string,
  context: CompileContext,
  compileSource: CompileSource,
): Reader {
  context.needs.columns.add(oid);
  const id = context.columnId(oid);
  const inner = { ...context, isRow: true };
  const where = compileConditions(source.where, { inner, outer: context, compileSource });
  const steps = compileSteps(source, context.needs);
  const combine = source.combine ?? "first";
  const separator = source.separator ?? " ";
  return (run, row) => {
    const cells = run.column(id, oid);
    if (cells instanceof Missing) return cells;
    const found: Datum[] = [];
    let reason: Missing = noRow;
    const candidate = new Candidate();
    for (const [index, cell] of cells) {
      if (where !== undefined && !holds(where, run, candidate.at(index), row)) continue;
      run.trace?.read(`snmp ${oid}.${index}`, cell.value);
      const value = steps === undefined ? cell.value : steps(cell.value, run);
      if (value instanceof Missing) {
        reason = value;
        continue;
      }
      if (combine === "first") return value;
      found.push(value);
    }
    return combine === "count"
      ? found.length
      : (combined(found, combine, separator, run) ?? reason);
  };
}

/** The row looked at, one object for all of them: most lookups pass many rows over. */
class Candidate implements Row {
  index = "";
  memo: (Outcome | undefined)[] = [];

  at(index: string): Row {
    this.index = index;
    if (this.memo.length > 0) this.memo = [];
    return this;
  }
}

/** What conditions read is no part of the value's provenance. */
function holds(where: Test, run: Run, row: Row, outer: Row | undefined): boolean {
  const { trace } = run;
  run.trace = undefined;
  const doesHold = where(run, row, outer);
  run.trace = trace;
  return doesHold;
}

/** Several values as one; undefined when there is none. */
export function combined(
  found: readonly Datum[],
  combine: Exclude<Combine, "count">,
  separator: string,
  run: Run,
): Outcome | undefined {
  if (found.length === 0 || combine === "first") return undefined;
  if (combine === "join")
    return found
      .map((value) => run.text(value))
      .join(separator)
      .trim();
  const numbers = found.map((value) =>
    wholeNumber(value instanceof Uint8Array ? run.text(value) : value),
  );
  if (!numbers.every((number) => number !== undefined)) return notNumeric;
  if (combine === "sum") return numbers.reduce((sum, number) => sum + number, 0);
  return combine === "max" ? Math.max(...numbers) : Math.min(...numbers);
}
