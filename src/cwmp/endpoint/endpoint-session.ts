import { errorText } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";
import {
  type InformMoment,
  type InformSources,
  type PreparedInform,
  type SessionPurpose,
  hasEvents,
  prepareInform,
} from "../events/inform.ts";
import type { RequestTurns } from "../requests/request-turns.ts";
import type { RpcContext } from "../rpc/context.ts";
import { answerRequest } from "../rpc/dispatch.ts";
import type { CwmpVersion } from "../session/dialect.ts";
import type { SessionHost } from "../session/session.ts";
import type { CwmpMessage, DecodedMessage } from "../soap/message.ts";

const log = logger("cwmp.endpoint.endpoint-session");

/** What an endpoint hands to one session. */
export interface EndpointSessionOptions {
  readonly endpointId: string;
  readonly sources: InformSources;
  /** Everything but what belongs to the session. */
  readonly rpc: Omit<RpcContext, "afterSession" | "version">;
  readonly moment: InformMoment;
  readonly turns: RequestTurns;
}

/** One session seen from the endpoint: what its Inform carries, and what remains to be done when it is over. */
export class EndpointSession implements SessionHost {
  readonly endpointId: string;
  readonly #options: EndpointSessionOptions;
  readonly #rpc: RpcContext;
  readonly #afterwards: (() => Promise<void>)[] = [];
  #prepared: PreparedInform | undefined;
  /** Paths that changed again after the Inform was made: their delivery settles nothing. */
  #changedSince: Set<string> | undefined;
  #version: CwmpVersion = "1.0";
  #isInformed = false;

  constructor(options: EndpointSessionOptions) {
    this.endpointId = options.endpointId;
    this.#options = options;
    this.#rpc = {
      ...options.rpc,
      version: () => this.#version,
      afterSession: (run) => {
        this.#afterwards.push(run);
      },
    };
  }

  /** Event codes of the Inform; empty before it was made. */
  get eventCodes(): readonly string[] {
    const message = this.#prepared?.message;
    return message === undefined ? [] : message.events.map(({ eventCode }) => eventCode);
  }

  get purpose(): SessionPurpose {
    return this.#options.moment.purpose;
  }

  /**
   * Whether the session is to be repeated now that it failed: TR-069a6 §3.2.1.1 has sessions retried to deliver events and to
   * let the ACS go on with its requests. One that was cut off after the InformResponse is, if need be with an empty Event list
   * (the schema allows it). One whose Inform never arrived and that had nothing to say but `6 CONNECTION REQUEST`, which must
   * not be retried (§3.7.1.5), is not: the ACS had not begun and asks again, and some refuse an Inform without events, for ever.
   */
  mayRetry(nowMs: number): boolean {
    return this.#isInformed || hasEvents(this.#options.sources, nowMs);
  }

  inform(): CwmpMessage {
    this.#options.turns.announce();
    this.#prepared = prepareInform(this.#options.sources, this.#options.moment);
    return this.#prepared.message;
  }

  /** Watched parameters changed while this session is under way. */
  noteChanges(paths: readonly string[]): void {
    this.#changedSince ??= new Set();
    for (const path of paths) this.#changedSince.add(path);
  }

  async informDelivered(version: CwmpVersion): Promise<void> {
    this.#version = version;
    this.#isInformed = true;
    if (this.#prepared === undefined) return;
    const { events, changes, onDelivery } = this.#prepared;
    const settled = changes.filter((path) => this.#changedSince?.has(path) !== true);
    try {
      await this.#options.sources.state.acknowledge(events, {
        ...onDelivery,
        ...(settled.length > 0 ? { removePendingChanges: settled } : {}),
      });
    } catch (error) {
      // The ACS has its events; at worst it gets them once more after a restart.
      log.error("delivery cannot be written down", { device: this.endpointId, error });
    }
    if (this.purpose === "ordinary") await this.#options.turns.begin(version);
  }

  /** A heartbeat has no other purpose (TR-069a6 Annex O). */
  pendingRequest(): CwmpMessage | undefined {
    return this.purpose === "heartbeat" ? undefined : this.#options.turns.next();
  }

  requestSettled(answer: DecodedMessage): Promise<void> {
    return this.#options.turns.settled(answer);
  }

  answer(request: DecodedMessage): Promise<CwmpMessage> {
    return answerRequest(request, this.#rpc);
  }

  /** Does what had to wait for the end of the session. Never rejects. */
  async finish(): Promise<void> {
    for (const run of this.#afterwards) {
      try {
        await run();
      } catch (error) {
        const fields = { device: this.endpointId, reason: errorText(error), error };
        log.error("action after the session failed", fields);
      }
    }
  }
}
