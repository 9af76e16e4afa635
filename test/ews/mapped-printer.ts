import { join } from "node:path";
import type { ModelValue } from "../../src/model/definition.ts";
import { pollClasses } from "../../src/model/snapshot.ts";
import type { CompiledMapping, MappedAssignment } from "../../src/mapping/evaluation.ts";
import { loadMappings } from "../../src/mapping/load.ts";
import { systemClock } from "../../src/shared/clock.ts";
import type { RawAnswers, ReadPlan } from "../../src/southbound/driver.ts";
import { EwsMemory } from "../../src/southbound/ews/ews-memory.ts";
import { type EwsSession, openEwsSession } from "../../src/southbound/ews/session.ts";
import { projectRoot } from "../support/command.ts";

/** A printer that has nothing but web pages, read and written by the shipped mappings through the real driver. */
export class MappedPrinter {
  readonly mapping: CompiledMapping;
  readonly #session: EwsSession;

  private constructor(mapping: CompiledMapping, session: EwsSession) {
    this.mapping = mapping;
    this.#session = session;
  }

  /** Opens a session and lets the mappings choose. */
  static async open(host: string, port: number): Promise<MappedPrinter> {
    const access = { host, port, scheme: "http" } as const;
    const session = openEwsSession(access, { clock: systemClock, memory: new EwsMemory() });
    const mappings = await loadMappings([join(projectRoot, "mappings")]);
    const mapping = mappings.select(await answers(session, mappings.identityProbe));
    return new MappedPrinter(mapping, session);
  }

  /** Everything the mapping reads: values by path, rows by their keys (`InputTray.[papplReady:ready0-size].Name`). */
  async read(): Promise<Readonly<Record<string, ModelValue>>> {
    const raw = await answers(this.#session, this.mapping.readPlan(pollClasses));
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
    for (const { write } of this.mapping.writePlan(assignments)) {
      if (write.driver !== "ews") throw new Error(`written by ${write.driver}`);
      await this.#session.write(write.write);
    }
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

async function answers(session: EwsSession, plan: ReadPlan): Promise<RawAnswers> {
  const documents = await session.read(plan.documents, plan.web);
  const noAgent = () => "timeout" as const;
  return { readAtMs: systemClock.nowMs(), snmp: noAgent, snmpColumn: noAgent, documents };
}
