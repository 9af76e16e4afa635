import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { SocketAddress, isIP } from "node:net";
import { networkInterfaces } from "node:os";
import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import { errorText } from "../shared/errors.ts";
import { inTime } from "./pause.ts";

const log = logger("diagnostics.addresses");

/** Which addresses of a host count (TR-181i2 `ProtocolVersion`). */
export type IpVersion = "Any" | "IPv4" | "IPv6";

/** An address to talk to. */
export interface HostAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** The resolver of the system tries several servers; after this time nobody waits for it any more. */
const resolveMs = 15_000;

/** What a host is asked about. */
export interface HostQuery {
  /** Name or address. */
  readonly host: string;
  readonly version: IpVersion;
  readonly clock: Clock;
}

/** Finds one address of a host by the system's resolver; undefined when there is none (or `signal` aborted). */
export async function resolveHost(
  { host, version, clock }: HostQuery,
  signal: AbortSignal,
): Promise<HostAddress | undefined> {
  const family = version === "Any" ? 0 : version === "IPv4" ? 4 : 6;
  const literal = isIP(host);
  if (literal !== 0) return family === 0 || family === literal ? asAddress(host) : undefined;
  if (host === "") return undefined;
  const found = lookup(host, { family }).then(
    ({ address }) => asAddress(address),
    (error: unknown) => {
      log.info("host not resolved", { host, error: errorText(error) });
      return undefined;
    },
  );
  return inTime(found, { clock, ms: resolveMs, signal });
}

function asAddress(address: string): HostAddress {
  if (isIP(address) === 4) return { address, family: 4 };
  // Programs print IPv6 in its canonical form, so that is what is compared; zones are not part of it.
  const canonical = address.includes("%")
    ? address
    : new SocketAddress({ address, family: "ipv6" }).address;
  return { address: canonical, family: 6 };
}

/** Our address towards another one, found without sending anything; undefined when there is no route. */
export function sourceAddressTowards({
  address,
  family,
}: HostAddress): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(family === 4 ? "udp4" : "udp6");
    const end = (source: string | undefined): void => {
      socket.close();
      resolve(source);
    };
    socket.once("error", () => {
      end(undefined);
    });
    // Any port will do: connecting a datagram socket only asks the routing table.
    socket.connect(9, address, () => {
      end(socket.address().address);
    });
  });
}

/** An address of a network interface of this box; undefined when it has none of that family. */
export function interfaceAddress(name: string, family: 4 | 6): string | undefined {
  const wanted = family === 4 ? "IPv4" : "IPv6";
  return networkInterfaces()[name]?.find((own) => own.family === wanted)?.address;
}
