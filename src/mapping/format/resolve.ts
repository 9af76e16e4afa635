import { type MappingProblem, problemsError } from "../errors.ts";
import type {
  ActionEntries,
  CompleteParameter,
  IdentityEntry,
  ParameterEntry,
  RowsEntry,
  Source,
  TableEntry,
} from "../schema.ts";
import type { PageEntry, WebEntry } from "../schema-documents.ts";
import { type ParsedFile, showPath } from "./parse-file.ts";
import type { KeyPath } from "./yaml-document.ts";

/** Something of a file, with where it stands. */
export interface Located<T> {
  readonly entry: T;
  readonly file: ParsedFile;
  readonly path: KeyPath;
}

/** One set of rows after inheritance. */
export interface ResolvedTable {
  readonly name: string;
  /** `Supply.{i}.` */
  readonly table: string;
  readonly rows: Located<RowsEntry>;
  readonly poll: TableEntry["poll"];
  /** By short name. */
  readonly parameters: ReadonlyMap<string, Located<CompleteParameter>>;
}

/** A file with everything it extends. */
export interface ResolvedMapping {
  readonly own: ParsedFile;
  /** The files it is made of, the most basic first, itself last. */
  readonly files: readonly ParsedFile[];
  readonly identity: IdentityEntry;
  readonly web: WebEntry;
  /** By path or name. */
  readonly pages: ReadonlyMap<string, PageEntry>;
  /** By full template. */
  readonly parameters: ReadonlyMap<string, Located<CompleteParameter>>;
  readonly tables: readonly ResolvedTable[];
  readonly actions: ActionEntries;
}

/** A file may extend files that extend others; deeper nobody can follow. */
const deepestExtends = 2;

/** Applies inheritance: later files replace parameters, row sets' keys and identity parts of earlier ones one by one. */
export function resolveMapping(
  own: ParsedFile,
  files: ReadonlyMap<string, ParsedFile>,
): ResolvedMapping {
  const chain = [...new Set(lineage(own, files, 0))];
  const merged = new Merged();
  for (const file of chain) merged.add(file);
  return {
    own,
    files: chain,
    identity: completeIdentity(merged.identity),
    web: merged.web,
    pages: merged.pages,
    parameters: completeParameters(merged.parameters),
    tables: merged.finishedTables(),
    actions: merged.actions,
  };
}

function lineage(
  file: ParsedFile,
  files: ReadonlyMap<string, ParsedFile>,
  depth: number,
): ParsedFile[] {
  const parents = (file.file.extends ?? []).flatMap((name, n) => {
    const parent = files.get(name);
    if (parent === undefined)
      throw problemsError([extendsProblem(file, n, `there is no mapping file ${name}`)]);
    if (depth >= deepestExtends)
      throw problemsError([extendsProblem(file, n, "extends is nested too deeply")]);
    return lineage(parent, files, depth + 1);
  });
  return [...parents, file];
}

function extendsProblem(file: ParsedFile, n: number, message: string): MappingProblem {
  const path = ["extends", n];
  return {
    severity: "error",
    code: "mapping.extends",
    file: file.path,
    line: file.lineOf(path),
    path: showPath(path),
    message,
    remedy: `name files of base/ or fragments/, at most ${deepestExtends} levels deep`,
  };
}

/** A parameter while files are put together: what is tried last stays apart until the last file has spoken. */
type ParameterUnderWay = CompleteParameter & {
  readonly otherwise: readonly Source[];
  /** What was said otherwise before a file replaced the parameter: it knows nothing of that file's steps. */
  readonly beyond: readonly Source[];
};

/**
 * Puts an entry in place of the inherited one. An entry without `from` keeps what was inherited. What any file says
 * `otherwise` comes after all `from`: a maker's own place for a value does not make the standard one useless.
 */
function override(
  parameters: Map<string, Located<ParameterUnderWay>>,
  name: string,
  { entry, file, path }: Located<ParameterEntry>,
): void {
  const { from, otherwise = [], ...own } = entry;
  const inherited = parameters.get(name)?.entry;
  const merged =
    from === undefined
      ? {
          ...inherited,
          ...own,
          from: inherited?.from ?? [],
          otherwise: [...(inherited?.otherwise ?? []), ...otherwise],
          beyond: inherited?.beyond ?? [],
        }
      : { ...own, from, otherwise, beyond: beyondOf(inherited) };
  parameters.set(name, { entry: merged, file, path });
}

/** Sources that only make sense with steps of a parameter that is gone are gone too. */
function beyondOf(inherited: ParameterUnderWay | undefined): readonly Source[] {
  if (inherited === undefined) return [];
  const { otherwise, beyond, transform, values, when } = inherited;
  const isPlain = transform === undefined && values === undefined && when === undefined;
  return [...(isPlain ? otherwise : []), ...beyond];
}

