import type { DocumentAnswers, ExtractedRow } from "../documents.ts";
import type { UnavailableReason } from "../driver.ts";
import type { ExtractedDocument } from "./extract.ts";

/**
 * One document of a conversation: what it gave, or why there is none. `partial` is what can be told of a document that
 * does not exist: the status of the answer.
 */
export type CollectedDocument =
  | { readonly kind: "document"; readonly extracted: ExtractedDocument }
  | {
      readonly kind: "unavailable";
      readonly reason: UnavailableReason;
      readonly partial?: ExtractedDocument;
    };

/** Answers of one conversation, or of a capture, as they were collected. */
export class CollectedDocuments implements DocumentAnswers {
  readonly #documents: ReadonlyMap<string, CollectedDocument>;

  constructor(documents: ReadonlyMap<string, CollectedDocument>) {
    this.#documents = documents;
  }

  values(document: string, key: string): readonly string[] | UnavailableReason {
    return this.#find(document, (extracted) => extracted.values.get(key));
  }

  rows(document: string, key: string): readonly ExtractedRow[] | UnavailableReason {
    return this.#find(document, (extracted) => extracted.rows.get(key));
  }

  structure(document: string): ReadonlyMap<string, string> | undefined {
    const found = this.#documents.get(document);
    return found?.kind === "document" ? found.extracted.structure : undefined;
  }

  #find<T>(
    document: string,
    take: (extracted: ExtractedDocument) => T | undefined,
  ): T | UnavailableReason {
    const found = this.#documents.get(document);
    if (found === undefined) return "notRead";
    if (found.kind === "document") return take(found.extracted) ?? "notRead";
    return (found.partial && take(found.partial)) ?? found.reason;
  }
}
