import { describe, expect, it } from "vitest";
import { MemoryPrinter, MemoryProvisioningCode } from "../../../test/support/memory-printer.ts";
import {
  hasTr106Validator,
  reportLeftOut,
  validateTr106,
} from "../../../test/support/validate-tr106.ts";
import type { ParameterTree } from "../../cwmp/parameter-tree.ts";
import { shapeOf } from "../../cwmp/tree/shape.ts";
import { TreeNames } from "../../cwmp/tree/tree-names.ts";
import type { ModelValue } from "../../model/definition.ts";
import { ManualClock } from "../../shared/manual-clock.ts";
import { DeviceTypes } from "../device-types.ts";
import { ProxierRows, createProxierTree } from "../proxier/proxier-tree.ts";
import { VirtualTree } from "../virtual/virtual-tree.ts";
import { CommandQueue } from "./command-queue.ts";
import { EmbeddedPrinter } from "./embedded-printer.ts";

const service = "Device.Services.X_MFPGATE-ORG_MFP.";
const table = "Device.ManagementServer.EmbeddedDevice.";
const minute = 60_000;

const laser = {
  "General.State": "Idle",
  "General.UpTime": 77,
  "Supply.1.Type": "Toner",
  "Supply.1.CurrentLevel": -3,
  "Supply.2.Type": "Opc",
  SupplyNumberOfEntries: 2,
  AlertNumberOfEntries: 0,
  "Network.Interface.1.Type": "Ethernet",
  "Network.Interface.1.PhysicalAddress": "00:00:5e:00:53:01",
  "Network.Interface.1.IPAddress": "192.0.2.10",
  "Device.DeviceInfo.SoftwareVersion": "1.2.3",
} as const;
const writable = {
  "General.SystemLocation": "old",
  "Network.SNMP.ReadCommunity": "public-but-secret",
} as const;

function createBox() {
  const clock = new ManualClock();
  const provisioningCode = new MemoryProvisioningCode();
  const deviceTypes = new DeviceTypes(() => "http://192.0.2.1:7547");
  const proxier = { manufacturer: "MPS", oui: "00005E", productClass: "m", serialNumber: "B1" };
  const environment = {
    clock,
    periodsMs: {
      status: minute,
      supplies: minute,
      counters: minute,
      settings: minute,
      identity: minute,
    },
    proxier,
    deviceTypes,
    managementNodes: [],
  };
  const rows = new ProxierRows();
  // The annotation checks that the tree fits the port of the cwmp room.
  const tree: ParameterTree = createProxierTree({
    identity: proxier,
    softwareVersion: "0.1.0",
    hardwareVersion: "x64",
    startedAtMs: clock.nowMs() - minute,
    clock,
    provisioningCode,
    rows,
    modelRowOf: () => 2,
    deviceTypes,
    managementNodes: [],
    firstUseDate: "2026-01-01T00:00:00Z",
  });
  const embed = (row: number, view = new MemoryPrinter(`SN${row}`)) => {
    view.poll(laser);
    view.poll(writable, { writable: true });
    const store = { save: () => Promise.resolve() };
    const commands = new CommandQueue({ view, store, clock });
    commands.start();
    const printer = new EmbeddedPrinter({
      view,
      hostRow: row + 10,
      serviceRow: row,
      commands,
      environment,
    });
    rows.services.put(row, printer);
    rows.embeddedDevices.put(row, printer);
    return { view, printer };
  };
  const value = (path: string) => tree.get(path)?.value;
  const names = () => new TreeNames(shapeOf(tree.nodes()), tree.tables?.() ?? []);
  return { tree, rows, clock, provisioningCode, deviceTypes, environment, embed, value, names };
}

const unreachable = { outcome: "unreachable", reason: "no answer" } as const;

