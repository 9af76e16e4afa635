import { type Datum, Missing, type Outcome } from "../evaluate/datum.ts";
import type { Row, Run } from "../evaluate/run.ts";
import { compileGlob } from "../glob.ts";
import type { Condition } from "../schema.ts";
import { compareVersions } from "../version.ts";
import type { CompileContext, Reader } from "./context.ts";

/** Whether a condition holds for `row`; `outer` is the row (if any) from which a lookup is made. */
export type Test = (run: Run, row: Row | undefined, outer: Row | undefined) => boolean;

/** Parameter compared by `firmware`. */
const firmwareTemplate = "Device.DeviceInfo.SoftwareVersion";

/** Contexts of a condition: `inner` for its own sources, `outer` for the source it is compared with. */
export interface ConditionContexts {
  readonly inner: CompileContext;
  readonly outer: CompileContext;
  readonly compileSource: (source: Condition, context: CompileContext) => Reader;
}

/** All conditions of a list must hold; undefined for none. */
export function compileConditions(
  conditions: readonly Condition[] | undefined,
  contexts: ConditionContexts,
): Test | undefined {
  if (conditions === undefined) return undefined;
  const tests = conditions.map((condition) => compileCondition(condition, contexts));
  return (run, row, outer) => tests.every((test) => test(run, row, outer));
}

function compileCondition(condition: Condition, contexts: ConditionContexts): Test {
  const { inner } = contexts;
  if (condition.model !== undefined) {
    const glob = compileGlob(condition.model);
    const model = inner.identity("model");
    return (run) => {
      const value = model(run, undefined);
      return !(value instanceof Missing) && glob.test(run.text(value));
    };
  }
  if (condition.firmware !== undefined) return compileFirmware(condition.firmware, inner);
  const read = contexts.compileSource(condition, inner);
  const tests = compileTests(condition, contexts);
  return (run, row, outer) => {
    const value = read(run, row);
    return tests.every((test) => test(value, run, outer));
  };
}

function compileFirmware(comparison: string, context: CompileContext): Test {
  const [, operator = "=", wanted = ""] = /^(<=|>=|<|>|=)\s*(\S+)$/.exec(comparison) ?? [];
  const firmware = context.parameter(firmwareTemplate);
  return (run) => {
    const value = firmware(run, undefined);
    if (value instanceof Missing) return false;
    const order = compareVersions(run.text(value), wanted);
    if (operator === "<") return order < 0;
    if (operator === ">") return order > 0;
    if (operator === "<=") return order <= 0;
    return operator === ">=" ? order >= 0 : order === 0;
  };
}

type ValueTest = (value: Outcome, run: Run, outer: Row | undefined) => boolean;

function compileTests(condition: Condition, contexts: ConditionContexts): readonly ValueTest[] {
  const { equals, matches, present, above, below } = condition;
  const tests: ValueTest[] = [];
  if (equals !== undefined) tests.push(compileEquals(equals, contexts));
  if (condition.in !== undefined) tests.push(compileIn(condition.in));
  if (condition.notIn !== undefined) tests.push(compileNotIn(condition.notIn, contexts.inner));
  if (matches !== undefined) {
    const glob = compileGlob(matches);
    tests.push((value, run) => !(value instanceof Missing) && glob.test(run.text(value)));
  }
  if (present !== undefined) tests.push((value) => value instanceof Missing !== present);
  if (above !== undefined) tests.push((value) => typeof value === "number" && value > above);
  if (below !== undefined) tests.push((value) => typeof value === "number" && value < below);
  return tests.length === 0 ? [(value) => !(value instanceof Missing)] : tests;
}

function compileEquals(
  equals: NonNullable<Condition["equals"]>,
  { outer, compileSource }: ConditionContexts,
): ValueTest {
  if (typeof equals !== "object") {
    const wanted = comparable(equals);
    return (value, run) => !(value instanceof Missing) && comparableOf(value, run) === wanted;
  }
  const read = compileSource(equals, outer);
  return (value, run, outerRow) => {
    if (value instanceof Missing) return false;
    const wanted = read(run, outerRow);
    if (wanted instanceof Missing) return false;
    return comparableOf(value, run) === comparableOf(wanted, run);
  };
}

function compileIn(list: readonly (string | number | boolean)[]): ValueTest {
  const wanted = new Set(list.map(comparable));
  return (value, run) => !(value instanceof Missing) && wanted.has(comparableOf(value, run));
}

function compileNotIn(notIn: NonNullable<Condition["notIn"]>, context: CompileContext): ValueTest {
  if (Array.isArray(notIn)) {
    const unwanted = new Set(notIn.map(comparable));
    return (value, run) => value instanceof Missing || !unwanted.has(comparableOf(value, run));
  }
  const { column } = notIn;
  const id = context.columnId(column);
  context.needs.columns.add(column);
  return (value, run) => {
    const cells = run.column(id, column);
    // What cannot be compared is not known to be new.
    if (cells instanceof Missing) return !cells.isTransient;
    if (value instanceof Missing) return true;
    const wanted = comparableOf(value, run);
    for (const cell of cells.values()) if (comparableOf(cell.value, run) === wanted) return false;
    return true;
  };
}

/** Texts are compared without case and edge blanks, numbers as their decimal text. */
function comparable(value: string | number | boolean): string {
  return String(value).trim().toLowerCase();
}

function comparableOf(value: Datum, run: Run): string {
  return typeof value === "number" ? value.toString() : comparable(run.text(value));
}
