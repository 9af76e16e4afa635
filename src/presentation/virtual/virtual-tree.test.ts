import { describe, expect, it } from "vitest";
import { MemoryPrinter, MemoryProvisioningCode } from "../../../test/support/memory-printer.ts";
import {
  hasTr106Validator,
  reportLeftOut,
  validateTr106,
} from "../../../test/support/validate-tr106.ts";
import type { ParameterTree } from "../../cwmp/parameter-tree.ts";
import { parameterTemplates, parameterAt, toPath, toTemplate } from "../../model/model.ts";
import { ManualClock } from "../../shared/manual-clock.ts";
import { comparePaths } from "../../model/snapshot.ts";
import { DeviceTypes } from "../device-types.ts";
import { VirtualTree } from "./virtual-tree.ts";

const service = "Device.Services.X_MFPGATE-ORG_MFP.1.";
const minute = 60_000;

function createTree(printer = new MemoryPrinter()) {
  const clock = new ManualClock();
  const provisioningCode = new MemoryProvisioningCode();
  const deviceTypes = new DeviceTypes(() => "http://192.0.2.1:7547");
  const environment = {
    clock,
    periodsMs: {
      status: minute,
      supplies: 5 * minute,
      counters: 15 * minute,
      settings: 60 * minute,
      identity: 24 * 60 * minute,
    },
    proxier: { manufacturer: "MPS", oui: "00005E", productClass: "mfpgate", serialNumber: "B1" },
    deviceTypes,
    managementNodes: [],
  };
  // The annotation checks that the tree fits the port of the cwmp room.
  const tree: ParameterTree = new VirtualTree({ view: printer, provisioningCode, environment });
  return { tree, printer, clock, provisioningCode, deviceTypes };
}

const laser = {
  "General.State": "Idle",
  "General.SystemName": "lp1",
  "Supply.1.Type": "Toner",
  "Supply.1.CurrentLevel": -3,
  "Supply.10.Type": "Toner",
  "Supply.2.Type": "Opc",
  SupplyNumberOfEntries: 3,
  AlertNumberOfEntries: 0,
  "Network.SNMP.ReadCommunity": "public-but-secret",
  "Network.Interface.1.Type": "Ethernet",
  "Network.Interface.1.PhysicalAddress": "00:00:5e:00:53:01",
  "Network.Interface.1.OperState": "Testing",
  "Network.Interface.1.IPAddress": "192.0.2.10",
  "Network.Interface.1.DHCPEnable": true,
  "Network.Interface.2.Type": "Loopback",
  "Network.Interface.2.IPAddress": "127.0.0.1",
  "Device.DeviceInfo.SoftwareVersion": "1.2.3",
} as const;

function laserTree() {
  const made = createTree();
  made.printer.poll(laser);
  return { ...made, value: (path: string) => made.tree.get(path)?.value };
}