describe("an embedded printer", () => {
  it("shows the same names, rights and values as its virtual device", () => {
    const { tree, embed, environment, names } = createBox();
    const { view } = embed(7);
    const provisioningCode = new MemoryProvisioningCode();
    const virtual = new VirtualTree({ view, environment, provisioningCode });
    const own = `${service}1.`;
    const row = (path: string) => path.replace(own, `${service}7.`);
    const expected = [...new TreeNames(shapeOf(virtual.nodes()), []).below(own)];
    expect([...names().below(`${service}7.`)]).toEqual(
      expected.map((node) => ({ ...node, path: row(node.path) })),
    );
    const parameters = virtual.nodes().filter(({ path, type }) => type && path.startsWith(own));
    expect(parameters.length).toBeGreaterThan(20);
    for (const { path } of parameters)
      expect(tree.get(row(path))).toEqual({ ...virtual.get(path), path: row(path) });
    expect(tree.get(`${service}7.General.UpTime`)?.value).toBe("77");
    expect(tree.get(`${service}7.Proxy.Reachability`)?.value).toBe("Online");
    expect(tree.get(`${service}7.Network.SNMP.ReadCommunity`)?.value).toBe("");
    expect(tree.get(`${service}8.General.State`)).toBeUndefined();
  });

  it("is counted, and told when it comes, changes and goes", () => {
    const { tree, rows, embed, value } = createBox();
    const told: string[] = [];
    tree.onChange((paths) => told.push(...paths));
    const { view } = embed(3);
    expect(value("Device.Services.X_MFPGATE-ORG_MFPNumberOfEntries")).toBe("1");
    expect(told).toEqual(
      expect.arrayContaining([
        "Device.Services.X_MFPGATE-ORG_MFPNumberOfEntries",
        "Device.ManagementServer.EmbeddedDeviceNumberOfEntries",
        `${service}3.General.State`,
      ]),
    );
    told.length = 0;
    view.poll({ "General.State": "Stopped" });
    expect(told).toContain(`${service}3.General.State`);
    view.changeFacts({ reachability: "Unreachable" });
    expect(told).toContain(`${service}3.Proxy.Reachability`);
    rows.services.remove(3);
    rows.embeddedDevices.remove(3);
    told.length = 0;
    view.poll({ "General.State": "Idle" });
    expect(told).toEqual([]);
  });

  it("has a row with what TR-181 asks for", () => {
    const { embed, value, clock } = createBox();
    const { view } = embed(3);
    const entry = (name: string) => value(`${table}3.${name}`);
    expect(entry("ControllerID")).toBe("");
    expect(entry("ProxiedDeviceID")).toBe("SN3");
    expect(entry("Reference")).toBe("Device.Services.X_MFPGATE-ORG_MFP.3");
    expect(entry("SupportedDataModel")).toBe("Device.DeviceInfo.SupportedDataModel.2");
    expect(entry("Host")).toBe("Device.Hosts.Host.13");
    expect(entry("ProxyProtocol")).toBe("X_MFPGATE-ORG_SNMP");
    expect(entry("DiscoveryProtocol")).toBe("X_MFPGATE-ORG_SNMP");
    expect(entry("CommandProcessed")).toBe("Success");
    expect(entry("LastSyncTime")).toBe("2026-01-01T00:00:00Z");
    view.changeFacts({ lastContactMs: clock.nowMs() - 2 * minute });
    expect(entry("LastSyncTime")).toBe("0001-01-01T00:00:00Z");
  });

  it("reads what of it is asked for, and of no other", async () => {
    const { tree, embed } = createBox();
    const first = embed(1);
    const second = embed(2);
    await tree.refresh([`${service}2.Supply.1.Type`, "Device.DeviceInfo.UpTime"], 0);
    expect(first.view.refreshed).toEqual([]);
    expect(second.view.refreshed).toEqual([[`${service}1.Supply.1.Type`]]);
    await tree.refresh(["Device."], 0);
    expect(first.view.refreshed).toHaveLength(1);
  });
});

