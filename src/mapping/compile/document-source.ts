import type { Selector } from "../../southbound/documents.ts";
import { type Datum, Missing, type Outcome } from "../evaluate/datum.ts";
import type { Row, Run } from "../evaluate/run.ts";
import type { Condition, Source } from "../schema.ts";
import type { CompileContext, Reader } from "./context.ts";
import { documentOf, needExtraction, selectorKey, selectorOf } from "./documents.ts";
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
  // `in` of a condition is a list of words and no part of the selector, which calls its own `within`.
  const selector = selectorOf(source);
  const key = selectorKey(selector);
  if (document === undefined) return () => notFound;
  needExtraction(context.needs.documents, document, { kind: "values", key, selector });
  const label = `${document.channel} ${document.name} ${key}`;
  return readTexts(source, label, context, (run) => run.documentValues(document.name, key));
}

/** A value out of the row's part of a document. */
export function compileCell(
  source: Source | Condition,
  selector: Selector,
  context: CompileContext,
): Reader {
  const key = context.cell(selector);
  if (key === undefined) return () => noRow;
  return readTexts(source, `cell ${key}`, context, (_run, row) => row?.cells?.get(key) ?? notInRow);
}

/** Transforms each text, then takes the first, the row's own, or all together. */
function readTexts(
  source: Source | Condition,
  label: string,
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
    for (const text of combine === "first" ? wanted.slice(0, 1) : wanted)
      run.trace?.read(label, text);
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
