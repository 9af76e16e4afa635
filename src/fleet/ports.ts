import type { CompiledMapping, MappingSet } from "../mapping/evaluation.ts";
import type { ModelValue } from "../model/definition.ts";
import type { ShapeRegistry } from "../model/shapes.ts";
import type { Clock } from "../shared/clock.ts";
import type { DeviceAccess, DeviceSession } from "../southbound/driver.ts";
import type { FleetEventKind, FleetEventSink } from "./fleet-event.ts";
import type { PrinterStore } from "./printer-store.ts";
import type { Writer } from "./write-port.ts";

/** Where a printer is and which credential opened it last. */
export interface PrinterAddress {
  readonly host: string;
  /** UDP port of its agent; undefined: it has none. */
  readonly snmpPort: number | undefined;
  /** Where its web server was named; undefined: it is looked for where such servers are, if a mapping asks for pages. */
  readonly ews: { readonly port: number; readonly scheme: "http" | "https" } | undefined;
  /** Key of the SNMP credential, as a candidate brought it. */
  readonly credential: string | undefined;
}

/** The drivers of one printer. What they learn of it stays with them over the sessions. */
export interface PrinterDrivers {
  /** Begins a conversation; sends nothing yet. */
  readonly open: (access: DeviceAccess) => DeviceSession;
  /** What is to outlive the process (a pinned certificate, …); undefined when there is nothing. May hold secrets. */
  readonly keep: () => string | undefined;
  /** What pages said before counts no more: the next read fetches them anew, and not only if they changed. */
  readonly forgetPages: () => void;
  /** Pages that were missing are asked for again. */
  readonly forgetMissing: () => void;
  /** Its web server is looked for where it is named again, not where it was found. */
  readonly forgetOrigin: () => void;
  /** A web password refused before may be tried once more; how often it was counts on. False when none was refused. */
  readonly forgetRefusal: () => boolean;
  /** What is known of its web server. */
  readonly web: () => WebServerFacts;
  /** The certificate its web server shows next is trusted; false when none was pinned. */
  readonly forgetCertificate: () => boolean;
}

/** What drivers know of a web server; what they do not is absent. */
export interface WebServerFacts {
  /** Where it was found, when that is not where it was looked for. */
  readonly origin?: { readonly scheme: "http" | "https"; readonly port: number };
  /** SHA-256 of the certificate trusted, hexadecimal with colons. */
  readonly certificate?: string;
  /** When it refused the password last; a password it took since makes that undone. */
  readonly passwordRefusedAtMs?: number;
}

/** What drivers have to tell the operator: certificates, passwords, pages that misbehave. */
export type DriverNews = (kind: FleetEventKind, text: string) => void;

/** What may be written to printers on this site, and when (configuration `writes`). */
export interface WritePolicy {
  readonly readOnly: boolean;
  /** Whether a write that restarts a printer may be made at that time; a text says when it may. */
  mayRestartAt(epochMs: number): true | string;
}

/** Who set what, and what came of it. */
export interface WriteAudit {
  readonly who: Writer;
  /** Printer id. */
  readonly device: string;
  readonly path: string;
  readonly before: ModelValue | undefined;
  readonly after: ModelValue;
  /** `applied`, `undone`, `undoFailed`, `pending`, or `refused: …` with the reason. */
  readonly outcome: string;
}

/** Everything the fleet needs of other rooms; `main.ts` joins them. */
export interface FleetPorts {
  readonly store: PrinterStore;
  /** The mapping files as loaded last; another object after a reload. */
  readonly mappings: () => MappingSet;
  /** Shared with whoever else makes snapshots. */
  readonly shapes: ShapeRegistry;
  /** Drivers for one printer, with what was kept of it. Must not do I/O. */
  readonly driversFor: (kept: string | undefined, tell: DriverNews) => PrinterDrivers;
  /** How to talk to the printer; undefined when nothing configured lets us in any more. */
  readonly accessFor: (address: PrinterAddress) => DeviceAccess | undefined;
  readonly writePolicy: WritePolicy;
  /** On disk when it resolves. */
  readonly audit: (entries: readonly WriteAudit[]) => Promise<void>;
  readonly clock: Clock;
  readonly emit: FleetEventSink;
}

/** Whether the credentials allow writing `template`: a write community or any SNMPv3 user, a web password where one is asked. */
export function mayWrite(
  access: DeviceAccess | undefined,
  mapping: CompiledMapping,
  template: string,
): boolean {
  const credential = mapping.credentialFor(template);
  if (credential === "snmp") return maySet(access);
  return credential === "ews" ? access?.ews?.credential !== undefined : access?.ews !== undefined;
}

/** Whether the credential allows SET: a write community, or any SNMPv3 user (its agent decides). */
export function maySet(access: DeviceAccess | undefined): boolean {
  const security = access?.snmp?.security;
  if (security === undefined) return false;
  return security.version === "3" || security.write !== undefined;
}

/** Name and version of a mapping, to notice that it changed. */
export function isSameMapping(a: CompiledMapping | undefined, b: CompiledMapping): boolean {
  return a?.selected.name === b.selected.name && a.selected.version === b.selected.version;
}
