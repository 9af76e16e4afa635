import { randomBytes } from "node:crypto";
import type { CancelTimer, Clock } from "../../../shared/clock.ts";
import type { UdpAddress } from "./address.ts";
import {
  type BindingAnswer,
  type BindingRequest,
  bindingAnswer,
  encodeBindingRequest,
} from "./binding.ts";
import { checkIntegrity, decodeStun } from "./message.ts";

/** When a request is sent again, and at last given up: milliseconds after the time before (RFC 3489 §9.3). */
export const bindingSchedule: readonly number[] = [
  100, 200, 400, 800, 1_600, 1_600, 1_600, 1_600, 1_600,
];
/** The test of a binding that may be gone is often unanswered; it need not try as hard. */
export const testSchedule: readonly number[] = [500, 1_000, 2_000];

/** How one request reaches its server. */
export interface ExchangeOptions {
  readonly clock: Clock;
  readonly server: UdpAddress;
  readonly request: Omit<BindingRequest, "transactionId">;
  readonly schedule: readonly number[];
  readonly send: (bytes: Buffer) => void;
  /** Called once when the schedule is over without {@link Exchange.end}. */
  readonly onSilence: () => void;
}

/** One Binding Request with its retransmissions. */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #transactionId = randomBytes(16);
  readonly #bytes: Buffer;
  #sent = 0;
  #cancel: CancelTimer | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#bytes = encodeBindingRequest({ ...options.request, transactionId: this.#transactionId });
  }

  get isSigned(): boolean {
    return this.#options.request.credentials !== undefined;
  }

  /** Sends the request, and again until {@link end}. */
  start(): void {
    const { clock, schedule, send, onSilence } = this.#options;
    const delayMs = schedule[this.#sent];
    if (delayMs === undefined) {
      onSilence();
      return;
    }
    this.#sent += 1;
    this.#cancel = clock.after(delayMs, () => {
      this.start();
    });
    send(this.#bytes);
  }

  end(): void {
    this.#cancel?.();
  }

  /** What `datagram` answers to this request; undefined when it does not, or when somebody tampered with it. */
  answerIn(datagram: Buffer, from: UdpAddress): BindingAnswer | undefined {
    const { server, request } = this.#options;
    const message = from.host === server.host ? decodeStun(datagram) : undefined;
    if (message?.transactionId.equals(this.#transactionId) !== true) return undefined;
    const { credentials } = request;
    const isForged =
      credentials !== undefined && checkIntegrity(datagram, credentials.password) === "wrong";
    return isForged ? undefined : bindingAnswer(message);
  }
}
