import { describe, expect, it } from "vitest";
import { device2 } from "../root-model.ts";
import { typeNodes } from "./shape.ts";

const nodes = [
  { path: "Device.A.", writable: false },
  { path: "Device.A.7.", writable: false },
  { path: "Device.A.7.Alias", writable: false, type: "string" as const },
  { path: "Device.A.7.B", writable: false, type: "string" as const },
  { path: "Device.ManagementServer.VirtualDevice.1.", writable: false },
];
const table = "Device.ManagementServer.InformParameter.";

describe("typeNodes", () => {
  it("has the Alias of every row, writable, where TR-181 gives its table one", () => {
    const aliases = typeNodes(nodes).filter(({ path }) => path.endsWith(".Alias"));
    expect(aliases).toEqual([
      { path: "Device.A.7.Alias", writable: true, type: "string" },
      { path: `${table}1.Alias`, writable: true, type: "string" },
    ]);
  });

  it("has the tables of the endpoint with one row each, to be added and deleted", () => {
    const own = typeNodes(nodes).filter(({ path }) => path.includes("InformParameter"));
    expect(own).toEqual(
      expect.arrayContaining([
        { path: table, writable: true },
        { path: `${table}1.`, writable: true },
        { path: `${table}1.Enable`, writable: true, type: "boolean" },
        {
          path: "Device.ManagementServer.InformParameterNumberOfEntries",
          writable: false,
          type: "unsignedInt",
        },
      ]),
    );
    expect(own).toHaveLength(7);
  });

  it("adds nothing that the root model does not have", () => {
    const older = { ...device2, hasSetting: () => false };
    expect(typeNodes(nodes, older)).toEqual(nodes);
  });
});