describe("writing to embedded printers", () => {
  const place = `${service}1.General.SystemLocation`;

  it("validates by the same rules, under the names of the row", () => {
    const { tree, embed } = createBox();
    embed(1);
    const state = `${service}1.General.State`;
    expect(tree.validate({ path: state, value: "x" })).toMatchObject({ path: state, code: 9008 });
    const long = "x".repeat(256);
    expect(tree.validate({ path: place, value: long })).toMatchObject({ path: place, code: 9007 });
    expect(tree.validate({ path: place, value: "x", type: "int" })?.code).toBe(9006);
    expect(tree.validate({ path: `${service}2.General.State`, value: "x" })?.code).toBe(9005);
    expect(tree.validate({ path: place, value: "cellar" })).toBeUndefined();
  });

  it("is applied at once where the printer answers, without telling the ACS of its own write", async () => {
    const { tree, embed, value } = createBox();
    embed(1);
    const told: string[] = [];
    tree.onChange((paths) => told.push(...paths));
    expect(await tree.write([{ path: place, value: "cellar" }])).toEqual({ outcome: "applied" });
    expect(value(place)).toBe("cellar");
    expect(told).not.toContain(place);
  });

  it("is promised where it does not, effective in reads, and reported when it is done", async () => {
    const { tree, embed, value, clock } = createBox();
    const { view } = embed(1);
    view.writeAnswer = unreachable;
    view.changeFacts({ reachability: "Unreachable" });
    const told: string[] = [];
    tree.onChange((paths) => told.push(...paths));
    expect(await tree.write([{ path: place, value: "cellar" }])).toMatchObject({
      outcome: "committed",
    });
    expect(value(place)).toBe("cellar");
    expect(value(`${table}1.CommandProcessed`)).toBe("Pending");
    expect(told).toContain(`${table}1.CommandProcessed`);
    told.length = 0;
    view.writeAnswer = undefined;
    view.changeFacts({ reachability: "Online" });
    await clock.advance(1);
    expect(value(place)).toBe("cellar");
    expect(value(`${table}1.CommandProcessed`)).toBe("Success");
    expect(told).toContain(`${table}1.CommandProcessed`);
  });

  it("shows the printer's own value, and says so, when a promise cannot be kept", async () => {
    const { tree, embed, value, clock } = createBox();
    const { view } = embed(1);
    view.writeAnswer = unreachable;
    view.changeFacts({ reachability: "Unreachable" });
    await tree.write([{ path: place, value: "cellar" }]);
    const told: string[] = [];
    tree.onChange((paths) => told.push(...paths));
    const failures = [{ path: place, reason: "is not allowed", isInvalidValue: true }];
    view.writeAnswer = { outcome: "failed", failures };
    view.changeFacts({ reachability: "Online" });
    await clock.advance(1);
    expect(value(place)).toBe("old");
    expect(told).toEqual(expect.arrayContaining([place, `${table}1.CommandProcessingErrMsg`]));
    expect(value(`${table}1.CommandProcessed`)).toBe("Error");
    expect(value(`${table}1.CommandProcessingErrMsg`)).toContain("is not allowed");
  });

  it("never shows a promised secret", async () => {
    const { tree, embed, value } = createBox();
    const { view } = embed(1);
    view.writeAnswer = unreachable;
    const secret = `${service}1.Network.SNMP.ReadCommunity`;
    expect(await tree.write([{ path: secret, value: "hush-hush" }])).toMatchObject({
      outcome: "committed",
    });
    expect(value(secret)).toBe("");
  });

  it("of several printers is all or nothing", async () => {
    const { tree, embed, value } = createBox();
    const [first, second, third] = [embed(1), embed(2), embed(3)];
    const failures = [
      { path: `${service}1.General.SystemLocation`, reason: "no", isInvalidValue: true },
    ];
    second.view.writeAnswer = { outcome: "failed", failures };
    third.view.writeAnswer = unreachable;
    const assignments = [1, 2, 3].map((row) => ({
      path: `${service}${row}.General.SystemLocation`,
      value: "cellar",
    }));
    expect(await tree.write(assignments)).toMatchObject({
      outcome: "refused",
      code: 9003,
      faults: [{ path: `${service}2.General.SystemLocation`, code: 9007 }],
    });
    expect(first.view.written).toHaveLength(2);
    expect(assignments.map(({ path }) => value(path))).toEqual(["old", "old", "old"]);
    expect(value(`${table}3.CommandProcessed`)).toBe("Success");
  });

  it("is taken back, secrets too, when the box cannot keep what belongs to the same request", async () => {
    const { tree, embed, provisioningCode } = createBox();
    const { view } = embed(1);
    provisioningCode.failure = new Error("disk full");
    const secret = `${service}1.Network.SNMP.ReadCommunity`;
    const code = "Device.DeviceInfo.ProvisioningCode";
    const result = await tree.write([
      { path: secret, value: "hush-hush" },
      { path: code, value: "x" },
    ]);
    expect(result).toMatchObject({ outcome: "refused", code: 9002 });
    expect(view.written.at(-1)).toEqual([{ path: secret, value: "public-but-secret" }]);
  });
});

describe("how mfpgate talks to an embedded printer", () => {
  const name = `${service}3.General.SystemLocation`;
  const community = `${service}3.Interaction.SNMP.ReadCommunity`;
  const port = `${service}3.Interaction.SNMP.Port`;

  it("is set at once, also while what was promised waits for a printer that is away", async () => {
    const { tree, embed } = createBox();
    const printer = embed(3);
    const view = printer.view;
    view.writeAnswer = { outcome: "unreachable", reason: "no answer" };
    expect(await tree.write([{ path: name, value: "new" }])).toMatchObject({
      outcome: "committed",
    });
    const told: string[] = [];
    tree.onChange((paths) => told.push(...paths));
    const values = [
      { path: community, value: "another" },
      { path: port, value: "1161" },
    ];
    expect(await tree.write(values)).toMatchObject({ outcome: "applied" });
    expect(view.interaction.values.get("Interaction.SNMP.ReadCommunity")).toBe("another");
    expect(tree.get(community)?.value).toBe("");
    expect(tree.get(port)?.value).toBe("1161");
    expect(told).not.toContain(port);
  });

  it("is all or nothing with the printer, and with other parts of the box", async () => {
    const { tree, embed, provisioningCode } = createBox();
    const view = embed(3).view;
    const both = [
      { path: name, value: "new" },
      { path: port, value: "1161" },
    ];
    view.interaction.failure = new Error("disk full");
    expect(await tree.write(both)).toMatchObject({
      outcome: "refused",
      faults: [{ path: port, code: 9002 }],
    });
    expect(tree.get(name)?.value).toBe("old");
    view.interaction.failure = undefined;
    provisioningCode.failure = new Error("disk full");
    const code = { path: "Device.DeviceInfo.ProvisioningCode", value: "site-7" };
    expect(await tree.write([...both, code])).toMatchObject({ outcome: "refused" });
    expect(tree.get(name)?.value).toBe("old");
    expect(view.interaction.values.size).toBe(0);
    view.interaction.objection = "leads to another host";
    expect(await tree.write(both)).toMatchObject({ faults: [{ path: port, code: 9007 }] });
    expect(view.interaction.refused).toEqual(["acs"]);
    expect(tree.get(name)?.value).toBe("old");
  });
});

