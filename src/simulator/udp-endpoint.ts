import { type RemoteInfo, type Socket, createSocket } from "node:dgram";
import { once } from "node:events";
import { logger } from "../shared/log.ts";
import { CaptureError } from "./recording.ts";

const log = logger("simulator.udp-endpoint");

/** One bound UDP socket that hands over datagrams and sends answers from its own address. */
export class UdpEndpoint {
  readonly #socket: Socket;
  /** A second socket for answers from a wrong port; opened when first needed. */
  #strayer: Socket | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** @throws {CaptureError} when the address is taken or not of this host */
  static async bind(
    address: { readonly host: string; readonly port: number },
    receive: (bytes: Uint8Array, peer: RemoteInfo) => void,
  ): Promise<UdpEndpoint> {
    const socket = createSocket("udp4");
    socket.bind(address.port, address.host);
    try {
      await once(socket, "listening");
    } catch (error) {
      throw new CaptureError(
        `simulated printer cannot use UDP ${address.host}:${address.port}; choose another address`,
        error,
      );
    }
    socket.on("message", receive);
    socket.on("error", (error) => {
      log.warn("socket error", { host: address.host, port: address.port, error });
    });
    return new UdpEndpoint(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  send(bytes: Uint8Array, peer: RemoteInfo): void {
    this.#socket.send(bytes, peer.port, peer.address);
  }

  sendFromElsewhere(bytes: Uint8Array, peer: RemoteInfo): void {
    this.#strayer ??= createSocket("udp4");
    this.#strayer.send(bytes, peer.port, peer.address);
  }

  async close(): Promise<void> {
    const sockets = [this.#socket, ...(this.#strayer === undefined ? [] : [this.#strayer])];
    await Promise.all(
      sockets.map(async (socket) => {
        const closed = once(socket, "close");
        socket.close();
        await closed;
      }),
    );
  }
}
