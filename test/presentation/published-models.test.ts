import { describe, expect, it } from "vitest";
import { managementServerNodes } from "../../src/cwmp/management-server/management-server.ts";
import { comparePaths } from "../../src/model/snapshot.ts";
import type { ComposedTree } from "../../src/presentation/composed-tree.ts";
import { DeviceTypes } from "../../src/presentation/device-types.ts";
import { Issue1Tree } from "../../src/presentation/issue1/issue1-tree.ts";
import { issue1Names } from "../../src/presentation/issue1/names.ts";
import { gatewayInfoPart } from "../../src/presentation/proxier/gateway-info.ts";
import { machinePart } from "../../src/presentation/proxier/machine-part.ts";
import { ProxierRows, createProxierTree } from "../../src/presentation/proxier/proxier-tree.ts";
import { vendorFilesPart } from "../../src/presentation/proxier/vendor-files.ts";
import { device1Root, device2Root } from "../../src/presentation/root-model.ts";
import type { DeviceTree, TreeNode } from "../../src/presentation/tree.ts";
import { VirtualTree } from "../../src/presentation/virtual/virtual-tree.ts";
import { ManualClock } from "../../src/shared/manual-clock.ts";
import {
  type PublishedModel,
  hasBbfModels,
  publishedModel,
  templateOf,
} from "../support/bbf-model.ts";
import { MemoryMachine, MemoryRowNumbers } from "../support/memory-machine.ts";
import { MemoryPrinter, MemoryProvisioningCode } from "../support/memory-printer.ts";

const clock = new ManualClock();
const identity = {
  manufacturer: "MPS",
  oui: "00005E",
  productClass: "mfpgate",
  serialNumber: "B1",
};

/** The proxier with every part of the box. */
async function proxierTree(deviceTypes: DeviceTypes): Promise<ComposedTree> {
  const lease = { addresses: ["192.0.2.2"], nameServers: [] };
  return createProxierTree({
    identity,
    softwareVersion: "0.1.0",
    hardwareVersion: "x64",
    startedAtMs: 0,
    clock,
    provisioningCode: new MemoryProvisioningCode(),
    rows: new ProxierRows(),
    modelRowOf: () => undefined,
    deviceTypes,
    managementNodes: managementServerNodes,
    firstUseDate: "2026-01-01T00:00:00Z",
    parts: [
      await machinePart({
        machine: new MemoryMachine(),
        clock,
        numbers: new MemoryRowNumbers(),
        lease: () => lease,
        localTime: () => "2026-01-01T01:00:00+01:00",
      }),
      vendorFilesPart({
        configurations: [
          {
            name: "config.yaml",
            version: () => "0123456789ab",
            atMs: () => 0,
            description: "Configuration",
            isBackup: true,
          },
        ],
        logs: [{ name: "events", mostBytes: 0, isPersistent: true }],
      }),
      gatewayInfoPart({
        gateway: () => ({ oui: "", productClass: "", serialNumber: "" }),
        onChange: () => () => undefined,
      }),
    ],
  });
}

/** A printer with interfaces. */
function virtualTree(deviceTypes: DeviceTypes): DeviceTree {
  const printer = new MemoryPrinter("SN1");
  const minute = 60_000;
  printer.poll({
    "General.State": "Idle",
    "General.UpTime": 100,
    "Network.Interface.1.Type": "Ethernet",
    "Network.Interface.1.Name": "eth0",
    "Network.Interface.1.Speed": 1000,
    "Network.Interface.1.PhysicalAddress": "00:00:5e:00:53:01",
    "Network.Interface.1.OperState": "Up",
    "Network.Interface.1.IPAddress": "192.0.2.10",
    "Network.Interface.1.SubnetMask": "255.255.255.0",
    "Network.Interface.1.DHCPEnable": true,
  });
  const periodsMs = {
    status: minute,
    supplies: minute,
    counters: minute,
    settings: minute,
    identity: minute,
  };
  return new VirtualTree({
    view: printer,
    provisioningCode: new MemoryProvisioningCode(),
    environment: { clock, periodsMs, proxier: identity, deviceTypes, managementNodes: [] },
  });
}

/** What of a tree the published model does not know or knows otherwise. */
function strangers(
  tree: DeviceTree,
  model: PublishedModel,
  more: readonly TreeNode[] = [],
): string[] {
  return [...tree.nodes(), ...more].flatMap((node) => {
    const template = templateOf(node.path);
    if (template.includes(".X_MFPGATE-ORG_")) return [];
    const isRow = template.endsWith(".{i}.");
    const isTable = model.nodes.has(`${template}{i}.`);
    const known = model.nodes.get(isTable ? `${template}{i}.` : template);
    if (known === undefined) return [`${template} is not in the model`];
    const problems: string[] = [];
    if (node.type !== known.type) problems.push(`${template} is ${known.type ?? "an object"}`);
    if (node.writable && !known.isWritable && !isRow) problems.push(`${template} is read-only`);
    return [...problems, ...valueProblems(tree.get(node.path)?.value, template, known)];
  });
}

