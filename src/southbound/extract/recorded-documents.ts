import type { Channel, DocumentAnswers, DocumentRead } from "../documents.ts";
import { type CollectedDocument, CollectedDocuments } from "./collected-documents.ts";
import { extractDocument } from "./extract.ts";
import { ExtractError, unusableReason } from "./extract-error.ts";
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
    const collected = new Map<string, CollectedDocument>();
    const exists = (name: string): boolean => collected.get(name)?.kind === "document";
    for (const document of documents) {
      const isExcluded = (document.onlyWithout ?? []).some(exists);
      collected.set(document.name, isExcluded ? absent : this.#extract(document));
    }
    return new CollectedDocuments(collected);
  }

  #extract(document: DocumentRead): CollectedDocument {
    const raw = this.#find(document);
    if (raw === undefined) return absent;
    try {
      return { kind: "document", extracted: extractDocument(raw, document) };
    } catch (error) {
      if (!(error instanceof ExtractError)) throw error;
      return { kind: "unavailable", reason: unusableReason(error.code) };
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

const absent: CollectedDocument = { kind: "unavailable", reason: "noSuchObject" };

/** Without query and final slash. */
function barePath(path: string): string {
  const bare = path.split(/[?#]/, 1)[0] ?? "";
  return bare.endsWith("/") ? bare.slice(0, -1) : bare;
}