describe("the nodes of a virtual device", () => {
  it("are legal, unique, in tree order, each object before its content", () => {
    const nodes = laserTree().tree.nodes();
    const paths = nodes.map((node) => node.path);
    expect([...paths].sort(comparePaths)).toEqual(paths);
    expect(new Set(paths).size).toBe(paths.length);
    const seen = new Set([""]);
    for (const node of nodes) {
      expect(node.path).toMatch(/^(?:(?:[A-Za-z_][\w-]*|[1-9]\d*)\.)*(?:[A-Za-z_][\w-]*)?$/);
      expect(node.path.length).toBeLessThanOrEqual(256);
      expect(node.path.endsWith("."), node.path).toBe(node.type === undefined);
      const parent = node.path.replace(/[^.]+\.?$/, "");
      expect(seen.has(parent), `${parent} stands before ${node.path}`).toBe(true);
      seen.add(node.path);
    }
  });

  it("and its values agree: every parameter listed can be read, with the type listed", () => {
    const { tree } = laserTree();
    for (const node of tree.nodes()) {
      const found = tree.get(node.path);
      expect(found?.type, node.path).toBe(node.type);
      expect(found === undefined || typeof found.value === "string").toBe(true);
    }
  });

  it("have a table for each count of rows, also where there are none", () => {
    const paths = laserTree()
      .tree.nodes()
      .map((node) => node.path);
    const counted = paths.flatMap((path) => /^(.+)NumberOfEntries$/.exec(path)?.[1] ?? []);
    expect(counted).toContain("Device.InterfaceStack");
    expect(counted.filter((table) => !paths.includes(`${table}.`))).toEqual([]);
  });

  it("of the service object have the types of the model", () => {
    for (const node of laserTree().tree.nodes()) {
      const definition = parameterAt(toTemplate(node.path) ?? "");
      if (definition !== undefined && node.type !== undefined)
        expect(node.type, node.path).toBe(definition.type);
    }
  });

  it("are one list for all printers of the same kind", () => {
    expect(laserTree().tree.nodes()).toBe(laserTree().tree.nodes());
  });

  it("show a table that is known to be empty, and no table nobody has read", () => {
    const paths = laserTree()
      .tree.nodes()
      .map((node) => node.path);
    expect(paths).toContain(`${service}Alert.`);
    expect(paths).not.toContain(`${service}Cover.`);
  });

  it("carry the notification rules of the data model", () => {
    const { tree, printer } = laserTree();
    printer.poll({ "General.UpTime": 77, "Counters.Impressions": 5 });
    const rule = (path: string) => tree.nodes().find((node) => node.path === path)?.notification;
    expect(rule("Device.DeviceInfo.SoftwareVersion")).toBe("forceEnabled");
    expect(rule("Device.DeviceInfo.ProvisioningCode")).toBe("forceEnabled");
    expect(rule("Device.DeviceInfo.UpTime")).toBe("canDeny");
    expect(rule(`${service}Counters.Impressions`)).toBe("canDeny");
    expect(rule(`${service}General.State`)).toBeUndefined();
    expect(tree.get("Device.DeviceInfo.UpTime")?.value).toBe("77");
  });
});

describe("the values of a virtual device", () => {
  it("are the printer's own, specials kept", () => {
    const { value } = laserTree();
    expect(value(`${service}Supply.1.CurrentLevel`)).toBe("-3");
    expect(value(`${service}Network.Interface.1.DHCPEnable`)).toBe("true");
    expect(value("Device.DeviceInfo.SoftwareVersion")).toBe("1.2.3");
    expect(value("Device.DeviceInfo.HardwareVersion")).toBe("");
    expect(value("Device.DeviceInfo.SerialNumber")).toBe("SN1");
    expect(value("Device.DeviceInfo.ModelName")).toBe("Laser 500");
    expect(value("Device.DeviceInfo.ProxierInfo.SerialNumber")).toBe("B1");
    expect(value("Device.DeviceInfo.NoSuchThing")).toBeUndefined();
    expect(value(`${service}Supply.`)).toBeUndefined();
  });

  it("never tell a secret", () => {
    expect(laserTree().value(`${service}Network.SNMP.ReadCommunity`)).toBe("");
  });

  it("fill the TR-181 interface tables", () => {
    const { value } = laserTree();
    expect(value("Device.Ethernet.InterfaceNumberOfEntries")).toBe("1");
    expect(value("Device.Ethernet.Interface.1.MACAddress")).toBe("00:00:5e:00:53:01");
    expect(value("Device.Ethernet.Interface.1.Status")).toBe("Unknown");
    expect(value("Device.IP.InterfaceNumberOfEntries")).toBe("2");
    expect(value("Device.IP.Interface.1.LowerLayers")).toBe("Device.Ethernet.Interface.1");
    expect(value("Device.IP.Interface.1.IPv4Address.1.IPAddress")).toBe("192.0.2.10");
    expect(value("Device.IP.Interface.1.IPv4Address.1.AddressingType")).toBe("DHCP");
    expect(value("Device.IP.Interface.2.Type")).toBe("Loopback");
  });

  it("count rows the printer's snapshot does not count", () => {
    const { value } = laserTree();
    expect(value(`${service}SupplyNumberOfEntries`)).toBe("3");
    expect(value(`${service}Network.InterfaceNumberOfEntries`)).toBe("2");
  });

  it("say what is stale once three periods have passed", async () => {
    const { value, clock, printer } = laserTree();
    printer.poll({ "Counters.Impressions": 9 }, { pollClass: "counters" });
    expect(value(`${service}Proxy.StaleParameters`)).toBe("");
    await clock.advance(3 * minute + 1);
    expect(value(`${service}Proxy.StaleParameters`)?.split(",")).toEqual(
      expect.arrayContaining(["General.", "Supply.", "Device.DeviceInfo."]),
    );
    expect(value(`${service}Proxy.StaleParameters`)).not.toContain("Counters.");
    await clock.advance(45 * minute);
    expect(value(`${service}Proxy.StaleParameters`)).toContain("Counters.");
  });

  it("tell how mfpgate reaches the printer", () => {
    const { value, printer } = laserTree();
    expect(value(`${service}Proxy.LastContact`)).toBe("2026-01-01T00:00:00Z");
    printer.changeFacts({ reachability: "Unreachable", lastContactMs: undefined });
    expect(value(`${service}Proxy.Reachability`)).toBe("Unreachable");
    expect(value(`${service}Proxy.LastContact`)).toBe("0001-01-01T00:00:00Z");
  });

  it("are read 500 at a time within two milliseconds", () => {
    const { tree, printer } = laserTree();
    const row = (index: number) => `Supply.${(index + 1).toString()}.CurrentLevel`;
    printer.poll(
      Object.fromEntries(Array.from({ length: 500 }, (_, index) => [row(index), index])),
    );
    const paths = Array.from({ length: 500 }, (_, index) => service + row(index));
    const read = () => paths.map((path) => tree.get(path));
    const timesMs = Array.from({ length: 20 }, () => {
      const startedMs = performance.now();
      read();
      return performance.now() - startedMs;
    });
    expect(read()[499]?.value).toBe("499");
    expect(Math.min(...timesMs)).toBeLessThan(2);
  });
});

