import {
  type Document,
  LineCounter,
  type Node,
  isNode,
  isPair,
  isMap,
  parseDocument,
  visit,
} from "yaml";

/** Keys and positions from the top of a document. */
export type KeyPath = readonly (string | number)[];

/** What is wrong with a YAML text, by line. */
export interface YamlProblem {
  readonly line: number;
  readonly message: string;
}

/** A parsed YAML text that remembers where everything stands. */
export interface YamlDocument {
  readonly value: unknown;
  readonly problems: readonly YamlProblem[];
  /** 1-based line of the node at `path`, of its closest parent when it does not exist; of the key for map entries. */
  lineOf: (path: KeyPath) => number;
  /** Keys of the map at `path` in the order of the text. */
  keysAt: (path: KeyPath) => readonly string[];
}

/** Largest mapping file taken; real ones have a few hundred lines. */
const largestText = 512 * 1024;

/** Parses YAML 1.2; anchors, aliases, several documents and duplicate keys are problems. */
export function parseYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  const isTooLarge = text.length > largestText;
  const document = parseDocument(isTooLarge ? "" : text, {
    version: "1.2",
    uniqueKeys: true,
    lineCounter: lines,
    prettyErrors: false,
  });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const problems = document.errors.map(({ message, pos }) => ({ message, line: lineAt(pos[0]) }));
  if (isTooLarge) problems.push({ line: 1, message: `larger than ${largestText} characters` });
  problems.push(...forbiddenNodes(document, lineAt));
  return {
    value: problems.length === 0 ? document.toJS({ maxAliasCount: 0 }) : undefined,
    problems,
    lineOf: (path) => lineAt(offsetOf(document, path)),
    keysAt: (path) => keysAt(document, path),
  };
}

/** A reader of mapping files must not have to follow references (STYLE §7). */
function forbiddenNodes(document: Document, lineAt: (offset: number) => number): YamlProblem[] {
  const found: YamlProblem[] = [];
  const report = (node: Node, message: string): void => {
    found.push({ line: lineAt(node.range?.[0] ?? 0), message });
  };
  visit(document, {
    Alias: (_key, node) => {
      report(node, "aliases are not allowed");
    },
    Node: (_key, node) => {
      if ("anchor" in node && typeof node.anchor === "string")
        report(node, "anchors are not allowed");
    },
  });
  return found;
}

function offsetOf(document: Document, path: KeyPath): number {
  for (let length = path.length; length >= 0; length--) {
    const offset = keyOffset(document, path.slice(0, length));
    if (offset !== undefined) return offset;
  }
  return 0;
}

function keyOffset(document: Document, path: KeyPath): number | undefined {
  const last = path.at(-1);
  const parent: unknown = path.length === 0 ? undefined : nodeAt(document, path.slice(0, -1));
  if (isMap(parent))
    for (const pair of parent.items)
      if (isPair(pair) && isNode(pair.key) && String(pair.key) === String(last))
        return pair.key.range?.[0];
  const node = nodeAt(document, path);
  return isNode(node) ? node.range?.[0] : undefined;
}

function nodeAt(document: Document, path: KeyPath): unknown {
  return path.length === 0 ? document.contents : document.getIn(path, true);
}

function keysAt(document: Document, path: KeyPath): readonly string[] {
  const node = nodeAt(document, path);
  return isMap(node) ? node.items.map((pair) => String(pair.key)) : [];
}
