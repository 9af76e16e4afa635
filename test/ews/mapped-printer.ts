import { join } from "node:path";
import type { ModelValue } from "../../src/model/definition.ts";
import { pollClasses } from "../../src/model/snapshot.ts";
import type {
  CompiledMapping,
  MappedAssignment,
  MappingSet,
} from "../../src/mapping/evaluation.ts";
import { loadMappings } from "../../src/mapping/load.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { openDeviceSession } from "../../src/southbound/device-session.ts";
import type { DeviceSession } from "../../src/southbound/driver.ts";
import { EwsMemory } from "../../src/southbound/ews/ews-memory.ts";
import { AgentMemory } from "../../src/southbound/snmp/agent-memory.ts";
import { projectRoot } from "../support/command.ts";

/** How a {@link MappedPrinter} is opened. */
export interface MappedPrinterOptions {
  /** The mapping by name; otherwise the mappings choose. */
  readonly mapping?: string;
  readonly credential?: { readonly username: string; readonly password: string };
  readonly allowUnverifiedWrites?: boolean;
}

const loaded = new Map<boolean, Promise<MappingSet>>();

/** Loaded once for all tests of a file. */
function shippedMappings(allowUnverifiedWrites: boolean): Promise<MappingSet> {
  const known = loaded.get(allowUnverifiedWrites);
  if (known !== undefined) return known;
  const mappings = loadMappings([join(projectRoot, "mappings")], { allowUnverifiedWrites });
  loaded.set(allowUnverifiedWrites, mappings);
  return mappings;
}

/** A printer that has nothing but web pages, read and written by the shipped mappings through the real driver. */
export class MappedPrinter {
  readonly mapping: CompiledMapping;
  readonly #session: DeviceSession;

  private constructor(mapping: CompiledMapping, session: DeviceSession) {
    this.mapping = mapping;
    this.#session = session;
  }

  /** Opens a session and lets the mappings choose. */
  static async open(
    host: string,
    port: number,
    { mapping: name, credential, allowUnverifiedWrites = false }: MappedPrinterOptions = {},
  ): Promise<MappedPrinter> {
    const ews = { host, port, scheme: "http", ...(credential && { credential }) } as const;
    const parts = { clock: systemClock, memory: { snmp: new AgentMemory(), ews: new EwsMemory() } };
    const session = openDeviceSession({ host, ews }, parts);
    const mappings = await shippedMappings(allowUnverifiedWrites);
    const mapping =
      name === undefined
        ? mappings.select(await session.read(mappings.identityProbe))
        : mappings.byName(name);
    if (mapping === undefined) throw new Error(`no mapping ${name ?? ""}`);
    return new MappedPrinter(mapping, session);
  }

  /** Everything the mapping reads: values by path, rows by their keys (`InputTray.[papplReady:ready0-size].Name`). */
  async read(): Promise<Readonly<Record<string, ModelValue>>> {
    const raw = await this.#session.read(this.mapping.readPlan(pollClasses));
    const { parameters } = this.mapping.evaluate(raw, pollClasses);
    return Object.fromEntries(
      parameters.map(({ template, rowKey, value }) => [
        rowKey === undefined ? template : template.replace("{i}", `[${rowKey}]`),
        value,
      ]),
    );
  }

  /** Makes the assignments, step by step. @throws {EwsError} {MappingError} */
  async write(assignments: readonly MappedAssignment[]): Promise<void> {
    for (const { write } of this.mapping.writePlan(assignments)) await this.#session.write(write);
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}