describe("five hundred embedded printers", () => {
  const counters: Readonly<Record<string, ModelValue>> = Object.fromEntries(
    Array.from({ length: 280 }, (_, n): readonly [string, ModelValue] => {
      const row = Math.floor(n / 2) + 1;
      return n % 2 === 0 ? [`Supply.${row}.CurrentLevel`, row] : [`Supply.${row}.Type`, "Toner"];
    }),
  );

  it("share the list of nodes of their kind, and a change in one costs the others nothing", () => {
    const { tree, embed, names } = createBox();
    const printers = Array.from({ length: 500 }, (_, index) => {
      const embedded = embed(index + 1);
      embedded.view.poll(counters);
      return embedded;
    });
    const rows = tree.tables?.().find(({ path }) => path === service);
    const before = rows?.row(2);
    expect(before?.filter(({ type }) => type !== undefined).length).toBeGreaterThan(300);
    expect(rows?.row(500)).toBe(before);
    expect([...names().below(service)].length).toBeGreaterThan(150_000);
    const timesMs = printers.slice(0, 20).map(({ view }, index) => {
      const startedMs = performance.now();
      view.poll({ [`Alert.${index + 1}.Code`]: "Jam", AlertNumberOfEntries: 1 });
      expect(names().node(`${service}${index + 1}.Alert.${index + 1}.Code`)?.type).toBe("string");
      return performance.now() - startedMs;
    });
    expect(rows?.row(21)).toBe(before);
    const medianMs = timesMs.sort((a, b) => a - b)[10] ?? 0;
    expect(medianMs).toBeLessThan(50);
    process.stdout.write(`a change among 500 embedded printers: ${medianMs.toFixed(1)} ms\n`);
  });

  it("come one after the other without holding up the rest", () => {
    const { embed, names } = createBox();
    const timesMs: number[] = [];
    for (let row = 1; row <= 500; row += 1) {
      const view = new MemoryPrinter(`SN${row}`);
      view.poll(counters);
      const startedMs = performance.now();
      embed(row, view);
      expect(names().node(`${service}${row}.General.State`)?.type).toBe("string");
      timesMs.push(performance.now() - startedMs);
    }
    // The first one makes what all share; single times are the machine's business.
    expect(timesMs.slice(1).sort((a, b) => a - b)[490]).toBeLessThan(50);
  });
});

describe("the models of a box with embedded printers", () => {
  it("name the table of embedded devices, the same with and without them", () => {
    const { embed, value, deviceTypes } = createBox();
    const uuid = () => value("Device.DeviceInfo.SupportedDataModel.1.UUID") ?? "";
    const before = uuid();
    embed(1);
    expect(uuid()).toBe(before);
    expect(deviceTypes.document(`${before}.xml`)).toContain("EmbeddedDevice.{i}.");
  });

  it("of a printer is the one of its virtual device", () => {
    const { embed, environment, deviceTypes } = createBox();
    const { view, printer } = embed(1);
    const provisioningCode = new MemoryProvisioningCode();
    const virtual = new VirtualTree({ view, environment, provisioningCode });
    const model = deviceTypes.serviceModelOf(printer.typeNodes());
    const uuid = virtual.get("Device.DeviceInfo.SupportedDataModel.2.UUID")?.value;
    expect(model?.uuid).toBe(uuid);
    const xml = deviceTypes.document(`${model?.uuid ?? ""}.xml`) ?? "";
    expect(xml).toContain('<parameter ref="SystemLocation" access="readWrite"');
    expect(xml).toContain('<parameter ref="State" access="readOnly"');
    if (hasTr106Validator) expect(validateTr106("dt.xml", xml)).toMatchObject({ valid: true });
    else reportLeftOut("schema validation of an embedded printer's device type");
  });
});
