import { createHash, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../../shared/clock.ts";
import { logger } from "../../../shared/log.ts";
import { type RateLimit, TokenBucket } from "../../http/token-bucket.ts";
import { listItems } from "../../management-server/connection-requests.ts";
import { acceptRequest } from "../accept-request.ts";
import type { ConnectionRequestAnswer, XmppRequestTarget } from "../target.ts";
import { TargetRegister } from "../target-register.ts";
import { isAllowedSender } from "./jabber-id.ts";

const log = logger("cwmp.connection-request.xmpp.xmpp-requests");

/** What an IQ stanza with a `connectionRequest` holds (cwmp-xmppConnReq-1-0.xsd). */
export interface XmppRequest {
  /** Jabber ID of the sender, as its server vouches for it. */
  readonly from: string;
  readonly username: string;
  readonly password: string;
}

/** What became of one request, for metrics. */
export type XmppRequestOutcome =
  | ConnectionRequestAnswer
  /** Neither name nor password of any endpoint. */
  | "refused"
  /** ConnReqAllowedJabberIDs does not name the sender. */
  | "foreign"
  | "limited";

/** What the sender is answered: an empty result, or an error condition (RFC 6120 §8.3.3). */
export type XmppReply = "result" | "service-unavailable" | "not-authorized";

/** Limits have defaults fit for 10,000 endpoints and one ACS. */
export interface XmppRequestsOptions {
  readonly clock: Clock;
  /** All requests together. */
  readonly totalLimit?: RateLimit;
  /** Requests for one endpoint that proved right. */
  readonly endpointLimit?: RateLimit;
  readonly onOutcome?: (outcome: XmppRequestOutcome) => void;
}

/**
 * Connection requests by XMPP for all endpoints: the user name in the stanza selects the endpoint.
 * @see TR-069a6 Annex K.2.3
 */
export class XmppRequests {
  readonly #options: XmppRequestsOptions;
  readonly #targets: TargetRegister<XmppRequestTarget>;
  readonly #total: TokenBucket;

  constructor(options: XmppRequestsOptions) {
    this.#options = options;
    this.#targets = new TargetRegister(options.clock, options.endpointLimit);
    this.#total = new TokenBucket(
      options.totalLimit ?? { burst: 500, perSecond: 100 },
      options.clock,
    );
  }

  /** Adds an endpoint; returns what takes it away again. */
  register(target: XmppRequestTarget): () => void {
    return this.#targets.register(target);
  }

  /** Judges one request; when it is right its session is queued. */
  receive(request: XmppRequest): XmppReply {
    const outcome = this.#judge(request);
    this.#options.onOutcome?.(outcome);
    if (outcome === "accepted") return "result";
    return outcome === "refused" ? "not-authorized" : "service-unavailable";
  }

  #judge(request: XmppRequest): XmppRequestOutcome {
    const { from, username } = request;
    if (!this.#total.take()) return "limited";
    const named = this.#targets.find(username);
    const open = named.filter((target) =>
      isAllowedSender(from, listItems(target.allowedJabberIds())),
    );
    if (named.length > 0 && open.length === 0) {
      log.warn("XMPP connection request from a foreign Jabber ID", { from });
      return "foreign";
    }
    const [target, other] = open.filter((candidate) => isRight(request, candidate.password()));
    if (target !== undefined && other === undefined)
      return this.#targets.isWithinLimit(target) ? acceptRequest(target, "XMPP") : "limited";
    log.warn("XMPP connection request refused", { from, fits: other === undefined ? 0 : 2 });
    return "refused";
  }
}

/** In constant time, whatever the lengths. An empty password lets nobody in. */
function isRight({ password: given }: XmppRequest, password: string): boolean {
  const [left, right] = [given, password].map((text) => createHash("sha256").update(text).digest());
  return (
    left !== undefined && right !== undefined && password !== "" && timingSafeEqual(left, right)
  );
}