function valueProblems(
  value: string | undefined,
  template: string,
  known: { enumeration: readonly string[]; isList: boolean; maxLength: number | undefined },
): string[] {
  if (value === undefined) return [];
  const words = known.isList ? value.split(",").filter((word) => word !== "") : [value];
  const foreign = words.filter(
    (word) => !known.enumeration.includes(word) && !word.startsWith("X_"),
  );
  return [
    ...(known.enumeration.length > 0 && foreign.length > 0
      ? [`${template} cannot be ${foreign.join()}`]
      : []),
    ...(value.length > (known.maxLength ?? Infinity) ? [`${template} is too long`] : []),
  ];
}

/** Baseline:4 of Device:2.17, for a run without the published model. */
const ownBaseline4 = [
  "Device.RootDataModelVersion",
  "Device.InterfaceStackNumberOfEntries",
  ...under("Device.DeviceInfo.", [
    "Manufacturer",
    "ManufacturerOUI",
    "ModelName",
    "Description",
    "SerialNumber",
    "HardwareVersion",
    "SoftwareVersion",
    "ProvisioningCode",
    "UpTime",
  ]),
  ...under("Device.InterfaceStack.{i}.", ["HigherLayer", "LowerLayer"]),
  "Device.DNS.SupportedRecordTypes",
  ...under("Device.DNS.Client.", ["Enable", "Status", "ServerNumberOfEntries"]),
  ...under("Device.DNS.Client.Server.{i}.", ["Enable", "Status", "DNSServer", "Interface", "Type"]),
  ...under("Device.ManagementServer.", [
    "URL",
    "Username",
    "Password",
    "PeriodicInformEnable",
    "PeriodicInformInterval",
    "PeriodicInformTime",
    "ParameterKey",
    "ConnectionRequestURL",
    "ConnectionRequestUsername",
    "ConnectionRequestPassword",
    "UpgradesManaged",
  ]),
];

function under(object: string, names: readonly string[]): readonly string[] {
  return names.map((name) => object + name);
}

/** What of a profile a tree does not have. */
function missing(nodes: readonly TreeNode[], profile: readonly string[]): readonly string[] {
  const templates = new Set(nodes.map(({ path }) => templateOf(path)));
  return profile.filter((path) => !templates.has(path));
}

function parametersOf(profile: readonly { readonly path: string }[] = []): readonly string[] {
  return profile.flatMap(({ path }) => (path.endsWith(".") ? [] : [path]));
}

const deviceTypes = new DeviceTypes(() => "http://192.0.2.1:7547");
/** Scalars of `Device.ManagementServer.` below Issue 1. */
const settings1 = managementServerNodes.filter(
  ({ path, type }) =>
    type === undefined || device1Root.hasSetting?.(path.split(".").slice(2).join(".")) === true,
);

describe("the proxier", () => {
  it("has all of Baseline:4", async () => {
    const nodes = [...(await proxierTree(deviceTypes)).nodes(), ...managementServerNodes];
    expect(missing(nodes, ownBaseline4)).toEqual([]);
  });
});

