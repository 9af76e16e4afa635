import { createHmac, randomBytes } from "node:crypto";
import type { Clock } from "../../shared/clock.ts";
import { type AuthEntry, parseAuthHeader } from "../../shared/http/auth-header.ts";
import { digestAlgorithm, digestResponse, equalsConstantTime } from "../../shared/http/digest.ts";

/** What is known of the request besides its `Authorization` header. */
export interface DigestRequest {
  readonly method: string;
  /** The request target as received. */
  readonly target: string;
  /** A nonce issued for one scope is worthless in another. */
  readonly scope: string;
  readonly username: string;
  readonly password: string;
}

/**
 * `absent`: no digest credentials, challenge. `stale`: right but the nonce is old or used up, challenge with
 * stale=true. `refused`: wrong in any other way, challenge again.
 */
export type DigestVerdict = "accepted" | "absent" | "stale" | "refused";

/** How a {@link DigestServer} is set up; times in milliseconds. */
export interface DigestServerOptions {
  readonly realm: string;
  readonly clock: Clock;
  /** How long a nonce may be used (default 5 minutes). */
  readonly nonceLifetimeMs?: number;
  /** How many used nonces are remembered (default 10,000). */
  readonly mostUsedNonces?: number;
}

/**
 * Server side of HTTP digest (MD5, qop=auth and the legacy form). Issued nonces are signed, not stored, so that
 * strangers cost no memory; a nonce is stored when rightly used, to refuse replays.
 *
 * @see RFC 2617 §3.2.1, §3.2.2; TR-069a6 §3.2.2.1 (connection requests are authenticated by digest)
 */
export class DigestServer {
  readonly #realm: string;
  readonly #clock: Clock;
  readonly #lifetimeMs: number;
  readonly #mostUsed: number;
  readonly #key = randomBytes(32);
  /** Used nonce → highest nonce count seen, oldest use first. */
  readonly #used = new Map<string, number>();
  /** Nonces issued before this are stale: their use may have been forgotten. */
  #oldestIssuedMs = 0;

  constructor(options: DigestServerOptions) {
    this.#realm = options.realm;
    this.#clock = options.clock;
    this.#lifetimeMs = options.nonceLifetimeMs ?? 300_000;
    this.#mostUsed = options.mostUsedNonces ?? 10_000;
  }

  /**
   * A `WWW-Authenticate` value: one challenge on one line, parameters in the order and quoting that GenieACS's
   * comma-splitting parser understands.
   */
  challenge(scope: string, isStale = false): string {
    const nonce = this.#issue(scope);
    const stale = isStale ? ", stale=true" : "";
    return `Digest realm="${this.#realm}", qop="auth", nonce="${nonce}", algorithm=MD5${stale}`;
  }

  /** Judges an `Authorization` header; a right answer uses up its nonce count. */
  verify(header: string | undefined, request: DigestRequest): DigestVerdict {
    const credentials = parseAuthHeader(header ?? "").find((entry) => entry.scheme === "digest");
    if (credentials === undefined) return "absent";
    const claim = readClaim(credentials);
    if (claim === undefined || !this.#isRight(claim, request)) return "refused";
    if (!this.#isUsable(claim.nonce, request.scope)) return "stale";
    return this.#use(claim.nonce, claim.nonceCount) ? "accepted" : "stale";
  }

  #isRight(claim: DigestClaim, request: DigestRequest): boolean {
    if (claim.realm !== this.#realm || !isSameTarget(claim.uri, request.target)) return false;
    const expected = digestResponse({
      algorithm: "MD5",
      realm: this.#realm,
      method: request.method,
      username: request.username,
      password: request.password,
      uri: claim.uri,
      nonce: claim.nonce,
      cnonce: claim.cnonce,
      ...(claim.nc === undefined ? {} : { quality: { qop: "auth", nc: claim.nc } }),
    });
    // Both are always compared, so that time does not tell which one was wrong.
    const isUser = equalsConstantTime(claim.username, request.username);
    const isResponse = equalsConstantTime(claim.response.toLowerCase(), expected);
    return isUser && isResponse;
  }

  #issue(scope: string): string {
    const body = `${this.#clock.nowMs().toString(36)}.${randomBytes(9).toString("hex")}`;
    return `${body}.${this.#signature(body, scope)}`;
  }

  #signature(body: string, scope: string): string {
    return createHmac("sha256", this.#key).update(`${scope}\n${body}`).digest("hex").slice(0, 32);
  }

  /** Whether `nonce` was issued by us, for this scope, and not too long ago. */
  #isUsable(nonce: string, scope: string): boolean {
    const end = nonce.lastIndexOf(".");
    const body = nonce.slice(0, Math.max(0, end));
    if (!equalsConstantTime(nonce.slice(end + 1), this.#signature(body, scope))) return false;
    const issuedAtMs = issueTime(body);
    const ageMs = this.#clock.nowMs() - issuedAtMs;
    return issuedAtMs >= this.#oldestIssuedMs && ageMs >= 0 && ageMs <= this.#lifetimeMs;
  }

  /** Records the use; false when this count was seen before (the legacy form has one use per nonce). */
  #use(nonce: string, nonceCount: number): boolean {
    const highest = this.#used.get(nonce);
    if (highest !== undefined && nonceCount <= highest) return false;
    this.#used.delete(nonce);
    this.#used.set(nonce, nonceCount);
    if (this.#used.size > this.#mostUsed) this.#forgetOldest();
    return true;
  }

  /** A forgotten nonce could be replayed, so while it lives everything issued up to its time is stale. */
  #forgetOldest(): void {
    const oldest = this.#used.keys().next();
    if (oldest.done === true) return;
    this.#used.delete(oldest.value);
    const issuedAtMs = issueTime(oldest.value);
    if (this.#clock.nowMs() - issuedAtMs > this.#lifetimeMs) return;
    this.#oldestIssuedMs = Math.max(this.#oldestIssuedMs, issuedAtMs + 1);
  }
}

interface DigestClaim {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly cnonce: string;
  /** Absent in the legacy form without qop. */
  readonly nc: string | undefined;
  readonly nonceCount: number;
}

function readClaim({ parameters }: AuthEntry): DigestClaim | undefined {
  const text = (name: string): string => parameters.get(name) ?? "";
  if (digestAlgorithm(parameters.get("algorithm")) !== "MD5") return undefined;
  const nc = parameters.has("qop") ? text("nc") : undefined;
  if (nc !== undefined && (text("qop") !== "auth" || !/^[0-9a-f]{8}$/i.test(nc))) return undefined;
  return {
    username: text("username"),
    realm: text("realm"),
    nonce: text("nonce"),
    uri: text("uri"),
    response: text("response"),
    cnonce: text("cnonce"),
    nc,
    nonceCount: nc === undefined ? Number.MAX_SAFE_INTEGER : Number.parseInt(nc, 16),
  };
}

/** Some clients put the absolute URL into `uri` (RFC 2617 §3.2.2.5 allows it); the path is what counts. */
function isSameTarget(uri: string, target: string): boolean {
  if (uri === target) return true;
  const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(uri);
  return absolute !== null && (absolute[1] === target || (absolute[1] === "" && target === "/"));
}

function issueTime(nonce: string): number {
  const ms = Number.parseInt(nonce.slice(0, nonce.indexOf(".")), 36);
  return Number.isFinite(ms) ? ms : 0;
}
