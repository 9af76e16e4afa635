import type { Clock } from "../../shared/clock.ts";
import { ProxierError } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";
import type { DocumentRead } from "../documents.ts";
import type { UnavailableReason } from "../driver.ts";
import { unusableReason } from "../extract/extract-error.ts";
import type { ExtractedDocument } from "../extract/extract.ts";
import type { FormWish } from "../extract/form.ts";
import type { RawDocument } from "../extract/raw-document.ts";
import { EwsChoiceError, EwsProtocolError, EwsTimeoutError } from "./errors.ts";
import type { EwsMemory } from "./ews-memory.ts";
import type { EwsNoticeSink } from "./notice.ts";
import type { PageOutcome, PagePool } from "./page-pool.ts";
import { type FilledPage, type PageTask, runPageTask, toPageFailure } from "./page-task.ts";

const log = logger("southbound.ews.page-extractor");

/** Larger pages go to the worker: they may hold up the event loop. */
const largestInThreadBytes = 64 * 1024;
/** Pages of more tags go there too, be they small: matching costs by the element. */
const mostTagsInThread = 2_500;
/** A page that takes longer than this marks its printer; the next one goes to the worker. */
const slowMs = 30;

/** What an extractor is made of. */
export interface PageExtractorOptions {
  /** For messages. */
  readonly host: string;
  readonly memory: EwsMemory;
  readonly pool: PagePool;
  readonly clock: Clock;
  readonly notice: EwsNoticeSink;
}

/**
 * Takes pages of one printer apart: small ones of a printer that behaved at once, all others in the worker thread, from
 * which nothing can hold up the process.
 */
export class PageExtractor {
  readonly #options: PageExtractorOptions;

  constructor(options: PageExtractorOptions) {
    this.#options = options;
  }

  /** What `read` wants of the page, or why it cannot be had: `cut`, `malformed`, `timeout` (too much to do just now). */
  async extract(
    raw: RawDocument,
    read: Pick<DocumentRead, "name" | "format" | "extractions">,
  ): Promise<ExtractedDocument | UnavailableReason> {
    const { name, format, extractions } = read;
    const outcome = await this.#run({ kind: "extract", name, raw, read: { format, extractions } });
    if (outcome.kind === "done" && outcome.result.kind === "extracted")
      return outcome.result.extracted;
    if (outcome.kind === "full") return "timeout";
    if (outcome.kind !== "failed") return "malformed";
    const { code, message } = outcome;
    log.debug("page not usable", { device: this.#options.host, page: name, code, message });
    return unusableReason(code);
  }

  /**
   * The form of a page with fields set, as it is to be sent.
   * @throws {EwsProtocolError} `ews.page-changed` without such a form or field; {EwsChoiceError} without such an option
   */
  async fill(raw: RawDocument, wish: FormWish): Promise<FilledPage> {
    const { host } = this.#options;
    // Sessions of some printers stand in the query.
    const name = raw.path.split("?", 1)[0] ?? "";
    const outcome = await this.#run({ kind: "fill", name, raw, wish });
    if (outcome.kind === "done" && outcome.result.kind === "filled") return outcome.result.form;
    if (outcome.kind === "full") throw new EwsTimeoutError("too many pages wait to be worked on");
    const why = outcome.kind === "failed" ? outcome.message : "the page cannot be worked on";
    if (outcome.kind === "failed" && outcome.field !== undefined)
      throw new EwsChoiceError(`${host} does not offer what was asked`, why, outcome.field);
    throw new EwsProtocolError("page-changed", `${host} ${name}: ${why}`);
  }

  async #run(task: PageTask): Promise<PageOutcome> {
    if (this.#isHarmless(task.raw)) return this.#runHere(task);
    const outcome = await this.#options.pool.run(task);
    if (outcome.kind === "killed") this.#misbehaved(task);
    return outcome;
  }

  #isHarmless(raw: RawDocument): boolean {
    return (
      raw.bytes.length <= largestInThreadBytes &&
      !this.#options.memory.hasMisbehaved &&
      countTags(raw.bytes) <= mostTagsInThread
    );
  }

  #runHere(task: PageTask): PageOutcome {
    const { clock } = this.#options;
    const startedMs = clock.nowMs();
    try {
      return { kind: "done", result: runPageTask(task) };
    } catch (error) {
      if (!(error instanceof ProxierError)) throw error;
      return toPageFailure(error);
    } finally {
      const elapsedMs = clock.nowMs() - startedMs;
      if (elapsedMs > slowMs) this.#wasSlow(task, elapsedMs);
    }
  }

  /** No news: on a machine with much to do any page is slow. */
  #wasSlow({ name: page }: PageTask, elapsedMs: number): void {
    const { host, memory } = this.#options;
    log.debug("page goes to the worker from now on", { device: host, page, elapsedMs });
    memory.noteMisbehaviour();
  }

  #misbehaved({ name }: PageTask): void {
    const { host, memory, notice } = this.#options;
    memory.noteMisbehaviour();
    notice({ kind: "page-misbehaved", text: `${host} ${name} took too long and was given up` });
  }
}

function countTags(bytes: Uint8Array): number {
  const lessThan = 0x3c;
  let count = 0;
  for (const octet of bytes) if (octet === lessThan) count += 1;
  return count;
}
