import type { Config } from "../config/config.ts";
import type { GatewayIdentity } from "../presentation/proxier/gateway-info.ts";
import type { LeaseView } from "../presentation/proxier/machine-view.ts";
import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import type { Store } from "../store/store.ts";
import { LeaseWatch } from "../system/dhcp/lease-watch.ts";
import type { AcsOptions } from "../system/dhcp/vendor-options.ts";
import type { Life } from "./life.ts";

const log = logger("main.learnt-acs");

/** Setting that keeps what was learnt, so that a start without a lease is no start without an ACS. */
const settingName = "acs.learnt";

const unknownGateway: GatewayIdentity = { oui: "", productClass: "", serialNumber: "" };

/** What learning is joined to. */
export interface LearntAcsOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  readonly life: Life;
}

/**
 * What DHCP tells this box: the ACS, which counts only with `acs.url: auto` and only where the ACS itself set nothing,
 * and the gateway (TR-069a6 §3.1, Annex F).
 */
export class LearntAcs {
  readonly #watch: LeaseWatch;
  readonly #store: Store;
  readonly #isWanted: boolean;
  readonly #listeners = new Set<() => void>();
  #acs: AcsOptions;
  #changing: Promise<void> = Promise.resolve();

  private constructor(watch: LeaseWatch, store: Store, isWanted: boolean, known: AcsOptions) {
    this.#watch = watch;
    this.#store = store;
    this.#isWanted = isWanted;
    this.#acs = known;
  }

  /** Reads the leases for the first time, then follows them until the end of the service. */
  static async open({ config, clock, store, life }: LearntAcsOptions): Promise<LearntAcs> {
    const watch = new LeaseWatch(clock, config.acs.leaseFiles);
    const isWanted = config.acs.url === "";
    const known = isWanted ? parseKnown(await store.settings.get(settingName)) : {};
    const learnt = new LearntAcs(watch, store, isWanted, known);
    await watch.start();
    life.onEnd(() => {
      watch.stop();
    });
    await learnt.#takeOver();
    watch.onChange(() => {
      learnt.#follow();
    });
    if (isWanted && learnt.acs.url === undefined)
      log.warn("no ACS known: no DHCP lease tells one", { files: config.acs.leaseFiles });
    return learnt;
  }

  /** What was learnt of the ACS; nothing when its URL is configured. */
  get acs(): AcsOptions {
    return this.#acs;
  }

  get lease(): LeaseView {
    return this.#watch.leases;
  }

  get gateway(): GatewayIdentity {
    return this.#watch.leases.acs.gateway ?? unknownGateway;
  }

  /** Called after another lease was taken over. Returns the unsubscribe function. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #follow(): void {
    this.#changing = this.#changing
      .then(() => this.#takeOver())
      .then(() => {
        for (const listener of this.#listeners) listener();
      })
      .catch((error: unknown) => {
        log.error("what DHCP told could not be kept", { error });
      });
  }

  /** On disk before anybody acts on it. What a lease leaves out stays as it was. */
  async #takeOver(): Promise<void> {
    const next = { ...this.#acs, ...this.#watch.leases.acs };
    if (!this.#isWanted || JSON.stringify(next) === JSON.stringify(this.#acs)) return;
    await this.#store.settings.set(settingName, JSON.stringify(next));
    if (next.url !== this.#acs.url) log.info("ACS learnt by DHCP", { url: next.url });
    this.#acs = next;
  }
}

function parseKnown(text: string | undefined): AcsOptions {
  // Written by us alone.
  return text === undefined ? {} : (JSON.parse(text) as AcsOptions);
}
