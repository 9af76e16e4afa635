import type { Clock } from "../../shared/clock.ts";
import { registerSecret } from "../../shared/redact.ts";
import type { EwsAccess } from "../driver.ts";
import type { Given } from "../exchange.ts";
import { EwsAuthError, EwsProtocolError } from "./errors.ts";
import type { WebClient } from "./web-client.ts";

/** What values are taken from. */
export interface GivenSources {
  readonly client: WebClient;
  readonly credential: EwsAccess["credential"];
  readonly clock: Clock;
}

/** Most values remembered in one conversation: tokens, a handful. */
const mostRemembered = 100;
const longestRemembered = 64 * 1024;

/** Values of requests that are known only when they are sent. */
export class GivenValues {
  /** Whether user name or password went into anything. */
  hasUsedCredential = false;
  readonly #sources: GivenSources;
  readonly #remembered = new Map<string, string>();

  constructor(sources: GivenSources) {
    this.#sources = sources;
  }

  /** Notes what an answer gave; too much is not noted and will be missed when used. */
  remember(name: string, value: string): void {
    if (value.length > longestRemembered) return;
    if (this.#remembered.size < mostRemembered || this.#remembered.has(name))
      this.#remembered.set(name, value);
  }

  /**
   * @throws {EwsAuthError} `ews.no-credential`; {EwsProtocolError} `ews.page-changed` when the cookie or the remembered
   * value is not there
   */
  text(given: Given): string {
    const { client, clock } = this.#sources;
    if (typeof given === "string") return given;
    if ("credential" in given) return this.#credential(given);
    if ("now" in given) return String(clock.nowMs());
    const [kind, name, value] =
      "cookie" in given
        ? ["cookie", given.cookie, client.cookies.value(given.cookie, client.url("/"))]
        : ["value", given.remembered, this.#remembered.get(given.remembered)];
    if (value === undefined)
      throw new EwsProtocolError("page-changed", `${client.host} gave no ${kind} ${name}`);
    return "prefix" in given ? `${given.prefix ?? ""}${value}` : value;
  }

  /** {@link text} of every member. */
  texts(given: Readonly<Record<string, Given>> | undefined): Record<string, string> {
    const entries = Object.entries(given ?? {});
    return Object.fromEntries(entries.map(([name, value]) => [name, this.text(value)]));
  }

  #credential({
    credential,
    encode,
  }: {
    readonly credential: "username" | "password";
    readonly encode?: "base64" | undefined;
  }): string {
    const known = this.#sources.credential;
    if (known === undefined) throw noCredential(this.#sources.client.host);
    this.hasUsedCredential = true;
    if (encode === undefined) return known[credential];
    const encoded = Buffer.from(known[credential], "utf8").toString("base64");
    if (credential === "password") registerSecret(encoded);
    return encoded;
  }
}

/** The page wants a login, and the configuration has none for this printer. */
export function noCredential(host: string): EwsAuthError {
  return new EwsAuthError(
    "no-credential",
    `${host} wants a login: add an ews user name and password that fits it to credentials`,
  );
}
