import { FleetError } from "./errors.ts";

/** Callers that may wait for one printer; a poll, a write and a few on-demand reads are normal. */
const mostWaiting = 16;

/**
 * One conversation at a time with one printer: many printers lose or mix up answers when asked in parallel.
 */
export class Conversation {
  readonly #device: string;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(device: string) {
    this.#device = device;
  }

  /**
   * Runs `talk` when everybody before is done.
   * @throws {FleetError} `fleet.printer-busy` when too many wait already; and whatever `talk` throws
   */
  async run<T>(talk: () => Promise<T>): Promise<T> {
    if (this.#waiting >= mostWaiting)
      throw new FleetError("fleet.printer-busy", `too many requests wait for ${this.#device}`);
    this.#waiting++;
    const turn = this.#last.then(() => {
      this.#waiting--;
      return talk();
    });
    this.#last = turn.catch(() => undefined); // the caller gets the error; the next in line does not care
    return turn;
  }
}
