import { type LookupAddress, lookup as lookupByDns } from "node:dns";
import type { LookupFunction } from "node:net";

/** All addresses of a name, afresh; what `dns.lookup` with `all` gives. */
export type ResolveName = (
  hostname: string,
  done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** Names remembered; a box talks to one or two ACSs. */
const mostNames = 16;

const byDns: ResolveName = (hostname, done) => {
  lookupByDns(hostname, { all: true }, done);
};

/**
 * Remembers which addresses of an ACS failed last, so that a retry begins with another one: every session resolves the
 * name anew, and takes the addresses that failed last. One that is not reached at all is passed over within the
 * same session by Node itself.
 */
export class AcsAddresses {
  readonly #resolve: ResolveName;
  /** Name → addresses that failed, the latest last. */
  readonly #failed = new Map<string, readonly string[]>();

  constructor(resolve: ResolveName = byDns) {
    this.#resolve = resolve;
  }

  /** For the `lookup` of a socket. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#resolve(hostname, (error, addresses) => {
      const ordered = this.#inOrder(hostname, addresses.filter(isOf(options.family)));
      const [first] = ordered;
      if (error !== null) callback(error, "", 4);
      else if (first === undefined) callback(new Error(`${hostname} has no address`), "", 4);
      else if (options.all === true) callback(null, [...ordered]);
      else callback(null, first.address, first.family);
    });
  };

  /** A session over this address failed, or got an answer that is the server's own trouble. */
  failed(hostname: string, address: string): void {
    const before = this.#failed.get(hostname) ?? [];
    this.#failed.delete(hostname);
    this.#failed.set(hostname, [...before.filter((one) => one !== address), address]);
    const [oldest] = this.#failed.keys();
    if (this.#failed.size > mostNames && oldest !== undefined) this.#failed.delete(oldest);
  }

  /** The address works. */
  succeeded(hostname: string, address: string): void {
    const before = this.#failed.get(hostname);
    if (before?.includes(address) !== true) return;
    this.#failed.set(
      hostname,
      before.filter((one) => one !== address),
    );
  }

  #inOrder(hostname: string, addresses: readonly LookupAddress[]): readonly LookupAddress[] {
    const failed = this.#failed.get(hostname) ?? [];
    const rank = ({ address }: LookupAddress): number => failed.indexOf(address);
    return [...addresses].sort((left, right) => rank(left) - rank(right));
  }
}

function isOf(family: number | string | undefined): (address: LookupAddress) => boolean {
  const wanted = family === "IPv4" ? 4 : family === "IPv6" ? 6 : family;
  return (address) => (wanted !== 4 && wanted !== 6 ? true : address.family === wanted);
}
