import type { Channel, DocumentAnswers, DocumentRead } from "../documents.ts";
import type { UnavailableReason } from "../driver.ts";
import { extractDocument, type ExtractedDocument } from "./extract.ts";
import { ExtractError } from "./extract-error.ts";
import { ExtractedAnswers } from "./extracted-answers.ts";
import type { RawDocument } from "./raw-document.ts";

/** One file of a capture. */
export interface RecordedFile {
  readonly channel: Channel;
  /** Name of the document for all channels but `ews`, where the path of `raw` counts. */
  readonly name: string;
  readonly raw: RawDocument;
}

/** Answers from the files of a capture, without a printer. */
export class RecordedDocuments {
  readonly #files: readonly RecordedFile[];

  constructor(files: readonly RecordedFile[]) {
    this.#files = files;
  }

  /**
   * What the documents of a plan give. Where a page excludes another, as in a driver; but a page that leads to another may
   * not have been captured, and what has been is there. Never throws.
   */
  read(documents: readonly DocumentRead[]): DocumentAnswers {
    const answers = new Map<string, ExtractedDocument | UnavailableReason>();
    const exists = (name: string): boolean => typeof answers.get(name) === "object";
    for (const document of documents) {
      const isExcluded = (document.onlyWithout ?? []).some(exists);
      answers.set(document.name, isExcluded ? "noSuchObject" : this.#extract(document));
    }
    return new ExtractedAnswers(answers);
  }

  #extract(document: DocumentRead): ExtractedDocument | UnavailableReason {
    const raw = this.#find(document);
    if (raw === undefined) return "noSuchObject";
    try {
      return extractDocument(raw, document);
    } catch (error) {
      if (!(error instanceof ExtractError)) throw error;
      return "malformed";
    }
  }

  #find({ channel, name, request }: DocumentRead): RawDocument | undefined {
    const files = this.#files.filter((file) => file.channel === channel);
    if (channel !== "ews") return files.find((file) => file.name === name)?.raw;
    const path = request?.path ?? name;
    const exact = files.find(({ raw }) => raw.path === path);
    const near = files.find(({ raw }) => barePath(raw.path) === barePath(path));
    return (exact ?? near)?.raw;
  }
}

/** Without query and final slash. */
function barePath(path: string): string {
  const bare = path.split(/[?#]/, 1)[0] ?? "";
  return bare.endsWith("/") ? bare.slice(0, -1) : bare;
}
