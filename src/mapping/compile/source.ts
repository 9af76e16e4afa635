import {
  Missing,
  type Outcome,
  noSuchCell,
  notApplicable,
  wholeNumber,
} from "../evaluate/datum.ts";
import { type Run, arcOf } from "../evaluate/run.ts";
import { derivations } from "../derive/registry.ts";
import type { Inputs } from "../derive/inputs.ts";
import type { Condition, Source } from "../schema.ts";
import { compileConditions } from "./condition.ts";
import type { CompileContext, Reader } from "./context.ts";
import { documentOf, selectorKey, selectorOf } from "./documents.ts";
import { compileCell, compileDocument } from "./document-source.ts";
import { compileIndex } from "./index-of-cell.ts";
import { compileLookup } from "./lookup.ts";
import { compileSteps } from "./steps.ts";

/** Compiles a source: what it needs goes into `context.needs`. */
export function compileSource(source: Source | Condition, context: CompileContext): Reader {
  const bare = compileKind(source, context);
  // The transforms of what finds several values are applied to each, before they are combined.
  const isDone = source.lookup !== undefined || isOfDocument(source);
  const steps = isDone ? undefined : compileSteps(source, context.needs);
  const when = compileConditions(source.when, {
    inner: context,
    outer: context,
    compileSource,
  });
  if (steps === undefined && when === undefined) return bare;
  return (run, row) => {
    if (when?.(run, row, row) === false) return notApplicable;
    const value = bare(run, row);
    return steps === undefined || value instanceof Missing ? value : steps(value, run);
  };
}

function compileKind(source: Source | Condition, context: CompileContext): Reader {
  if (source.snmp !== undefined) return compileScalar(source.snmp, context);
  if (source.column !== undefined) return compileColumn(source.column, source.at, context);
  if (source.lookup !== undefined)
    return compileLookup(source, source.lookup, context, compileSource);
  if (isOfDocument(source))
    return source.cell === undefined
      ? compileDocument(source, context)
      : compileCell(source, source.cell, context);
  if (source.constant !== undefined) return constantReader(source.constant);
  if (source.arc !== undefined) return compileArc(source.arc);
  if (source.value !== undefined) return context.parameter(source.value);
  if (source.identity !== undefined) return context.identity(source.identity);
  if (source.sum !== undefined) return compileSum(source.sum, source.missing === "zero", context);
  if (source.difference !== undefined) return compileDifference(source.difference, context);
  if (source.firstOf !== undefined) return compileFirst(source.firstOf, context);
  if (source.derive !== undefined) return compileDerivation(source, source.derive, context);
  return constantReader(undefined);
}

function isOfDocument(source: Source | Condition): boolean {
  return source.cell !== undefined || documentOf(source) !== undefined;
}

function compileScalar(oid: string, context: CompileContext): Reader {
  context.needs.scalars.add(oid);
  return (run) => run.scalar(oid);
}

function compileColumn(oid: string, at: Source["at"], context: CompileContext): Reader {
  context.needs.columns.add(oid);
  const id = context.columnId(oid);
  const indexOf = at === undefined ? undefined : compileIndex(at, context);
  return (run, row) => {
    const cells = run.column(id, oid);
    if (cells instanceof Missing) return cells;
    const index = indexOf === undefined ? row?.index : indexOf(run, row);
    if (index === undefined) return noSuchCell;
    const cell = cells.get(index);
    if (cell === undefined) return noSuchCell;
    run.trace?.read(`snmp ${oid}.${index}`, cell.value);
    return cell.value;
  };
}

const nothing = new Missing("no source");

function constantReader(value: string | number | boolean | undefined): Reader {
  const outcome = value ?? nothing;
  return () => outcome;
}

const noArc = new Missing("the row's index has no such number");

function compileArc(position: number): Reader {
  return (_run, row) => {
    const arc = arcOf(row, position);
    if (arc === undefined) return noArc;
    return wholeNumber(arc) ?? arc;
  };
}

const notNumeric = new Missing("a term is not a number");

function numberOf(value: Outcome, run: Run): number | undefined {
  return wholeNumber(value instanceof Uint8Array ? run.text(value) : value);
}

