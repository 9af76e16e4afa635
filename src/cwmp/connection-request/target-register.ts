import type { Clock } from "../../shared/clock.ts";
import { type RateLimit, TokenBucket } from "../http/token-bucket.ts";
import type { ConnectionRequestTarget } from "./target.ts";
import { UsernameIndex } from "./username-index.ts";

/** Requests of one endpoint that proved right. */
const defaultLimit: RateLimit = { burst: 20, perSecond: 2 };

/** The endpoints that can be asked in one way: found by user name, each with a rate of its own. */
export class TargetRegister<Target extends ConnectionRequestTarget> {
  readonly #clock: Clock;
  readonly #limit: RateLimit;
  readonly #index: UsernameIndex<Target>;
  /** Of endpoints that got a request lately. */
  readonly #buckets = new Map<Target, TokenBucket>();

  /** @param limit accepted requests of one endpoint; the default is fit for any ACS */
  constructor(clock: Clock, limit: RateLimit = defaultLimit) {
    this.#clock = clock;
    this.#limit = limit;
    this.#index = new UsernameIndex(clock);
  }

  /** Adds an endpoint; returns what takes it away again. */
  register(target: Target): () => void {
    const remove = this.#index.add(target);
    return () => {
      remove();
      this.#buckets.delete(target);
    };
  }

  /** Every endpoint that has this ConnectionRequestUsername now; of too many namesakes only the first. */
  find(username: string): readonly Target[] {
    return this.#index.find(username);
  }

  /** Counts a request that proved right; false when the endpoint had too many of late. */
  isWithinLimit(target: Target): boolean {
    let bucket = this.#buckets.get(target);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#limit, this.#clock);
      this.#buckets.set(target, bucket);
    }
    return bucket.take();
  }
}
