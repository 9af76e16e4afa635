import { setMaxListeners } from "node:events";
import type { Clock } from "../../shared/clock.ts";
import type { SnmpAnswers, SnmpReadPlan, SnmpSession, SnmpWrite } from "../driver.ts";
import type { AgentMemory } from "./agent-memory.ts";
import { CollectedAnswers } from "./answers.ts";
import { Conversation, type ReadLimits } from "./conversation.ts";
import { SnmpWriteError } from "./errors.ts";
import { type ErrorStatusName, errorStatusName, pduType } from "./message.ts";
import { readColumns } from "./read-columns.ts";
import { readScalars } from "./read-scalars.ts";
import type { SnmpTransport } from "./transport.ts";

/** What a session is made of; `openSnmpSession` brings it together. */
export interface SessionParts {
  /** For messages. */
  readonly host: string;
  readonly transport: SnmpTransport;
  readonly memory: AgentMemory;
  readonly limits: ReadLimits;
  readonly clock: Clock;
}

/** Reads and writes one printer over any transport, one conversation at a time. */
export class TransportSession implements SnmpSession {
  readonly #parts: SessionParts;
  /** End of the conversation under way; printers are not asked two things at once. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  read(plan: SnmpReadPlan, signal?: AbortSignal): Promise<SnmpAnswers> {
    return this.#inTurn(() => this.#read(plan, signal));
  }

  /**
   * A SET is sent once: when its answer is lost nobody knows whether it was obeyed, and a repeated restart is worse than
   * a time-out. Read back to find out.
   */
  write(writes: readonly SnmpWrite[], signal?: AbortSignal): Promise<void> {
    return this.#inTurn(() => this.#write(writes, signal));
  }

  close(): void {
    this.#parts.transport.close();
  }

  async #inTurn<Result>(run: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(run);
    // The caller gets answers or failure; the next in turn only waits for the end. A session lives as long as its
    // printer: kept here, the answers would cost each idle printer some 90 kB.
    this.#turn = result.then(ignore, ignore);
    return result;
  }

  async #read(plan: SnmpReadPlan, signal: AbortSignal | undefined): Promise<SnmpAnswers> {
    // One signal may rightly end the reads of hundreds of printers; Node warns of a leak at eleven.
    if (signal !== undefined) setMaxListeners(0, signal);
    const talk = new Conversation({ ...this.#parts, signal });
    const scalars = await readScalars(talk, plan.scalars);
    const columns = await readColumns(talk, plan.columns);
    if (!talk.hasReply && talk.lastError !== undefined) throw talk.lastError;
    return new CollectedAnswers(talk.startedAtMs, scalars, columns);
  }

  async #write(writes: readonly SnmpWrite[], signal: AbortSignal | undefined): Promise<void> {
    if (writes.length === 0) return;
    const { transport, host } = this.#parts;
    const { errorStatus, errorIndex } = await transport.exchange(
      { type: pduType.set, varbinds: writes, retries: 0 },
      signal,
    );
    if (errorStatus !== 0) throw writeError(host, errorStatus, writes[errorIndex - 1]?.oid);
  }
}

function ignore(): void {
  // The outcome is the caller's.
}

/** What each status says to an operator (RFC 3416 §4.2.5). */
const statusText: Partial<Record<ErrorStatusName, string>> = {
  noAccess: "the write community or user may not change it",
  authorizationError: "the write community or user may not change it",
  notWritable: "the printer does not let it be changed",
  readOnly: "the printer does not let it be changed",
  noSuchName: "the printer has no such object or does not let this community change it",
  wrongType: "the printer wants another type",
  wrongLength: "the value is too long or too short",
  wrongEncoding: "the printer does not take the encoding",
  wrongValue: "the printer does not take this value",
  badValue: "the printer does not take this value",
  inconsistentValue: "the value does not go with the printer's other settings now",
  inconsistentName: "the object cannot be made now",
  noCreation: "the object does not exist and cannot be made",
  resourceUnavailable: "the printer lacks the memory for it now",
  tooBig: "too many values in one request",
};

function writeError(host: string, errorStatus: number, oid: string | undefined): SnmpWriteError {
  const status = errorStatusName(errorStatus);
  const why = statusText[status] ?? "the printer failed to do it";
  const code = `snmp.${status.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const what = oid === undefined ? "" : ` of ${oid}`;
  return new SnmpWriteError(`${host} refused the change${what}: ${why} (${status})`, {
    code,
    status,
    oid,
  });
}
