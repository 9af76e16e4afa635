import type {
  AddObjectResult,
  DeviceEvent,
  ParameterNode,
  ParameterValue,
  WriteResult,
} from "../../src/cwmp/parameter-tree.ts";
import { MemoryTree } from "./memory-tree.ts";

const table = "Device.Services.Link.";
const count = "Device.Services.LinkNumberOfEntries";
const mostRows = 3;

/** A device with a table the ACS may add rows to (`Device.Services.Link.`), and with events of its own. */
export class LivelyTree extends MemoryTree {
  readonly rows: number[] = [];
  sessionsEnded = 0;
  readonly #eventListeners = new Set<(eventCode: DeviceEvent) => void>();
  #lastRow = 0;
  #nodes: readonly ParameterNode[] | undefined;

  override nodes(): readonly ParameterNode[] {
    this.#nodes ??= [
      ...super.nodes(),
      { path: table, writable: true },
      { path: count, writable: false, type: "unsignedInt" },
      ...this.rows.flatMap((row): readonly ParameterNode[] => [
        { path: `${table}${row}.`, writable: true },
        { path: `${table}${row}.Name`, writable: true, type: "string" },
      ]),
    ];
    return this.#nodes;
  }

  override get(path: string): ParameterValue | undefined {
    if (path === count) return { path, type: "unsignedInt", value: String(this.rows.length) };
    const isName = this.nodes().some((node) => node.path === path && path.startsWith(table));
    if (!isName) return super.get(path);
    return { path, type: "string", value: this.values.get(path) ?? "" };
  }

  addObject(path: string): Promise<AddObjectResult> {
    if (path !== table) throw new Error(`no table ${path}`);
    if (this.rows.length >= mostRows) {
      return Promise.resolve({ outcome: "refused", code: 9004, text: "table is full", faults: [] });
    }
    this.#lastRow += 1;
    this.rows.push(this.#lastRow);
    this.#nodes = undefined;
    return Promise.resolve({ outcome: "applied", instanceNumber: this.#lastRow });
  }

  deleteObject(path: string): Promise<WriteResult> {
    const row = Number(path.slice(table.length, -1));
    this.rows.splice(this.rows.indexOf(row), 1);
    this.#nodes = undefined;
    return Promise.resolve({ outcome: "committed" });
  }

  sessionEnded(): void {
    this.sessionsEnded += 1;
  }

  onEvent(listener: (eventCode: DeviceEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  /** Something happens in the device. */
  happen(eventCode: DeviceEvent): void {
    for (const listener of this.#eventListeners) listener(eventCode);
  }
}
