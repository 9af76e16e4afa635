import { XmlReader, type XmlElement } from "../../cwmp/soap/xml-reader.ts";
import { SoapDecodeError } from "../../cwmp/soap/errors.ts";
import { escapeXml } from "../../cwmp/soap/xml-text.ts";
import { isRecord } from "../../shared/json.ts";
import type { EwsEngine } from "./engine.ts";

/** Where settings stand in a document: path of names (`Network/SMTP/Server`) → setting. */
export type DocumentFields = Readonly<Record<string, string>>;

/** How a maker writes flags into documents. */
export interface FlagWords {
  readonly on: string;
  readonly off: string;
}

/** `true` and `false`, as in JSON and XML Schema. */
const plainFlags: FlagWords = { on: "true", off: "false" };

/** A document of texts. */
export type Tree = ReadonlyMap<string, Tree | string>;
type GrowingTree = Map<string, GrowingTree | string>;

const limits = { maxLength: 1_000_000, maxDepth: 50, maxElements: 5_000 };

/** The settings of a document with their values; secrets are left empty. */
export function settingsTree(
  { settings }: EwsEngine,
  fields: DocumentFields,
  flags: FlagWords = plainFlags,
): Tree {
  const root: GrowingTree = new Map();
  for (const [path, setting] of Object.entries(fields)) {
    const { kind } = settings.definition(setting);
    const value = settings.get(setting);
    const flag = value === "true" ? flags.on : flags.off;
    const text = kind.type === "secret" ? "" : kind.type === "flag" ? flag : value;
    plant(root, path.split("/"), text);
  }
  return root;
}

function plant(root: GrowingTree, path: readonly string[], text: string): void {
  const [name = "", ...rest] = path;
  if (rest.length === 0) {
    root.set(name, text);
    return;
  }
  const below = root.get(name);
  const branch = typeof below === "object" ? below : new Map<string, GrowingTree | string>();
  root.set(name, branch);
  plant(branch, rest, text);
}

/** Elements with their names behind `prefix`. */
export function formatXmlTree(tree: Tree, prefix = ""): string {
  return [...tree]
    .map(([name, below]) => {
      const inner = typeof below === "string" ? escapeXml(below) : formatXmlTree(below, prefix);
      return `<${prefix}${name}>${inner}</${prefix}${name}>`;
    })
    .join("");
}

/** The tree as JSON; all values are texts, as printers write even their booleans. */
export function jsonOfTree(tree: Tree): Record<string, unknown> {
  const entries = [...tree].map(
    ([name, below]) => [name, typeof below === "string" ? below : jsonOfTree(below)] as const,
  );
  return Object.fromEntries(entries);
}

/** Texts of an XML document by path from below its root; undefined: it is none. */
export function readXmlLeaves(text: string): ReadonlyMap<string, string> | undefined {
  const root = readXml(text);
  return root === undefined
    ? undefined
    : new Map(root.children.flatMap((child) => leaves(child, "")));
}

/** The root element; undefined: the text is no XML document. */
export function readXml(text: string): XmlElement | undefined {
  const reader = new XmlReader(limits);
  try {
    reader.write(text);
    return reader.end();
  } catch (error) {
    if (error instanceof SoapDecodeError) return undefined;
    throw error;
  }
}

function leaves(element: XmlElement, above: string): (readonly [string, string])[] {
  const path = above === "" ? element.name : `${above}/${element.name}`;
  if (element.children.length === 0) return [[path, element.text]];
  return element.children.flatMap((child) => leaves(child, path));
}

/** Texts and other scalars of a JSON document by path; undefined: it is no object. */
export function readJsonLeaves(text: string): ReadonlyMap<string, string> | undefined {
  const parsed = parseJson(text);
  return isRecord(parsed) ? new Map(jsonLeaves(parsed, "")) : undefined;
}

/** A JSON text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function jsonLeaves(
  record: Readonly<Record<string, unknown>>,
  above: string,
): (readonly [string, string])[] {
  return Object.entries(record).flatMap(([name, value]) => {
    const path = above === "" ? name : `${above}/${name}`;
    return isRecord(value) ? jsonLeaves(value, path) : [[path, String(value)] as const];
  });
}

/** What a document says of settings: values by setting; undefined: it names something that cannot be set. */
export function changesOf(
  { settings }: EwsEngine,
  fields: DocumentFields,
  leaves: ReadonlyMap<string, string>,
  flags: FlagWords = plainFlags,
): ReadonlyMap<string, string> | undefined {
  const changes = new Map<string, string>();
  for (const [path, text] of leaves) {
    const setting = fields[path];
    if (setting === undefined) return undefined;
    const { type } = settings.definition(setting).kind;
    const flag = text === flags.on ? "true" : text === flags.off ? "false" : text;
    if (type !== "secret" || text !== "") changes.set(setting, type === "flag" ? flag : text);
  }
  return changes;
}
