import { CwmpFault } from "../faults.ts";
import type { Aliases } from "./aliases.ts";
import { aliasNode, hasAlias } from "./aliases.ts";
import { countOfTable, isSymbolic, longestPath, splitPath } from "./paths.ts";
import type { TreeNames } from "./tree-names.ts";

/** Paths one wildcard path may stand for; a pattern of three stars in a fleet would name millions. */
const mostExpanded = 20_000;

/** Where names with `[alias]` and `*` lead, in one endpoint as it is now (TR-069a6 §3.6.1). */
export class Addressing {
  readonly #names: TreeNames;
  readonly #aliases: Aliases;

  constructor(names: TreeNames, aliases: Aliases) {
    this.#names = names;
    this.#aliases = aliases;
  }

  /**
   * The same path by instance numbers; what it names need not exist. Undefined for a path that is malformed, too long,
   * has a wildcard, or an alias that no row has.
   */
  resolve(path: string): string | undefined {
    if (path.length > longestPath) return undefined;
    if (!isSymbolic(path)) return path;
    const segments = splitPath(path);
    if (segments === undefined) return undefined;
    let resolved = "";
    for (const { kind, text } of segments) {
      if (kind === "wildcard") return undefined;
      const row = kind === "alias" ? this.rowNamed(resolved, text) : `${resolved}${text}.`;
      if (row === undefined) return undefined;
      resolved = row;
    }
    return path.endsWith(".") ? resolved : resolved.slice(0, -1);
  }

  /**
   * All that a path with wildcards stands for, in order of the tree, by instance numbers and only what exists; nothing
   * when there are no rows.
   * @throws {CwmpFault} 9005 no such name, or a wildcard where no instance can be; 9004 too many
   */
  expand(path: string): readonly string[] {
    if (!path.includes("*")) {
      const resolved = this.resolve(path);
      if (resolved === undefined || this.#names.node(resolved) === undefined) throw unknown(path);
      return [resolved];
    }
    const segments = path.length > longestPath ? undefined : splitPath(path);
    if (segments === undefined) throw unknown(path);
    let prefixes: readonly string[] = [""];
    let hadRows = true;
    for (const { kind, text } of segments) {
      if (kind !== "wildcard") {
        prefixes = prefixes.flatMap((prefix) => this.#step(prefix, kind, text) ?? []);
        continue;
      }
      if (!prefixes.every((prefix) => this.#isTable(prefix))) throw unknown(path);
      prefixes = this.#rowsOf(prefixes, path);
      hadRows = prefixes.length > 0;
    }
    const found = path.endsWith(".") ? prefixes : prefixes.map((prefix) => prefix.slice(0, -1));
    const existing = found.filter((candidate) => this.#names.node(candidate) !== undefined);
    // Rows there are, but none has this: the name is wrong.
    if (existing.length === 0 && hadRows) throw unknown(path);
    return existing;
  }

  /** The row of `table` with this alias; undefined when there is none. */
  rowNamed(table: string, alias: string): string | undefined {
    return this.#names.rows(table).find((row) => hasAlias(row) && this.#aliases.of(row) === alias);
  }

  /** The same path with aliases in place of instance numbers, where rows have one. */
  byAliases(path: string): string {
    let named = "";
    let start = 0;
    const pattern = /\.([1-9]\d*)(?=\.)/g;
    for (const { 0: match, index } of path.matchAll(pattern)) {
      const row = path.slice(0, index + match.length + 1);
      if (!hasAlias(row) || this.#names.node(aliasNode(row).path) === undefined) continue;
      named += `${path.slice(start, index)}.[${this.#aliases.of(row)}]`;
      start = index + match.length;
    }
    return named + path.slice(start);
  }

  #rowsOf(tables: readonly string[], path: string): readonly string[] {
    const rows: string[] = [];
    for (const table of tables) {
      rows.push(...this.#names.rows(table));
      if (rows.length > mostExpanded) throw new CwmpFault(9004, `${path} names too much`);
    }
    return rows;
  }

  #step(prefix: string, kind: "name" | "number" | "alias", text: string): string | undefined {
    return kind === "alias" ? this.rowNamed(prefix, text) : `${prefix}${text}.`;
  }

  #isTable(path: string): boolean {
    const node = this.#names.node(path);
    if (node === undefined || /\.\d+\.$/.test(path)) return false;
    return (
      node.writable ||
      this.#names.rows(path).length > 0 ||
      this.#names.node(countOfTable(path)) !== undefined
    );
  }
}

function unknown(path: string): CwmpFault {
  return new CwmpFault(9005, path);
}
