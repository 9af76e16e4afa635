import type { DocumentFormat } from "../documents.ts";
import type { RawDocument } from "./raw-document.ts";

/** Content types by what stands in them, first match counts. `text/html` is not among them: printers send it with all. */
const byType: readonly (readonly [RegExp, DocumentFormat])[] = [
  [/xhtml/i, "html"],
  [/json/i, "json"],
  [/xml/i, "xml"],
  [/javascript|ecmascript/i, "script"],
  [/csv/i, "csv"],
];
const bySuffix: readonly (readonly [RegExp, DocumentFormat])[] = [
  [/\.csv$/i, "csv"],
  [/\.js$/i, "script"],
  [/\.xml$/i, "xml"],
  [/\.json$/i, "json"],
];

/** How far into a document its kind is looked for. */
const headLength = 1_024;

/** The format of a document nobody has named one for: by content type, first characters, suffix of the path. */
export function detectFormat(raw: RawDocument, text: string): DocumentFormat {
  const typed = byType.find(([pattern]) => pattern.test(raw.contentType ?? ""))?.[1];
  if (typed !== undefined) return typed;
  const head = text.slice(0, headLength).trimStart();
  if (head.startsWith("<")) return detectMarkup(raw, head);
  if (head.startsWith("{") || head.startsWith("[")) return "json";
  const suffixed = suffixFormat(raw);
  if (suffixed !== undefined) return suffixed;
  return /html/i.test(raw.contentType ?? "") ? "html" : "text";
}

function detectMarkup(raw: RawDocument, head: string): DocumentFormat {
  if (/<(?:!doctype\s{1,8})?html/i.test(head)) return "html";
  if (head.startsWith("<?xml")) return "xml";
  return suffixFormat(raw) === "xml" ? "xml" : "html";
}

function suffixFormat(raw: RawDocument): DocumentFormat | undefined {
  const path = raw.path.split("?", 1)[0] ?? "";
  return bySuffix.find(([pattern]) => pattern.test(path))?.[1];
}
