import type { SnmpAccess } from "../southbound/driver.ts";
import { isInRange, parseAddress } from "./address-space.ts";

/** One configured SNMP credential. */
export interface DiscoveryCredential {
  /** Digest of its configuration; goes into the candidate and is remembered per printer. */
  readonly key: string;
  readonly security: SnmpAccess["security"];
  /** CIDR ranges it is for; all hosts when absent. */
  readonly ranges?: readonly string[];
}

/** Whether the credential is meant for the host. */
export function isFor(
  credential: Pick<DiscoveryCredential, "ranges">,
  address: number | undefined,
): boolean {
  if (credential.ranges === undefined) return true;
  return address !== undefined && credential.ranges.some((range) => isInRange(range, address));
}

/** The credentials to try on a host, in configured order. */
export function credentialsFor(
  credentials: readonly DiscoveryCredential[],
  host: string,
): readonly DiscoveryCredential[] {
  const address = parseAddress(host);
  return credentials.filter((credential) => isFor(credential, address));
}

/** How long a refused SNMPv3 user is not tried again on that host, after the first refusal; doubled by each further one. */
const firstPauseMs = 24 * 3_600_000;
const longestPauseMs = 30 * firstPauseMs;
const mostRemembered = 20_000;

/**
 * Refusals by host and credential. A printer that counts wrong passwords and locks up is never asked twice in a row
 * (no printer may lock an account because of us): the second try comes a day later, the third two days after that.
 */
export class Refusals {
  readonly #refusals = new Map<string, { readonly count: number; readonly untilMs: number }>();

  /** The host refused the credential. */
  note(host: string, credential: DiscoveryCredential, nowMs: number): void {
    const key = refusalKey(host, credential);
    const count = (this.#refusals.get(key)?.count ?? 0) + 1;
    const pauseMs = Math.min(firstPauseMs * 2 ** (count - 1), longestPauseMs);
    if (this.#refusals.size >= mostRemembered) this.#refusals.clear();
    this.#refusals.set(key, { count, untilMs: nowMs + pauseMs });
  }

  /** It works now. */
  forget(host: string, credential: DiscoveryCredential): void {
    this.#refusals.delete(refusalKey(host, credential));
  }

  mayTry(host: string, credential: DiscoveryCredential, nowMs: number): boolean {
    const refusal = this.#refusals.get(refusalKey(host, credential));
    return refusal === undefined || refusal.untilMs <= nowMs;
  }

  /** How often the host refused it in a row. */
  count(host: string, credential: DiscoveryCredential): number {
    return this.#refusals.get(refusalKey(host, credential))?.count ?? 0;
  }
}

function refusalKey(host: string, { key }: DiscoveryCredential): string {
  return `${host} ${key}`;
}
