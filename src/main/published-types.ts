import type { DeviceTypes } from "../presentation/device-types.ts";
import type { Clock } from "../shared/clock.ts";

/** Whoever asks for names that do not exist costs us at most one look at all trees in this time. */
const lookAgainMs = 10_000;

/**
 * Finds device-type documents by name. They are made when a tree's `SupportedDataModel` is read; after a restart an ACS
 * may ask for one it was told of before, so that a miss has all trees make theirs.
 */
export class PublishedTypes {
  readonly #deviceTypes: DeviceTypes;
  readonly #clock: Clock;
  #publishAll: () => void = () => undefined;
  #lookedAtMs = -Infinity;

  constructor(deviceTypes: DeviceTypes, clock: Clock) {
    this.#deviceTypes = deviceTypes;
    this.#clock = clock;
  }

  /** What has every tree make its documents. */
  over(publishAll: () => void): void {
    this.#publishAll = publishAll;
  }

  /** @param name file name, `<uuid>.xml` */
  document(name: string): string | undefined {
    const known = this.#deviceTypes.document(name);
    const nowMs = this.#clock.nowMs();
    if (known !== undefined || nowMs - this.#lookedAtMs < lookAgainMs) return known;
    this.#lookedAtMs = nowMs;
    this.#publishAll();
    return this.#deviceTypes.document(name);
  }
}
