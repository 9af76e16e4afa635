import { ProxierError, errorText } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";
import type { EndpointConfig, EndpointServices, EndpointStatus } from "./endpoint-config.ts";
import type { EndpointSession } from "./endpoint-session.ts";
import type { ManagementServer } from "../management-server/management-server.ts";
import { type SessionDialect, asksForOlderVersion, olderDialect } from "../session/dialect.ts";
import { SessionError } from "../session/errors.ts";
import { runSession } from "../session/session.ts";
import { type AcsConnection, type AcsSettings, AcsTransportError } from "../transport.ts";

const log = logger("cwmp.endpoint.session-attempts");

/** What came of one session. */
export interface AttemptOutcome {
  /** Requests of the ACS answered; 0 when the session failed. */
  readonly answers: number;
  /** Undefined: it succeeded. */
  readonly error: unknown;
  readonly errorCode: string | undefined;
  /** How long the ACS asked to be left alone. */
  readonly retryAfterMs: number;
}

/** Runs the sessions of one endpoint and keeps what became of them. */
export class SessionAttempts {
  readonly #config: EndpointConfig;
  readonly #services: EndpointServices;
  readonly #management: ManagementServer;
  #connection: AcsConnection | undefined;
  /** How many namespaces older than the newest the next session speaks. */
  #olderBy = 0;
  #sessions = 0;
  #failures = 0;
  #lastError: EndpointStatus["lastError"];

  constructor(config: EndpointConfig, services: EndpointServices, management: ManagementServer) {
    this.#config = config;
    this.#services = services;
    this.#management = management;
  }

  /** For the operator. */
  get status(): Pick<EndpointStatus, "sessions" | "failures" | "lastError"> {
    return { sessions: this.#sessions, failures: this.#failures, lastError: this.#lastError };
  }

  /** Runs one session with the ACS whose URL is in force. Never rejects. */
  async run(session: EndpointSession): Promise<AttemptOutcome> {
    const { clock, limits } = this.#services;
    this.#sessions += 1;
    try {
      const connection = this.#connect();
      const dialect = this.#dialect();
      const { answers } = await runSession(session, { connection, clock, dialect, limits });
      this.#succeeded(session);
      return { answers, error: undefined, errorCode: undefined, retryAfterMs: 0 };
    } catch (error) {
      return this.#failed(error);
    } finally {
      this.abort();
    }
  }

  /** Closes the connection of a session under way, which fails by it. */
  abort(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  #connect(): AcsConnection {
    const { tls } = this.#config;
    this.#connection = this.#services.transport.connect({
      url: this.#management.text("URL"),
      username: this.#management.text("Username"),
      password: this.#management.text("Password"),
      ...(tls === undefined ? {} : { tls }),
      ...compressionOf(this.#management.text("HTTPCompression")),
    });
    return this.#connection;
  }

  #dialect(): SessionDialect {
    const { dialect } = this.#services;
    return olderDialect(dialect, this.#olderBy) ?? dialect;
  }

  #succeeded({ endpointId, eventCodes }: EndpointSession): void {
    this.#lastError = undefined;
    // The next session may find an ACS that learnt a newer version (TR-069a6 §3.7.2.1).
    this.#olderBy = 0;
    log.debug("session ended", () => ({ device: endpointId, events: eventCodes }));
  }

  #failed(error: unknown): AttemptOutcome {
    this.#failures += 1;
    const errorCode = error instanceof ProxierError ? error.code : "unknown";
    this.#lastError = { code: errorCode, text: errorText(error) };
    if (error instanceof SessionError && asksForOlderVersion(error.faultCode)) this.#stepBack();
    const retryAfterMs = error instanceof AcsTransportError ? (error.retryAfterMs ?? 0) : 0;
    return { answers: 0, error, errorCode, retryAfterMs };
  }

  /** An ACS that refuses even the oldest version is tried with the newest again. */
  #stepBack(): void {
    const older = this.#olderBy + 1;
    this.#olderBy = olderDialect(this.#services.dialect, older) === undefined ? 0 : older;
  }
}

/** The mechanism by its name in TR-181i2 HTTPCompression. */
function compressionOf(name: string): Pick<AcsSettings, "compression"> {
  if (name === "GZIP") return { compression: "gzip" };
  return name === "Deflate" ? { compression: "deflate" } : {};
}

/** Says why a session failed. A stack says nothing about an ACS that is away, and everything about a mistake of ours. */
export function logFailure(
  { error, errorCode }: AttemptOutcome,
  fields: Readonly<Record<string, unknown>>,
): void {
  if (error instanceof ProxierError) {
    log.warn("session failed", { ...fields, code: errorCode, reason: error.message });
  } else {
    log.error("session failed", { ...fields, code: errorCode, error });
  }
}