describe("Device:1", () => {
  it("is shown with a summary that names its profiles and the service object", async () => {
    const summary = "Device.DeviceSummary";
    const printer = new Issue1Tree(virtualTree(deviceTypes));
    expect(printer.get(summary)?.value).toBe(
      "Device:1.14[](Baseline:1,SupportedDataModel:1), X_MFPGATE-ORG_MFP:1.0[1]()",
    );
    const box = new Issue1Tree(await proxierTree(deviceTypes));
    expect(box.get(summary)?.value).toBe(
      "Device:1.14[](Baseline:1,GatewayInfo:1,MemoryStatus:1,ProcessStatus:1,Processors:1," +
        "VendorLogFiles:1,SupportedDataModel:1)",
    );
  });

  it("has the LAN side of box and printer in the place of interfaces", async () => {
    const box = new Issue1Tree(await proxierTree(deviceTypes));
    expect(lanOf(box)).toEqual({
      AddressingType: "DHCP",
      DNSServers: "192.0.2.53",
      DefaultGateway: "192.0.2.1",
      IPAddress: "192.0.2.2",
      MACAddress: "00:00:5E:00:53:10",
      SubnetMask: "255.255.255.0",
    });
    expect(lanOf(new Issue1Tree(virtualTree(deviceTypes)))).toMatchObject({
      IPAddress: "192.0.2.10",
      MACAddress: "00:00:5e:00:53:01",
    });
    const ofIssue2 = /^Device\.(IP|Ethernet|DNS|InterfaceStack|Routing|Hosts)\./;
    expect(box.nodes().filter(({ path }) => ofIssue2.test(path))).toEqual([]);
  });

  it("gives the same service object, and takes writes to it", async () => {
    const inner = virtualTree(deviceTypes);
    const tree = new Issue1Tree(inner);
    const service = (of: DeviceTree) =>
      of.nodes().filter(({ path }) => path.startsWith("Device.Services."));
    expect(service(tree)).toEqual(service(inner));
    const code = { path: "Device.DeviceInfo.ProvisioningCode", value: "site" };
    expect(tree.validate(code)).toBeUndefined();
    expect(await tree.write([code])).toEqual({ outcome: "applied" });
    expect(tree.get(code.path)?.value).toBe("site");
    expect(tree.validate({ path: "Device.LAN.IPAddress", value: "192.0.2.9" })?.code).toBe(9008);
    expect(tree.validate({ path: "Device.RootDataModelVersion", value: "2.17" })?.code).toBe(9005);
  });

  it("has unique nodes in tree order, every parameter readable with its type", async () => {
    for (const inner of [virtualTree(deviceTypes), await proxierTree(deviceTypes)]) {
      const tree = new Issue1Tree(inner);
      const paths = tree.nodes().map(({ path }) => path);
      expect([...paths].sort(comparePaths)).toEqual(paths);
      expect(new Set(paths).size).toBe(paths.length);
      for (const { path, type } of tree.nodes()) expect(tree.get(path)?.type, path).toBe(type);
    }
  });
});

/** `Device.LAN.` of a tree, name → value. */
function lanOf(tree: DeviceTree): Readonly<Record<string, string | undefined>> {
  const own = tree
    .nodes()
    .filter(({ path, type }) => type !== undefined && /^Device\.LAN\.[^.]+$/.test(path));
  return Object.fromEntries(
    own.map(({ path }) => [path.slice("Device.LAN.".length), tree.get(path)?.value]),
  );
}

if (hasBbfModels) {
  const published = { 2: publishedModel("Device:2.17"), 1: publishedModel("Device:1.14") };

  describe("the models as published", () => {
    it("know every node of the proxier, with its type, access and words", async () => {
      const tree = await proxierTree(deviceTypes);
      expect(strangers(tree, published[2], managementServerNodes)).toEqual([]);
      expect(strangers(tree, published[2], tree.typeNodes())).toEqual([]);
      expect(strangers(new Issue1Tree(tree), published[1], settings1)).toEqual([]);
    });

    it("know every node of a virtual device, with its type, access and words", () => {
      expect(strangers(virtualTree(deviceTypes), published[2])).toEqual([]);
      expect(strangers(new Issue1Tree(virtualTree(deviceTypes)), published[1])).toEqual([]);
    });

    it("name the same parameters for Baseline:4 and have no more", () => {
      const parameters = parametersOf(published[2].profiles.get("Baseline:4"));
      expect([...ownBaseline4].sort()).toEqual([...parameters].sort());
    });

    it("have every name of the list for Issue 1", () => {
      const { nodes } = published[1];
      const isKnown = (path: string) => nodes.has(path) || nodes.has(`${path}{i}.`);
      expect([...issue1Names].filter((path) => !isKnown(path))).toEqual([]);
    });

    it("force the parameters into every Inform that we send", () => {
      for (const [root, { nodes }] of [
        [device2Root, published[2]],
        [device1Root, published[1]],
      ] as const) {
        const forced = [...nodes].flatMap(([path, node]) => (node.isForcedInform ? [path] : []));
        expect([...root.forcedInform].sort()).toEqual(forced.sort());
      }
    });

    it("have the profiles the summary claims", async () => {
      const inner = await proxierTree(deviceTypes);
      const nodes = [...device1Root.presentNodes(inner.typeNodes()), ...settings1];
      const summary = new Issue1Tree(inner).get("Device.DeviceSummary")?.value ?? "";
      const claimed = /\((.*?)\)/.exec(summary)?.[1]?.split(",") ?? [];
      expect(claimed).toContain("Baseline:1");
      for (const name of claimed) {
        const parameters = parametersOf(published[1].profiles.get(name));
        expect(parameters.length, name).toBeGreaterThan(0);
        expect(missing(nodes, parameters), name).toEqual([]);
      }
    });
  });
} else {
  process.stderr.write(
    "left out: comparison with the published models (../shared/spec is not here)\n",
  );
}
