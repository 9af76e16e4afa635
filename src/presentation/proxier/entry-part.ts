import type { TreePart } from "../composed-tree.ts";
import { buildNodes } from "../nodes.ts";
import type { TreeNode } from "../tree.ts";
import type { Entry } from "./entries.ts";

/** Parameters that may change together, and how to hear of it. */
export interface EntrySource {
  /** Cheap; called for every value. */
  entries(): readonly Entry[];
  /** Called after something in it changed. Returns the unsubscribe function. Absent: it never does. */
  onChange?(listener: () => void): () => void;
}

/** A part of a few read-only parameters. */
export function entryPart(source: EntrySource): TreePart {
  let nodes = entryNodes(source.entries());
  const current = (): readonly TreeNode[] => {
    const paths = source.entries().map(({ path }) => path);
    const known = nodes.flatMap(({ path, type }) => (type === undefined ? [] : [path]));
    if (paths.slice().sort().join() !== known.sort().join()) nodes = entryNodes(source.entries());
    return nodes;
  };
  return {
    nodes: current,
    get: (path) => {
      const entry = source.entries().find((candidate) => candidate.path === path);
      return entry === undefined ? undefined : entryValue(entry);
    },
    onChange: (listener) =>
      source.onChange?.(() => {
        listener(source.entries().map(({ path }) => path));
      }) ?? (() => undefined),
  };
}

/** Nodes of read-only parameters, with every object above them. */
export function entryNodes(entries: Iterable<Entry>): readonly TreeNode[] {
  return buildNodes(
    [...entries].map(({ path, type, notification }) => {
      const node = { path, writable: false, type };
      return notification === undefined ? node : { ...node, notification };
    }),
  );
}

/** An entry with its value as it is now. */
export function entryValue({ path, type, value }: Entry): {
  readonly path: string;
  readonly type: Entry["type"];
  readonly value: string;
} {
  return { path, type, value: typeof value === "string" ? value : value() };
}