describe("a write to a virtual device", () => {
  const name = `${service}General.SystemName`;
  const code = "Device.DeviceInfo.ProvisioningCode";

  function writableTree() {
    const made = laserTree();
    made.printer.poll(
      { "General.SystemName": "lp1", "General.AssetNumber": "7" },
      { writable: true },
    );
    return made;
  }

  it("is refused by name, writability, type and value, in this order", () => {
    const { tree } = writableTree();
    const fault = (path: string, value: string, type?: string) =>
      tree.validate(type === undefined ? { path, value } : { path, value, type })?.code;
    expect(fault(`${service}General.NoSuch`, "x")).toBe(9005);
    expect(fault(`${service}General.`, "x")).toBe(9005);
    expect(fault(`${service}General.State`, "Idle", "xsd:int")).toBe(9008);
    expect(fault("Device.DeviceInfo.SerialNumber", "x")).toBe(9008);
    expect(fault(name, "x", "xsd:int")).toBe(9006);
    expect(fault(name, "x".repeat(256), "xsd:string")).toBe(9007);
    expect(fault(name, " Room 2", "xsd:string")).toBe(9007);
    expect(fault(name, "Room 2 ", "xsd:string")).toBe(9007);
    expect(fault(code, "x".repeat(65))).toBe(9007);
    expect(fault(name, "lp2", "xsd:string")).toBeUndefined();
    expect(fault(name, "lp2")).toBeUndefined();
  });

  it("says what keeps a parameter from being set, where that can be changed", () => {
    const { tree, printer } = writableTree();
    const text = () => tree.validate({ path: `${service}General.State`, value: "Idle" })?.text;
    expect(text()).toBe("cannot be set on this device");
    printer.readOnlyReason = "cannot be set: no write community";
    expect(text()).toBe("cannot be set: no write community");
    expect(tree.validate({ path: name, value: "lp2" })).toBeUndefined();
  });

  it("reaches the printer with model values and keeps the provisioning code", async () => {
    const { tree, printer, provisioningCode } = writableTree();
    const writes = [
      { path: code, value: "site-7" },
      { path: name, value: "lp2" },
    ];
    expect(await tree.write(writes)).toEqual({ outcome: "applied" });
    expect(printer.written).toEqual([[{ path: name, value: "lp2" }]]);
    expect(provisioningCode.value).toBe("site-7");
    expect(tree.get(name)?.value).toBe("lp2");
    await tree.write([{ path: name, value: "lp3" }], "cli");
    expect(printer.writers).toEqual(["acs", "cli"]);
  });

  it("to a silent printer is refused with 9002 and touches nothing", async () => {
    const { tree, printer, provisioningCode } = writableTree();
    printer.writeAnswer = { outcome: "unreachable", reason: "no answer from 192.0.2.10" };
    const result = await tree.write([
      { path: code, value: "site-7" },
      { path: name, value: "lp2" },
    ]);
    expect(result).toMatchObject({ outcome: "refused", code: 9002, faults: [] });
    expect(result).toHaveProperty("text", expect.stringContaining("no answer from 192.0.2.10"));
    expect(provisioningCode.value).toBe("");
  });

  it("that restarts the printer is promised, and says what it waits for", async () => {
    const { tree, printer } = writableTree();
    const settled = new Promise<never>(() => undefined);
    printer.writeAnswer = { outcome: "pending", reason: "sent; the printer restarts", settled };
    expect(await tree.write([{ path: name, value: "lp2" }])).toEqual({
      outcome: "committed",
      why: "sent; the printer restarts",
    });
  });

  it("that could not be undone is not called undone", async () => {
    const { tree, printer } = writableTree();
    const failures = [{ path: name, reason: "was changed and could not be put back" }];
    printer.writeAnswer = { outcome: "failed", failures, notUndone: [name] };
    expect(await tree.write([{ path: name, value: "lp2" }])).toMatchObject({
      code: 9003,
      text: `not every value was taken; could not be put back: ${name}`,
    });
  });

  it("the printer does not take names each parameter", async () => {
    const { tree, printer } = writableTree();
    const asset = `${service}General.AssetNumber`;
    printer.writeAnswer = {
      outcome: "failed",
      failures: [
        { path: name, reason: "read back differs" },
        { path: asset, reason: "wrongValue", isInvalidValue: true },
      ],
    };
    const result = await tree.write([
      { path: name, value: "a" },
      { path: asset, value: "b" },
    ]);
    expect(result).toMatchObject({
      code: 9003,
      faults: [
        { path: name, code: 9002, text: "read back differs" },
        { path: asset, code: 9007, text: "wrongValue" },
      ],
    });
  });

  it("sets the printer back when the provisioning code cannot be stored", async () => {
    const { tree, printer, provisioningCode } = writableTree();
    provisioningCode.failure = new Error("disk full");
    const result = await tree.write([
      { path: name, value: "lp2" },
      { path: code, value: "site-7" },
    ]);
    expect(result).toMatchObject({ outcome: "refused", code: 9002 });
    expect(printer.written.at(-1)).toEqual([{ path: name, value: "lp1" }]);
    expect(tree.get(name)?.value).toBe("lp1");
  });
});

