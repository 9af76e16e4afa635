import type { PollClass } from "../model/snapshot.ts";
import type { LogLevel } from "../shared/log.ts";
import type { ConfigProblem } from "./errors.ts";
import type { SnmpSecurity } from "./snmp-security.ts";
import type { AddressRange, ListenAddress } from "./units.ts";

/** A printer named in `discovery.static`. */
export interface StaticPrinter {
  readonly host: string;
  readonly port: number;
  /** The entry's own access, tried first; undefined = the general credentials. */
  readonly security: SnmpSecurity | undefined;
}

/** An entry of `credentials` for SNMP. */
export interface SnmpCredential {
  /** Only for printers in these ranges; empty = all. */
  readonly ranges: readonly AddressRange[];
  readonly security: SnmpSecurity;
}

/** How the ACS sees a printer. */
export type PresentAs = "virtual" | "none";

/** An exception; `vendor` and `model` may hold `*` and `?`, both must match when both are given. */
export interface PresentationRule {
  readonly vendor: string | undefined;
  readonly model: string | undefined;
  readonly as: PresentAs;
}

/**
 * The configuration as the service uses it: defaults filled in, durations in milliseconds, paths absolute, placeholders
 * replaced. Keys without effect in this version are not in it; `warnings` names those the file has.
 */
export interface Config {
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
    readonly url: string;
    readonly username: string | undefined;
    readonly password: string | undefined;
    readonly periodicInformMs: number;
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
  };
  readonly discovery: {
    readonly intervalMs: number;
    readonly approval: "auto" | "manual";
    readonly snmp: {
      readonly ranges: readonly AddressRange[];
      readonly port: number;
      readonly packetsPerSecond: number;
      readonly exclude: readonly AddressRange[];
    };
    readonly static: readonly StaticPrinter[];
  };
  /** In the order to try them; never empty. */
  readonly credentials: readonly SnmpCredential[];
  readonly presentation: {
    readonly default: PresentAs;
    /** The first that matches decides. */
    readonly rules: readonly PresentationRule[];
  };
  /** Period of each poll class, milliseconds. */
  readonly pollingMs: Readonly<Record<PollClass, number>>;
  /** Absolute paths of the operator's own mapping folders; later ones win. */
  readonly mappings: readonly string[];
  readonly api: {
    readonly listen: ListenAddress;
    /** `auto` = made at the first start and kept. */
    readonly token: string;
  };
  readonly log: { readonly level: LogLevel; readonly format: "json" | "text" };
  /** What is accepted but will not do what the operator may expect; to be logged at start. */
  readonly warnings: readonly ConfigProblem[];
}
