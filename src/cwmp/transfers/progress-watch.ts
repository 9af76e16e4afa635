import type { CancelTimer, Clock } from "../../shared/clock.ts";
import { TransferError, type TransferFaultCode } from "./transfer-error.ts";

const checkEveryMs = 60_000;
/** A server that gives or takes less than this in a minute keeps a place occupied for nothing. */
const leastBytes = 16 * 1024;
/** No attempt takes longer. */
const longestMs = 4 * 3_600_000;

/** Ends an attempt that crawls, takes for ever, or runs into the end of its window. */
export class ProgressWatch {
  readonly #controller = new AbortController();
  readonly #cancels: CancelTimer[] = [];
  readonly #clock: Clock;
  readonly #faultCode: TransferFaultCode;
  #bytes = 0;

  /** @param faultCode what is reported of a transfer that crawls: 9017 of a download, 9011 of an upload */
  constructor(clock: Clock, faultCode: TransferFaultCode) {
    this.#clock = clock;
    this.#faultCode = faultCode;
    this.#check();
    const hours = longestMs / 3_600_000;
    this.#cancels.push(
      clock.after(longestMs, () => {
        this.end(new TransferError(faultCode, `not finished within ${hours} hours`));
      }),
    );
  }

  /** Fires when the attempt must end; its reason is the error to report. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Counts bytes given or taken. */
  noteBytes(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Ends the attempt with this error. */
  end(error: Error): void {
    this.#controller.abort(error);
  }

  /** Stops watching. */
  stop(): void {
    for (const cancel of this.#cancels) cancel();
  }

  #check(): void {
    this.#cancels[0] = this.#clock.after(checkEveryMs, () => {
      if (this.#bytes >= leastBytes) {
        this.#bytes = 0;
        this.#check();
        return;
      }
      const text = `fewer than ${leastBytes} bytes in ${checkEveryMs / 1_000} s`;
      this.end(new TransferError(this.#faultCode, text, { retryable: true }));
    });
  }
}
