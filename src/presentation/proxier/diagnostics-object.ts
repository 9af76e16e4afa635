import type { ParameterDefinition } from "../../model/definition.ts";
import { fromWire, toWire } from "../../model/values.ts";
import type { Clock } from "../../shared/clock.ts";
import { assignmentFault } from "../assignment.ts";
import type {
  Assignment,
  AssignmentFault,
  TreeNode,
  TreeTable,
  TreeValue,
  TreeWriter,
} from "../tree.ts";
import type {
  DiagnosticKind,
  DiagnosticOutcome,
  DiagnosticParameter,
  DiagnosticValues,
} from "./diagnostics-definition.ts";
import { DiagnosticRun } from "./diagnostics-run.ts";

/** What a test object is joined to. */
export interface DiagnosticObjectOptions {
  readonly kind: DiagnosticKind;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** Results are there. */
  readonly onEnd: (changed: readonly string[], forAcs: boolean) => void;
}

/** Words an ACS may set: `None` and `Canceled` both end a run; the others are the box's to say. */
const settable = ["None", "Requested", "Canceled"];

const stateDefinition: ParameterDefinition = {
  name: "DiagnosticsState",
  type: "string",
  access: "readWrite",
  description: "",
  enumeration: settable,
};

/** One test with its parameters: arguments, `DiagnosticsState`, results. Nothing of it outlives the process. */
export class DiagnosticObject {
  readonly kind: DiagnosticKind;
  readonly tables: readonly TreeTable[];
  readonly #run: DiagnosticRun;
  readonly #onEnd: DiagnosticObjectOptions["onEnd"];
  readonly #definitions: ReadonlyMap<string, DiagnosticParameter>;
  readonly #arguments = new Map<string, string>();
  #results: DiagnosticValues = {};
  #rows: readonly DiagnosticValues[] = [];
  #state = "None";

  constructor({ kind, clock, stop, onEnd }: DiagnosticObjectOptions) {
    this.kind = kind;
    this.#onEnd = onEnd;
    const all = [...kind.arguments, ...kind.results];
    this.#definitions = new Map(all.map((parameter) => [parameter.definition.name, parameter]));
    const given = {
      text: (name: string) => this.#valueOf(name) ?? "",
      whole: (name: string) => Number(this.#valueOf(name) ?? 0),
    };
    this.#run = new DiagnosticRun({
      kind,
      given,
      clock,
      stop,
      onEnd: (outcome, forAcs) => {
        this.#take(outcome, forAcs);
      },
    });
    this.tables = kind.table === undefined ? [] : [this.#rowTable(kind.table.name)];
  }

  /** Nodes of the object without rows, in no particular order. */
  nodes(): readonly TreeNode[] {
    const { object, table, stateNotification } = this.kind;
    const count = table === undefined ? [] : [table.count];
    const state = {
      definition: { ...stateDefinition, activeNotify: stateNotification ?? "normal" },
    };
    return [
      ...[state, ...this.#definitions.values(), ...count].map(({ definition }) =>
        parameterNode(object, definition),
      ),
      ...(table === undefined ? [] : [{ path: `${object}${table.name}.`, writable: false }]),
    ];
  }

  /** A row for the device type, relative to nothing: whole paths. */
  sampleRow(): readonly TreeNode[] {
    const { object, table } = this.kind;
    if (table === undefined) return [];
    const row = `${object}${table.name}.1.`;
    return [
      { path: row, writable: false },
      ...table.columns.map((column) => parameterNode(row, column.definition)),
    ];
  }

