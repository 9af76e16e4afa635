/**
 * Raw reads and writes as drivers make them. Types only: mapping knows these, `documents.ts` and `exchange.ts`, and
 * nothing else of the southbound.
 */

import type { DocumentAnswers, DocumentRead } from "./documents.ts";
import type { EwsWrite, WebProfile } from "./exchange.ts";

/** SMIv2 syntaxes by their BER tag (RFC 3416 §3), plus the exceptions of a v2c/v3 response. */
export const snmpSyntax = {
  integer: 0x02,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  ipAddress: 0x40,
  counter32: 0x41,
  gauge32: 0x42,
  timeTicks: 0x43,
  opaque: 0x44,
  counter64: 0x46,
  noSuchObject: 0x80,
  noSuchInstance: 0x81,
  endOfMibView: 0x82,
} as const;
/** One of {@link snmpSyntax}. */
export type SnmpSyntax = (typeof snmpSyntax)[keyof typeof snmpSyntax];

/**
 * One raw SNMP value. `value` is a number for the integer syntaxes (Counter64 above 2^53 loses precision and is
 * refused by the codec), dotted text for OBJECT IDENTIFIER and IpAddress, bytes for OCTET STRING and Opaque.
 */
export interface SnmpValue {
  readonly syntax: SnmpSyntax;
  readonly value: number | string | Uint8Array;
}

/**
 * Why a source gave nothing. Absence is normal life and reaches the model as absence, never as 0. `locked`: the
 * password was refused and is not tried again; `distrusted`: the page is not built as it was.
 */
export type UnavailableReason =
  | "noSuchObject"
  | "timeout"
  | "refused"
  | "notRead"
  | "cut"
  | "malformed"
  | "locked"
  | "distrusted";

/** What a mapping asks of a printer over SNMP, in one conversation. */
export interface SnmpReadPlan {
  /** Complete instance OIDs, dotted, no leading dot. */
  readonly scalars: readonly string[];
  /** Column OIDs; every instance below is wanted. */
  readonly columns: readonly string[];
}

/** What a mapping asks of a printer, over whatever it speaks, in one conversation. */
export interface ReadPlan extends SnmpReadPlan {
  /** In the order they are to be fetched; probe chains refer to earlier ones. */
  readonly documents: readonly DocumentRead[];
  /** How the printer's web server is talked to. */
  readonly web?: WebProfile | undefined;
}

/** Answers of one SNMP conversation. Whoever evaluates asks for exactly what the plan named. */
export interface SnmpAnswers {
  readonly readAtMs: number;
  /** The value at a complete instance OID, or why there is none. */
  snmp(oid: string): SnmpValue | UnavailableReason;
  /** All instances below a column: index (dotted text after the column OID) → value, in agent order. Empty = no rows. */
  snmpColumn(oid: string): ReadonlyMap<string, SnmpValue> | UnavailableReason;
}

/** Answers of one conversation over everything the printer speaks. */
export interface RawAnswers extends SnmpAnswers {
  /** Absent when the printer was asked nothing but SNMP. */
  readonly documents?: DocumentAnswers;
}

/** One SNMP SET assignment. */
export interface SnmpWrite {
  readonly oid: string;
  readonly value: SnmpValue;
}

/** A conversation with one printer's SNMP agent. Errors are `SnmpError`s; a single missing OID is not an error. */
export interface SnmpSession {
  /** Reads the plan in few PDUs (about 30 OIDs each, GETBULK for columns). Rejects only if nothing could be read. */
  read(plan: SnmpReadPlan, signal?: AbortSignal): Promise<SnmpAnswers>;
  /** One SET PDU, all or nothing by RFC 3416 §4.2.5; rejects with the agent's error status. */
  write(writes: readonly SnmpWrite[], signal?: AbortSignal): Promise<void>;
  close(): void;
}

/** USM security of one user (RFC 3414, RFC 7860); keys are pass phrases. */
export interface SnmpV3Security {
  readonly user: string;
  readonly auth?: {
    readonly protocol: "md5" | "sha" | "sha224" | "sha256" | "sha384" | "sha512";
    readonly key: string;
  };
  readonly privacy?: {
    readonly protocol: "des" | "aes" | "aes256b" | "aes256r";
    readonly key: string;
  };
  readonly context?: string;
}

/** How to talk to one agent. */
export interface SnmpAccess {
  readonly host: string;
  readonly port: number;
  readonly security:
    | { readonly version: "1" | "2c"; readonly read: string; readonly write?: string }
    | { readonly version: "3"; readonly v3: SnmpV3Security };
  readonly timeoutMs?: number;
  readonly retries?: number;
}

/** How to talk to one printer's web server. */
export interface EwsAccess {
  readonly host: string;
  readonly port: number;
  readonly scheme: "http" | "https";
  readonly credential?: { readonly username: string; readonly password: string };
  /** `pin`: trust the certificate seen first, refuse another one. */
  readonly tls?: { readonly verify: "ca" | "pin" | "none"; readonly allowLegacy: boolean };
  readonly timeoutMs?: number;
}

/** How to talk to one printer; at least one of the two. */
export interface DeviceAccess {
  readonly host: string;
  readonly snmp?: SnmpAccess;
  readonly ews?: EwsAccess;
}

/** One change of a printer, by the driver that makes it; steps of a write plan. */
export type DeviceWrite =
  | { readonly driver: "snmp"; readonly writes: readonly SnmpWrite[] }
  | { readonly driver: "ews"; readonly write: EwsWrite };

/** A conversation with one printer over everything it speaks. Errors are `SouthboundError`s. */
export interface DeviceSession {
  /** Rejects only if nothing could be read; a missing OID or page is an answer. */
  read(plan: ReadPlan, signal?: AbortSignal): Promise<RawAnswers>;
  /** One step, all or nothing as far as the protocol gives it; the outcome is to be read back. */
  write(write: DeviceWrite, signal?: AbortSignal): Promise<void>;
  /** Logs out where a login was made, and lets go of sockets. */
  close(): Promise<void>;
}
