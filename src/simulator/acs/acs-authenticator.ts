import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { equalsConstantTime } from "../../shared/http/digest.ts";
import { DigestServer } from "../../cwmp/http/digest-server.ts";
import type { Clock } from "../../shared/clock.ts";

/** What the ACS asks of CPEs. */
export interface AcsAuthentication {
  readonly scheme: "digest" | "basic";
  readonly username: string;
  readonly password: string;
  /** Digest only: how long a nonce lives (default 5 minutes). */
  readonly nonceLifetimeMs?: number;
}

/** Asks each connection once, as GenieACS does; credentials sent unasked later must be right as well. */
export class AcsAuthenticator {
  readonly #wanted: AcsAuthentication;
  readonly #digest: DigestServer;
  readonly #trusted = new WeakSet<Socket>();

  constructor(wanted: AcsAuthentication, clock: Clock) {
    this.#wanted = wanted;
    const { nonceLifetimeMs = 300_000 } = wanted;
    this.#digest = new DigestServer({ realm: "test-acs", clock, nonceLifetimeMs });
  }

  /** Whether the request may pass; otherwise the 401 has been sent. */
  admit(request: IncomingMessage, response: ServerResponse): boolean {
    const header = request.headers.authorization;
    if (header === undefined && this.#trusted.has(request.socket)) return true;
    const verdict = this.#verify(header, request);
    if (verdict === "accepted") {
      this.#trusted.add(request.socket);
      return true;
    }
    const challenge =
      this.#wanted.scheme === "basic"
        ? 'Basic realm="test-acs"'
        : this.#digest.challenge("acs", verdict === "stale");
    response.writeHead(401, { "WWW-Authenticate": challenge, "Content-Length": 0 }).end();
    return false;
  }

  #verify(header: string | undefined, request: IncomingMessage): string {
    const { scheme, username, password } = this.#wanted;
    if (scheme === "basic") {
      const expected = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
      return equalsConstantTime(header ?? "", expected) ? "accepted" : "refused";
    }
    const target = request.url ?? "";
    return this.#digest.verify(header, {
      method: request.method ?? "",
      target,
      scope: "acs",
      username,
      password,
    });
  }
}
