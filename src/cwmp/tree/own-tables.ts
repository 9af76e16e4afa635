import type { SettingNode } from "../management-server/management-server.ts";
import { informParameterTable } from "../management-server/inform-parameters.ts";
import { type TableDefinition, columnNodes } from "../management-server/table.ts";
import type {
  AssignmentFault,
  ParameterAssignment,
  ParameterNode,
  ParameterTable,
  ParameterValue,
} from "../parameter-tree.ts";
import { ParsedSetting, entriesOf, textsOf } from "./parsed-setting.ts";
import { countOfTable } from "./paths.ts";

/** Tables that belong to every endpoint itself. */
export const ownTables: readonly TableDefinition[] = [informParameterTable];

/** The nodes all endpoints have for these tables, rows or none. */
export const ownTableNodes: readonly SettingNode[] = ownTables.flatMap(({ path }) => [
  { path, writable: true },
  { path: countOfTable(path), writable: false, type: "unsignedInt" as const },
]);

/** These and one row each, for the device type. */
export const ownTableTypeNodes: readonly SettingNode[] = [
  ...ownTableNodes,
  ...ownTables.flatMap((table) => [
    { path: `${table.path}1.`, writable: true },
    ...columnNodes(table).map((node) => ({ ...node, path: `${table.path}1.${node.path}` })),
  ]),
];

/** What rows look like; one list a table, whoever has rows in it. */
const columns: ReadonlyMap<TableDefinition, readonly ParameterNode[]> = new Map(
  ownTables.map((table) => [table, columnNodes(table)]),
);

/** The rows of one table as they are kept. */
interface TableContent {
  /** Number of the next row. */
  readonly next: number;
  /** Number → what differs from the initial values, by column. */
  readonly rows: ReadonlyMap<number, ReadonlyMap<string, string>>;
}

/** One parameter of a row. */
interface Cell {
  readonly table: TableDefinition;
  readonly row: number;
  readonly column: string;
}

/** The table of these whose rows or content `path` is about. */
export function ownTableAt(path: string): TableDefinition | undefined {
  return ownTables.find((table) => path.startsWith(table.path));
}

/** Whether `path` is in one of these tables or counts its rows. */
export function isInOwnTable(path: string): boolean {
  return ownTables.some(
    (table) => path.startsWith(table.path) || path === countOfTable(table.path),
  );
}

/** The rows an ACS made in the endpoint's own tables; kept in its settings, as JSON, one setting a table. */
export class OwnTables {
  readonly #settings: ReadonlyMap<string, string>;
  readonly #contents: ReadonlyMap<TableDefinition, ParsedSetting<TableContent>>;

