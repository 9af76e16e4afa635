import { type RemoteInfo, type Socket, createSocket } from "node:dgram";
import { randomInt } from "node:crypto";
import { lookup } from "node:dns/promises";
import { SocketAddress, isIP } from "node:net";
import { errorText } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";
import { SnmpAbortedError, SnmpDecodeError, SnmpError, SnmpUnreachableError } from "./errors.ts";
import { type ResponseView, decodeResponse } from "./message.ts";

const log = logger("southbound.snmp.udp-sockets");

/** Where an agent is, by address: answers are compared with it. */
export interface Peer {
  readonly family: 4 | 6;
  /** In the operating system's own spelling. */
  readonly address: string;
  readonly port: number;
}

/** Someone waiting for a response. */
export interface Waiter {
  readonly peer: Peer;
  onResponse(response: ResponseView): void;
  /** The peer sent something that cannot be decoded; whether it was the answer is not known. */
  onMalformed(error: SnmpDecodeError): void;
  /** The sockets were closed. */
  onClosed(error: SnmpAbortedError): void;
}

/** Datagrams since the start, for metrics. */
export interface UdpCounts {
  sent: number;
  received: number;
  /** Late or invented: nobody waits for that request-id. */
  droppedUnknown: number;
  /** The request-id is waited for, but from another address or port. */
  droppedOtherAddress: number;
  droppedMalformed: number;
}

/** One request per printer is under way at a time; more than this means that something leaks. */
const maxWaiters = 65_536;
/** Room for the answers of some hundred printers arriving at once. */
const receiveBufferBytes = 4 * 1024 * 1024;
const largestRequestId = 0x7fff_ffff;

/**
 * The UDP sockets of all v1/v2c conversations of a process: one per address family, opened when first needed. Responses
 * are matched by request-id and must come from the address and port asked. The sockets keep the process alive only
 * while somebody waits.
 */
export class UdpSockets {
  readonly counts: UdpCounts = {
    sent: 0,
    received: 0,
    droppedUnknown: 0,
    droppedOtherAddress: 0,
    droppedMalformed: 0,
  };
  readonly #waiters = new Map<number, Waiter>();
  readonly #sockets = new Map<4 | 6, Socket>();
  /** Random start: a request-id is all that tells an answer from a forged one. */
  #nextRequestId = randomInt(1, largestRequestId);

  /** Registers a waiter and returns the request-id its request must carry. @throws {SnmpError} `snmp.busy` */
  expect(waiter: Waiter): number {
    if (this.#waiters.size >= maxWaiters)
      throw new SnmpError(`${maxWaiters} SNMP requests under way`, { code: "snmp.busy" });
    do this.#nextRequestId = (this.#nextRequestId % largestRequestId) + 1;
    while (this.#waiters.has(this.#nextRequestId));
    this.#waiters.set(this.#nextRequestId, waiter);
    if (this.#waiters.size === 1) for (const socket of this.#sockets.values()) socket.ref();
    return this.#nextRequestId;
  }

  /** Stops waiting; a later answer is dropped and counted. */
  forget(requestId: number): void {
    this.#waiters.delete(requestId);
    if (this.#waiters.size === 0) for (const socket of this.#sockets.values()) socket.unref();
  }

  /** Sends a datagram; `onError` is called when the operating system refuses it. */
  send(peer: Peer, bytes: Uint8Array, onError: (error: SnmpUnreachableError) => void): void {
    this.counts.sent++;
    this.#socket(peer.family).send(bytes, peer.port, peer.address, (error) => {
      if (error !== null)
        onError(new SnmpUnreachableError(`${peer.address}:${peer.port}: ${error.message}`, error));
    });
  }

  /** Closes the sockets; everybody waiting is told. New requests open new sockets. */
  close(): void {
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
    const waiters = [...this.#waiters.values()];
    this.#waiters.clear();
    for (const waiter of waiters) waiter.onClosed(new SnmpAbortedError("SNMP sockets closed"));
  }

  #socket(family: 4 | 6): Socket {
    const open = this.#sockets.get(family);
    if (open !== undefined) return open;
    const socket = createSocket({
      type: family === 4 ? "udp4" : "udp6",
      recvBufferSize: receiveBufferBytes,
      // Peers are addresses already; the default would take a detour through the resolver for each datagram.
      lookup: (address, _options, done) => {
        done(null, address, family);
      },
    });
    socket.on("message", (bytes, from) => {
      this.#receive(bytes, from);
    });
    socket.on("error", (error) => {
      log.warn("socket lost", { family, error });
      this.#sockets.delete(family);
      socket.close();
    });
    this.#sockets.set(family, socket);
    return socket;
  }

  #receive(bytes: Uint8Array, from: RemoteInfo): void {
    this.counts.received++;
    let response: ResponseView;
    try {
      response = decodeResponse(bytes);
    } catch (error) {
      if (!(error instanceof SnmpDecodeError)) throw error;
      this.#receiveMalformed(from, error);
      return;
    }
    const waiter = this.#waiters.get(response.requestId);
    if (waiter === undefined) this.counts.droppedUnknown++;
    else if (!isFrom(waiter.peer, from)) this.counts.droppedOtherAddress++;
    else waiter.onResponse(response);
  }

  #receiveMalformed(from: RemoteInfo, error: SnmpDecodeError): void {
    this.counts.droppedMalformed++;
    for (const waiter of this.#waiters.values())
      if (isFrom(waiter.peer, from)) waiter.onMalformed(error);
    log.debug("malformed datagram", () => ({ from: from.address, why: error.message }));
  }
}

function isFrom(peer: Peer, from: RemoteInfo): boolean {
  return peer.port === from.port && peer.address === from.address;
}

let shared: UdpSockets | undefined;

/** The sockets used when nobody brings others: one set per process. */
export function sharedUdpSockets(): UdpSockets {
  return (shared ??= new UdpSockets());
}

/** The address of a host name or address. @throws {SnmpUnreachableError} when the name does not resolve */
export async function resolvePeer(host: string, port: number): Promise<Peer> {
  const family = isIP(host);
  if (family === 4) return { family: 4, address: host, port };
  if (family === 6) return { family: 6, address: canonicalIpv6(host), port };
  try {
    const found = await lookup(host);
    return { family: found.family === 6 ? 6 : 4, address: found.address, port };
  } catch (error) {
    throw new SnmpUnreachableError(`host ${host}: ${errorText(error)}`, error);
  }
}

/** As the operating system spells it in answers; a zone (`%eth0`) stays. */
function canonicalIpv6(text: string): string {
  const [address = text, zone] = text.split("%");
  const canonical = new SocketAddress({ address, family: "ipv6" }).address;
  return zone === undefined ? canonical : `${canonical}%${zone}`;
}
