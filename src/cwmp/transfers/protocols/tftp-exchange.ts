import { type Socket, createSocket } from "node:dgram";
import { once } from "node:events";
import type { CancelTimer, Clock } from "../../../shared/clock.ts";
import { ProxierError } from "../../../shared/errors.ts";
import { type TftpPacket, decodeTftp, encodeTftp } from "./tftp-packet.ts";

const answerWithinMs = 2_000;
const mostRepeats = 5;
/** Error "unknown transfer ID" (RFC 1350 §5). */
const unknownTransfer = 5;

/** The server sent an error packet. */
export class TftpRefusal extends ProxierError {
  override readonly name = "TftpRefusal";
  readonly errorCode: number;

  constructor(errorCode: number, text: string) {
    super(`error ${errorCode} ${text}`, { code: "transfer.tftp-refused" });
    this.errorCode = errorCode;
  }
}

/** Nobody answered. */
export class TftpSilence extends ProxierError {
  override readonly name = "TftpSilence";

  constructor() {
    super("no answer", { code: "transfer.tftp-silent", retryable: true });
  }
}

/** Where to. */
export interface TftpExchangeOptions {
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * One transfer: asks, repeats what is not answered, and listens to the port only from which the first answer came (RFC 1350
 * §4).
 */
export class TftpExchange {
  readonly #options: TftpExchangeOptions;
  readonly #socket: Socket;
  #port: number | undefined;

  private constructor(options: TftpExchangeOptions, socket: Socket) {
    this.#options = options;
    this.#socket = socket;
  }

  static async open(options: TftpExchangeOptions): Promise<TftpExchange> {
    const socket = createSocket(options.family === 6 ? "udp6" : "udp4");
    // Errors of single datagrams (port unreachable) show as silence; without a listener they would end the process.
    socket.on("error", () => undefined);
    socket.bind(0);
    await once(socket, "listening");
    return new TftpExchange(options, socket);
  }

  /** Whether the server has answered at all. */
  get hasBegun(): boolean {
    return this.#port !== undefined;
  }

  /**
   * Sends a packet until the right answer comes; whatever else comes is not for us, or old.
   * @throws {TftpRefusal} {@link TftpSilence}, or the reason of the signal
   */
  ask(
    packet: TftpPacket,
    isAnswer: (answer: TftpPacket) => boolean = isFirstAnswer,
  ): Promise<TftpPacket> {
    const { clock, signal } = this.#options;
    return new Promise((resolve, reject) => {
      let cancel: CancelTimer = () => undefined;
      let sent = 0;
      const end = (settle: () => void): void => {
        cancel();
        this.#socket.off("message", onMessage);
        signal.removeEventListener("abort", onAbort);
        settle();
      };
      const send = (): void => {
        if (sent > mostRepeats) {
          end(() => {
            reject(new TftpSilence());
          });
          return;
        }
        sent += 1;
        this.tell(packet);
        cancel = clock.after(answerWithinMs, send);
      };
      const onMessage = (bytes: Buffer, from: { address: string; port: number }): void => {
        const answer = this.#accept(bytes, from);
        if (answer?.kind === "error") {
          end(() => {
            reject(new TftpRefusal(answer.code, answer.text));
          });
        } else if (answer !== undefined && isAnswer(answer)) {
          end(() => {
            resolve(answer);
          });
        }
      };
      const onAbort = (): void => {
        end(() => {
          reject(new TftpSilence());
        });
      };
      this.#socket.on("message", onMessage);
      signal.addEventListener("abort", onAbort);
      if (signal.aborted) onAbort();
      else send();
    });
  }

  /** Sends a packet that nobody answers. */
  tell(packet: TftpPacket): void {
    const { address, port } = this.#options;
    this.#socket.send(encodeTftp(packet), this.#port ?? port, address);
  }

  close(): void {
    this.#socket.close();
  }

  #accept(bytes: Buffer, from: { address: string; port: number }): TftpPacket | undefined {
    if (from.address !== this.#options.address) return undefined;
    const packet = decodeTftp(bytes);
    if (packet === undefined) return undefined;
    this.#port ??= from.port;
    if (from.port === this.#port) return packet;
    const refusal = encodeTftp({ kind: "error", code: unknownTransfer, text: "unknown transfer" });
    this.#socket.send(refusal, from.port, from.address);
    return undefined;
  }
}

/** Options acknowledged, the first block, or the acknowledgement of a write request. */
function isFirstAnswer(answer: TftpPacket): boolean {
  if (answer.kind === "data") return answer.block === 1;
  if (answer.kind === "acknowledgement") return answer.block === 0;
  return answer.kind === "options";
}
