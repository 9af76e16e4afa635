import type { Channel, Extraction, Selector } from "../../southbound/documents.ts";
import { MappingError } from "../errors.ts";
import type { RowsEntry, Source } from "../schema.ts";

/** A document something is taken from: by channel, and by the name answers are asked for. */
export interface DocumentName {
  readonly channel: Channel;
  readonly name: string;
}

/** A document and what is wanted of it, collected while a mapping is compiled. */
export interface DocumentNeed extends DocumentName {
  /** By extraction key. */
  readonly extractions: Map<string, Extraction>;
}

/** Names under which the channels other than `ews` give their one document. */
const ippDocument = "printer-attributes";
const mdnsDocument = "txt";
const wsdDocument = "metadata";

/** The document a source names; undefined when it names none. */
export function documentOf(keys: Pick<RowsEntry, Channel>): DocumentName | undefined {
  if (keys.ews !== undefined) return { channel: "ews", name: keys.ews };
  if (keys.ipp !== undefined) return { channel: "ipp", name: ippDocument };
  if (keys.pjl !== undefined) return { channel: "pjl", name: keys.pjl };
  if (keys.mdns !== undefined) return { channel: "mdns", name: mdnsDocument };
  if (keys.wsd !== undefined) return { channel: "wsd", name: wsdDocument };
  return keys.banner === undefined ? undefined : { channel: "banner", name: keys.banner };
}

const selectorNames = [
  ...["css", "xpath", "json", "js", "label", "field", "csv", "header", "regex", "title"],
  ...["status", "within", "attribute", "style", "option", "nth"],
] as const;

/**
 * Selector of a source, from the keys beside its document; an attribute, TXT key or element by the channel's short form.
 * TXT keys compare without case (RFC 6763 §6.4). A JSON path of its own goes into the whole document instead.
 */
export function selectorOf(
  source: Pick<Source, keyof Selector | "ipp" | "mdns" | "wsd">,
): Selector {
  const own = Object.fromEntries(
    selectorNames.flatMap((name) => {
      const given: unknown = Object.entries(source).find(([key]) => key === name)?.[1];
      return given === undefined ? [] : [[name, given]];
    }),
  ) as Selector;
  if (source.json !== undefined) return own;
  if (source.ipp !== undefined) return { ...own, json: `$.attributes['${source.ipp}'][*]` };
  if (source.mdns !== undefined) return { ...own, json: `$.keys['${source.mdns.toLowerCase()}']` };
  return source.wsd === undefined ? own : { ...own, xpath: source.wsd };
}

/** What an extraction is called within its document: its selector, so that equal ones are made once. */
export function selectorKey(selector: Selector): string {
  return Object.entries(selector)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join("|") : String(value)}`)
    .join(" ");
}

/** Adds an extraction to what is needed of a document. */
export function needExtraction(
  documents: Map<string, DocumentNeed>,
  document: DocumentName,
  extraction: Extraction,
): void {
  let need = documents.get(document.name);
  if (need === undefined)
    documents.set(document.name, (need = { ...document, extractions: new Map() }));
  if (need.channel !== document.channel)
    throw new MappingError(
      `${document.name} is the name of a page and of a ${document.channel} document`,
      "mapping.document",
    );
  need.extractions.set(extraction.key, merged(need.extractions.get(extraction.key), extraction));
}

/** Row extractions of the same rows unite their cells. */
function merged(known: Extraction | undefined, added: Extraction): Extraction {
  if (known?.kind !== "rows" || added.kind !== "rows") return added;
  const keys = new Set(known.cells.map(({ key }) => key));
  return { ...known, cells: [...known.cells, ...added.cells.filter(({ key }) => !keys.has(key))] };
}
