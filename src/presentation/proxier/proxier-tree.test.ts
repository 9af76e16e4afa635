import { describe, expect, it } from "vitest";
import { MemoryPrinter, MemoryProvisioningCode } from "../../../test/support/memory-printer.ts";
import {
  hasTr106Validator,
  reportLeftOut,
  validateTr106,
} from "../../../test/support/validate-tr106.ts";
import type { ParameterNode, ParameterTree } from "../../cwmp/parameter-tree.ts";
import { comparePaths } from "../../model/snapshot.ts";
import { ManualClock } from "../../shared/manual-clock.ts";
import { DeviceTypes } from "../device-types.ts";
import { ProxierRows, createProxierTree } from "./proxier-tree.ts";

function createTree() {
  const rows = new ProxierRows();
  const clock = new ManualClock();
  const provisioningCode = new MemoryProvisioningCode();
  const deviceTypes = new DeviceTypes(() => "http://192.0.2.1:7547");
  // The annotation checks that the tree fits the port of the cwmp room.
  const tree: ParameterTree = createProxierTree({
    identity: { manufacturer: "MPS", oui: "00005E", productClass: "mfpgate", serialNumber: "B1" },
    softwareVersion: "0.1.0",
    hardwareVersion: "x64",
    startedAtMs: clock.nowMs(),
    clock,
    provisioningCode,
    rows,
    modelRowOf: () => undefined,
    deviceTypes,
    managementNodes: [],
    firstUseDate: "2026-01-01T00:00:00Z",
  });
  return { tree, rows, clock, provisioningCode, deviceTypes };
}

/** The nodes of a tree with the rows of its tables where they belong. */
function allNodes(tree: ParameterTree): readonly ParameterNode[] {
  const rowsOf = (path: string): readonly ParameterNode[] => {
    const table = tree.tables?.().find((candidate) => candidate.path === path);
    return (table?.instances() ?? []).flatMap((instance) => [
      { path: `${path}${instance}.`, writable: false },
      ...(table?.row(instance) ?? []).map((node) => ({
        ...node,
        path: `${path}${instance}.${node.path}`,
      })),
    ]);
  };
  return tree.nodes().flatMap((node) => [node, ...rowsOf(node.path)]);
}

const table = "Device.ManagementServer.VirtualDevice.";
const count = "Device.ManagementServer.VirtualDeviceNumberOfEntries";
const first = { view: new MemoryPrinter("SN1"), hostRow: 1 };
const second = { view: new MemoryPrinter("SN2"), hostRow: 7 };

describe("the proxier's tree", () => {
  it("is in tree order without duplicates, every parameter readable with its type", () => {
    const { tree, rows } = createTree();
    rows.virtualDevices.put(1, first);
    rows.virtualDevices.put(2, second);
    rows.hosts.put(7, second.view);
    const nodes = allNodes(tree);
    const paths = nodes.map((node) => node.path);
    expect(new Set(paths).size).toBe(paths.length);
    expect([...paths].sort(comparePaths)).toEqual(paths);
    for (const node of nodes) expect(tree.get(node.path)?.type, node.path).toBe(node.type);
    expect(paths).toContain(`${table}2.SerialNumber`);
    expect(paths).not.toContain("Device.ManagementServer.");
    expect(paths).toContain("Device.Services.");
  });

  it("describes the box", async () => {
    const { tree, clock } = createTree();
    await clock.advance(90_500);
    expect(tree.get("Device.DeviceInfo.UpTime")?.value).toBe("90");
    expect(tree.get("Device.DeviceInfo.SoftwareVersion")?.value).toBe("0.1.0");
    expect(tree.get("Device.DeviceInfo.FirstUseDate")?.value).toBe("2026-01-01T00:00:00Z");
    expect(tree.get("Device.ManagementServer.EmbeddedDeviceNumberOfEntries")?.value).toBe("0");
  });

  it("lists its virtual devices under numbers that stay", () => {
    const { tree, rows } = createTree();
    rows.virtualDevices.put(1, first);
    rows.virtualDevices.put(2, second);
    expect(tree.get(`${table}2.SerialNumber`)?.value).toBe("SN2");
    expect(tree.get(`${table}2.ProxyProtocol`)?.value).toBe("X_MFPGATE-ORG_SNMP");
    expect(tree.get(`${table}2.DiscoveryProtocol`)?.value).toBe("X_MFPGATE-ORG_SNMP");
    expect(tree.get(`${table}2.Host`)?.value).toBe("Device.Hosts.Host.7");
    rows.virtualDevices.remove(1);
    expect(tree.get(count)?.value).toBe("1");
    expect(tree.get(`${table}1.SerialNumber`)).toBeUndefined();
    expect(tree.get(`${table}2.SerialNumber`)?.value).toBe("SN2");
    expect(tree.get(`${table}2.NoSuch`)).toBeUndefined();
    expect(tree.get(`${table}2.`)).toBeUndefined();
  });

  it("tells of printers that come and go, and only of them", () => {
    const { tree, rows } = createTree();
    const told: string[][] = [];
    tree.onChange((paths) => told.push([...paths]));
    rows.virtualDevices.put(1, first);
    rows.virtualDevices.remove(1);
    rows.virtualDevices.remove(1);
    expect(told).toHaveLength(2);
    expect(told[0]).toEqual(expect.arrayContaining([count, `${table}1.SerialNumber`]));
  });

  it("lets the provisioning code be set and nothing else", async () => {
    const { tree, provisioningCode } = createTree();
    const code = "Device.DeviceInfo.ProvisioningCode";
    expect(tree.validate({ path: count, value: "1" })?.code).toBe(9008);
    expect(tree.validate({ path: "Device.Nothing", value: "1" })?.code).toBe(9005);
    expect(tree.validate({ path: code, value: "site", type: "xsd:string" })).toBeUndefined();
    expect(await tree.write([{ path: code, value: "site" }])).toEqual({ outcome: "applied" });
    expect(tree.get(code)?.value).toBe("site");
    provisioningCode.failure = new Error("disk full");
    expect(await tree.write([{ path: code, value: "x" }])).toMatchObject({ code: 9002 });
  });

  it("has one device type, the same with and without printers", () => {
    const { tree, rows, deviceTypes } = createTree();
    const uuid = () => tree.get("Device.DeviceInfo.SupportedDataModel.1.UUID")?.value ?? "";
    const before = uuid();
    rows.virtualDevices.put(1, first);
    expect(uuid()).toBe(before);
    expect(deviceTypes.document(`${before}.xml`)).toContain("VirtualDevice.{i}.");
  });

  if (hasTr106Validator) {
    it("has a valid device type that names only what TR-181 defines", () => {
      const { tree, deviceTypes } = createTree();
      const uuid = tree.get("Device.DeviceInfo.SupportedDataModel.1.UUID")?.value ?? "";
      const xml = deviceTypes.document(`${uuid}.xml`) ?? "";
      expect(validateTr106("dt.xml", xml)).toMatchObject({ valid: true });
    });
  } else reportLeftOut("schema validation of the proxier's device type");
});
