import { describe, expect, it } from "vitest";
import { MemoryPrinter, MemoryProvisioningCode } from "../../../test/support/memory-printer.ts";
import { toPath } from "../../model/model.ts";
import { ManualClock } from "../../shared/manual-clock.ts";
import { redact } from "../../shared/redact.ts";
import { DeviceTypes } from "../device-types.ts";
import { VirtualTree } from "./virtual-tree.ts";

const minute = 60_000;
const name = toPath("General.SystemName");
const password = toPath("Interaction.EWS.Password");
const port = toPath("Interaction.SNMP.Port");
const interval = toPath("Interaction.PollInterval");
const code = "Device.DeviceInfo.ProvisioningCode";

function createTree() {
  const clock = new ManualClock();
  const printer = new MemoryPrinter();
  printer.poll({ "General.SystemName": "lp1" }, { writable: true });
  const provisioningCode = new MemoryProvisioningCode();
  const environment = {
    clock,
    periodsMs: {
      status: minute,
      supplies: 60 * minute,
      counters: 60 * minute,
      settings: 60 * minute,
      identity: 60 * minute,
    },
    proxier: { manufacturer: "MPS", oui: "00005E", productClass: "mfpgate", serialNumber: "B1" },
    deviceTypes: new DeviceTypes(() => "http://192.0.2.1:7547"),
    managementNodes: [],
  };
  const tree = new VirtualTree({ view: printer, provisioningCode, environment });
  const told: string[] = [];
  tree.onChange((paths) => told.push(...paths));
  return { tree, printer, provisioningCode, clock, told };
}

describe("how mfpgate talks to a printer", () => {
  it("is settable but for what came of it, and judged by the model", () => {
    const { tree } = createTree();
    const writable = tree
      .nodes()
      .filter(({ path, writable }) => writable && path.includes(".Interaction."))
      .map(({ path }) => path.slice(toPath("Interaction.").length));
    expect(writable).toHaveLength(21);
    expect(writable).toEqual(expect.arrayContaining(["PollInterval", "SNMP.Port", "EWS.URL"]));
    expect(writable.filter((path) => /Status|LastSuccess|Mapping/.test(path))).toEqual([]);
    const fault = (path: string, value: string) => tree.validate({ path, value })?.code;
    expect(fault(port, "65536")).toBe(9007);
    expect(fault(toPath("Interaction.SNMP.Version"), "v4")).toBe(9007);
    expect(fault(toPath("Interaction.SNMP.Status"), "OK")).toBe(9008);
    expect(fault(toPath("Interaction.MappingName"), "vendor/acme/other")).toBe(9008);
    expect(fault(port, "1161")).toBeUndefined();
  });

  it("is set without the printer, reads back, and is no news to who set it", async () => {
    const { tree, printer, told } = createTree();
    expect(await tree.write([{ path: port, value: "1161" }])).toEqual({ outcome: "applied" });
    expect(printer.written).toEqual([]);
    expect(tree.get(port)).toEqual({ path: port, type: "unsignedInt", value: "1161" });
    expect(told).not.toContain(port);
    expect(told).toContain(toPath("Interaction.SNMP.Status"));
    printer.changeFacts({ reachability: "Unreachable" });
    expect(told).toContain(port);
  });

  it("never tells a secret, which no log will show either", async () => {
    const { tree, printer } = createTree();
    await tree.write([{ path: password, value: "hunter-2-secret" }]);
    expect(printer.interaction.values.get("Interaction.EWS.Password")).toBe("hunter-2-secret");
    expect(tree.get(password)?.value).toBe("");
    expect(redact("it is hunter-2-secret")).toBe("it is [redacted]");
    await tree.write([{ path: toPath("Interaction.SNMP.ReadCommunity"), value: "public" }]);
    expect(redact("public")).toBe("public");
  });

  it("is asked about before the printer is written to", async () => {
    const { tree, printer } = createTree();
    printer.interaction.objection = "leads to another host";
    const result = await tree.write([
      { path: name, value: "lp2" },
      { path: toPath("Interaction.EWS.URL"), value: "http://198.51.100.1/" },
    ]);
    expect(result).toMatchObject({
      code: 9003,
      faults: [{ code: 9007, text: "leads to another host" }],
    });
    expect(printer.written).toEqual([]);
    expect(printer.interaction.refused).toEqual(["acs"]);
  });

  it("is left as it was when the printer does not take the rest", async () => {
    const { tree, printer } = createTree();
    printer.writeAnswer = { outcome: "failed", failures: [{ path: name, reason: "no" }] };
    const result = await tree.write([
      { path: port, value: "1161" },
      { path: name, value: "lp2" },
    ]);
    expect(result).toMatchObject({ outcome: "refused", code: 9003 });
    expect(printer.interaction.values.size).toBe(0);
  });

  it("that cannot be stored sets the printer back", async () => {
    const { tree, printer } = createTree();
    printer.interaction.failure = new Error("disk full");
    const result = await tree.write([
      { path: port, value: "1161" },
      { path: name, value: "lp2" },
    ]);
    expect(result).toMatchObject({ outcome: "refused", code: 9002 });
    expect(result).toHaveProperty("text", expect.stringContaining("nothing was changed"));
    expect(tree.get(name)?.value).toBe("lp1");
  });

  it("is set back with the printer when the provisioning code cannot be stored", async () => {
    const { tree, printer, provisioningCode } = createTree();
    provisioningCode.failure = new Error("disk full");
    const result = await tree.write([
      { path: code, value: "site-7" },
      { path: port, value: "1161" },
      { path: name, value: "lp2" },
    ]);
    expect(result).toMatchObject({ outcome: "refused", code: 9002 });
    expect(printer.interaction.values.size).toBe(0);
    expect(tree.get(name)?.value).toBe("lp1");
  });

  it("decides when what is polled is stale", async () => {
    const { tree, printer, clock } = createTree();
    printer.poll({ "General.State": "Idle" }, { atMs: clock.nowMs() });
    await clock.advance(4 * minute);
    const stale = () => tree.get(toPath("Proxy.StaleParameters"))?.value;
    expect(stale()).toContain("General.");
    await tree.write([{ path: interval, value: "300" }]);
    expect(stale()).toBe("");
  });
});
