import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import { joinAnswers, noSnmp } from "./device-answers.ts";
import type { DocumentAnswers } from "./documents.ts";
import type {
  DeviceAccess,
  DeviceSession,
  DeviceWrite,
  RawAnswers,
  ReadPlan,
  SnmpAnswers,
  SnmpSession,
  UnavailableReason,
} from "./driver.ts";
import { SouthboundError } from "./errors.ts";
import { type CollectedDocument, CollectedDocuments } from "./extract/collected-documents.ts";
import { EwsAbortedError, EwsError } from "./ews/errors.ts";
import type { EwsMemory } from "./ews/ews-memory.ts";
import type { EwsNoticeSink } from "./ews/notice.ts";
import { type EwsSession, openEwsSession } from "./ews/session.ts";
import { errorReason } from "./ews/unavailable.ts";
import type { AgentMemory } from "./snmp/agent-memory.ts";
import { openSnmpSession } from "./snmp/open-session.ts";

const log = logger("southbound.device-session");

/** What was learned of one printer, per protocol; kept by the caller over the sessions. */
export interface DeviceMemory {
  readonly snmp: AgentMemory;
  readonly ews: EwsMemory;
}

/** What a session needs besides the access. */
export interface DeviceSessionParts {
  readonly clock: Clock;
  readonly memory: DeviceMemory;
  /** Certificates, passwords, pages that misbehave. */
  readonly notice?: EwsNoticeSink;
}

/**
 * A session with one printer over everything it speaks. Opening sends nothing, and a protocol is only opened when it is
 * asked. After `close` the session can be used again: it is then another conversation.
 */
export function openDeviceSession(access: DeviceAccess, parts: DeviceSessionParts): DeviceSession {
  return new JoinedSession(access, parts);
}

class JoinedSession implements DeviceSession {
  readonly #access: DeviceAccess;
  readonly #parts: DeviceSessionParts;
  #snmp: SnmpSession | undefined;
  #ews: EwsSession | undefined;

  constructor(access: DeviceAccess, parts: DeviceSessionParts) {
    this.#access = access;
    this.#parts = parts;
  }

  async read(plan: ReadPlan, signal?: AbortSignal): Promise<RawAnswers> {
    const snmp = await this.#readSnmp(plan, signal);
    if (plan.documents.length === 0) return snmp;
    return joinAnswers(snmp, await this.#readDocuments(plan, signal));
  }

  async write(write: DeviceWrite, signal?: AbortSignal): Promise<void> {
    switch (write.driver) {
      case "snmp":
        return this.#openSnmp().write(write.writes, signal);
      case "ews":
        return this.#openEws().write(write.write, signal);
    }
  }

  async close(): Promise<void> {
    const [snmp, ews] = [this.#snmp, this.#ews];
    this.#snmp = undefined;
    this.#ews = undefined;
    snmp?.close();
    await ews?.close();
  }

  async #readSnmp(plan: ReadPlan, signal: AbortSignal | undefined): Promise<SnmpAnswers> {
    if (this.#access.snmp === undefined) return noSnmp(this.#parts.clock.nowMs());
    return this.#openSnmp().read(plan, signal);
  }

  async #readDocuments(plan: ReadPlan, signal: AbortSignal | undefined): Promise<DocumentAnswers> {
    const pages = plan.documents.filter(({ channel }) => channel === "ews");
    if (this.#access.ews === undefined || pages.length === 0)
      return unavailable(plan, "noSuchObject");
    try {
      const answers = await this.#openEws().read(pages, plan.web, signal);
      return withoutOthers(plan, answers);
    } catch (error) {
      const hasAnswers = this.#access.snmp !== undefined && asksSnmp(plan);
      if (!hasAnswers || !(error instanceof EwsError) || error instanceof EwsAbortedError)
        throw error;
      log.debug("web pages not read", { device: this.#access.host, error });
      return unavailable(plan, errorReason(error));
    }
  }

  #openSnmp(): SnmpSession {
    const { clock, memory } = this.#parts;
    if (this.#access.snmp === undefined) throw notConfigured(this.#access.host, "SNMP");
    this.#snmp ??= openSnmpSession(this.#access.snmp, { clock, memory: memory.snmp });
    return this.#snmp;
  }

  #openEws(): EwsSession {
    const { clock, memory, notice } = this.#parts;
    if (this.#access.ews === undefined) throw notConfigured(this.#access.host, "the web server");
    this.#ews ??= openEwsSession(this.#access.ews, { clock, memory: memory.ews, notice });
    return this.#ews;
  }
}

function asksSnmp({ scalars, columns }: ReadPlan): boolean {
  return scalars.length + columns.length > 0;
}

/** Documents of the web server are unavailable for this reason; those of other channels are not there. */
function unavailable(plan: ReadPlan, reason: UnavailableReason): DocumentAnswers {
  const documents = plan.documents.map(({ name, channel }): [string, CollectedDocument] => [
    name,
    { kind: "unavailable", reason: channel === "ews" ? reason : "noSuchObject" },
  ]);
  return new CollectedDocuments(new Map(documents));
}

/** Answers of the web server, and for documents of other channels that they are not there. */
function withoutOthers(plan: ReadPlan, pages: DocumentAnswers): DocumentAnswers {
  const others = new Set(
    plan.documents.filter(({ channel }) => channel !== "ews").map(({ name }) => name),
  );
  if (others.size === 0) return pages;
  return {
    values: (document, key) =>
      others.has(document) ? "noSuchObject" : pages.values(document, key),
    rows: (document, key) => (others.has(document) ? "noSuchObject" : pages.rows(document, key)),
    structure: (document) => (others.has(document) ? undefined : pages.structure(document)),
  };
}

function notConfigured(host: string, what: string): SouthboundError {
  return new SouthboundError(`${what} of ${host} is not configured`, {
    code: "southbound.not-configured",
  });
}
