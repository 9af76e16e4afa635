/** Longest path name (TR-106a15 §3.1); an `ObjectName` or `ParameterName` beyond it is no name. */
export const longestPath = 256;

/** Longest alias (TR-106 data type `Alias`). */
const longestAlias = 64;

/** One segment of a path: a name, an instance number, `[alias]`, or the wildcard `*`. */
export type PathSegment =
  | { readonly kind: "name" | "number"; readonly text: string }
  | { readonly kind: "alias"; readonly text: string }
  | { readonly kind: "wildcard"; readonly text: "*" };

/** Whether a path has to be resolved before the tree can be asked for it. */
export function isSymbolic(path: string): boolean {
  return path.includes("[") || path.includes("*");
}

/**
 * The segments of a full or partial path (without the empty one after a final dot); undefined when it is malformed. An
 * alias may hold dots: it ends at its bracket.
 */
export function splitPath(path: string): readonly PathSegment[] | undefined {
  const segments: PathSegment[] = [];
  const pattern = /(?:\[([^[\]]+)\]|([^.[\]*]+)|(\*))(?:\.|$)/y;
  while (pattern.lastIndex < path.length) {
    const match = pattern.exec(path);
    if (match === null) return undefined;
    const [, alias, name] = match;
    if (alias !== undefined) segments.push({ kind: "alias", text: alias });
    else if (name === undefined) segments.push({ kind: "wildcard", text: "*" });
    else segments.push({ kind: /^[1-9]\d*$/.test(name) ? "number" : "name", text: name });
  }
  return segments;
}

/** Whether `path` is a row of a table: its last segment is an instance number. */
export function isRow(path: string): boolean {
  return /\.[1-9]\d*\.$/.test(path);
}

/** The table of a row. */
export function tableOfRow(row: string): string {
  return row.slice(0, row.lastIndexOf(".", row.length - 2) + 1);
}

/** The instance number of a row. */
export function numberOfRow(row: string): number {
  return Number(row.slice(row.lastIndexOf(".", row.length - 2) + 1, -1));
}

/** The parameter that counts the rows of a table (TR-106a15 §3.1). */
export function countOfTable(table: string): string {
  return `${table.slice(0, -1)}NumberOfEntries`;
}

/** The table and the alias of `Table.[alias].`, as AddObject names a row to be; undefined for other paths. */
export function aliasInTable(
  path: string,
): { readonly table: string; readonly alias: string } | undefined {
  const [, table, alias] = /^(.*\.)\[([^[\]]*)\]\.$/.exec(path) ?? [];
  return table === undefined || alias === undefined ? undefined : { table, alias };
}

/** Why `text` is no alias an ACS may give; undefined when it is one (TR-106 data type `Alias`). */
export function aliasProblem(text: string): string | undefined {
  if (!/^[A-Za-z]/.test(text)) return "does not start with a letter";
  if (text.length > longestAlias) return `is longer than ${longestAlias} characters`;
  // Nobody could address such a row.
  return /[[\]]/.test(text) ? "contains a bracket" : undefined;
}