  get(path: string): TreeValue | undefined {
    const { object, table } = this.kind;
    const name = path.slice(object.length);
    if (name === "DiagnosticsState") return { path, type: "string", value: this.#stateNow() };
    const parameter = this.#definitions.get(name);
    if (parameter !== undefined)
      return { path, type: parameter.definition.type, value: this.#valueOf(name) ?? "" };
    if (table === undefined) return undefined;
    if (name === table.count.definition.name)
      return { path, type: "unsignedInt", value: this.#rows.length.toString() };
    const [tableName, row = "", column = "", ...more] = name.split(".");
    if (tableName !== table.name || more.length > 0 || !/^[1-9]\d*$/.test(row)) return undefined;
    const found = this.#rows[Number(row) - 1];
    const cell = table.columns.find(({ definition }) => definition.name === column);
    if (found === undefined || cell === undefined) return undefined;
    return { path, type: cell.definition.type, value: found[column] ?? cell.initial };
  }

  validate(assignment: Assignment): AssignmentFault | undefined {
    const { path, value } = assignment;
    const name = path.slice(this.kind.object.length);
    const definition =
      name === "DiagnosticsState" ? stateDefinition : this.#definitions.get(name)?.definition;
    const target = definition && { definition, writable: definition.access === "readWrite" };
    const fault = assignmentFault(assignment, target);
    const problem = fault === undefined ? this.kind.check?.(name, value) : undefined;
    return fault ?? (problem === undefined ? undefined : { path, code: 9007, text: problem });
  }

  /** What is missing for a run that these assignments ask for (TR-181i2: found out when it is asked for). */
  missing(assignments: readonly Assignment[]): AssignmentFault | undefined {
    const { object, required } = this.kind;
    const path = `${object}DiagnosticsState`;
    if (!assignments.some((one) => one.path === path && one.value === "Requested"))
      return undefined;
    const newValue = (name: string): string | undefined =>
      assignments.find((one) => one.path === object + name)?.value ?? this.#valueOf(name);
    const empty = required.find((name) => newValue(name) === "");
    return empty === undefined ? undefined : { path, code: 9007, text: `${empty} is empty` };
  }

  /** Arguments first, whatever the order of the list; another value of any ends a run (TR-181i2 DiagnosticsState). */
  write(assignments: readonly Assignment[], writer: TreeWriter): void {
    const { object } = this.kind;
    const state = assignments.find(({ path }) => path === `${object}DiagnosticsState`)?.value;
    const changed = assignments.filter(({ path, value }) =>
      this.#setArgument(path.slice(object.length), value),
    );
    if (state === "Requested") {
      this.#results = {};
      this.#rows = [];
      this.#run.request(writer);
    } else if (changed.length > 0 || state === "None" || state === "Canceled") {
      this.#run.clear();
    } else return;
    this.#state = "None";
  }

  /** As after the start of the service; ends a run. */
  reset(): void {
    this.#run.clear();
    this.#arguments.clear();
    this.#results = {};
    this.#rows = [];
    this.#state = "None";
  }

  sessionEnded(): void {
    this.#run.sessionEnded();
  }

  /** Resolves when no run is under way any more. */
  settled(): Promise<void> {
    return this.#run.settled();
  }

  #stateNow(): string {
    return this.#run.isRequested ? "Requested" : this.#state;
  }

  #valueOf(name: string): string | undefined {
    const parameter = this.#definitions.get(name);
    if (parameter === undefined) return undefined;
    const own =
      parameter.definition.access === "readWrite" ? this.#arguments.get(name) : this.#results[name];
    return own ?? parameter.initial;
  }

  /** False for what is no argument, and for the value it has. */
  #setArgument(name: string, text: string): boolean {
    const definition = this.#definitions.get(name)?.definition;
    const checked = definition === undefined ? undefined : fromWire(text, definition);
    if (definition === undefined || checked?.ok !== true) return false;
    const value = toWire(checked.value, definition.type);
    if (value === this.#valueOf(name)) return false;
    this.#arguments.set(name, value);
    return true;
  }

  #take({ state, results = {}, rows = [] }: DiagnosticOutcome, forAcs: boolean): void {
    const before = this.#rows.length;
    this.#state = state;
    this.#results = results;
    this.#rows = rows;
    this.#onEnd(this.#changed(Math.max(before, rows.length)), forAcs);
  }

  /** Everything a run may have changed, with `rows` rows. */
  #changed(rows: number): readonly string[] {
    const { object, results, table } = this.kind;
    const names = ["DiagnosticsState", ...results.map(({ definition }) => definition.name)];
    if (table !== undefined) {
      names.push(table.count.definition.name);
      for (let row = 1; row <= rows; row++)
        for (const { definition } of table.columns)
          names.push(`${table.name}.${row.toString()}.${definition.name}`);
    }
    return names.map((name) => object + name);
  }

  #rowTable(name: string): TreeTable {
    const columns = this.kind.table?.columns ?? [];
    const below = columns
      .map(({ definition }) => parameterNode("", definition))
      .sort((left, right) => (left.path < right.path ? -1 : 1));
    return {
      path: `${this.kind.object}${name}.`,
      instances: () => this.#rows.map((_, index) => index + 1),
      row: (instance) => (this.#rows[instance - 1] === undefined ? undefined : below),
    };
  }
}

function parameterNode(
  parent: string,
  { name, type, access, activeNotify }: ParameterDefinition,
): TreeNode {
  const node = { path: parent + name, type, writable: access === "readWrite" };
  return activeNotify === undefined || activeNotify === "normal"
    ? node
    : { ...node, notification: activeNotify };
}
