import type {
  CompiledMapping,
  EvaluatedParameter,
  EvaluatedTable,
  Evaluation,
  MappedAssignment,
  MappingSet,
  PlannedWrite,
  PrinterIdentity,
} from "../../src/mapping/evaluation.ts";
import type { ModelValue } from "../../src/model/definition.ts";
import type { PollClass } from "../../src/model/snapshot.ts";
import {
  type RawAnswers,
  type ReadPlan,
  type SnmpValue,
  snmpSyntax,
} from "../../src/southbound/driver.ts";

interface Source {
  readonly template: string;
  readonly oid: string;
  readonly pollClass: PollClass;
}

const scalars: readonly Source[] = [
  { template: "General.SerialNumber", oid: "1.3.6.1.2.1.43.5.1.1.17.1", pollClass: "identity" },
  { template: "General.SystemName", oid: "1.3.6.1.2.1.1.5.0", pollClass: "settings" },
  { template: "General.SystemLocation", oid: "1.3.6.1.2.1.1.6.0", pollClass: "settings" },
  { template: "General.OwnerContact", oid: "1.3.6.1.2.1.1.4.0", pollClass: "settings" },
  { template: "Counters.Impressions", oid: "1.3.6.1.2.1.43.10.2.1.4.1.1", pollClass: "counters" },
];
const columns: readonly Source[] = [
  { template: "Supply.{i}.Description", oid: "1.3.6.1.2.1.43.11.1.1.6", pollClass: "supplies" },
  { template: "Supply.{i}.CurrentLevel", oid: "1.3.6.1.2.1.43.11.1.1.9", pollClass: "supplies" },
  { template: "Alert.{i}.Description", oid: "1.3.6.1.2.1.43.18.1.1.8", pollClass: "status" },
];
const descriptionOid = "1.3.6.1.2.1.1.1.0";
const macOid = "1.3.6.1.2.1.2.2.1.6.1";
const writable = new Set(["General.SystemLocation", "General.OwnerContact"]);

/** A mapping of a dozen objects, by hand: enough of the port to try the fleet without mapping files. */
export class SimpleMapping implements CompiledMapping {
  readonly selected: CompiledMapping["selected"];
  readonly writable: ReadonlySet<string> = writable;
  readonly unverified: ReadonlySet<string> = new Set();
  readonly factoryReset = undefined;
  readonly reboot = {
    driver: "snmp",
    writes: [{ oid: "1.3.6.1.2.1.43.5.1.1.3.1", value: { syntax: snmpSyntax.integer, value: 4 } }],
  } as const;
  /** Templates the mapping does not know (yet). */
  readonly #omitted: ReadonlySet<string>;

  constructor(version = "1", omitted: readonly string[] = []) {
    this.selected = { name: "test/simple", version, title: "Simple" };
    this.#omitted = new Set(omitted);
  }

  readPlan(classes: readonly PollClass[]): ReadPlan {
    const identity = classes.includes("identity") ? [macOid, descriptionOid] : [];
    return {
      scalars: [...this.#wanted(scalars, classes).map(({ oid }) => oid), ...identity],
      columns: this.#wanted(columns, classes).map(({ oid }) => oid),
      documents: [],
    };
  }

  evaluate(
    answers: RawAnswers,
    classes: readonly PollClass[],
    options?: { readonly provenance?: boolean },
  ): Evaluation {
    const { readAtMs } = answers;
    const parameters: EvaluatedParameter[] = [];
    const tables = new Map<string, EvaluatedTable>();
    const add = (source: Source, rowKey: string | undefined, oid: string, raw: SnmpValue): void => {
      const { template, pollClass } = source;
      const provenance = {
        source: `snmp ${oid}`,
        raw: text(raw),
        transforms: [],
        definedAt: "test/simple.yaml:1",
        readAtMs,
        rejected: [],
      };
      const value = modelValue(raw);
      parameters.push({
        ...{ template, rowKey, value, pollClass },
        ...(options?.provenance === true ? { provenance } : {}),
      });
    };
    for (const source of this.#wanted(scalars, classes)) {
      const answer = answers.snmp(source.oid);
      if (typeof answer === "object") add(source, undefined, source.oid, answer);
    }
    for (const source of this.#wanted(columns, classes)) {
      const rows = answers.snmpColumn(source.oid);
      if (typeof rows === "string") continue;
      const template = source.template.replace(/[^.]+$/, "");
      tables.set(template, { template, rowKeys: [...rows.keys()] });
      for (const [index, raw] of rows) add(source, index, `${source.oid}.${index}`, raw);
    }
    return { parameters, tables: [...tables.values()] };
  }

  identity(answers: RawAnswers): PrinterIdentity {
    const serialNumber = answers.snmp("1.3.6.1.2.1.43.5.1.1.17.1");
    const mac = answers.snmp(macOid);
    const model = answers.snmp(descriptionOid);
    return {
      manufacturer: "Acme",
      ...(typeof model === "object" ? { productClass: text(model) } : {}),
      ...(typeof serialNumber === "object" ? { serialNumber: text(serialNumber) } : {}),
      ...(typeof mac === "object" ? { macAddress: hex(mac) } : {}),
    };
  }

  credentialFor(template: string): "snmp" | undefined {
    return writable.has(template) ? "snmp" : undefined;
  }

  #set({ template, value }: MappedAssignment): { oid: string; value: SnmpValue } {
    const source = scalars.find((each) => each.template === template);
    if (source === undefined) throw new Error(`not writable: ${template}`);
    const bytes = Buffer.from(String(value));
    return { oid: source.oid, value: { syntax: snmpSyntax.octetString, value: bytes } };
  }

  writePlan(assignments: readonly MappedAssignment[]): readonly PlannedWrite[] {
    const writes = assignments.map((assignment) => this.#set(assignment));
    const covers = assignments.map((_, n) => n);
    const write = { driver: "snmp", writes } as const;
    return [{ covers, write, description: "SNMP SET", restarts: undefined, isUnreadable: false }];
  }

  isWritten(_template: string, wanted: ModelValue, found: ModelValue | undefined): boolean {
    return wanted === found;
  }

  #wanted(sources: readonly Source[], classes: readonly PollClass[]): readonly Source[] {
    return sources.filter(
      ({ template, pollClass }) => classes.includes(pollClass) && !this.#omitted.has(template),
    );
  }
}

/** A set with the one mapping. */
export function simpleMappings(mapping: CompiledMapping): MappingSet {
  return {
    identityProbe: { scalars: [descriptionOid], columns: [], documents: [] },
    platformPages: () => [],
    select: () => mapping,
    byName: (name) => (name === mapping.selected.name ? mapping : undefined),
    names: [mapping.selected.name],
  };
}

function modelValue(raw: SnmpValue): ModelValue {
  return typeof raw.value === "number" ? raw.value : text(raw);
}

function text({ value }: SnmpValue): string {
  return typeof value === "object" ? Buffer.from(value).toString("utf8") : String(value);
}

function hex({ value }: SnmpValue): string {
  return typeof value === "object" ? Buffer.from(value).toString("hex") : "";
}
