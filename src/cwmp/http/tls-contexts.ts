import type { Socket } from "node:net";
import { type SecureContext, TLSSocket, createSecureContext } from "node:tls";
import type { AcsTlsSettings } from "../transport.ts";
import { acsError } from "./http-errors.ts";

/** What an https agent needs, and where it leaves the session ticket for the next one. */
export interface TlsProfile {
  readonly context: SecureContext;
  readonly isInsecure: boolean;
  /** Origin → ticket of the last handshake, for resumption. */
  readonly tickets: Map<string, Buffer>;
}

const mostProfiles = 64;
const mostTickets = 256;

/**
 * TLS contexts by settings, shared by all sessions: making one costs more than a whole session. A context that
 * accepts any certificate never shares tickets with one that checks.
 */
export class TlsContexts {
  readonly #profiles = new Map<string, TlsProfile>();
  readonly #watched = new WeakSet<Socket>();

  /** @throws {AcsTransportError} `cwmp.tls` when the PEM texts do not fit together */
  profile(settings: AcsTlsSettings, url: URL): TlsProfile {
    const { ca = "", cert = "", key = "", insecure = false } = settings;
    const id = [ca, cert, key, String(insecure)].join("\n");
    const known = this.#profiles.get(id);
    if (known !== undefined) return known;
    const profile = {
      context: makeContext(settings, url),
      isInsecure: insecure,
      tickets: new Map<string, Buffer>(),
    };
    if (this.#profiles.size >= mostProfiles) this.#profiles.clear();
    this.#profiles.set(id, profile);
    return profile;
  }

  /** Keeps the tickets `socket` receives for the next connection to `origin`. */
  watch(socket: Socket, origin: string, { tickets }: TlsProfile): void {
    if (!(socket instanceof TLSSocket) || this.#watched.has(socket)) return;
    this.#watched.add(socket);
    socket.on("session", (ticket) => {
      if (tickets.size >= mostTickets) tickets.clear();
      tickets.set(origin, ticket);
    });
  }
}

function makeContext({ ca, cert, key }: AcsTlsSettings, url: URL): SecureContext {
  try {
    return createSecureContext({ ca, cert, key, minVersion: "TLSv1.2" });
  } catch (cause) {
    const problem =
      "acs.tls.ca, acs.tls.cert or acs.tls.key is not readable PEM, or they do not fit";
    throw acsError(url, problem, { code: "cwmp.tls", cause });
  }
}
