import { comparePaths } from "../model/snapshot.ts";
import type { ComputedParameter, TreeNode } from "./tree.ts";

/**
 * Completes parameters (and tables without rows) to a tree: every object above them, each before its content, no
 * duplicates. No row or table made here can be added to or deleted.
 */
export function buildNodes(
  parameters: Iterable<TreeNode>,
  emptyObjects: Iterable<string> = [],
): readonly TreeNode[] {
  const nodes = new Map<string, TreeNode>();
  const addObject = (path: string): void => {
    if (path === "" || nodes.has(path)) return;
    nodes.set(path, { path, writable: false });
    addObject(parentOf(path));
  };
  for (const node of parameters) {
    if (nodes.has(node.path)) continue;
    nodes.set(node.path, node);
    addObject(parentOf(node.path));
  }
  for (const path of emptyObjects) addObject(path);
  return [...nodes.values()].sort((left, right) => comparePaths(left.path, right.path));
}

/** The node of a computed parameter. */
export function nodeOf<C>(parameter: ComputedParameter<C>): TreeNode {
  const { path, type, notification } = parameter;
  const node = { path, type, writable: parameter.writable === true };
  return notification === undefined ? node : { ...node, notification };
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf(".", path.length - 2) + 1);
}