describe("changes of a virtual device", () => {
  function watched() {
    const made = laserTree();
    const told: string[][] = [];
    const stop = made.tree.onChange((paths) => told.push([...paths]));
    return { ...made, told, stop };
  }

  it("are told with what follows from them", () => {
    const { printer, told } = watched();
    printer.poll({ "Network.Interface.1.IPAddress": "192.0.2.11" });
    expect(told).toEqual([
      [`${service}Network.Interface.1.IPAddress`, "Device.IP.Interface.1.IPv4Address.1.IPAddress"],
    ]);
  });

  it("of the list of parameters are told with counts and supported models", () => {
    const { printer, told } = watched();
    printer.poll({
      "Network.Interface.2.Type": undefined,
      "Network.Interface.2.IPAddress": undefined,
    });
    expect(told[0]).toEqual(
      expect.arrayContaining([
        `${service}Network.Interface.2.IPAddress`,
        `${service}Network.InterfaceNumberOfEntries`,
        "Device.IP.InterfaceNumberOfEntries",
        "Device.IP.Interface.2.Type",
        "Device.DeviceInfo.SupportedDataModel.2.UUID",
      ]),
    );
  });

  it("of facts are told as the parameters that show them", () => {
    const { printer, told, tree } = watched();
    printer.changeFacts({ reachability: "Unreachable" });
    expect(told[0]).toContain(`${service}Proxy.Reachability`);
    expect(told[0]?.filter((path) => tree.get(path) === undefined)).toEqual([]);
  });

  it("by a write are not told, changes by anybody else are", async () => {
    const { printer, told, tree } = watched();
    printer.poll({ "General.SystemName": "lp1" }, { writable: true });
    told.length = 0;
    await tree.write([{ path: `${service}General.SystemName`, value: "lp2" }]);
    expect(told).toEqual([]);
    printer.poll({ "General.SystemName": "panel" }, { writable: true });
    expect(told).toEqual([[`${service}General.SystemName`]]);
  });

  it("are told no more after unsubscribing", () => {
    const { printer, told, stop } = watched();
    stop();
    printer.poll({ "General.State": "Stopped" });
    expect(told).toEqual([]);
  });
});