function compileSum(
  terms: readonly Source[],
  isMissingZero: boolean,
  context: CompileContext,
): Reader {
  const readers = terms.map((term) => compileSource(term, context));
  return (run, row) => {
    let sum = 0;
    let found = 0;
    for (const read of readers) {
      const value = read(run, row);
      if (value instanceof Missing) {
        if (!isMissingZero || value.isTransient) return value;
        continue;
      }
      const number = numberOf(value, run);
      if (number === undefined) return notNumeric;
      sum += number;
      found += 1;
    }
    return found === 0 ? nothing : sum;
  };
}

const negativeDifference = new Missing("the difference is negative");

function compileDifference(terms: readonly Source[], context: CompileContext): Reader {
  const readers = terms.map((term) => compileSource(term, context));
  return (run, row) => {
    const values: number[] = [];
    for (const read of readers) {
      const value = read(run, row);
      if (value instanceof Missing) return value;
      const number = numberOf(value, run);
      if (number === undefined) return notNumeric;
      values.push(number);
    }
    const difference = (values[0] ?? 0) - (values[1] ?? 0);
    return difference < 0 ? negativeDifference : difference;
  };
}

/**
 * First of several sources; the empty text counts only when nothing better comes. A source that was not answered this
 * time ends the search: what comes after it may be another quantity (a total counted differently), and a value that
 * changes its source with every lost packet is a wrong one.
 */
export function compileFirst(sources: readonly Source[], context: CompileContext): Reader {
  const tries = sources.map((source) => ({
    label: describeSource(source),
    read: compileSource(source, context),
  }));
  return (run, row) => {
    let best: Outcome = nothing;
    for (const { label, read } of tries) {
      const mark = run.trace?.mark() ?? 0;
      const value = read(run, row);
      if (value instanceof Missing) {
        run.trace?.reject(label, value.reason, mark);
        if (value.isTransient) return value;
        if (best instanceof Missing) best = value;
        continue;
      }
      if (isEmpty(value, run)) {
        run.trace?.reject(label, "empty", mark);
        if (best instanceof Missing) {
          best = "";
          run.trace?.accept(label);
        }
        continue;
      }
      run.trace?.accept(label);
      return value;
    }
    return best;
  };
}

function isEmpty(value: Exclude<Outcome, Missing>, run: Run): boolean {
  if (typeof value === "string") return value === "";
  if (!(value instanceof Uint8Array)) return false;
  return value.length === 0 || (value.length < 64 && isBlank(value) && run.text(value) === "");
}

/** Blanks and NULs only; saves decoding ordinary texts twice. */
function isBlank(octets: Uint8Array): boolean {
  return octets.every((octet) => octet === 0x20 || octet === 0);
}

function compileDerivation(
  source: Source | Condition,
  name: NonNullable<Source["derive"]>,
  context: CompileContext,
): Reader {
  const inputs = Object.entries(source.inputs ?? {}).map(
    ([input, of]) => [input, compileSource(of, context)] as const,
  );
  const { compute } = derivations[name];
  return (run, row) => {
    const values: Record<string, Outcome> = {};
    let transient: Missing | undefined;
    for (const [input, read] of inputs) {
      const value = read(run, row);
      if (value instanceof Missing && value.isTransient) transient ??= value;
      values[input] = value instanceof Uint8Array ? run.text(value) : value;
    }
    // A derivation from half the answers could come to the wrong conclusion.
    return transient ?? compute(values satisfies Inputs);
  };
}

/** A source in a few words, for messages and provenance. */
function describeSource(source: Source | Condition): string {
  const kinds = ["snmp", "column", "lookup", "value", "identity", "derive"] as const;
  for (const kind of kinds) {
    const given = source[kind];
    if (given !== undefined) return `${kind} ${given}`;
  }
  const document = documentOf(source);
  if (document !== undefined)
    return `${document.channel} ${document.name} ${selectorKey(selectorOf(source))}`;
  if (source.cell !== undefined) return `cell ${selectorKey(source.cell)}`;
  if (source.constant !== undefined) return `constant ${String(source.constant)}`;
  if (source.arc !== undefined) return `arc ${source.arc}`;
  if (source.sum !== undefined) return `sum of ${source.sum.length}`;
  return source.difference === undefined ? "first of several" : "difference";
}
