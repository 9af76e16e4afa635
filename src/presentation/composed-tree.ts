import { comparePaths } from "../model/snapshot.ts";
import { logger } from "../shared/log.ts";
import {
  type Assignment,
  type AssignmentFault,
  type DeviceTree,
  type TreeAddResult,
  type TreeEvent,
  type TreeNode,
  type TreeRefusal,
  type TreeTable,
  type TreeValue,
  type TreeWriteResult,
  type TreeWriter,
  unchangeable,
} from "./tree.ts";

const log = logger("presentation.composed-tree");

/** Outcome of a part's write. Without `undo` the values read before are written again, which hidden ones do not survive. */
export type PartWriteResult =
  | {
      readonly outcome: "applied" | "committed";
      readonly why?: string;
      readonly undo?: () => Promise<void>;
    }
  | TreeRefusal;

/**
 * One concern of a larger tree: parameters and tables that belong together and no other part has. What a part cannot do
 * it leaves out.
 */
export interface TreePart {
  /** All nodes, sorted, each object before its content. Cached; another array whenever something in it is different. */
  nodes(): readonly TreeNode[];
  /** Tables of this part whose rows are not in `nodes`; always the same. */
  readonly tables?: readonly TreeTable[];
  /** Nodes for the device type where they differ: a table that is empty just now, with one row. */
  typeNodes?(): readonly TreeNode[];
  /** Undefined for what is no parameter of this part. */
  get(path: string): TreeValue | undefined;
  /** May be asked for paths that are none of this part's. */
  refresh?(paths: readonly string[], deadlineMs: number): Promise<void>;
  /** Asked only for parameters of this part. */
  validate?(assignment: Assignment): AssignmentFault | undefined;
  /** Applies assignments that all validated: all or nothing. */
  write?(assignments: readonly Assignment[], writer?: TreeWriter): Promise<PartWriteResult>;
  /** Asked only for tables and rows of this part that `nodes` shows as writable. */
  addObject?(table: string): Promise<TreeAddResult>;
  deleteObject?(instance: string): Promise<TreeWriteResult>;
  onChange?(listener: (paths: readonly string[]) => void): () => void;
  onEvent?(listener: (eventCode: TreeEvent) => void): () => void;
  sessionEnded?(): void;
}

/** Several parts as one tree. Writes go to the parts in their order, so those that can fail should come first. */
export class ComposedTree implements DeviceTree {
  readonly #parts: readonly TreePart[];
  readonly #tables: readonly TreeTable[];
  #lists: readonly (readonly TreeNode[])[] = [];
  #nodes: readonly TreeNode[] = [];

  constructor(parts: readonly TreePart[]) {
    this.#parts = parts;
    this.#tables = parts.flatMap((part) => part.tables ?? []);
  }

  tables(): readonly TreeTable[] {
    return this.#tables;
  }

  nodes(): readonly TreeNode[] {
    const lists = this.#parts.map((part) => part.nodes());
    if (lists.length === this.#lists.length && lists.every((list, i) => list === this.#lists[i]))
      return this.#nodes;
    this.#lists = lists;
    this.#nodes = lists.reduce(merge, []);
    return this.#nodes;
  }

  /** The nodes a device type is made of. */
  typeNodes(): readonly TreeNode[] {
    return this.#parts.map((part) => part.typeNodes?.() ?? part.nodes()).reduce(merge, []);
  }

  get(path: string): TreeValue | undefined {
    for (const part of this.#parts) {
      const value = part.get(path);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  async refresh(paths: readonly string[], deadlineMs: number): Promise<void> {
    await Promise.all(
      this.#parts.map((part) => part.refresh?.(paths, deadlineMs) ?? Promise.resolve()),
    );
  }

  validate(assignment: Assignment): AssignmentFault | undefined {
    const { path } = assignment;
    const part = this.#ownerOf(path);
    if (part === undefined) return { path, code: 9005, text: "is no parameter of this device" };
    if (part.validate === undefined) return { path, code: 9008, text: "cannot be set" };
    return part.validate(assignment);
  }

  async write(assignments: readonly Assignment[], writer?: TreeWriter): Promise<TreeWriteResult> {
    const undoing: (() => Promise<void>)[] = [];
    let together: TreeWriteResult = { outcome: "applied" };
    try {
      for (const [part, own] of this.#byPart(assignments)) {
        const before = own.flatMap(({ path }) => part.get(path) ?? []);
        const result = (await part.write?.(own, writer)) ?? unchangeable;
        if (result.outcome === "refused") {
          await undoAll(undoing);
          return result;
        }
        const { outcome, why } = result;
        if (outcome === "committed") together = why === undefined ? { outcome } : { outcome, why };
        undoing.push(result.undo ?? (() => writeAgain(part, before)));
      }
    } catch (error) {
      await undoAll(undoing);
      throw error;
    }
    return together;
  }

  async addObject(table: string): Promise<TreeAddResult> {
    const part = this.#parts.find((candidate) => has(candidate, table));
    return (await part?.addObject?.(table)) ?? unchangeable;
  }

  async deleteObject(instance: string): Promise<TreeWriteResult> {
    const part = this.#parts.find((candidate) => has(candidate, instance));
    return (await part?.deleteObject?.(instance)) ?? unchangeable;
  }

  onChange(listener: (paths: readonly string[]) => void): () => void {
    return together(this.#parts.map((part) => part.onChange?.(listener)));
  }

  onEvent(listener: (eventCode: TreeEvent) => void): () => void {
    return together(this.#parts.map((part) => part.onEvent?.(listener)));
  }

  sessionEnded(): void {
    for (const part of this.#parts) part.sessionEnded?.();
  }

  #ownerOf(path: string): TreePart | undefined {
    return this.#parts.find((part) => part.get(path) !== undefined);
  }

  /** In the order of the parts. */
  #byPart(
    assignments: readonly Assignment[],
  ): readonly (readonly [TreePart, readonly Assignment[]])[] {
    return this.#parts
      .map(
        (part) => [part, assignments.filter(({ path }) => part.get(path) !== undefined)] as const,
      )
      .filter(([, own]) => own.length > 0);
  }
}

/** Last first. One that cannot be undone keeps none of the others from it. */
async function undoAll(undoing: readonly (() => Promise<void>)[]): Promise<void> {
  for (const undo of [...undoing].reverse())
    try {
      await undo();
    } catch (error) {
      log.error("part of a failed write not taken back", { error });
    }
}

async function writeAgain(part: TreePart, before: readonly Assignment[]): Promise<void> {
  const result = await part.write?.(before);
  if (result?.outcome !== "refused") return;
  const paths = before.map(({ path }) => path);
  log.error("values not put back after a failed write", { paths, reason: result.text });
}

function has(part: TreePart, path: string): boolean {
  return part.nodes().some((node) => node.path === path);
}

function together(unsubscribers: readonly ((() => void) | undefined)[]): () => void {
  return () => {
    for (const unsubscribe of unsubscribers) unsubscribe?.();
  };
}

/** Merges two sorted lists; an object both have stands once, as the first has it. */
function merge(left: readonly TreeNode[], right: readonly TreeNode[]): readonly TreeNode[] {
  const merged: TreeNode[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [a, b] = [left[i], right[j]];
    if (a === undefined && b === undefined) return merged;
    const order = a === undefined ? 1 : b === undefined ? -1 : comparePaths(a.path, b.path);
    if (order <= 0 && a !== undefined) merged.push(a);
    else if (b !== undefined) merged.push(b);
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
  }
}