describe("a refresh of a virtual device", () => {
  it("asks the printer for what the paths are made from, and for nothing else", async () => {
    const { tree, printer } = laserTree();
    await tree.refresh(["Device.DeviceInfo.SerialNumber"], 5);
    expect(printer.refreshed).toEqual([]);
    await tree.refresh([`${service}General.State`, "Device.Ethernet.Interface.1.MACAddress"], 5);
    expect(printer.refreshed).toEqual([
      [`${service}General.State`, toPath("Network.Interface.{i}.PhysicalAddress", 1)],
    ]);
    await tree.refresh([`${service}Supply.`], 5);
    expect(printer.refreshed[1]).toHaveLength(4);
  });
});

describe("the device types of a virtual device", () => {
  const uuidOf = (tree: ParameterTree, row: number) =>
    tree.get(`Device.DeviceInfo.SupportedDataModel.${row.toString()}.UUID`)?.value ?? "";

  it("are served under the URL the tree names, together with the data model", () => {
    const { tree, deviceTypes } = laserTree();
    const url = tree.get("Device.DeviceInfo.SupportedDataModel.2.URL")?.value;
    expect(url).toBe(`http://192.0.2.1:7547/dt/${uuidOf(tree, 2)}.xml`);
    expect(deviceTypes.document(`${uuidOf(tree, 2)}.xml`)).toContain("X_MFPGATE-ORG_MFP.{i}.");
    expect(deviceTypes.document("x-mfpgate-org-mfp-1-0.xml")).toContain("<dm:document");
    expect(deviceTypes.document("../package.json")).toBeUndefined();
  });

  it("are the same for equal printers and other ones when a parameter is added", () => {
    const { tree, printer } = laserTree();
    const uuid = uuidOf(tree, 2);
    expect(uuidOf(laserTree().tree, 2)).toBe(uuid);
    printer.poll({ "Counters.Impressions": 1 });
    expect(uuidOf(tree, 2)).not.toBe(uuid);
  });

  if (hasTr106Validator) {
    it("are valid and name only what the models define, with every parameter of the model present", () => {
      const { tree, printer, deviceTypes } = laserTree();
      const filler = { string: "", int: 0, boolean: true, dateTime: "2026-01-01T00:00:00Z" };
      const everything = parameterTemplates.map((template) => {
        const type = parameterAt(template)?.type ?? "string";
        return [template.replace("{i}", "1"), type in filler ? filler[type as "int"] : 0] as const;
      });
      printer.poll(Object.fromEntries(everything));
      for (const row of [1, 2]) {
        const xml = deviceTypes.document(`${uuidOf(tree, row)}.xml`) ?? "";
        expect(validateTr106("dt.xml", xml)).toMatchObject({ valid: true });
      }
      const templates = new Set(tree.nodes().map((node) => toTemplate(node.path)));
      expect(parameterTemplates.filter((template) => !templates.has(template))).toEqual([]);
    });
  } else reportLeftOut("schema validation of a virtual device's types");
});
