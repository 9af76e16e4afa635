import type { DocumentFormat } from "../documents.ts";
import { decodeDocument } from "./charset.ts";
import { type CsvTable, parseCsv } from "./csv.ts";
import { detectFormat } from "./document-format.ts";
import { ExtractError, tooBig } from "./extract-error.ts";
import { extractLimits } from "./limits.ts";
import type { Markup } from "./markup.ts";
import { parseMarkup } from "./markup-parser.ts";
import type { RawDocument } from "./raw-document.ts";
import { collectVariables, parseJson, type ScriptVariables } from "./script.ts";
import { nothing, type ScriptValue } from "./script-value.ts";
import { Work } from "./work.ts";

/** A document being read: decoded at once, parsed when first asked, each way once. */
export class OpenDocument {
  readonly raw: RawDocument;
  readonly text: string;
  readonly format: DocumentFormat;
  readonly work = new Work();
  /** The mapping said so; then another format is an error, not an absence. */
  readonly #isDeclared: boolean;
  #markup: Markup | undefined;
  #json: ScriptValue | undefined;
  #variables: ScriptVariables | undefined;
  #csv: CsvTable | undefined;

  /** @throws {ExtractError} `ews.too-big` */
  constructor(raw: RawDocument, declared: DocumentFormat | undefined) {
    if (raw.bytes.length > extractLimits.bytes) throw tooBig("octets", extractLimits.bytes);
    this.raw = raw;
    this.text = decodeDocument(raw);
    this.format = declared ?? detectFormat(raw, this.text);
    this.#isDeclared = declared !== undefined;
  }

  markup(): Markup {
    this.#markup ??= parseMarkup(this.text, this.format === "xml" ? "xml" : "html");
    return this.#markup;
  }

  /** The document as JSON; of pages and scripts what they assign. */
  json(): ScriptValue {
    this.#json ??= this.#isScripted() ? this.variables().always : this.#parseJson();
    return this.#json;
  }

  variables(): ScriptVariables {
    this.#variables ??= collectVariables(this.#scripts());
    return this.#variables;
  }

  csv(): CsvTable {
    this.#csv ??= parseCsv(this.text);
    return this.#csv;
  }

  #isScripted(): boolean {
    return this.format === "html" || this.format === "xml" || this.#isBareScript();
  }

  /** A `.js` document may be one bare literal. */
  #isBareScript(): boolean {
    return this.format === "script" && !/^\s*[[{(]/.test(this.text.slice(0, 1_024));
  }

  #parseJson(): ScriptValue {
    try {
      return parseJson(this.text);
    } catch (error) {
      const isHarmless = error instanceof ExtractError && error.code === "ews.malformed";
      if (!isHarmless || this.#isDeclared || this.format === "json") throw error;
      return nothing;
    }
  }

  #scripts(): readonly string[] {
    if (this.format !== "html" && this.format !== "xml") return [this.text];
    const { elements } = this.markup();
    return elements.flatMap(({ name, attributes, raw }) => {
      const type = attributes.get("type")?.trim() ?? "";
      const isScript =
        name.toLowerCase() === "script" && /^$|javascript|ecmascript|^module$/i.test(type);
      return isScript && raw !== undefined ? [raw] : [];
    });
  }
}
