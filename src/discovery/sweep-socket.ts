import { type RemoteInfo, type Socket, createSocket } from "node:dgram";
import { once } from "node:events";
import { errorText } from "../shared/errors.ts";
import { DiscoveryError } from "./errors.ts";

/** Answers of a whole tick at 10,000 packets a second fit; kernels cut this to what the system allows. */
const receiveBufferBytes = 4 * 1024 * 1024;
const sendBufferBytes = 1024 * 1024;
/** More than this waiting inside the process means that the kernel takes no more for now. */
const congestedBytes = 64 * 1024;

/** The one UDP socket of a sweep. */
export class SweepSocket {
  /** Packets the system refused (no route, no such neighbour); nobody can answer those. */
  failed = 0;
  readonly #socket: Socket;
  readonly #port: number;

  private constructor(socket: Socket, port: number) {
    this.#socket = socket;
    this.#port = port;
  }

  /** @throws {DiscoveryError} `discovery.socket` */
  static async open(
    port: number,
    onAnswer: (bytes: Uint8Array, peer: RemoteInfo) => void,
  ): Promise<SweepSocket> {
    const socket = createSocket({
      type: "udp4",
      recvBufferSize: receiveBufferBytes,
      sendBufferSize: sendBufferBytes,
      // Only literal addresses are sent to: without this each packet would go through the resolver's thread hand-over.
      lookup: (address, _options, done) => {
        done(null, address, 4);
      },
    });
    try {
      const listening = once(socket, "listening"); // the resolver above answers, and so bind ends, at once
      socket.bind(0);
      await listening;
    } catch (error) {
      throw new DiscoveryError("discovery.socket", `no UDP socket: ${errorText(error)}`, error);
    }
    const sweepSocket = new SweepSocket(socket, port);
    socket.on("message", onAnswer);
    socket.on("error", sweepSocket.#onSent); // a late ICMP error of some single packet
    return sweepSocket;
  }

  get isCongested(): boolean {
    return this.#socket.getSendQueueSize() > congestedBytes;
  }

  send(bytes: Uint8Array, host: string): void {
    this.#socket.send(bytes, 0, bytes.length, this.#port, host, this.#onSent);
  }

  close(): void {
    this.#socket.close();
  }

  readonly #onSent = (error: Error | null): void => {
    if (error !== null) this.failed++;
  };
}
