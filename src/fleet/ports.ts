import type { CompiledMapping, MappingSet } from "../mapping/evaluation.ts";
import type { ShapeRegistry } from "../model/shapes.ts";
import type { Clock } from "../shared/clock.ts";
import type { SnmpAccess, SnmpSession } from "../southbound/driver.ts";
import type { AgentMemory } from "../southbound/snmp/agent-memory.ts";
import type { FleetEventSink } from "./fleet-event.ts";
import type { PrinterStore } from "./printer-store.ts";

/** Where a printer is and which credential opened it last. */
export interface PrinterAddress {
  readonly host: string;
  readonly snmpPort: number;
  /** Key of the credential, as a candidate brought it. */
  readonly credential: string | undefined;
}

/** Everything the fleet needs of other rooms; `main.ts` joins them. */
export interface FleetPorts {
  readonly store: PrinterStore;
  /** The mapping files as loaded last; another object after a reload. */
  readonly mappings: () => MappingSet;
  /** Shared with whoever else makes snapshots. */
  readonly shapes: ShapeRegistry;
  /** `memory` is what was learned of the agent, kept by the fleet over the sessions. Must not do I/O. */
  readonly openSession: (access: SnmpAccess, memory: AgentMemory) => SnmpSession;
  /** Community or user to talk with; undefined when the credential is not configured any more. */
  readonly accessFor: (address: PrinterAddress) => SnmpAccess | undefined;
  readonly clock: Clock;
  readonly emit: FleetEventSink;
}

/** Whether the credential allows SET: a write community, or any SNMPv3 user (its agent decides). */
export function mayWrite(access: SnmpAccess | undefined): boolean {
  if (access === undefined) return false;
  return access.security.version === "3" || access.security.write !== undefined;
}

/** Name and version of a mapping, to notice that it changed. */
export function isSameMapping(a: CompiledMapping | undefined, b: CompiledMapping): boolean {
  return a?.selected.name === b.selected.name && a.selected.version === b.selected.version;
}
