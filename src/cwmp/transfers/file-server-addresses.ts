import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { errorText } from "../../shared/errors.ts";
import { isSpecialAddress } from "../../shared/special-addresses.ts";
import { TransferError } from "./transfer-error.ts";

/** An address a transfer is bound to from the check until the connection, so that DNS cannot answer differently. */
export interface PinnedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Asks DNS; every address of the host. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

const resolveByDns: ResolveHost = async (host) => {
  const found = await lookup(host, { all: true, verbatim: true });
  return found.map(({ address }) => address);
};

/**
 * Which servers files may be fetched from and sent to (DESIGN §11). A host must match an entry of `transfers.allowHosts`.
 * Addresses of this box, of the link and of metadata services need more: an entry without `*` that is the host as the URL
 * names it, or the address itself.
 */
export class FileServerAddresses {
  readonly #entries: readonly string[];
  readonly #resolve: ResolveHost;

  constructor(allowHosts: readonly string[], resolve: ResolveHost = resolveByDns) {
    this.#entries = allowHosts.map((entry) => entry.toLowerCase());
    this.#resolve = resolve;
  }

  /** Why nothing may be exchanged with the host of `url`, as far as it can be told without asking DNS. */
  refusal(url: URL): string | undefined {
    const host = hostOf(url);
    if (!this.#entries.some((entry) => matches(entry, host)))
      return `${host} is not among transfers.allowHosts`;
    return isIP(host) === 0 ? undefined : this.#refusalOfAddress(host, host);
  }

  /**
   * The address to connect to.
   * @throws {TransferError} 9001 when the host may not be used, 9015 when it has no address
   */
  async pin(url: URL): Promise<PinnedAddress> {
    const refusal = this.refusal(url);
    if (refusal !== undefined) throw new TransferError(9001, refusal);
    const host = hostOf(url);
    const addresses = isIP(host) === 0 ? await this.#addressesOf(host) : [host];
    const refusals = addresses.map((address) => this.#refusalOfAddress(host, address));
    // One forbidden address among good ones is a trick, not a file server.
    const forbidden = refusals.find((text) => text !== undefined);
    if (forbidden !== undefined) throw new TransferError(9001, forbidden);
    const [address] = addresses;
    if (address === undefined) throw new TransferError(9015, `${host} has no address`);
    return { address, family: isIP(address) === 6 ? 6 : 4 };
  }

  async #addressesOf(host: string): Promise<readonly string[]> {
    try {
      return await this.#resolve(host);
    } catch (cause) {
      const text = `${host} cannot be resolved (${errorText(cause)})`;
      throw new TransferError(9015, text, { retryable: true, cause });
    }
  }

  #refusalOfAddress(host: string, address: string): string | undefined {
    if (!isSpecialAddress(address)) return undefined;
    if (this.#entries.includes(host) || this.#entries.includes(address)) return undefined;
    const which = host === address ? address : `${host} (${address})`;
    return `${which} is an address of this box, its link or a metadata service; name it in transfers.allowHosts`;
  }
}

/** The host of a URL without brackets and dot at the end. */
export function hostOf(url: URL): string {
  return url.hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
}

function matches(entry: string, host: string): boolean {
  if (!entry.includes("*")) return entry === host;
  const pieces = entry.split("*");
  const [first = ""] = pieces;
  const last = pieces.at(-1) ?? "";
  if (host.length < first.length + last.length) return false;
  if (!host.startsWith(first) || !host.endsWith(last)) return false;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = host.indexOf(piece, from);
    if (at < 0 || at + piece.length > host.length - last.length) return false;
    from = at + piece.length;
  }
  return true;
}
