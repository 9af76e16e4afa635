import type { Clock } from "../../../shared/clock.ts";
import { logger } from "../../../shared/log.ts";
import { type RateLimit, TokenBucket } from "../../http/token-bucket.ts";
import { acceptRequest } from "../accept-request.ts";
import type { ConnectionRequestAnswer, UdpRequestTarget } from "../target.ts";
import { TargetRegister } from "../target-register.ts";
import { guardAfter, judgeReplay } from "./replay-guard.ts";
import { type SignedRequest, isSignedWith, parseSignedRequest } from "./signed-request.ts";

const log = logger("cwmp.connection-request.udp.udp-requests");

/** What became of one datagram, for metrics. */
export type UdpRequestOutcome =
  | ConnectionRequestAnswer
  | "malformed"
  /** No endpoint has this name and signed like this. */
  | "refused"
  /** One of the copies an ACS sends of each request. */
  | "copy"
  | "replay"
  | "limited";

/** Limits have defaults fit for 10,000 endpoints and one ACS. */
export interface UdpRequestsOptions {
  readonly clock: Clock;
  /** All datagrams together, before any work is done for them. */
  readonly totalLimit?: RateLimit;
  /** Accepted requests of one endpoint. */
  readonly endpointLimit?: RateLimit;
  readonly onOutcome?: (outcome: UdpRequestOutcome) => void;
}

/**
 * UDP connection requests of all endpoints: the name selects the endpoint, the signature proves the ACS. Nothing is ever
 * answered.
 * @see TR-069a6 Annex G.2.2
 */
export class UdpRequests {
  readonly #options: UdpRequestsOptions;
  readonly #targets: TargetRegister<UdpRequestTarget>;
  readonly #total: TokenBucket;
  /** Replay guards on their way to the disk. */
  readonly #guards = new Map<UdpRequestTarget, string>();

  constructor(options: UdpRequestsOptions) {
    this.#options = options;
    this.#targets = new TargetRegister(options.clock, options.endpointLimit);
    this.#total = new TokenBucket(
      options.totalLimit ?? { burst: 1_000, perSecond: 500 },
      options.clock,
    );
  }

  /** Adds an endpoint; returns what takes it away again. */
  register(target: UdpRequestTarget): () => void {
    return this.#targets.register(target);
  }

  /** Takes one datagram. Resolves when it was dealt with; never rejects. */
  async receive(datagram: Buffer): Promise<UdpRequestOutcome> {
    const outcome = await this.#judge(datagram);
    log.debug("UDP datagram", { outcome });
    this.#options.onOutcome?.(outcome);
    return outcome;
  }

  async #judge(datagram: Buffer): Promise<UdpRequestOutcome> {
    if (!this.#total.take()) return "limited";
    const request = parseSignedRequest(datagram);
    if (request === undefined) return "malformed";
    const signers = this.#targets
      .find(request.username)
      .filter((target) => isSignedWith(request, target.password()));
    const [target, other] = likeliestOf(signers);
    if (target === undefined) return "refused";
    if (other === undefined) return this.#admit(target, request);
    log.warn("UDP connection request fits several devices: give each its own user name", {
      endpoints: [target.endpointId, other.endpointId],
    });
    return "refused";
  }

  async #admit(target: UdpRequestTarget, request: SignedRequest): Promise<UdpRequestOutcome> {
    const guard = this.#guards.get(target) ?? target.replayGuard();
    const verdict = judgeReplay(guard, request, target.password());
    if (verdict !== "new") {
      if (verdict === "replay")
        log.warn("UDP connection request replayed", { endpoint: target.endpointId });
      return verdict;
    }
    if (!this.#targets.isWithinLimit(target)) return "limited";
    await this.#remember(target, guardAfter(guard, request, target.password()));
    return acceptRequest(target, "STUN");
  }

  /** On disk before the session: a restart must not let the same datagram in again. */
  async #remember(target: UdpRequestTarget, guard: string): Promise<void> {
    this.#guards.set(target, guard);
    try {
      await target.keepReplayGuard(guard);
      if (this.#guards.get(target) === guard) this.#guards.delete(target);
    } catch (error) {
      // Kept in memory. An ACS locked out by a full disk would be worse than a session too many after a restart.
      log.error("UDP connection request not written down", { endpoint: target.endpointId, error });
    }
  }
}

/**
 * Of namesakes only those count that are asked by UDP. Where none is, all do: without STUN an endpoint has a local address
 * for UDP (TR-181i2 UDPConnectionRequestAddress).
 */
function likeliestOf(signers: readonly UdpRequestTarget[]): readonly UdpRequestTarget[] {
  const expecting = signers.filter((target) => target.expectsUdp());
  return expecting.length > 0 ? expecting : signers;
}
