import { randomBytes } from "node:crypto";
import { registerSecret } from "../redact.ts";
import { type AuthEntry, parseAuthHeader, quoteHeaderValue } from "./auth-header.ts";
import {
  type DigestAlgorithm,
  digestAlgorithm,
  digestAlgorithms,
  digestResponse,
} from "./digest.ts";

/** User name and password as the peer knows them; free of control characters. */
export interface HttpCredentials {
  readonly username: string;
  readonly password: string;
}

/** Which schemes may be answered. Basic hands the password to whoever listens. */
export interface AuthenticationPolicy {
  readonly allowBasic: boolean;
}

/**
 * What a 401 means for the request it answered: `retry` it with the new {@link HttpAuthentication.header},
 * or give up because there are no credentials, they are wrong, or no offered scheme may be used.
 */
export type ChallengeVerdict =
  "retry" | "no-credentials" | "wrong-credentials" | "no-usable-scheme";

interface DigestState {
  readonly scheme: "digest";
  readonly algorithm: DigestAlgorithm;
  /** As the server spelt it; absent when it named none, and then not echoed. */
  readonly algorithmAsSent: string | undefined;
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly hasQop: boolean;
  /** Kept as long as the nonce: the `-sess` key is made of the first one, whatever reading a server follows. */
  readonly cnonce: string;
  nonceCount: number;
}

/** A peer that calls every fresh nonce stale would keep us forever. */
const mostStaleRetries = 2;

/**
 * Client side of HTTP authentication for one session: answers challenges, then sends credentials along unasked with a
 * rising nonce count. One instance per session and peer, one request at a time.
 *
 * @see RFC 2617 §3.2.2, §3.3 (nonce reuse, stale); RFC 7616 §3.7 (several challenges: the strongest first)
 */
export class HttpAuthentication {
  readonly #credentials: HttpCredentials | undefined;
  readonly #policy: AuthenticationPolicy;
  readonly #newCnonce: () => string;
  #state: DigestState | { readonly scheme: "basic" } | undefined;
  /** Challenges answered for the request at hand. */
  #answered = 0;
  #staleRetries = 0;

  constructor(
    credentials: HttpCredentials | undefined,
    policy: AuthenticationPolicy,
    newCnonce: () => string = () => randomBytes(8).toString("hex"),
  ) {
    this.#credentials = credentials;
    this.#policy = policy;
    this.#newCnonce = newCnonce;
  }

  /** Tells that another request begins: a first 401 to it is a new question, not a refusal. */
  beginRequest(): void {
    this.#answered = 0;
    this.#staleRetries = 0;
  }

  /** The `Authorization` value for the next request line, or undefined while nobody asked. Counts the nonce up. */
  header(method: string, uri: string): string | undefined {
    if (this.#credentials === undefined || this.#state === undefined) return undefined;
    if (this.#state.scheme === "basic") return basicHeader(this.#credentials);
    return this.#digestHeader(this.#state, this.#credentials, method, uri);
  }

  /** Takes the `WWW-Authenticate` value of a 401 (undefined when missing) and says what to do. */
  challenged(header: string | undefined): ChallengeVerdict {
    if (this.#credentials === undefined) return "no-credentials";
    const challenge = this.#choose(parseAuthHeader(header ?? ""));
    // GenieACS refuses wrong credentials without challenging again.
    if (challenge === undefined)
      return this.#answered > 0 ? "wrong-credentials" : "no-usable-scheme";
    const isStale = challenge.parameters.get("stale")?.toLowerCase() === "true";
    if (this.#answered > 0 && !(isStale && this.#staleRetries < mostStaleRetries)) {
      this.#state = undefined;
      return "wrong-credentials";
    }
    if (this.#answered > 0) this.#staleRetries += 1;
    this.#answered += 1;
    this.#state = stateFor(challenge, this.#newCnonce());
    return "retry";
  }

  /** The strongest digest challenge we speak; basic only when it is the sole scheme offered and allowed. */
  #choose(challenges: readonly AuthEntry[]): AuthEntry | undefined {
    const digests = challenges.filter(isUsableDigest);
    const strength = (entry: AuthEntry): number =>
      digestAlgorithms.indexOf(digestAlgorithm(entry.parameters.get("algorithm")) ?? "MD5");
    const digest = digests.sort((a, b) => strength(a) - strength(b))[0];
    if (digest !== undefined) return digest;
    if (!this.#policy.allowBasic || challenges.some((entry) => entry.scheme === "digest")) {
      return undefined;
    }
    return challenges.find((entry) => entry.scheme === "basic");
  }

  #digestHeader(
    state: DigestState,
    credentials: HttpCredentials,
    method: string,
    uri: string,
  ): string {
    state.nonceCount += 1;
    const nc = state.nonceCount.toString(16).padStart(8, "0");
    const { algorithm, realm, nonce, cnonce } = state;
    const quality = state.hasQop ? { quality: { qop: "auth" as const, nc } } : {};
    const input = { algorithm, realm, nonce, method, uri, cnonce, ...credentials, ...quality };
    const fields = [
      `username=${quoteHeaderValue(credentials.username)}`,
      `realm=${quoteHeaderValue(realm)}`,
      `nonce=${quoteHeaderValue(nonce)}`,
      `uri=${quoteHeaderValue(uri)}`,
      `response="${digestResponse(input)}"`,
    ];
    // A server that named no algorithm or opaque may be too old to know the parameter.
    if (state.algorithmAsSent !== undefined) fields.push(`algorithm=${algorithm}`);
    if (state.opaque !== undefined) fields.push(`opaque=${quoteHeaderValue(state.opaque)}`);
    if (state.hasQop) fields.push(`qop=auth`, `nc=${nc}`);
    if (state.hasQop || algorithm.endsWith("-sess")) fields.push(`cnonce="${cnonce}"`);
    return `Digest ${fields.join(", ")}`;
  }
}

/** Digest with a nonce, an algorithm we speak, and a quality we can give (`auth`, or none asked for). */
function isUsableDigest(entry: AuthEntry): boolean {
  if (entry.scheme !== "digest" || !entry.parameters.has("nonce")) return false;
  if (digestAlgorithm(entry.parameters.get("algorithm")) === undefined) return false;
  const qualities = qualitiesOf(entry);
  return qualities.length === 0 || qualities.includes("auth");
}

function qualitiesOf({ parameters }: AuthEntry): readonly string[] {
  const list = parameters.get("qop") ?? "";
  return list
    .split(",")
    .map((quality) => quality.trim().toLowerCase())
    .filter((quality) => quality !== "");
}

function stateFor(challenge: AuthEntry, cnonce: string): DigestState | { scheme: "basic" } {
  if (challenge.scheme === "basic") return { scheme: "basic" };
  const { parameters } = challenge;
  return {
    scheme: "digest",
    algorithm: digestAlgorithm(parameters.get("algorithm")) ?? "MD5",
    algorithmAsSent: parameters.get("algorithm"),
    realm: parameters.get("realm") ?? "",
    nonce: parameters.get("nonce") ?? "",
    opaque: parameters.get("opaque"),
    hasQop: qualitiesOf(challenge).length > 0,
    cnonce,
    nonceCount: 0,
  };
}

function basicHeader({ username, password }: HttpCredentials): string {
  const encoded = Buffer.from(`${username}:${password}`, "utf8").toString("base64");
  // Servers that complain of a request like to quote it.
  registerSecret(encoded);
  return `Basic ${encoded}`;
}
