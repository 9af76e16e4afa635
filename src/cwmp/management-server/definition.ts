import type { CwmpType, NotificationRule } from "../parameter-tree.ts";
import type { ValueCheck } from "../value-check.ts";

/** Values of the configuration, in force until the ACS writes others. Durations in seconds. */
export interface ManagementServerDefaults {
  /** Empty: no ACS, no sessions. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Of `CWMPRetryMinimumWaitInterval` (seconds) and `CWMPRetryIntervalMultiplier` (thousandths); else the standard's. */
  readonly retryMinimumWaitS?: number | undefined;
  readonly retryMultiplier?: number | undefined;
  readonly periodicInformEnable: boolean;
  readonly periodicInformIntervalS: number;
  readonly connectionRequestUsername: string;
  readonly connectionRequestPassword: string;
  /** Absent: neither STUN nor XMPP is configured. */
  readonly connectionRequests?: ConnectionRequestDefaults;
}

/** Connection requests other than by HTTP: what the configuration says. Periods in seconds. */
export interface ConnectionRequestDefaults {
  readonly stunEnable: boolean;
  /** Empty: the host of the ACS. */
  readonly stunServerAddress: string;
  readonly stunServerPort: number;
  readonly stunUsername: string;
  readonly stunPassword: string;
  readonly stunMinimumKeepAliveS: number;
  /** -1: no maximum. */
  readonly stunMaximumKeepAliveS: number;
  /** Path of the row of `Device.XMPP.Connection.`; empty: none. */
  readonly xmppConnection: string;
  /** ConnReqAllowedJabberIDs. */
  readonly allowedJabberIds: readonly string[];
}

/** Types that occur here. */
export type SettingType = Extract<
  CwmpType,
  "string" | "int" | "unsignedInt" | "boolean" | "dateTime"
>;

/** One scalar below `Device.ManagementServer.`; the name may hold dots (`HeartbeatPolicy.Enable`). */
export interface Definition {
  readonly type: SettingType;
  /** In force when the ACS set nothing. */
  readonly initial: string | ((defaults: ManagementServerDefaults) => string);
  /** Absent: read-only. */
  readonly check?: ValueCheck;
  /** Reads back as "" (TR-181i2 `hidden`). */
  readonly isHidden?: true;
  readonly notification?: NotificationRule;
}

/** Scalars of one concern by their name below `Device.ManagementServer.`. */
export type DefinitionGroup = Readonly<Record<string, Definition>>;
