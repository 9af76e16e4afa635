import type { PollClass } from "../../model/snapshot.ts";
import { parameterAt } from "../../model/model.ts";
import { MappingError } from "../errors.ts";
import { Missing } from "../evaluate/datum.ts";
import type { Located, ResolvedMapping, ResolvedTable } from "../format/resolve.ts";
import type { WebProfile } from "../../southbound/exchange.ts";
import type { PageEntry } from "../schema-documents.ts";
import type { ActionEntries, CompleteParameter, IdentityEntry } from "../schema.ts";
import { type CompileContext, type Needs, type Reader, noNeeds } from "./context.ts";
import { type DocumentRows, documentRowsOf, needCell } from "./document-rows.ts";
import { type IdentityReaders, compileIdentity } from "./identity.ts";
import { type CompiledParameter, compileParameter, memoized } from "./parameter.ts";
import { defaultPollClass } from "./poll-class.ts";
import { type RowReader, compileRows } from "./rows.ts";
import { compileWeb } from "./exchange.ts";

/** One compiled set of rows of a table. */
export interface RowSet {
  /** Prefix of its row keys. */
  readonly name: string;
  /** `Supply.{i}.` */
  readonly table: string;
  readonly rows: RowReader;
  readonly needs: Needs;
  readonly parameters: ReadonlyMap<string, CompiledParameter>;
  readonly required: readonly CompiledParameter[];
  /** Of a fallback: the row sets of the same table that come before it. Any row of theirs keeps it out. */
  readonly instead: readonly RowSet[];
}

/** A mapping compiled to functions. */
export interface Program {
  /** Outside tables, by template. */
  readonly parameters: ReadonlyMap<string, CompiledParameter>;
  readonly rowSets: readonly RowSet[];
  readonly pages: ReadonlyMap<string, PageEntry>;
  /** How the printer's web server is talked to; undefined when there is nothing to say. */
  readonly profile: WebProfile | undefined;
  readonly identity: IdentityEntry;
  readonly identityReaders: IdentityReaders;
  readonly identityNeeds: Needs;
  /** By template; unverified writes are left out unless allowed. */
  readonly writes: ReadonlyMap<string, Located<CompleteParameter>>;
  /** Templates whose writes were left out for that. */
  readonly unverified: ReadonlySet<string>;
  /** Unverified ones are left out unless allowed. */
  readonly actions: ActionEntries;
}

/** Parameters of a row set in order. */
export function parametersOf(rowSet: RowSet): readonly CompiledParameter[] {
  return [...rowSet.parameters.values()];
}

/** What the operator allows. */
export interface CompileOptions {
  /** Writes nobody has seen working on a device (`unverified: true`) are offered too. */
  readonly allowUnverifiedWrites?: boolean;
}

/** Compiles a mapping that has passed the checks of `check-file.ts`. */
export function compileProgram(resolved: ResolvedMapping, options: CompileOptions = {}): Program {
  const compiler = new Compiler(resolved);
  const isUnverifiedAllowed = options.allowUnverifiedWrites === true;
  return {
    ...compiler.compile(),
    ...writesOf(resolved, isUnverifiedAllowed),
    actions: actionsOf(resolved, isUnverifiedAllowed),
  };
}

function actionsOf(resolved: ResolvedMapping, isUnverifiedAllowed: boolean): ActionEntries {
  const all = Object.entries(resolved.actions);
  return Object.fromEntries(
    all.filter(([, action]) => isUnverifiedAllowed || action?.unverified !== true),
  );
}

function writesOf(
  resolved: ResolvedMapping,
  isUnverifiedAllowed: boolean,
): Pick<Program, "writes" | "unverified"> {
  const all = [
    ...resolved.parameters,
    ...resolved.tables.flatMap(({ table, parameters }) =>
      [...parameters].map(([short, located]) => [table + short, located] as const),
    ),
  ];
  const written = all.filter(([, { entry }]) => entry.write !== undefined);
  const isOffered = ([, { entry }]: (typeof all)[number]): boolean =>
    isUnverifiedAllowed || entry.write?.unverified !== true;
  return {
    writes: new Map(written.filter(isOffered)),
    unverified: new Set(written.filter((one) => !isOffered(one)).map(([template]) => template)),
  };
}

/** Row set a source is compiled in. */
interface RowPlace {
  readonly table: string;
  readonly parameters: ReadonlyMap<string, CompiledParameter>;
  readonly document: DocumentRows | undefined;
  /** Of fixed rows. */
  readonly names: readonly string[];
}

