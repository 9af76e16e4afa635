import { describe, expect, it } from "vitest";
import { MemoryPrinter } from "../../../test/support/memory-printer.ts";
import { Rows } from "../rows.ts";
import { hostsTable } from "./hosts-table.ts";
import {
  type PresentationWord,
  type ProxiedDevice,
  proxiedDevicePart,
} from "./proxied-device-table.ts";

const hosts = "Device.Hosts.Host.";

function createHosts(values: Parameters<MemoryPrinter["poll"]>[0] = {}) {
  const rows = new Rows<MemoryPrinter>();
  const table = hostsTable(rows);
  const printer = new MemoryPrinter("SN1");
  printer.poll(values);
  rows.put(4, printer);
  const value = (name: string) => table.get(`${hosts}4.${name}`)?.value;
  return { rows, table, printer, value };
}

const twoInterfaces = {
  "General.SystemName": "lp1",
  "Network.Interface.1.Type": "Ethernet",
  "Network.Interface.1.PhysicalAddress": "00:00:5e:00:53:01",
  "Network.Interface.1.IPAddress": "198.51.100.1",
  "Network.Interface.2.Type": "WiFi",
  "Network.Interface.2.PhysicalAddress": "00:00:5e:00:53:02",
  "Network.Interface.2.IPAddress": "192.0.2.10",
  "Network.Interface.2.HostName": "printer-two",
} as const;

describe("Device.Hosts.Host", () => {
  it("shows the interface the box talks to", () => {
    const { value, table } = createHosts(twoInterfaces);
    expect(value("PhysAddress")).toBe("00:00:5e:00:53:02");
    expect(value("InterfaceType")).toBe("Wi-Fi");
    expect(value("IPAddress")).toBe("192.0.2.10");
    expect(value("HostName")).toBe("printer-two");
    expect(value("Active")).toBe("true");
    expect(value("IPv4AddressNumberOfEntries")).toBe("1");
    expect(value("IPv4Address.1.IPAddress")).toBe("192.0.2.10");
    expect(value("IPv6AddressNumberOfEntries")).toBe("0");
    expect(value("IPv6Address.1.IPAddress")).toBeUndefined();
    expect(table.tables[0]?.row(4)?.map(({ path }) => path)).toContain("IPv6Address.");
    expect(table.get("Device.Hosts.HostNumberOfEntries")?.value).toBe("1");
  });

  it("has a key of its own for a printer that tells no MAC address", () => {
    const { value, printer } = createHosts({ "General.SystemName": "lp1" });
    expect(value("PhysAddress")).toBe("SN1");
    expect(value("HostName")).toBe("lp1");
    expect(value("InterfaceType")).toBe("Other");
    printer.changeFacts({ macAddress: "00:00:5e:00:53:09" });
    expect(value("PhysAddress")).toBe("00:00:5e:00:53:09");
  });

  it("knows a printer by name, and one with an IPv6 address", () => {
    const { value, printer, table } = createHosts();
    printer.changeFacts({ host: "lp1.example.net" });
    expect([value("IPAddress"), value("HostName")]).toEqual(["", "lp1.example.net"]);
    printer.changeFacts({ host: "2001:db8::1" });
    expect(value("IPv6Address.1.IPAddress")).toBe("2001:db8::1");
    const names = table.tables[0]?.row(4)?.map(({ path }) => path);
    expect(names).toContain("IPv6Address.1.IPAddress");
    expect(names).not.toContain("IPv4Address.1.IPAddress");
  });

  it("tells when a printer goes away, moves, or is gone", () => {
    const { table, printer, rows } = createHosts();
    const told: string[] = [];
    table.onChange((paths) => told.push(...paths));
    printer.changeFacts({ reachability: "Unreachable" });
    expect(table.get(`${hosts}4.Active`)?.value).toBe("false");
    expect(told).toEqual(expect.arrayContaining([`${hosts}4.Active`, `${hosts}4.IPAddress`]));
    rows.remove(4);
    told.length = 0;
    printer.changeFacts({ reachability: "Online" });
    expect(told).toEqual([]);
  });
});

describe("Device.ManagementServer.X_MFPGATE-ORG_ProxiedDevice", () => {
  const path = "Device.ManagementServer.X_MFPGATE-ORG_ProxiedDevice.2.Presentation";

  function create() {
    const rows = new Rows<ProxiedDevice>();
    const part = proxiedDevicePart(rows);
    let chosen: PresentationWord = "Auto";
    let failure: Error | undefined;
    const device: ProxiedDevice = {
      view: new MemoryPrinter("SN2"),
      presentation: () => chosen,
      presentedAs: () => (chosen === "Auto" ? "Virtual" : chosen),
      choose: (word) => {
        if (failure !== undefined) return Promise.reject(failure);
        chosen = word;
        rows.put(2, device);
        return Promise.resolve();
      },
    };
    rows.put(2, device);
    return { part, fail: (error: Error) => (failure = error) };
  }

  it("lets the ACS choose how a printer is shown, and does not report that choice to it", async () => {
    const { part } = create();
    const told: string[] = [];
    part.onChange?.((paths) => told.push(...paths));
    expect(part.get(path)?.value).toBe("Auto");
    expect(await part.write?.([{ path, value: "Embedded" }])).toEqual({ outcome: "applied" });
    expect(part.get(path)?.value).toBe("Embedded");
    expect(told).not.toContain(path);
    expect(told).toContain(path.replace("Presentation", "PresentedAs"));
  });

  it("keeps every printer as it was when one of several choices cannot be kept", async () => {
    const rows = new Rows<ProxiedDevice>();
    const part = proxiedDevicePart(rows);
    const words: PresentationWord[] = ["Virtual", "None"];
    words.forEach((_word, index) => {
      rows.put(index + 1, {
        view: new MemoryPrinter(`SN${index}`),
        presentation: () => words[index] ?? "Auto",
        presentedAs: () => "Virtual",
        choose: (word) => {
          if (index === 1 && word === "Embedded") return Promise.reject(new Error("disk full"));
          words[index] = word;
          return Promise.resolve();
        },
      });
    });
    const paths = [1, 2].map((row) => path.replace(".2.", `.${row}.`));
    const result = await part.write?.(paths.map((name) => ({ path: name, value: "Embedded" })));
    expect(result?.outcome).toBe("refused");
    expect(words).toEqual(["Virtual", "None"]);
  });

  it("takes only words it knows, and refuses what cannot be kept", async () => {
    const { part, fail } = create();
    expect(part.validate?.({ path, value: "Sideways" })?.code).toBe(9007);
    const other = path.replace("Presentation", "PresentedAs");
    expect(part.validate?.({ path: other, value: "None" })?.code).toBe(9008);
    expect(part.validate?.({ path, value: "None" })).toBeUndefined();
    fail(new Error("disk full"));
    expect(await part.write?.([{ path, value: "None" }])).toMatchObject({ code: 9002 });
  });
});
