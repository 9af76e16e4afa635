import type { DocumentFormat, Extraction, Selector } from "../documents.ts";
import { decodeDocument } from "../extract/charset.ts";
import type { RawDocument } from "../extract/raw-document.ts";
import { plainText } from "./errors.ts";
import type { PageExtractor } from "./page-extractor.ts";
import type { WebAnswer } from "./web-client.ts";

/** An answer as the extraction room takes it. */
export function rawDocument(answer: WebAnswer): RawDocument {
  const contentType = answer.headers.get("content-type");
  return {
    bytes: answer.bytes,
    ...(contentType !== undefined && { contentType }),
    headers: answer.headers,
    status: answer.status,
    path: answer.url.pathname + answer.url.search,
  };
}

/** What each selector finds in an answer, by key; nothing in an answer that cannot be read. */
export async function findTexts(
  extractor: PageExtractor,
  answer: WebAnswer,
  selectors: Readonly<Record<string, Selector | undefined>>,
  format?: DocumentFormat,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const extractions: Extraction[] = [];
  for (const [key, selector] of Object.entries(selectors))
    if (selector !== undefined) extractions.push({ kind: "values", key, selector });
  if (extractions.length === 0) return new Map();
  const read = { channel: "ews", name: answer.url.pathname, format, extractions } as const;
  const found = await extractor.extract(rawDocument(answer), read);
  return typeof found === "string" ? new Map() : found.values;
}

/** How far into a page its words are looked for. */
const longestHead = 32 * 1024;

/** The first words a reader would see, for an error message. */
export function visibleText(answer: WebAnswer): string {
  const head = { ...rawDocument(answer), bytes: answer.bytes.subarray(0, longestHead) };
  const text = decodeDocument(head);
  return plainText(text.trimStart().startsWith("<") ? withoutMarkup(text) : text);
}

/** Elements whose content nobody reads. */
const hidden = ["script", "style", "head"];

function withoutMarkup(text: string): string {
  const lower = text.toLowerCase();
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf("<", at);
    words.push(text.slice(at, open < 0 ? text.length : open));
    if (open < 0) break;
    const name = hidden.find((element) => lower.startsWith(element, open + 1));
    const close = name === undefined ? open : lower.indexOf(`</${name}`, open);
    const end = close < 0 ? -1 : text.indexOf(">", close);
    if (end < 0) break;
    at = end + 1;
  }
  return words.join(" ");
}
