import type { DocumentFormat, Selector } from "../../src/southbound/documents.ts";
import { extractDocument } from "../../src/southbound/extract/extract.ts";
import type { RawDocument } from "../../src/southbound/extract/raw-document.ts";

/** A document as a printer might send it. */
export function rawDocument(
  body: string | Uint8Array,
  given: Partial<RawDocument> = {},
): RawDocument {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return { bytes, headers: new Map(), status: 200, path: "/page", ...given };
}

/** Texts one selector finds. */
export function extractedTexts(
  body: string | Uint8Array | RawDocument,
  selector: Selector,
  format?: DocumentFormat,
): readonly string[] {
  const raw = typeof body === "string" || body instanceof Uint8Array ? rawDocument(body) : body;
  const extractions = [{ kind: "values", key: "it", selector }] as const;
  return extractDocument(raw, { format, extractions }).values.get("it") ?? [];
}

/** Rows as plain objects. */
export function extractedRows(
  body: string,
  each: Selector,
  cells: Readonly<Record<string, Selector>>,
  format?: DocumentFormat,
): readonly Readonly<Record<string, readonly string[]>>[] {
  const listed = Object.entries(cells).map(([key, selector]) => ({ key, selector }));
  const extractions = [{ kind: "rows", key: "it", each, cells: listed }] as const;
  const found = extractDocument(rawDocument(body), { format, extractions }).rows.get("it") ?? [];
  return found.map((row) => Object.fromEntries(row));
}
