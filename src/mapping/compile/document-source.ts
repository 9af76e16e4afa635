import type { Selector } from "../../southbound/documents.ts";
import { type Datum, Missing, type Outcome } from "../evaluate/datum.ts";
import type { Row, Run } from "../evaluate/run.ts";
import type { Condition, Source } from "../schema.ts";
import type { CompileContext, Reader } from "./context.ts";
import {
  type DocumentName,
  documentOf,
  needExtraction,
  selectorKey,
  selectorOf,
} from "./documents.ts";
import { type Combine, combined } from "./lookup.ts";
import { compileSteps } from "./steps.ts";

const notFound = new Missing("not found in the document");
const noRow = new Missing("there is no row here");
const notInRow = new Missing("the row has no such part");

/** Texts a selector finds, or why there are none. */
type Texts = (run: Run, row: Row | undefined) => readonly string[] | Missing;

/** A value out of a document: a page of the web server, or what another protocol tells. */
export function compileDocument(source: Source | Condition, context: CompileContext): Reader {
  const document = documentOf(source);
  if (document === undefined) return () => notFound;
  const selector = selectorOf(source);
  const where = `${document.channel} ${document.name}`;
  const keyOf = selectorKeys(selector, document, context);
  const label = (row: Row | undefined): string => `${where} ${keyOf(row) ?? ""}`;
  return readTexts(source, label, context, (run, row) => {
    const key = keyOf(row);
    return key === undefined ? noRow : run.documentValues(document.name, key);
  });
}

/** Asks for the selector; one that holds `{i}`, for each of the fixed rows. */
function selectorKeys(
  selector: Selector,
  document: DocumentName,
  context: CompileContext,
): (row: Row | undefined) => string | undefined {
  const need = (wanted: Selector): string => {
    const key = selectorKey(wanted);
    needExtraction(context.needs.documents, document, { kind: "values", key, selector: wanted });
    return key;
  };
  if (!selectorKey(selector).includes("{i}")) {
    const key = need(selector);
    return () => key;
  }
  const keys = new Map(context.rowNames.map((name) => [name, need(forRow(selector, name))]));
  return (row) => keys.get(row?.index ?? "");
}

/** The selector with the row's name in place of `{i}`. */
function forRow(selector: Selector, name: string): Selector {
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill);
    return typeof value === "string" ? value.replaceAll("{i}", name) : value;
  };
  const filled = Object.entries(selector).map(([key, value]) => [key, fill(value)]);
  return Object.fromEntries(filled) as Selector;
}

/** A value out of the row's part of a document. */
export function compileCell(
  source: Source | Condition,
  selector: Selector,
  context: CompileContext,
): Reader {
  const key = context.cell(selector);
  if (key === undefined) return () => noRow;
  const texts: Texts = (_run, row) => row?.cells?.get(key) ?? notInRow;
  return readTexts(source, () => `cell ${key}`, context, texts);
}

/** Transforms each text, then takes the first, the row's own, or all together. */
function readTexts(
  source: Source | Condition,
  label: (row: Row | undefined) => string,
  context: CompileContext,
  texts: Texts,
): Reader {
  const steps = compileSteps(source, context.needs);
  const combine = source.combine ?? "first";
  const separator = source.separator ?? " ";
  const isOfRow = source.pick === "row";
  return (run, row) => {
    const all = texts(run, row);
    if (all instanceof Missing) return all;
    const wanted = isOfRow ? all.slice(row?.position, (row?.position ?? 0) + 1) : all;
    if (run.trace !== undefined)
      for (const text of combine === "first" ? wanted.slice(0, 1) : wanted)
        run.trace.read(label(row), text);
    return together(wanted, { steps, combine, separator, run });
  };
}

interface Gathering {
  readonly steps: ((value: Datum, run: Run) => Outcome) | undefined;
  readonly combine: Combine;
  readonly separator: string;
  readonly run: Run;
}

function together(
  texts: readonly string[],
  { steps, combine, separator, run }: Gathering,
): Outcome {
  const found: Datum[] = [];
  let reason: Missing = notFound;
  for (const text of texts) {
    const value = steps === undefined ? text : steps(text, run);
    if (value instanceof Missing) {
      reason = value;
      continue;
    }
    if (combine === "first") return value;
    found.push(value);
  }
  if (combine === "count") return found.length;
  return combined(found, combine, separator, run) ?? reason;
}
