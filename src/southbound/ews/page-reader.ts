import { createHash } from "node:crypto";
import type { Clock } from "../../shared/clock.ts";
import type { DocumentAnswers, DocumentRead, PageRequest } from "../documents.ts";
import type { UnavailableReason } from "../driver.ts";
import type { WebProfile } from "../exchange.ts";
import { type CollectedDocument, CollectedDocuments } from "../extract/collected-documents.ts";
import type { ExtractedDocument } from "../extract/extract.ts";
import { rawDocument } from "./answer-texts.ts";
import {
  EwsAbortedError,
  EwsAuthError,
  EwsError,
  EwsProtocolError,
  EwsTimeoutError,
  EwsUnreachableError,
} from "./errors.ts";
import type { EwsMemory, KnownPage } from "./ews-memory.ts";
import type { EncodedBody } from "./form-encoding.ts";
import { encodeBody } from "./request-body.ts";
import type { Talk } from "./talk.ts";
import { errorReason, statusReason } from "./unavailable.ts";
import type { WebAnswer } from "./web-client.ts";

/** What a reader is made of. */
export interface PageReaderParts {
  readonly talk: Talk;
  readonly memory: EwsMemory;
  readonly clock: Clock;
  readonly profile: WebProfile | undefined;
}

/** A page is fetched in full at least this often, whatever its server says of it being unchanged. */
const longestTrustMs = 15 * 60 * 1000;
/** Characters of what a page gave; more is not kept between polls. */
const longestKept = 64 * 1024;
/** So many requests in a row without an answer: the printer is gone. */
const mostSilent = 2;

/** Reads the pages of one plan in their order, each once. */
export class PageReader {
  readonly #parts: PageReaderParts;
  readonly #collected = new Map<string, CollectedDocument>();
  #silentInARow = 0;
  #lastError: EwsError | undefined;

  constructor(parts: PageReaderParts) {
    this.#parts = parts;
  }

  /** @throws {EwsError} when the server gave no answer at all, or the caller gave up */
  async read(reads: readonly DocumentRead[], signal?: AbortSignal): Promise<DocumentAnswers> {
    const { client } = this.#parts.talk;
    const answersBefore = client.answerCount;
    for (const read of reads) {
      const outcome = await this.#readOne(read, signal);
      this.#collected.set(read.name, outcome);
      if (this.#isGone() && client.answerCount === answersBefore) break;
    }
    if (client.answerCount === answersBefore && this.#lastError !== undefined)
      throw this.#lastError;
    return new CollectedDocuments(this.#collected);
  }

  async #readOne(read: DocumentRead, signal?: AbortSignal): Promise<CollectedDocument> {
    const skip = this.#whyNot(read) ?? (this.#isGone() ? "timeout" : undefined);
    if (skip !== undefined) return { kind: "unavailable", reason: skip };
    try {
      const outcome = await this.#fetch(read, signal);
      this.#silentInARow = 0;
      return outcome;
    } catch (error) {
      if (!(error instanceof EwsError) || error instanceof EwsAbortedError) throw error;
      // A password that is not tried is not the server's silence.
      if (!(error instanceof EwsAuthError)) this.#lastError = error;
      const isSilence = error instanceof EwsTimeoutError || error instanceof EwsUnreachableError;
      this.#silentInARow = isSilence ? this.#silentInARow + 1 : 0;
      return { kind: "unavailable", reason: errorReason(error) };
    }
  }

  /** Nothing more will come of this conversation: no connection, or nothing but silence. */
  #isGone(): boolean {
    const isUnconnected = this.#lastError !== undefined && !this.#parts.talk.client.isConnected;
    const isNonsense = this.#lastError instanceof EwsProtocolError;
    return this.#silentInARow >= mostSilent || (isUnconnected && !isNonsense);
  }

  /** Whether the probe chain leaves the page out; of a probe that failed nobody knows what it would have said. */
  #whyNot({ onlyWith = [], onlyWithout = [] }: DocumentRead): UnavailableReason | undefined {
    for (const name of onlyWith) {
      const probe = this.#collected.get(name);
      if (probe?.kind !== "document") return probe?.reason ?? "notRead";
    }
    for (const name of onlyWithout) {
      const probe = this.#collected.get(name);
      if (probe?.kind === "document") return "noSuchObject";
      if (probe !== undefined && probe.reason !== "noSuchObject") return probe.reason;
    }
    return undefined;
  }