  constructor(settings: ReadonlyMap<string, string>) {
    this.#settings = settings;
    this.#contents = new Map(
      ownTables.map((table) => [table, new ParsedSetting(table.setting, toContent)]),
    );
  }

  /** Numbers of the rows of a table, ascending. */
  numbers(table: TableDefinition): readonly number[] {
    return [...this.#content(table).rows.keys()];
  }

  /** The tables as parts of a tree. */
  tables(): readonly ParameterTable[] {
    return ownTables.map((table) => ({
      path: table.path,
      deletable: true,
      instances: () => this.numbers(table),
      row: (number) => (this.#content(table).rows.has(number) ? columns.get(table) : undefined),
    }));
  }

  /** Value of a cell or of a NumberOfEntries; undefined for everything else. */
  get(path: string): ParameterValue | undefined {
    const cell = this.#cell(path);
    if (cell !== undefined) return this.#cellValue(path, cell);
    const counted = ownTables.find((table) => countOfTable(table.path) === path);
    if (counted === undefined) return undefined;
    return { path, type: "unsignedInt", value: String(this.#content(counted).rows.size) };
  }

  /** The text in one cell; "" in what is none. */
  text(table: TableDefinition, row: number, column: string): string {
    return this.#content(table).rows.get(row)?.get(column) ?? table.columns[column]?.initial ?? "";
  }

  /** Checks one assignment to a cell. */
  validate({ path, value }: ParameterAssignment): AssignmentFault | undefined {
    const cell = this.#cell(path);
    const checked = cell?.table.columns[cell.column]?.check(value);
    if (checked === undefined) return { path, code: 9008, text: "is read-only" };
    return "reason" in checked ? { path, code: 9007, text: checked.reason } : undefined;
  }

  /** The text that is kept of an assignment to a cell; undefined when it is refused. */
  textFor({ path, value }: ParameterAssignment): string | undefined {
    const cell = this.#cell(path);
    const checked = cell?.table.columns[cell.column]?.check(value);
    return checked === undefined || "reason" in checked ? undefined : checked.value;
  }

  /** What is wrong with assignments taken together: two rows with what only one may have. */
  conflicts(assignments: readonly ParameterAssignment[]): readonly AssignmentFault[] {
    const faults: AssignmentFault[] = [];
    const settings = this.settingsFor(assignments);
    for (const table of ownTables) {
      const rows = [...toContent(parsed(settings.get(table.setting))).rows];
      for (const { path, value } of assignments) {
        const cell = this.#cell(path);
        if (cell?.table !== table || cell.column !== table.unique || value === "") continue;
        const owners = rows.filter(([, texts]) => texts.get(table.unique) === value);
        if (owners.length > 1) faults.push({ path, code: 9007, text: "is in another row already" });
      }
    }
    return faults;
  }

  /** Settings to be stored for assignments to cells that all validated; others are left alone. */
  settingsFor(assignments: readonly ParameterAssignment[]): ReadonlyMap<string, string> {
    const contents = new Map<TableDefinition, Map<number, Map<string, string>>>();
    for (const { path, value } of assignments) {
      const cell = this.#cell(path);
      const text = this.textFor({ path, value });
      if (cell === undefined || text === undefined) continue;
      const rows = contents.get(cell.table) ?? copyOf(this.#content(cell.table).rows);
      contents.set(cell.table, rows);
      rows.get(cell.row)?.set(cell.column, text);
    }
    return new Map(
      [...contents].map(([table, rows]) => [
        table.setting,
        toText({ next: this.#content(table).next, rows }),
      ]),
    );
  }

  /** A further row; undefined when the table is full. */
  withRow(
    table: TableDefinition,
  ): { readonly number: number; readonly setting: readonly [string, string] } | undefined {
    const { next, rows } = this.#content(table);
    if (rows.size >= table.mostRows) return undefined;
    const content = { next: next + 1, rows: new Map([...rows, [next, new Map<string, string>()]]) };
    return { number: next, setting: [table.setting, toText(content)] };
  }

  /** One row less. */
  withoutRow(table: TableDefinition, number: number): readonly [string, string] {
    const { next, rows } = this.#content(table);
    return [
      table.setting,
      toText({ next, rows: new Map([...rows].filter(([n]) => n !== number)) }),
    ];
  }

  #content(table: TableDefinition): TableContent {
    return this.#contents.get(table)?.read(this.#settings) ?? toContent(undefined);
  }

  #cell(path: string): Cell | undefined {
    const table = ownTableAt(path);
    if (table === undefined) return undefined;
    const [, number = "", column = ""] = /^(\d+)\.(\w+)$/.exec(path.slice(table.path.length)) ?? [];
    const row = Number(number);
    if (table.columns[column] === undefined || !this.#content(table).rows.has(row))
      return undefined;
    return { table, row, column };
  }

  #cellValue(path: string, { table, row, column }: Cell): ParameterValue | undefined {
    const type = table.columns[column]?.type;
    return type === undefined ? undefined : { path, type, value: this.text(table, row, column) };
  }
}

function toContent(content: unknown): TableContent {
  const members = new Map(entriesOf(content));
  const next = members.get("next");
  const rows = entriesOf(members.get("rows")).map(
    ([number, texts]) => [Number(number), textsOf(texts)] as const,
  );
  return {
    next: typeof next === "number" ? next : 1,
    rows: new Map(rows.sort(([a], [b]) => a - b)),
  };
}

function toText({ next, rows }: TableContent): string {
  const content = [...rows].map(([number, texts]) => [number, Object.fromEntries(texts)]);
  return JSON.stringify({ next, rows: Object.fromEntries(content) as unknown });
}

function parsed(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}

function copyOf(rows: TableContent["rows"]): Map<number, Map<string, string>> {
  return new Map([...rows].map(([number, texts]) => [number, new Map(texts)]));
}
