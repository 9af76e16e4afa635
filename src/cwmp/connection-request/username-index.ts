import type { Clock } from "../../shared/clock.ts";
import { TokenBucket } from "../http/token-bucket.ts";
import type { ConnectionRequestTarget } from "./target.ts";

/** Going through all endpoints is dear; strangers with invented names must not have it done all the time. */
const rebuildLimit = { burst: 5, perSecond: 1 };
/** Endpoints given the same name by configuration; a signature tells them apart, but not without end. */
const mostNamesakes = 64;

/**
 * Finds endpoints by ConnectionRequestUsername, which the ACS may change at any time: a name that is not where it was is
 * looked for once more everywhere.
 */
export class UsernameIndex<Target extends ConnectionRequestTarget> {
  readonly #targets = new Set<Target>();
  readonly #rebuilds: TokenBucket;
  #byName: Map<string, Target[]> | undefined;

  constructor(clock: Clock) {
    this.#rebuilds = new TokenBucket(rebuildLimit, clock);
  }

  /** Returns what takes the target away again. */
  add(target: Target): () => void {
    this.#targets.add(target);
    this.#byName = undefined;
    return () => {
      this.#targets.delete(target);
      this.#byName = undefined;
    };
  }

  /** Every target that has this name now; of too many namesakes only the first. */
  find(username: string): readonly Target[] {
    if (username === "") return [];
    const known = this.#current(username);
    if (known.length > 0 || !this.#rebuilds.take()) return known;
    this.#byName = undefined;
    return this.#current(username);
  }

  #current(username: string): readonly Target[] {
    const found = this.#index().get(username) ?? [];
    return found.filter((target) => target.username() === username);
  }

  #index(): Map<string, Target[]> {
    if (this.#byName !== undefined) return this.#byName;
    const byName = new Map<string, Target[]>();
    for (const target of this.#targets) {
      const namesakes = byName.get(target.username());
      if (namesakes === undefined) byName.set(target.username(), [target]);
      else if (namesakes.length < mostNamesakes) namesakes.push(target);
    }
    this.#byName = byName;
    return byName;
  }
}
