import { type RemoteInfo, type Socket, createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { isIPv6 } from "node:net";
import { errorText } from "../../../shared/errors.ts";
import { bareHost } from "../../../shared/hosts.ts";
import { logger } from "../../../shared/log.ts";
import { ListenError } from "../../http/http-errors.ts";
import { type UdpAddress, plainHost } from "../stun/address.ts";
import type { SecondaryPort, StunNetwork } from "../stun/stun-client.ts";

const log = logger("cwmp.connection-request.udp.udp-port");

/** A connection request begins with `G`, a STUN message with a zero bit pair; nothing else is read. */
const firstByteOfRequest = 0x47;
const stunTypeMask = 0xc0;

/** Where what arrives goes. */
export interface UdpPortHandlers {
  /** A datagram that looks like a connection request. */
  onRequest(datagram: Buffer): void;
  onStun(datagram: Buffer, from: UdpAddress): void;
}

/**
 * The one UDP port of the box: connection requests arrive here, and from here STUN keeps a binding through NAT alive
 * (TR-069a6 Annex G: both on the same port).
 */
export class UdpPort implements StunNetwork {
  readonly #listen: UdpAddress;
  readonly #handlers: UdpPortHandlers;
  #socket: Socket | undefined;

  /** @param listen where; port 0 picks a free one */
  constructor(listen: UdpAddress, handlers: UdpPortHandlers) {
    this.#listen = listen;
    this.#handlers = handlers;
  }

  /** Opens the port and resolves with its number. @throws {ListenError} */
  async start(): Promise<number> {
    const { host, port } = this.#listen;
    const socket = createSocket(this.#type());
    await new Promise<void>((resolve, reject) => {
      socket.once("error", (error) => {
        reject(new ListenError(`${host}:${port} (UDP)`, error));
      });
      socket.bind(port, host, resolve);
    });
    socket.removeAllListeners("error");
    socket.on("error", (error) => {
      log.warn("UDP port", { reason: errorText(error) });
    });
    socket.on("message", (datagram, from) => {
      this.#receive(datagram, from);
    });
    socket.unref();
    this.#socket = socket;
    return socket.address().port;
  }

  async stop(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    await new Promise<void>((resolve) => {
      socket.close(resolve);
    });
  }

  send(bytes: Buffer, to: UdpAddress): void {
    if (this.#socket !== undefined) this.#sendFrom(this.#socket, bytes, to);
  }

  openSecondary(onDatagram: (bytes: Buffer, from: UdpAddress) => void): SecondaryPort {
    const socket = createSocket(this.#type());
    socket.on("error", (error) => {
      log.debug("secondary UDP port", { reason: errorText(error) });
    });
    socket.on("message", (bytes, from) => {
      onDatagram(bytes, addressOf(from));
    });
    socket.unref();
    return {
      send: (bytes, to) => {
        this.#sendFrom(socket, bytes, to);
      },
      close: () => {
        socket.close();
      },
    };
  }

  async lookup(host: string): Promise<string> {
    const family = isIPv6(this.#listen.host) ? 0 : 4;
    const { address } = await lookup(bareHost(host), { family });
    return address;
  }

  /** What the system would send from; connecting a UDP socket sends nothing. */
  async localAddress(to: UdpAddress): Promise<UdpAddress> {
    const port = this.#socket?.address().port ?? 0;
    const probe = createSocket(isIPv6(to.host) ? "udp6" : "udp4");
    try {
      await new Promise<void>((resolve, reject) => {
        probe.once("error", reject);
        probe.connect(to.port === 0 ? 9 : to.port, to.host, resolve);
      });
      return { host: plainHost(probe.address().address), port };
    } finally {
      probe.close();
    }
  }

  #type(): "udp4" | "udp6" {
    return isIPv6(this.#listen.host) ? "udp6" : "udp4";
  }

  #sendFrom(socket: Socket, bytes: Buffer, to: UdpAddress): void {
    const host = this.#type() === "udp6" && !isIPv6(to.host) ? `::ffff:${to.host}` : to.host;
    socket.send(bytes, to.port, host, (error) => {
      // Lost like any datagram; whoever sent it will try again.
      if (error !== null) log.debug("datagram not sent", { reason: errorText(error) });
    });
  }

  #receive(datagram: Buffer, from: RemoteInfo): void {
    const first = datagram[0];
    if (first === undefined) return;
    if (first === firstByteOfRequest) this.#handlers.onRequest(datagram);
    else if ((first & stunTypeMask) === 0) this.#handlers.onStun(datagram, addressOf(from));
  }
}

function addressOf({ address, port }: RemoteInfo): UdpAddress {
  return { host: plainHost(address), port };
}