  async #fetch(read: DocumentRead, signal: AbortSignal | undefined): Promise<CollectedDocument> {
    const { talk, memory, clock } = this.#parts;
    const request = read.request ?? { path: read.name };
    const method = request.method ?? "GET";
    const path = await talk.path(request.path, signal);
    const page = missingKey(method, path, request.body?.text);
    const missing = memory.missingStatus(page, clock.nowMs());
    if (missing !== undefined) return gone("noSuchObject", missing, read);
    if (read.needsLogin === true) await talk.login?.enter(signal);
    const key = this.#keyOf(read);
    // What is to be noted has to be sent, not only confirmed.
    const mayBeKnown = method === "GET" && read.remember === undefined;
    const known = mayBeKnown ? this.#trusted(key) : undefined;
    const answer = await talk.send(
      {
        method,
        path,
        headers: { ...talk.values.texts(request.headers), ...conditions(known) },
        cookies: request.cookies,
        body: request.body && this.#body(request.body),
      },
      signal,
    );
    await talk.runner.remember(read.remember, answer);
    if (answer.status === 304 && known !== undefined)
      return { kind: "document", extracted: known.extracted };
    return this.#take(read, { key, page, answer });
  }

  #body({ type, text, remembered = [] }: NonNullable<PageRequest["body"]>): EncodedBody {
    const parts = Object.fromEntries(remembered.map((name) => [name, { remembered: name }]));
    return encodeBody({ kind: "text", type, text, parts }, this.#parts.talk.values);
  }

  async #take(
    read: DocumentRead,
    {
      key,
      page,
      answer,
    }: { readonly key: string; readonly page: string; readonly answer: WebAnswer },
  ): Promise<CollectedDocument> {
    const { talk, memory, clock } = this.#parts;
    const reason = statusReason(answer.status);
    if (reason !== undefined) {
      const isMissing = answer.status === 404 || answer.status === 410;
      if (isMissing) memory.noteMissing(page, answer.status, clock.nowMs());
      return gone(reason, answer.status, read);
    }
    const extracted = await talk.extractor.extract(rawDocument(answer), read);
    if (typeof extracted === "string") return { kind: "unavailable", reason: extracted };
    this.#keep(key, answer, extracted);
    return { kind: "document", extracted };
  }

  /** What the page gave last, when its server may be asked whether it has changed. */
  #trusted(key: string): KnownPage | undefined {
    const known = this.#parts.memory.knownPage(key);
    if (known === undefined) return undefined;
    return this.#parts.clock.nowMs() - known.fetchedAtMs < longestTrustMs ? known : undefined;
  }

  #keep(key: string, answer: WebAnswer, extracted: ExtractedDocument): void {
    const { memory, clock } = this.#parts;
    const etag = answer.headers.get("etag");
    const lastModified = answer.headers.get("last-modified");
    const mayKeep = !/no-store/i.test(answer.headers.get("cache-control") ?? "");
    if (!mayKeep || (etag === undefined && lastModified === undefined)) return;
    if (lengthOf(extracted) > longestKept) return;
    const bodyDigest = createHash("sha256").update(answer.bytes).digest("base64");
    const fetchedAtMs = clock.nowMs();
    memory.notePage(key, { etag, lastModified, bodyDigest, extracted, fetchedAtMs });
  }

  /** Another mapping, or another way of asking, is another page. */
  #keyOf(read: DocumentRead): string {
    const text = JSON.stringify([read, this.#parts.profile]);
    return createHash("sha256").update(text).digest("base64");
  }
}

/** What a missing page is remembered by: of one door for many questions (Toshiba) only the question. */
function missingKey(method: string, path: string, body: string | undefined): string {
  if (body === undefined) return `${method} ${path}`;
  return `${method} ${path} ${createHash("sha256").update(body).digest("base64").slice(0, 16)}`;
}

function conditions(known: KnownPage | undefined): Readonly<Record<string, string>> {
  if (known?.etag !== undefined) return { "If-None-Match": known.etag };
  if (known?.lastModified !== undefined) return { "If-Modified-Since": known.lastModified };
  return {};
}

function lengthOf({ values, rows }: ExtractedDocument): number {
  const cells = [...rows.values()].flat().flatMap((row) => [...row.values()]);
  return [...values.values(), ...cells].flat().reduce((sum, text) => sum + text.length, 0);
}

/** A document that is not there still has the status of its answer. */
function gone(reason: UnavailableReason, status: number, read: DocumentRead): CollectedDocument {
  const values = new Map<string, readonly string[]>();
  for (const extraction of read.extractions)
    if (extraction.kind === "values" && extraction.selector.status === true)
      values.set(extraction.key, [String(status)]);
  const partial = { values, rows: new Map(), structure: new Map() };
  return { kind: "unavailable", reason, partial };
}
