import type { Clock } from "../../shared/clock.ts";
import type { DeviceId, EndpointStore } from "../endpoint-store.ts";
import type { DatagramSender } from "../notifications/lightweight/udp-sender.ts";
import type { ManagementServerDefaults } from "../management-server/definition.ts";
import type { LiveValues } from "../management-server/management-server.ts";
import type { DeviceActions, ParameterTree } from "../parameter-tree.ts";
import type { RootModel } from "../root-model.ts";
import type { RpcPolicy } from "../rpc/context.ts";
import type { SessionScheduler } from "./session-scheduler.ts";
import type { SessionDialect } from "../session/dialect.ts";
import type { SessionLimits } from "../session/session.ts";
import type { Transfers } from "../transfers/transfers.ts";
import type { AcsTlsSettings, AcsTransport } from "../transport.ts";

/** One CWMP endpoint: who it is and what is behind it. */
export interface EndpointConfig {
  /** Key of its stored state; never shown to the ACS. */
  readonly endpointId: string;
  readonly deviceId: DeviceId;
  readonly tree: ParameterTree;
  /** Root data model of `tree`; `Device:2` unless told. */
  readonly rootModel?: RootModel;
  readonly actions: DeviceActions;
  readonly defaults: ManagementServerDefaults;
  readonly tls?: AcsTlsSettings;
  /** True for the endpoint that stands for this process: each start is a `1 BOOT`. */
  readonly bootsWithProcess: boolean;
  /** False answers connection requests with 503 (TR-069a6 Annex J). */
  isReachable(): boolean;
  /** Scalars that others work out; one object for endpoints that are alike. What changes is told by `settingsMoved`. */
  readonly live?: LiveValues;
  /** Called when settings of `Device.ManagementServer.` changed, after they are on disk. */
  readonly onSettings?: () => void;
  /** `http://host:port/path`, or "" while the listener is closed. */
  connectionRequestUrl(): string;
}

/** What all endpoints share. */
export interface EndpointServices {
  readonly clock: Clock;
  readonly transport: AcsTransport;
  readonly store: EndpointStore;
  readonly scheduler: SessionScheduler;
  readonly dialect: SessionDialect;
  readonly limits: SessionLimits;
  readonly policy: RpcPolicy;
  /** Absent: nobody takes or gives files. */
  readonly transfers?: Transfers;
  /** Carries lightweight notifications. */
  readonly datagrams: DatagramSender;
  /** In [0, 1); spreads retries. */
  readonly random: () => number;
  /** Called after every session, for metrics. */
  readonly onSession?: (record: SessionRecord) => void;
}

/** One session that is over. */
export interface SessionRecord {
  readonly endpointId: string;
  readonly events: readonly string[];
  readonly durationMs: number;
  /** Requests of the ACS answered; 0 when the session failed. */
  readonly answers: number;
  /** Undefined: it succeeded. */
  readonly errorCode: string | undefined;
}

/** What an endpoint shows of itself; times in epoch milliseconds. */
export interface EndpointStatus {
  readonly endpointId: string;
  readonly acsUrl: string;
  readonly isRunning: boolean;
  readonly sessions: number;
  readonly failures: number;
  /** Consecutive failures; 0 after a success. */
  readonly retryCount: number;
  readonly lastSuccessAtMs: number | undefined;
  readonly nextSessionAtMs: number | undefined;
  readonly lastError: { readonly code: string; readonly text: string } | undefined;
  readonly pendingEvents: readonly string[];
}
