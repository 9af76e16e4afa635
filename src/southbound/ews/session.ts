import { isDeepStrictEqual } from "node:util";
import { setMaxListeners } from "node:events";
import type { Clock } from "../../shared/clock.ts";
import { registerSecret } from "../../shared/redact.ts";
import type { DocumentAnswers, DocumentRead } from "../documents.ts";
import type { EwsAccess } from "../driver.ts";
import type { EwsWrite, WebProfile } from "../exchange.ts";
import { EwsAbortedError, EwsCertificateError } from "./errors.ts";
import type { EwsMemory } from "./ews-memory.ts";
import { type PagePool, sharedPagePool } from "./page-pool.ts";
import { noCredential } from "./given-values.ts";
import type { EwsNoticeSink } from "./notice.ts";
import { PageReader } from "./page-reader.ts";
import { Talk } from "./talk.ts";

/** A conversation with one printer's web server. Errors are `EwsError`s; a missing page is an answer. */
export interface EwsSession {
  /** Reads the documents of channel `ews`, each once. Rejects only if the server is silent altogether. */
  read(
    documents: readonly DocumentRead[],
    profile: WebProfile | undefined,
    signal?: AbortSignal,
  ): Promise<DocumentAnswers>;
  /** Runs one chain of requests; what came of it is to be read back. */
  write(write: EwsWrite, signal?: AbortSignal): Promise<void>;
  /** Logs out where a login was made, and lets go of the connection. Never rejects. */
  close(): Promise<void>;
}

/** What a session needs besides the access. */
export interface EwsSessionParts {
  readonly clock: Clock;
  /** What was learned of the printer; kept by the caller over the sessions. */
  readonly memory: EwsMemory;
  readonly notice?: EwsNoticeSink | undefined;
  /** The process-wide one by default. */
  readonly pool?: PagePool;
}

/**
 * A session with one web server. Opening sends nothing. The password of `access` is registered with the redactor. Close
 * it after each conversation: a login is kept until then, and on many printers it keeps others out.
 */
export function openEwsSession(access: EwsAccess, parts: EwsSessionParts): EwsSession {
  if (access.credential !== undefined) registerSecret(access.credential.password);
  return new TalkingSession(access, parts);
}

class TalkingSession implements EwsSession {
  readonly #access: EwsAccess;
  readonly #parts: EwsSessionParts;
  readonly #closing = new AbortController();
  /** End of the conversation under way; printers are not asked two things at once. */
  #turn: Promise<unknown> = Promise.resolve();
  #talk: Talk | undefined;
  #profile: WebProfile | undefined;

  constructor(access: EwsAccess, parts: EwsSessionParts) {
    this.#access = access;
    this.#parts = parts;
  }

  read(
    documents: readonly DocumentRead[],
    profile: WebProfile | undefined,
    signal?: AbortSignal,
  ): Promise<DocumentAnswers> {
    return this.#inTurn(signal, async (ending) => {
      const { memory, clock } = this.#parts;
      const talk = await this.#talkAs(profile);
      return new PageReader({ talk, memory, clock, profile }).read(
        documents.filter(({ channel }) => channel === "ews"),
        ending,
      );
    });
  }

  write(write: EwsWrite, signal?: AbortSignal): Promise<void> {
    return this.#inTurn(signal, async (ending) => {
      const talk = await this.#talkAs(write.profile);
      if (write.needsLogin) {
        if (talk.login === undefined) throw noCredential(this.#access.host);
        await talk.login.enter(ending);
      }
      try {
        await talk.runner.run(write.steps, ending);
      } finally {
        // Whatever came of it, nothing read before counts any more.
        this.#parts.memory.forgetPages();
      }
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#turn;
    await this.#talk?.close();
    this.#talk = undefined;
  }

  async #inTurn<Result>(
    signal: AbortSignal | undefined,
    run: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const ending = linkSignals(this.#closing.signal, signal);
    const result = this.#turn.then(() => {
      if (ending.signal.aborted)
        throw new EwsAbortedError(`${this.#access.host}: given up by the caller`);
      return run(ending.signal);
    });
    this.#turn = result.then(ignore, ignore);
    try {
      return await result;
    } catch (error) {
      this.#tell(error);
      throw error;
    } finally {
      ending.unlink();
    }
  }

  /** The conversation under way; another maker's manner begins another one. */
  async #talkAs(profile: WebProfile | undefined): Promise<Talk> {
    if (this.#talk !== undefined && isDeepStrictEqual(this.#profile, profile)) return this.#talk;
    await this.#talk?.close();
    const { memory, clock, pool = sharedPagePool(), notice = ignore } = this.#parts;
    this.#profile = profile;
    this.#talk = new Talk({ access: this.#access, memory, clock, pool, profile, notice });
    return this.#talk;
  }

  #tell(error: unknown): void {
    if (!(error instanceof EwsCertificateError) || error.code !== "ews.certificate-changed") return;
    const { message } = error;
    if (!this.#parts.memory.isNewsOfCertificate(message)) return;
    this.#parts.notice?.({ kind: "certificate-changed", text: message });
  }
}

/**
 * One signal that fires with either. `AbortSignal.any` of Node 20 never lets go of the long-lived ones, and a session is
 * asked for months.
 */
function linkSignals(
  closing: AbortSignal,
  callers: AbortSignal | undefined,
): { readonly signal: AbortSignal; readonly unlink: () => void } {
  const controller = new AbortController();
  const fire = (): void => {
    controller.abort();
  };
  for (const source of [closing, callers]) {
    if (source === undefined) continue;
    // One signal may rightly end the conversations of hundreds of printers; Node warns of a leak at eleven.
    setMaxListeners(0, source);
    if (source.aborted) fire();
    source.addEventListener("abort", fire, { once: true });
  }
  return {
    signal: controller.signal,
    unlink: () => {
      closing.removeEventListener("abort", fire);
      callers?.removeEventListener("abort", fire);
    },
  };
}

function ignore(): void {
  // The outcome is the caller's.
}
