import type { PollClass } from "../model/snapshot.ts";
import type { LogLevel } from "../shared/log.ts";
import type { ConfigProblem } from "./errors.ts";
import type { MaintenanceWindow } from "./maintenance-window.ts";
import type { SnmpSecurity } from "./snmp-security.ts";
import type { ListenAddress } from "./units.ts";

/** One way into printers; fits `DiscoveryCredential`. */
export interface SnmpCredential {
  /** See `credentialKey`. */
  readonly key: string;
  readonly security: SnmpSecurity;
  /** CIDR ranges it is for; all printers when absent. */
  readonly ranges?: readonly string[];
}

/** A way into the web pages of printers. */
export interface EwsCredential {
  /** Stays the same as long as user name, password and ranges do. */
  readonly key: string;
  /** May be empty, as may be `password`. */
  readonly username: string;
  readonly password: string;
  /** CIDR ranges it is for; all printers when absent. */
  readonly ranges?: readonly string[];
}

/** A printer named in `discovery.static`; it has `snmp`, `ews` or both. */
export interface StaticPrinter {
  readonly host: string;
  /** Absent: it has no agent. */
  readonly snmp?: {
    readonly port: number;
    /** The entry's own access; the general credentials when absent. */
    readonly credential?: SnmpCredential;
  };
  /** Absent: whether it has web pages, and where, is to be found out. */
  readonly ews?: { readonly port: number; readonly scheme: "http" | "https" };
}

/** How certificates of printers are judged: like the one seen first, by the system's CAs, not at all. */
export const tlsVerifyWords = ["pin", "ca", "none"] as const;

/** How the ACS sees a printer: as a device of its own, as an object of the proxier, not at all. */
export const presentAsWords = ["virtual", "embedded", "none"] as const;
/** One of {@link presentAsWords}. */
export type PresentAs = (typeof presentAsWords)[number];

/** An exception; `vendor` and `model` may hold `*` and `?`, both must match when both are given. */
export interface PresentationRule {
  readonly vendor: string | undefined;
  readonly model: string | undefined;
  readonly as: PresentAs;
}

/** `connectionRequest.stun`. */
export interface StunConfig {
  readonly enabled: boolean;
  /** Undefined: the host of the ACS. */
  readonly server: ListenAddress | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly minimumKeepAliveMs: number;
  readonly maximumKeepAliveMs: number;
}

/** `connectionRequest.xmpp`. */
export interface XmppConfig {
  readonly enabled: boolean;
  /** `xmpp://…` or `xmpps://…`; undefined: found by DNS. */
  readonly service: string | undefined;
  readonly domain: string;
  readonly username: string;
  readonly password: string;
  readonly resource: string;
  readonly allowedJabberIds: readonly string[];
  readonly keepAliveMs: number;
  /** `ca` is PEM text. */
  readonly tls: { readonly ca: string | undefined; readonly insecure: boolean };
}

/**
 * The configuration as the service uses it: defaults filled in, durations in milliseconds, paths absolute, placeholders
 * replaced. Keys without effect in this version are not in it; `warnings` names those the file has.
 */
export interface Config {
  /** Absolute path of the file all this was read from. */
  readonly file: string;
  readonly proxier: {
    readonly manufacturer: string;
    /** Six upper-case hexadecimal digits. */
    readonly oui: string;
    readonly productClass: string;
    /** `auto` = made at the first start and kept. */
    readonly serialNumber: string;
  };
  readonly dataDir: string;
  readonly acs: {
    /** Empty: learnt by DHCP (`acs.url: auto`). */
    readonly url: string;
    /** DHCP lease files, absolute; `*` in the file name stands for any characters. */
    readonly leaseFiles: readonly string[];
    readonly rootDataModel: "Device:2" | "Device:1";
    readonly username: string | undefined;
    readonly password: string | undefined;
    readonly periodicInformMs: number;
    /** How the ACS is spoken to. */
    readonly cwmp: {
      readonly version: "1.0" | "1.1" | "1.2" | "1.3" | "1.4";
      readonly sessionTimeout: boolean;
      readonly supportedVersions: boolean;
    };
    readonly tls: {
      /** PEM text, as are `cert` and `key`. */
      readonly ca: string | undefined;
      readonly cert: string | undefined;
      readonly key: string | undefined;
      readonly insecure: boolean;
    };
    readonly maxConcurrentSessions: number;
  };
  readonly connectionRequest: {
    readonly listen: ListenAddress;
    /** `auto` = the address the ACS is reached from. */
    readonly publicUrl: string;
    /** `auto` = one per device. */
    readonly username: string;
    /** `auto` = one per device. */
    readonly password: string;
    /** Undefined: STUN is off until the ACS switches it on. */
    readonly stun: StunConfig | undefined;
    /** Undefined: no XMPP until the ACS sets an account up. */
    readonly xmpp: XmppConfig | undefined;
  };
  readonly discovery: {
    readonly intervalMs: number;
    readonly approval: "auto" | "manual";
    readonly snmp: {
      /** CIDR. */
      readonly ranges: readonly string[];
      readonly port: number;
      readonly packetsPerSecond: number;
      readonly exclude: readonly string[];
    };
    readonly static: readonly StaticPrinter[];
  };
  /** In the order to try them; never empty. */
  readonly credentials: readonly SnmpCredential[];
  /** In the order to try them; may be empty. */
  readonly ewsCredentials: readonly EwsCredential[];
  /** How all printers' web servers are talked to. */
  readonly ews: {
    readonly timeoutMs: number;
    readonly tls: {
      readonly verify: (typeof tlsVerifyWords)[number];
      readonly allowLegacy: boolean;
    };
  };
  readonly presentation: {
    readonly default: PresentAs;
    /** The first that matches decides. */
    readonly rules: readonly PresentationRule[];
  };
  /** Period of each poll class, milliseconds. */
  readonly pollingMs: Readonly<Record<PollClass, number>>;
  /** Absolute paths of the operator's own mapping folders; later ones win. */
  readonly mappings: readonly string[];
  readonly writes: {
    /** Nothing is written to any printer. */
    readonly readOnly: boolean;
    /** Writes and actions marked `unverified` are offered too. */
    readonly allowUnverified: boolean;
    /** When a setting may restart a printer; empty: always. */
    readonly maintenanceWindows: readonly MaintenanceWindow[];
  };
  readonly transfers: {
    /** Hosts, `*` for any characters. */
    readonly allowHosts: readonly string[];
    /** Bytes. */
    readonly maxSize: number;
    readonly requireSignature: boolean;
    /** `SHA256:…` */
    readonly sftpHostKeys: readonly string[];
  };
  readonly api: {
    readonly listen: ListenAddress;
    /** `auto` = made at the first start and kept. */
    readonly token: string;
  };
  readonly log: { readonly level: LogLevel; readonly format: "json" | "text" };
  /** What is accepted but will not do what the operator may expect; to be logged at start. */
  readonly warnings: readonly ConfigProblem[];
}