/** Steps of the parameter are for its own sources only; two that must agree leave no room for a third. */
function completeParameter({ otherwise, beyond, ...entry }: ParameterUnderWay): CompleteParameter {
  const own = [...entry.from, ...otherwise];
  if (beyond.length === 0 || entry.agree !== undefined || entry.when !== undefined)
    return { ...entry, from: own };
  const { transform, values, ...rest } = entry;
  if (transform === undefined && values === undefined)
    return { ...entry, from: [...own, ...beyond] };
  return { ...rest, from: [{ firstOf: own, transform, values }, ...beyond] };
}

function completeParameters(
  parameters: ReadonlyMap<string, Located<ParameterUnderWay>>,
): ReadonlyMap<string, Located<CompleteParameter>> {
  return new Map(
    [...parameters].map(([name, { entry, file, path }]) => [
      name,
      { entry: completeParameter(entry), file, path },
    ]),
  );
}

/** Puts what is tried last at the end of each part; a maker given by name needs no sources. */
function completeIdentity({ otherwise = {}, ...own }: IdentityEntry): IdentityEntry {
  const { manufacturer = [] } = own;
  const list = (part: Exclude<keyof typeof otherwise, "manufacturer">): readonly Source[] => [
    ...(own[part] ?? []),
    ...(otherwise[part] ?? []),
  ];
  return {
    ...own,
    manufacturer:
      typeof manufacturer === "string"
        ? manufacturer
        : [...manufacturer, ...(otherwise.manufacturer ?? [])],
    model: [...list("model")],
    serialNumber: [...list("serialNumber")],
    macAddress: [...list("macAddress")],
    deviceId: [...list("deviceId")],
  };
}

type LastSources = NonNullable<IdentityEntry["otherwise"]>;

/** What is tried last, of the files a file extends and then of itself. */
function joinLast(inherited: LastSources = {}, own: LastSources = {}): LastSources {
  const parts = Object.keys({ ...inherited, ...own }) as (keyof LastSources)[];
  return Object.fromEntries(
    parts.map((part) => [part, [...(inherited[part] ?? []), ...(own[part] ?? [])]]),
  );
}

interface TableUnderWay {
  table: string | undefined;
  rows: ResolvedTable["rows"] | undefined;
  poll: TableEntry["poll"];
  parameters: Map<string, Located<ParameterUnderWay>>;
}

class Merged {
  identity: IdentityEntry = {};
  web: WebEntry = {};
  readonly pages = new Map<string, PageEntry>();
  readonly parameters = new Map<string, Located<ParameterUnderWay>>();
  readonly #tables = new Map<string, TableUnderWay>();
  actions: ActionEntries = {};

  add(file: ParsedFile): void {
    const { identity, web, pages, parameters, tables, actions, omitted } = file.file;
    for (const { path } of omitted ?? []) this.#remove(path);
    const otherwise = joinLast(this.identity.otherwise, identity?.otherwise);
    this.identity = { ...this.identity, ...identity, otherwise };
    this.web = { ...this.web, ...web };
    this.actions = { ...this.actions, ...actions };
    for (const [name, page] of Object.entries(pages ?? {})) this.pages.set(name, page);
    for (const [template, entry] of Object.entries(parameters ?? {}))
      override(this.parameters, template, { entry, file, path: ["parameters", template] });
    for (const [name, table] of Object.entries(tables ?? {})) this.#addTable(name, table, file);
  }

  #addTable(name: string, added: TableEntry, file: ParsedFile): void {
    const known = this.#tables.get(name);
    const table: TableUnderWay = known ?? {
      table: undefined,
      rows: undefined,
      poll: undefined,
      parameters: new Map(),
    };
    table.table = added.table ?? table.table;
    table.poll = added.poll ?? table.poll;
    if (added.rows !== undefined)
      table.rows = { entry: added.rows, file, path: ["tables", name, "rows"] };
    for (const [short, entry] of Object.entries(added.parameters ?? {}))
      override(table.parameters, short, {
        entry,
        file,
        path: ["tables", name, "parameters", short],
      });
    this.#tables.set(name, table);
  }

  /** `omitted` takes away what was inherited: a parameter, an object with all below it, or a set of rows by name. */
  #remove(path: string): void {
    const isBelow = (template: string): boolean =>
      template === path || template.startsWith(path.endsWith(".") ? path : `${path}.`);
    for (const template of this.parameters.keys())
      if (isBelow(template)) this.parameters.delete(template);
    for (const [name, { table = "", parameters }] of this.#tables) {
      if (name === path || isBelow(table) || isBelow(table.replace("{i}.", "")))
        this.#tables.delete(name);
      for (const short of parameters.keys()) if (table + short === path) parameters.delete(short);
    }
  }

  /** Row sets that were only touched by files which do not say what their rows are do not exist here. */
  finishedTables(): readonly ResolvedTable[] {
    return [...this.#tables].flatMap(([name, { table, rows, poll, parameters }]) =>
      table === undefined || rows === undefined
        ? []
        : [{ name, table, rows, poll, parameters: completeParameters(parameters) }],
    );
  }
}
