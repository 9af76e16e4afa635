import type { DocumentAnswers, ExtractedRow } from "../documents.ts";
import type { UnavailableReason } from "../driver.ts";
import type { ExtractedDocument } from "./extract.ts";

/** Answers made of documents that were read, and of the reasons why others were not. */
export class ExtractedAnswers implements DocumentAnswers {
  readonly #documents: ReadonlyMap<string, ExtractedDocument | UnavailableReason>;

  /** @param documents by name; one that is missing was not read */
  constructor(documents: ReadonlyMap<string, ExtractedDocument | UnavailableReason>) {
    this.#documents = documents;
  }

  values(document: string, key: string): readonly string[] | UnavailableReason {
    const found = this.#documents.get(document) ?? "notRead";
    return typeof found === "string" ? found : (found.values.get(key) ?? "notRead");
  }

  rows(document: string, key: string): readonly ExtractedRow[] | UnavailableReason {
    const found = this.#documents.get(document) ?? "notRead";
    return typeof found === "string" ? found : (found.rows.get(key) ?? "notRead");
  }

  structure(document: string): ReadonlyMap<string, string> | undefined {
    const found = this.#documents.get(document);
    return typeof found === "object" ? found.structure : undefined;
  }
}
