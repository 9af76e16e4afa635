import { describe, expect, it } from "vitest";
import { ComposedTree, type TreePart } from "./composed-tree.ts";
import { buildNodes } from "./nodes.ts";
import type { Assignment, TreeWriteResult } from "./tree.ts";

/** A part that keeps strings; written, it refuses the value "bad" and fails at "broken". */
class StringPart implements TreePart {
  readonly #values: Map<string, string>;
  #nodes;

  constructor(values: Readonly<Record<string, string>>) {
    this.#values = new Map(Object.entries(values));
    this.#nodes = buildNodes(this.#parameters());
  }

  nodes() {
    return this.#nodes;
  }

  get(path: string) {
    const value = this.#values.get(path);
    return value === undefined ? undefined : ({ path, type: "string", value } as const);
  }

  validate() {
    return undefined;
  }

  write(assignments: readonly Assignment[]): Promise<TreeWriteResult> {
    if (assignments.some(({ value }) => value === "bad"))
      return Promise.resolve({ outcome: "refused", code: 9002, text: "no", faults: [] });
    if (assignments.some(({ value }) => value === "broken"))
      return Promise.reject(new Error("disk full"));
    for (const { path, value } of assignments) this.#values.set(path, value);
    return Promise.resolve({ outcome: "applied" });
  }

  add(path: string): void {
    this.#values.set(path, "new");
    this.#nodes = buildNodes(this.#parameters());
  }

  #parameters() {
    return [...this.#values.keys()].map(
      (path) => ({ path, type: "string", writable: true }) as const,
    );
  }
}

describe("a composed tree", () => {
  it("shows the nodes of all parts in tree order, objects they share once", () => {
    const tree = new ComposedTree([
      new StringPart({ "Device.B.Y": "1", "Device.A.2.X": "2" }),
      new StringPart({ "Device.A.10.X": "3", "Device.B.Z": "4" }),
    ]);
    expect(tree.nodes().map(({ path }) => path)).toEqual([
      "Device.",
      "Device.A.",
      "Device.A.2.",
      "Device.A.2.X",
      "Device.A.10.",
      "Device.A.10.X",
      "Device.B.",
      "Device.B.Y",
      "Device.B.Z",
    ]);
  });

  it("keeps its list of nodes until a part has another", () => {
    const part = new StringPart({ "Device.A": "1" });
    const tree = new ComposedTree([part, new StringPart({ "Device.B": "2" })]);
    const before = tree.nodes();
    expect(tree.nodes()).toBe(before);
    part.add("Device.C");
    expect(tree.nodes().at(-1)?.path).toBe("Device.C");
  });

  it("puts back what one part took when another refuses", async () => {
    const tree = new ComposedTree([
      new StringPart({ "Device.A": "old" }),
      new StringPart({ "Device.B": "old" }),
    ]);
    const result = await tree.write([
      { path: "Device.B", value: "bad" },
      { path: "Device.A", value: "new" },
    ]);
    expect(result.outcome).toBe("refused");
    expect(tree.get("Device.A")?.value).toBe("old");
    expect(tree.get("Device.B")?.value).toBe("old");
  });

  it("puts back what the other parts took, last first, when one fails", async () => {
    const undone: string[] = [];
    const undoable = (path: string, fails = false): TreePart => {
      const part = new StringPart({ [path]: "old" });
      const undo = (): Promise<void> => {
        undone.push(path);
        return fails ? Promise.reject(new Error("disk full")) : Promise.resolve();
      };
      return {
        nodes: () => part.nodes(),
        get: (asked) => part.get(asked),
        write: () => Promise.resolve({ outcome: "applied", undo }),
      };
    };
    const tree = new ComposedTree([
      undoable("Device.A"),
      undoable("Device.B", true),
      new StringPart({ "Device.C": "old" }),
    ]);
    const written = tree.write([
      { path: "Device.A", value: "new" },
      { path: "Device.B", value: "new" },
      { path: "Device.C", value: "broken" },
    ]);
    await expect(written).rejects.toThrow("disk full");
    expect(undone).toEqual(["Device.B", "Device.A"]);
  });

  it("refuses what belongs to no part", async () => {
    const tree = new ComposedTree([new StringPart({ "Device.A": "1" })]);
    expect(tree.validate({ path: "Device.Z", value: "1" })?.code).toBe(9005);
    expect(await tree.addObject("Device.T.")).toMatchObject({ outcome: "refused", code: 9005 });
  });
});
