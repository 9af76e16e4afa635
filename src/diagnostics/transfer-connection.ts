import { type Socket, connect as connectTcp, isIP } from "node:net";
import { connect as connectTls, rootCertificates } from "node:tls";
import type { Clock } from "../shared/clock.ts";
import { errorText } from "../shared/errors.ts";
import { bareHost } from "../shared/hosts.ts";
import { logger } from "../shared/log.ts";
import { type HostAddress, type IpVersion, interfaceAddress, resolveHost } from "./addresses.ts";
import type { MicroClock } from "./micro-time.ts";
import { type Failure, failure } from "./outcome.ts";

const log = logger("diagnostics.transfer-connection");

/** Where to transfer to or from, and what is allowed. */
export interface TransferTarget {
  /** `http:` or `https:`, without credentials. */
  readonly url: string;
  readonly version: IpVersion;
  /** Network interface whose address is used and whose octets are counted; absent: by the routing table. */
  readonly interfaceName?: string | undefined;
  /** Whether the box may talk to that address of the URL's host on behalf of the ACS. */
  readonly isAllowed: (url: URL, address: string) => Promise<boolean>;
  readonly tls?: TransferTrust;
  readonly limits?: Partial<TransferLimits>;
  readonly clock: Clock;
}

/** Whom to trust over TLS. */
export interface TransferTrust {
  /** Certificates of authorities that are trusted besides the well-known ones, PEM. */
  readonly ca?: string | undefined;
  /** True: any certificate will do. */
  readonly insecure?: boolean;
}

/** What ends a transfer that does not end by itself. */
export interface TransferLimits {
  /** TCP and TLS together. */
  readonly connectMs: number;
  /** Without any byte moving; also the wait for an answer. */
  readonly stallMs: number;
  readonly totalMs: number;
  /** Bytes of the whole HTTP transaction. */
  readonly bytes: number;
}

const defaultLimits: TransferLimits = {
  connectMs: 20_000,
  stallMs: 30_000,
  totalMs: 300_000,
  bytes: 1_073_741_824,
};

/** The limits of a transfer, with defaults where none are given. */
export function limitsOf({ limits }: TransferTarget): TransferLimits {
  return { ...defaultLimits, ...limits };
}

/** A connection ready for a request. Instants in epoch microseconds. */
export interface TransferConnection {
  readonly outcome: "connected";
  /** Carries the request; its byte counts are those of HTTP, without TLS. */
  readonly stream: Socket;
  readonly sourceAddress: string;
  readonly tcpOpenRequestUs: number;
  readonly tcpOpenResponseUs: number;
}

/** Connects to the host of a URL. The address that was checked is the one connected to. */
export async function openConnection(
  target: TransferTarget,
  micro: MicroClock,
  signal: AbortSignal,
): Promise<TransferConnection | Failure> {
  const url = new URL(target.url);
  const host = bareHost(url.hostname);
  const found = await resolveHost({ ...target, host }, signal);
  if (found === undefined) return failure("CannotResolveHostName");
  if (!(await target.isAllowed(url, found.address))) {
    log.warn("address not allowed for transfers", { host, address: found.address });
    return failure("Other");
  }
  const local = localAddress(target, found);
  if (local === "none") return failure("NoRouteToHost");
  const tcpOpenRequestUs = micro.nowUs();
  const socket = connectTcp({
    host: found.address,
    port: Number(url.port) || (url.protocol === "https:" ? 443 : 80),
    ...(local === undefined ? {} : { localAddress: local }),
  });
  const problem = await settled(socket, "connect", target, signal);
  if (problem !== undefined) return problem;
  const tcpOpenResponseUs = micro.nowUs();
  const sourceAddress = socket.localAddress ?? "";
  socket.setNoDelay(true);
  if (url.protocol === "http:")
    return {
      outcome: "connected",
      stream: socket,
      sourceAddress,
      tcpOpenRequestUs,
      tcpOpenResponseUs,
    };
  const { ca, insecure = false } = target.tls ?? {};
  const stream = connectTls({
    socket,
    ...(isIP(host) === 0 ? { servername: host } : { host }),
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
    rejectUnauthorized: !insecure,
  });
  const refusal = await settled(stream, "secureConnect", target, signal);
  return (
    refusal ?? { outcome: "connected", stream, sourceAddress, tcpOpenRequestUs, tcpOpenResponseUs }
  );
}

/** Address to bind to; `none` when the interface has no address of that family. */
function localAddress(
  { interfaceName }: TransferTarget,
  { family }: HostAddress,
): string | undefined {
  if (interfaceName === undefined) return undefined;
  return interfaceAddress(interfaceName, family) ?? "none";
}

/** Waits for `event`; what happens instead is the failure returned, and the socket is gone then. */
function settled(
  socket: Socket,
  event: "connect" | "secureConnect",
  target: TransferTarget,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    const end = (problem: Failure | undefined): void => {
      cancel();
      signal.removeEventListener("abort", abort);
      if (problem !== undefined) socket.destroy();
      resolve(problem);
    };
    const abort = (): void => {
      end(failure("Other"));
    };
    const cancel = target.clock.after(limitsOf(target).connectMs, () => {
      end(failure("InitConnectionFailed"));
    });
    // Stays for the life of the socket: an error nobody listens to would end the process.
    socket.on("error", (error) => {
      log.debug("connection failed", { url: target.url, error: errorText(error) });
      end(failure(isUnroutable(error) ? "NoRouteToHost" : "InitConnectionFailed"));
    });
    socket.once(event, () => {
      end(undefined);
    });
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
  });
}

function isUnroutable(error: NodeJS.ErrnoException): boolean {
  return ["ENETUNREACH", "EHOSTUNREACH", "EADDRNOTAVAIL", "ENETDOWN"].includes(error.code ?? "");
}
