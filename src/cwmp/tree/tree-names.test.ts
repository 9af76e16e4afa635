import { describe, expect, it } from "vitest";
import type { ParameterNode, ParameterTable } from "../parameter-tree.ts";
import { shapeOf } from "./shape.ts";
import { TreeNames } from "./tree-names.ts";

const parameter = (path: string) => ({ path, writable: true, type: "string" }) as const;
const object = (path: string) => ({ path, writable: false });
/** What rows of the table look like, relative to the row. */
const rowNodes: readonly ParameterNode[] = [
  object("Tray."),
  object("Tray.2."),
  parameter("Tray.2.Name"),
  { ...parameter("Version"), notification: "forceEnabled" },
];
const table: ParameterTable = {
  path: "Device.T.",
  instances: () => [2, 10],
  row: (instance) => (instance === 2 || instance === 10 ? rowNodes : undefined),
};
const plain = [parameter("Device.A"), object("Device.T."), parameter("Device.TNumberOfEntries")];
const names = new TreeNames(shapeOf(plain), [table]);

/** The same tree with its rows among the nodes. */
const written = shapeOf([
  ...plain,
  ...[2, 10].flatMap((row) => [
    object(`Device.T.${row}.`),
    ...rowNodes.map((node) => ({ ...node, path: `Device.T.${row}.${node.path}` })),
  ]),
]);
const without = new TreeNames(written, []);
const everyPath = ["", ...written.nodes.map(({ path }) => path)];

describe("rows that are not among the nodes", () => {
  it("are found, listed and walked like those that are, in the same order", () => {
    for (const path of everyPath) {
      expect(names.node(path), path).toEqual(without.node(path));
      expect([...names.below(path)], path).toEqual([...without.below(path)]);
      if (path.endsWith(".")) expect(names.children(path), path).toEqual(without.children(path));
      expect(names.rows(path), path).toEqual(without.rows(path));
    }
    expect([...names.activeByDefault()]).toEqual([...without.activeByDefault()]);
  });

  it("are not there when the table does not have them", () => {
    const strangers = [
      "Device.T.3.",
      "Device.T.2",
      "Device.T.02.",
      "Device.T.2.Tray",
      "Device.T.2.Tray.3.",
      "Device.T.x.Version",
      "Device.T..",
      "Device.U.",
    ];
    for (const path of strangers) {
      expect(names.node(path), path).toBeUndefined();
      expect([...names.below(path)], path).toEqual([]);
      expect(names.children(path), path).toEqual([]);
    }
  });
});