const noSuchParameter = new Missing("the mapping has no such parameter");

class Compiler {
  readonly #resolved: ResolvedMapping;
  readonly #columnIds = new Map<string, number>();
  readonly #parameters = new Map<string, CompiledParameter>();
  #identityReaders: IdentityReaders = new Map();

  constructor(resolved: ResolvedMapping) {
    this.#resolved = resolved;
  }

  compile(): Omit<Program, "writes" | "unverified" | "actions"> {
    const { identity, pages, web } = this.#resolved;
    const identityNeeds = noNeeds();
    this.#identityReaders = compileIdentity(identity, this.#context(identityNeeds));
    for (const [template, located] of this.#resolved.parameters) {
      const place = placeOf(template, located, undefined, this.#parameters.size);
      const context = this.#context(noNeeds());
      this.#parameters.set(template, compileParameter(located, place, context));
    }
    const rowSets: RowSet[] = [];
    for (const table of this.#resolved.tables) rowSets.push(this.#compileTable(table, rowSets));
    return {
      parameters: this.#parameters,
      rowSets,
      pages,
      profile: compileWeb(web),
      identity,
      identityReaders: this.#identityReaders,
      identityNeeds,
    };
  }

  #compileTable(resolved: ResolvedTable, before: readonly RowSet[]): RowSet {
    const { name, table, poll, rows } = resolved;
    const parameters = new Map<string, CompiledParameter>();
    const place = {
      table,
      parameters,
      document: documentRowsOf(rows.entry),
      names: rows.entry.fixed ?? [],
    };
    for (const [short, located] of resolved.parameters) {
      const own = placeOf(table + short, located, poll, parameters.size);
      const context = this.#context(noNeeds(), place);
      parameters.set(short, compileParameter(located, own, context));
    }
    const needs = noNeeds();
    const rowReader = compileRows(rows.entry, this.#context(needs, place));
    const required = (rows.entry.requires ?? []).flatMap((short) => parameters.get(short) ?? []);
    const instead =
      rows.entry.fallback === true ? before.filter((other) => other.table === table) : [];
    return { name, table, rows: rowReader, needs, parameters, required, instead };
  }

  #context(needs: Needs, row?: RowPlace): CompileContext {
    return {
      needs,
      rowNames: row?.names ?? [],
      cell: (selector) =>
        row?.document === undefined ? undefined : needCell(needs, row.document, selector),
      isRow: row !== undefined,
      columnId: (oid) => this.#columnId(oid),
      identity: (part) => {
        needs.identity.add(part);
        return (run) => this.#identityReaders.get(part)?.(run, undefined) ?? noSuchParameter;
      },
      parameter: (name) => {
        const isShort = row !== undefined && !name.includes(".");
        needs.parameters.add(isShort ? row.table + name : name);
        return isShort ? rowReader(name, row.parameters) : this.#reader(name);
      },
    };
  }

  #reader(template: string): Reader {
    return (run) => {
      const parameter = this.#parameters.get(template);
      return parameter === undefined ? noSuchParameter : traceable(parameter, run, undefined);
    };
  }

  #columnId(oid: string): number {
    let id = this.#columnIds.get(oid);
    if (id === undefined) this.#columnIds.set(oid, (id = this.#columnIds.size));
    return id;
  }
}

function rowReader(short: string, parameters: ReadonlyMap<string, CompiledParameter>): Reader {
  return (run, row) => {
    const parameter = parameters.get(short);
    return parameter === undefined || row === undefined
      ? noSuchParameter
      : traceable(parameter, run, row);
  };
}

/** With a trace the sources of the parameter referred to are read again, so that provenance names them. */
const traceable: typeof memoized = (parameter, run, row) =>
  run.trace === undefined ? memoized(parameter, run, row) : parameter.evaluate(run, row);

function placeOf(
  template: string,
  located: Located<CompleteParameter>,
  tablePoll: PollClass | undefined,
  slot: number,
): {
  template: string;
  definition: NonNullable<ReturnType<typeof parameterAt>>;
  pollClass: PollClass;
  slot: number;
} {
  const definition = parameterAt(template);
  if (definition === undefined)
    throw new MappingError(`the model has no parameter ${template}`, "mapping.unknown-path");
  const pollClass = located.entry.poll ?? tablePoll ?? defaultPollClass(template);
  return { template, definition, pollClass, slot };
}
