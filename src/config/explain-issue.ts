import { isRecord } from "../shared/json.ts";
import { nearest } from "./nearest.ts";
import type { SchemaIssue } from "./schema-values.ts";
import { type SchemaNode, nodeAt, schemaTree } from "./schema-tree.ts";
import type { ConfigPath } from "./yaml-source.ts";

/** A problem before it has a place in the file. */
export interface Complaint {
  readonly path: ConfigPath;
  /** The key itself is wrong, not its value. */
  readonly atKey?: true;
  readonly text: string;
}

/** Puts what the schema reports into words an operator can act on. Never quotes a value: it may be a secret. */
export function explainIssue(issue: SchemaIssue, file: unknown): readonly Complaint[] {
  const path = issue.path.filter((segment) => typeof segment !== "symbol");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((name) => ({
      path: [...path, name],
      atKey: true,
      text: `is not a known key; ${keyRemedy(path, name)}`,
    }));
  const value = valueAt(file, path);
  if (value === undefined) return [{ path, text: missingText(issue, path) }];
  if (issue.code === "invalid_value")
    return [{ path, text: choiceText(issue.values, path, value) }];
  if (issue.code === "invalid_type" && !isOurs(issue))
    return [{ path, text: `is ${kindOf(value)}; write ${expectedKind(issue.expected)} here` }];
  return [{ path, text: isOurs(issue) ? issue.message : `does not fit; ${helpFor(path)}` }];
}

/** Messages of the schema's own have the form "what is wrong; what to do". */
function isOurs(issue: SchemaIssue): boolean {
  return issue.message.includes("; ");
}

function missingText(issue: SchemaIssue, path: ConfigPath): string {
  if (issue.message.startsWith("is missing")) return issue.message;
  const sample = nodeAt(path)?.sample;
  const name = String(path.at(-1) ?? "");
  return sample === undefined
    ? `is missing; add it: ${helpFor(path)}`
    : `is missing; add it, for example ${name}: ${JSON.stringify(sample)}`;
}

function helpFor(path: ConfigPath): string {
  return nodeAt(path)?.description ?? "see config.example.yaml";
}

function choiceText(values: readonly unknown[], path: ConfigPath, value: unknown): string {
  const words = values.map(String);
  if (typeof value === "number" && !values.some((word) => typeof word === "number"))
    return `is a number; write ${orList(words.map((word) => `"${word}"`))} in quotes`;
  const isSecret = nodeAt(path)?.secret === true;
  const likely = typeof value === "string" && !isSecret ? nearest(value, words) : undefined;
  return likely === undefined
    ? `is none of the words allowed here; write ${orList(words)}`
    : `is none of the words allowed here (${words.join(", ")}); did you mean ${likely}?`;
}

function orList(words: readonly string[]): string {
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}

/** The likely key: one spelled alike here, else the same one elsewhere, else all there are. */
function keyRemedy(parent: ConfigPath, name: string): string {
  const here = Object.keys(nodeAt(parent)?.properties ?? {});
  const alike = nearest(name, here);
  if (alike !== undefined) return `did you mean ${alike}?`;
  const elsewhere = parentsOf(name, schemaTree(), "");
  if (elsewhere !== undefined) return `it belongs ${elsewhere}`;
  return here.length === 0 ? "remove it" : `known here: ${here.join(", ")}`;
}

/** Where in the schema `name` is a key, in words. */
function parentsOf(name: string, node: SchemaNode, path: string): string | undefined {
  const properties = node.properties ?? {};
  if (Object.hasOwn(properties, name)) return path === "" ? "at the top" : `below ${path}`;
  for (const [key, part] of Object.entries(properties)) {
    const found = parentsOf(name, part.items ?? part, path === "" ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The value at `path` of the file, undefined when there is none. */
export function valueAt(file: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>((value, segment) => {
    if (Array.isArray(value)) return value[Number(segment)] as unknown;
    return isRecord(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
  }, file);
}

function kindOf(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  return typeof value === "string" ? "text" : `a ${typeof value}`;
}

function expectedKind(expected: string): string {
  if (expected === "object") return "a mapping (key: value)";
  if (expected === "array") return "a list";
  return expected === "string" ? "text" : `a ${expected}`;
}
