import type { Clock } from "../../shared/clock.ts";
import { ProxierError } from "../../shared/errors.ts";
import type {
  EndpointConfig,
  EndpointServices,
  EndpointStatus,
  SessionRecord,
} from "./endpoint-config.ts";
import { CwmpEndpoint } from "./endpoint.ts";
import type { EndpointStore } from "../endpoint-store.ts";
import type { EventCode } from "../events/events.ts";
import { type DatagramSender, udpSender } from "../notifications/lightweight/udp-sender.ts";
import { SessionScheduler } from "./session-scheduler.ts";
import { type SessionDialect, defaultDialect } from "../session/dialect.ts";
import { type SessionLimits, defaultSessionLimits } from "../session/session.ts";
import type { Transfers } from "../transfers/transfers.ts";
import type { AcsTransport } from "../transport.ts";

/** Settings of the CWMP engine; everything below `store` has a default. */
export interface EndpointManagerOptions {
  readonly clock: Clock;
  readonly transport: AcsTransport;
  readonly store: EndpointStore;
  /** Default 10: GenieACS refuses more than 20 requests in flight per worker. */
  readonly maxConcurrentSessions?: number;
  readonly dialect?: SessionDialect;
  readonly limits?: SessionLimits;
  /** Answers 9009 to active notification on counters and the like (default true). */
  readonly denyActiveNotification?: boolean;
  /** Absent: Download and Upload are listed nowhere. */
  readonly transfers?: Transfers;
  /** Carries lightweight notifications (default: UDP). */
  readonly datagrams?: DatagramSender;
  readonly random?: () => number;
  readonly onSession?: (record: SessionRecord) => void;
}

/** Enough for the store to gather their commits into one. */
const startedTogether = 200;

/** An endpoint that is not there, or twice. */
export class EndpointError extends ProxierError {
  override readonly name = "EndpointError";

  constructor(message: string, code: "cwmp.unknown-endpoint" | "cwmp.duplicate-endpoint") {
    super(message, { code });
  }
}

/** All endpoints of this process and the slots their sessions share. */
export class EndpointManager {
  readonly #services: EndpointServices;
  readonly #endpoints = new Map<string, CwmpEndpoint>();
  #isStarted = false;

  constructor(options: EndpointManagerOptions) {
    const { clock, transport, store } = options;
    this.#services = {
      clock,
      transport,
      store,
      scheduler: new SessionScheduler({
        clock,
        maxConcurrent: options.maxConcurrentSessions ?? 10,
      }),
      dialect: options.dialect ?? defaultDialect,
      limits: options.limits ?? defaultSessionLimits,
      policy: { denyActiveNotification: options.denyActiveNotification ?? true },
      datagrams: options.datagrams ?? udpSender,
      random: options.random ?? Math.random,
      ...(options.transfers === undefined ? {} : { transfers: options.transfers }),
      ...(options.onSession === undefined ? {} : { onSession: options.onSession }),
    };
  }

  /**
   * Adds an endpoint with its stored state, and starts it when the manager runs.
   * @throws {EndpointError} when the id is taken
   */
  async add(config: EndpointConfig): Promise<CwmpEndpoint> {
    const { endpointId } = config;
    const endpoint = await CwmpEndpoint.open(config, this.#services);
    if (this.#endpoints.has(endpointId)) {
      throw new EndpointError(`endpoint ${endpointId} exists already`, "cwmp.duplicate-endpoint");
    }
    this.#endpoints.set(endpointId, endpoint);
    if (this.#isStarted) await endpoint.start();
    return endpoint;
  }

  /** Stops an endpoint. With `forget` its stored state goes too: nothing is ever sent for it again. */
  async remove(endpointId: string, options: { readonly forget: boolean }): Promise<void> {
    const endpoint = this.#known(endpointId);
    this.#endpoints.delete(endpointId);
    await endpoint.stop();
    if (options.forget) await endpoint.forget();
  }

  get(endpointId: string): CwmpEndpoint | undefined {
    return this.#endpoints.get(endpointId);
  }

  /** Lets sessions run and starts every endpoint. */
  async start(): Promise<void> {
    this.#isStarted = true;
    this.#services.scheduler.start();
    const endpoints = [...this.#endpoints.values()];
    for (let first = 0; first < endpoints.length; first += startedTogether) {
      const some = endpoints.slice(first, first + startedTogether);
      await Promise.all(some.map((endpoint) => endpoint.start()));
    }
  }

  /** Ends sessions under way and stops everything. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    const endpoints = [...this.#endpoints.values()];
    const stopping = endpoints.map((endpoint) => endpoint.stop());
    this.#services.scheduler.stop();
    await Promise.all(stopping);
  }

  /** Opens a session with this event as soon as possible. @throws {EndpointError} for an unknown endpoint */
  requestSession(endpointId: string, eventCode: EventCode): void {
    this.#known(endpointId).requestSession(eventCode);
  }

  /** Tells every endpoint that its defaults have changed. */
  async defaultsChanged(): Promise<void> {
    const endpoints = [...this.#endpoints.values()];
    for (let first = 0; first < endpoints.length; first += startedTogether) {
      const some = endpoints.slice(first, first + startedTogether);
      await Promise.all(some.map((endpoint) => endpoint.defaultsChanged()));
    }
  }

  /** One line per endpoint. */
  statuses(): readonly EndpointStatus[] {
    return [...this.#endpoints.values()].map((endpoint) => endpoint.status());
  }

  /** Sessions under way and waiting for a slot. */
  counts(): { readonly running: number; readonly queued: number } {
    return this.#services.scheduler.counts();
  }

  #known(endpointId: string): CwmpEndpoint {
    const endpoint = this.#endpoints.get(endpointId);
    if (endpoint === undefined) {
      throw new EndpointError(`no endpoint ${endpointId}`, "cwmp.unknown-endpoint");
    }
    return endpoint;
  }
}
