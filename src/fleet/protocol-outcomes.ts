import type { DocumentAnswers } from "../southbound/documents.ts";
import type {
  DeviceAccess,
  DeviceSession,
  DeviceWrite,
  RawAnswers,
  ReadPlan,
  UnavailableReason,
} from "../southbound/driver.ts";
import {
  EwsAuthError,
  EwsBusyError,
  EwsCertificateError,
  EwsTimeoutError,
  EwsUnreachableError,
} from "../southbound/ews/errors.ts";
import {
  SnmpAuthError,
  SnmpTimeoutError,
  SnmpUnreachableError,
} from "../southbound/snmp/errors.ts";

/** What came of talking to a printer over one protocol; `AuthError`: one side did not let the other in. */
export type ProtocolStatus = "OK" | "AuthError" | "Timeout";

/** Protocols whose outcome is told. */
export type Protocol = "snmp" | "ews";

/** Latest outcome of one protocol, and when it last worked (epoch milliseconds). */
export interface ProtocolOutcome {
  readonly status: ProtocolStatus;
  readonly lastSuccessMs?: number;
}

/** What came of one conversation, by protocol that was used in it. */
export type SeenOutcomes = ReadonlyMap<Protocol, ProtocolStatus>;

/** Successes alone are saved this often. */
const saveSuccessEveryMs = 600_000;

/** What came of talking to one printer last; outlives the process. */
export class ProtocolOutcomes {
  readonly #outcomes: Map<Protocol, ProtocolOutcome>;
  #isDue = false;
  #savedPagesMs: number;

  /** `kept` is what {@link text} gave last. */
  constructor(kept: string | undefined) {
    this.#outcomes = new Map(parseOutcomes(kept));
    this.#savedPagesMs = this.#outcomes.get("ews")?.lastSuccessMs ?? 0;
  }

  /** Undefined: it was never used. */
  get(protocol: Protocol): ProtocolOutcome | undefined {
    return this.#outcomes.get(protocol);
  }

  /** Whether there is something to save. The agent's successes are those of the printer, which are kept anyway. */
  get isDue(): boolean {
    const pagesMs = this.#outcomes.get("ews")?.lastSuccessMs ?? 0;
    return this.#isDue || pagesMs - this.#savedPagesMs >= saveSuccessEveryMs;
  }

  /** Takes in what came of a conversation; true when a status is another than before. */
  take(seen: SeenOutcomes, atMs: number): boolean {
    let isNews = false;
    for (const [protocol, status] of seen) {
      const before = this.#outcomes.get(protocol);
      const lastSuccessMs = status === "OK" ? atMs : before?.lastSuccessMs;
      isNews ||= status !== before?.status;
      this.#outcomes.set(protocol, {
        status,
        ...(lastSuccessMs !== undefined && { lastSuccessMs }),
      });
    }
    this.#isDue ||= isNews;
    return isNews;
  }

  /** For the store. */
  text(): string {
    return JSON.stringify([...this.#outcomes]);
  }

  /** It is saved. */
  settle(): void {
    this.#isDue = false;
    this.#savedPagesMs = this.#outcomes.get("ews")?.lastSuccessMs ?? 0;
  }
}

/** What is not as it should be is left out: it is learned anew. */
function parseOutcomes(text: string | undefined): [Protocol, ProtocolOutcome][] {
  const json: unknown = JSON.parse(text ?? "[]");
  if (!Array.isArray(json)) return [];
  return json.filter(isOutcome);
}

function isOutcome(entry: unknown): entry is [Protocol, ProtocolOutcome] {
  if (!Array.isArray(entry)) return false;
  const [protocol, outcome] = entry as readonly unknown[];
  if (protocol !== "snmp" && protocol !== "ews") return false;
  return typeof outcome === "object" && outcome !== null && "status" in outcome;
}

/** A session whose outcomes are noted down, and nothing else changed. */
export class WatchedSession implements DeviceSession {
  readonly #session: DeviceSession;
  readonly #used: Readonly<Record<Protocol, boolean>>;
  readonly #seen = new Map<Protocol, ProtocolStatus>();

  /** `access` is what the session was opened with. */
  constructor(session: DeviceSession, access: DeviceAccess | undefined) {
    this.#session = session;
    this.#used = { snmp: access?.snmp !== undefined, ews: access?.ews !== undefined };
  }

  get seen(): SeenOutcomes {
    return this.#seen;
  }

  async read(plan: ReadPlan, signal?: AbortSignal): Promise<RawAnswers> {
    const answers = await this.#watch(this.#session.read(plan, signal));
    if (plan.scalars.length + plan.columns.length > 0) this.#note("snmp", "OK");
    if (answers.documents !== undefined) this.#note("ews", pagesStatus(plan, answers.documents));
    return answers;
  }

  async write(write: DeviceWrite, signal?: AbortSignal): Promise<void> {
    await this.#watch(this.#session.write(write, signal));
    this.#note(write.driver, "OK");
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async #watch<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#note("snmp", agentStatus(error));
      this.#note("ews", serverStatus(error));
      throw error;
    }
  }

  /** A refusal is not made good by the pages that need no login. */
  #note(protocol: Protocol, status: ProtocolStatus | undefined): void {
    if (status === undefined || !this.#used[protocol]) return;
    if (this.#seen.get(protocol) !== "AuthError") this.#seen.set(protocol, status);
  }
}

function agentStatus(error: unknown): ProtocolStatus | undefined {
  if (error instanceof SnmpAuthError) return "AuthError";
  const isSilence = error instanceof SnmpTimeoutError || error instanceof SnmpUnreachableError;
  return isSilence ? "Timeout" : undefined;
}

function serverStatus(error: unknown): ProtocolStatus | undefined {
  if (error instanceof EwsAuthError || error instanceof EwsCertificateError) return "AuthError";
  const isSilence =
    error instanceof EwsTimeoutError ||
    error instanceof EwsUnreachableError ||
    error instanceof EwsBusyError;
  return isSilence ? "Timeout" : undefined;
}

/** Undefined when the answers do not show that anything was asked: pages known to be missing, steps of other chains. */
function pagesStatus(plan: ReadPlan, documents: DocumentAnswers): ProtocolStatus | undefined {
  const found = new Set<UnavailableReason | "value">();
  for (const { channel, name, extractions } of plan.documents) {
    if (channel !== "ews") continue;
    for (const { kind, key } of extractions) {
      const answer = kind === "values" ? documents.values(name, key) : documents.rows(name, key);
      found.add(typeof answer === "string" ? answer : "value");
    }
  }
  if (found.has("locked")) return "AuthError";
  if (found.has("value")) return "OK";
  if (found.has("timeout")) return "Timeout";
  return found.has("refused") ? "AuthError" : undefined;
}
