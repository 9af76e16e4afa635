import { DiscoveryError } from "./errors.ts";

interface Block {
  /** First address to be asked, as a number. */
  readonly first: number;
  readonly count: number;
}

/** A larger range is a slip of the finger: half an hour at the usual rate, and probes to other people's networks. */
const shortestPrefix = 12;

/** All ranges together. */
const mostAddresses = 2 ** 24;

/**
 * The addresses of some CIDR ranges without the excluded ones. Nothing is kept per address: number `n` is worked out
 * when it is asked for.
 */
export class AddressSpace {
  /** Number of addresses in all ranges, the excluded ones included. */
  readonly size: number;
  readonly #blocks: readonly Block[];
  readonly #excluded: readonly Block[];

  /** @throws {DiscoveryError} `discovery.bad-range` naming the range */
  constructor(ranges: readonly string[], exclude: readonly string[] = []) {
    this.#blocks = withoutOverlaps(ranges.map((range) => hostsOf(range)));
    this.#excluded = exclude.map((range) => blockOf(range).block);
    this.size = this.#blocks.reduce((sum, { count }) => sum + count, 0);
    if (this.size > mostAddresses)
      throw new DiscoveryError(
        "discovery.bad-range",
        `discovery.snmp.ranges cover ${this.size} addresses; at most ${mostAddresses} can be swept`,
      );
  }

  /** Address number `n` of `size`; undefined when it is excluded. */
  at(n: number): number | undefined {
    let rest = n;
    for (const { first, count } of this.#blocks) {
      if (rest < count) return this.#isExcluded(first + rest) ? undefined : first + rest;
      rest -= count;
    }
    return undefined;
  }

  /** Whether the address is one to be asked: answers from elsewhere do not count. */
  has(address: number): boolean {
    return this.#blocks.some((block) => isIn(block, address)) && !this.#isExcluded(address);
  }

  #isExcluded(address: number): boolean {
    return this.#excluded.some((block) => isIn(block, address));
  }
}

/** Dotted text of an address number. */
export function formatAddress(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Number of a dotted IPv4 address; undefined when it is none. */
export function parseAddress(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Whether `address` lies in the CIDR range. @throws {DiscoveryError} `discovery.bad-range` */
export function isInRange(range: string, address: number): boolean {
  return isIn(blockOf(range).block, address);
}

function isIn({ first, count }: Block, address: number): boolean {
  return address >= first && address < first + count;
}

function blockOf(range: string): { block: Block; prefix: number } {
  const [base = "", prefixText = "32", ...more] = range.trim().split("/");
  const address = parseAddress(base);
  const prefix = /^\d{1,2}$/.test(prefixText) ? Number(prefixText) : 33;
  if (address === undefined || prefix > 32 || more.length > 0)
    throw new DiscoveryError(
      "discovery.bad-range",
      `"${range}" is not an IPv4 range such as 192.0.2.0/24`,
    );
  const count = 2 ** (32 - prefix);
  return { block: { first: address - (address % count), count }, prefix };
}

/** The range without its network and broadcast address, which reach all hosts or none. */
function hostsOf(range: string): Block {
  const { block, prefix } = blockOf(range);
  if (prefix < shortestPrefix)
    throw new DiscoveryError(
      "discovery.bad-range",
      `"${range}" is larger than a /${shortestPrefix}; name the networks that have printers`,
    );
  return prefix >= 31 ? block : { first: block.first + 1, count: block.count - 2 };
}

/** Overlapping ranges are joined: nobody is asked twice. */
function withoutOverlaps(blocks: readonly Block[]): readonly Block[] {
  const joined: Block[] = [];
  for (const block of [...blocks].sort((a, b) => a.first - b.first)) {
    const last = joined.at(-1);
    if (last === undefined || block.first > last.first + last.count) {
      joined.push(block);
      continue;
    }
    const end = Math.max(last.first + last.count, block.first + block.count);
    joined[joined.length - 1] = { first: last.first, count: end - last.first };
  }
  return joined;
}
