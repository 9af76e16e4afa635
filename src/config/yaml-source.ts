import {
  type Document,
  LineCounter,
  type Node,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  stringify,
  visit,
} from "yaml";

/** Keys and list positions from the top of the file. */
export type ConfigPath = readonly (string | number)[];

/** Counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The content of a file and where each part of it stands. */
export interface YamlSource {
  readonly value: unknown;
  /** Where the value at `path` begins, or the nearest thing around it that exists. */
  locate(path: ConfigPath): Position;
  /** Where the last key of `path` stands. */
  locateKey(path: ConfigPath): Position;
}

/** Text that is not YAML. */
export interface YamlMistake extends Position {
  readonly text: string;
}

/** What the reader's error codes mean; its own messages quote the file, which may hold passwords. */
const mistakes: Readonly<Record<string, string>> = {
  ALIAS_PROPS: "an alias has properties; remove them",
  BAD_ALIAS: "an alias names no anchor; write the value itself",
  BAD_DIRECTIVE: "a line begins with %; put the value in quotes",
  BAD_DQ_ESCAPE: "a backslash in double quotes means nothing; double it or use single quotes",
  BAD_INDENT:
    "the indentation is wrong, or a bracket is not closed; indent by spaces below its key",
  BAD_SCALAR_START: "a value begins with a reserved character; put it in quotes",
  BLOCK_AS_IMPLICIT_KEY:
    "a mapping stands where a value is expected; put the value in quotes or on lines of its own",
  BLOCK_IN_FLOW: "lines with dashes or keys stand inside brackets; close the bracket first",
  DUPLICATE_KEY: "the key is there twice; remove one",
  IMPOSSIBLE: "the file cannot be understood here; check quotes and brackets",
  KEY_OVER_1024_CHARS: "a key is too long; check the quotes",
  MISSING_CHAR: "a quote, bracket, comma or colon is missing; close what is open",
  MULTILINE_IMPLICIT_KEY: "a key goes over several lines; check the colon or the quotes before it",
  TAB_AS_INDENT: "a tab indents the line; use spaces",
  TAG_RESOLVE_FAILED: "a tag (!) is unknown; put the value in quotes",
  UNEXPECTED_TOKEN:
    "there is text where none is expected; check quotes, colons and brackets before it",
};

/** Reads YAML 1.2 (JSON is YAML); an empty file is an empty mapping. Aliases are limited, so that no file explodes. */
export function readYaml(text: string): YamlSource | readonly YamlMistake[] {
  if (text.includes("\0")) return [{ line: 1, column: 1, text: "is no text; name a YAML file" }];
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  // Its warnings too: a password that begins with an exclamation mark is taken for a tag and lost.
  const found = [...document.errors, ...document.warnings];
  if (found.length > 0)
    return found.map(({ code, pos }) => ({
      ...at(pos[0]),
      text: mistakes[code] ?? "this is not YAML; check quotes, colons and indentation",
    }));
  const strayAlias = findStrayAlias(document);
  if (strayAlias !== undefined) return [{ ...at(strayAlias), text: strayAliasText }];
  const value = hasCycle(document) ? undefined : valueOf(document);
  if (value === undefined) return [{ line: 1, column: 1, text: explosiveText }];
  const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  const top: Node | null = document.contents;
  return {
    value: value.js ?? {},
    locate: (path) => at(walk(top, path, resolve).valueOffset),
    locateKey: (path) => at(walk(top, path, resolve).keyOffset),
  };
}

/** Writes plain values as YAML. */
export function writeYaml(value: unknown): string {
  return stringify(value, { lineWidth: 100 });
}

/**
 * Replaces values in a YAML file that {@link readYaml} found right; everything else stays as written, keys and comments
 * included.
 */
export function replaceTexts(text: string, replace: (value: string) => string): string {
  const document = parseDocument(text);
  visit(document, {
    Scalar(key, scalar) {
      if (key !== "key" && typeof scalar.value === "string") scalar.value = replace(scalar.value);
    },
  });
  return document.toString();
}

const explosiveText = "its aliases (*) contain themselves or too much; write the values out";

/** An alias names what was begun before it, so a circle always leads back to something around the alias. */
function hasCycle(document: Document): boolean {
  let found = false;
  visit(document, {
    Alias(_key, alias, around) {
      const target = alias.resolve(document);
      found ||= around.some((node) => node === target);
    },
  });
  return found;
}

/** The document as plain values; undefined when its aliases explode. */
function valueOf(document: Document): { readonly js: unknown } | undefined {
  try {
    return { js: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

const strayAliasText =
  "a value begins with * and so means another one, which does not exist; put it in quotes";

/** The offset of the first alias without anchor: most often a password that begins with an asterisk. */
function findStrayAlias(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return undefined;
      offset = offsetOf(alias);
      return visit.BREAK;
    },
  });
  return offset;
}

interface Place {
  readonly keyOffset: number;
  readonly valueOffset: number;
}

/** Follows `path` as far as it exists. */
function walk(top: Node | null, path: ConfigPath, resolve: (node: unknown) => unknown): Place {
  let place: Place = { keyOffset: offsetOf(top) ?? 0, valueOffset: offsetOf(top) ?? 0 };
  let node: unknown = top;
  for (const segment of path) {
    const step = stepInto(resolve(node), segment);
    if (step === undefined) return place;
    const keyOffset = offsetOf(step.key) ?? offsetOf(step.value) ?? place.valueOffset;
    place = { keyOffset, valueOffset: offsetOf(step.value) ?? keyOffset };
    node = step.value;
  }
  return place;
}

function stepInto(
  node: unknown,
  segment: string | number,
): { readonly key: unknown; readonly value: unknown } | undefined {
  if (isMap(node))
    return node.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment));
  if (isSeq(node) && typeof segment === "number" && segment < node.items.length)
    return { key: undefined, value: node.items[segment] };
  return undefined;
}

/** Where a node begins; undefined for one that was left empty. */
function offsetOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node)) return undefined;
  const range: unknown = node.range;
  const start: unknown = Array.isArray(range) ? range[0] : undefined;
  return typeof start === "number" ? start : undefined;
}
