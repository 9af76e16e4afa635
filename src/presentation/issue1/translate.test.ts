import { describe, expect, it } from "vitest";
import type { TreeNode } from "../tree.ts";
import { issue1Names } from "./names.ts";
import { nodesOfIssue1, tableOfIssue1, toIssue1, toIssue2, valueOfIssue1 } from "./translate.ts";

const traceRoute = "Device.IP.Diagnostics.TraceRoute.";
const hops = "Device.LAN.TraceRouteDiagnostics.";

describe("names of Issue 1", () => {
  it("lead to Issue 2 and back to themselves", () => {
    for (const name of issue1Names) {
      const path = name.replaceAll("{i}", "7");
      const inner = toIssue2(path);
      expect(inner).toBeDefined();
      expect(toIssue1(inner ?? ""), name).toBe(path);
    }
  });

  it("are those of diagnostics under other objects, hops under other names", () => {
    expect(toIssue1("Device.IP.Diagnostics.IPPing.Host")).toBe("Device.LAN.IPPingDiagnostics.Host");
    expect(toIssue1(`${traceRoute}RouteHopsNumberOfEntries`)).toBe(`${hops}NumberOfRouteHops`);
    expect(toIssue1(`${traceRoute}RouteHops.3.Host`)).toBe(`${hops}RouteHops.3.HopHost`);
    expect(toIssue1(`${traceRoute}Host`)).toBe(`${hops}Host`);
  });

  it("do not exist for what Issue 1 does not have", () => {
    for (const path of [
      "Device.RootDataModelVersion",
      "Device.IP.Interface.1.Status",
      `${traceRoute}NumberOfTries`,
      `${traceRoute}RouteHops.3.RTTimes`,
      "Device.DeviceInfo.VendorConfigFile.1.UseForBackupRestore",
      "Device.ManagementServer.VirtualDevice.",
    ])
      expect(toIssue1(path), path).toBeUndefined();
    expect(toIssue2("Device.IP.Diagnostics.IPPing.Host")).toBeUndefined();
  });

  it("leave the service object and what is ours alone", () => {
    for (const path of [
      "Device.Services.X_MFPGATE-ORG_MFP.1.General.State",
      "Device.ManagementServer.X_MFPGATE-ORG_A.1.B",
      "Device.X_MFPGATE-ORG_A.B",
    ])
      expect([toIssue1(path), toIssue2(path)]).toEqual([path, path]);
  });
});

describe("values of Issue 1", () => {
  it("have the words of TR-143 there", () => {
    const at = (path: string, value = "Complete") =>
      valueOfIssue1({ path: "", type: "string", value }, `${path}DiagnosticsState`).value;
    expect(at("Device.DownloadDiagnostics.")).toBe("Completed");
    expect(at("Device.UploadDiagnostics.", "Error_Internal")).toBe("Error_InitConnectionFailed");
    expect(at("Device.LAN.IPPingDiagnostics.")).toBe("Complete");
    expect(at(hops, "Error_NoRouteToHost")).toBe("Error_Other");
  });

  it("have 32 bits where Issue 2 has 64, and stay at the largest", () => {
    const path = "Device.DownloadDiagnostics.TestBytesReceived";
    const long = (value: string) => valueOfIssue1({ path: "", type: "unsignedLong", value }, path);
    expect(long("1000")).toEqual({ path, type: "unsignedInt", value: "1000" });
    expect(long("5000000000").value).toBe("4294967295");
    const node: TreeNode = {
      path: "Device.IP.Diagnostics.DownloadDiagnostics.TestBytesReceived",
      writable: false,
      type: "unsignedLong",
    };
    expect(nodesOfIssue1([node])).toEqual([{ path, writable: false, type: "unsignedInt" }]);
  });
});

describe("tables of Issue 1", () => {
  const row: readonly TreeNode[] = [
    { path: "Host", writable: false, type: "string" },
    { path: "RTTimes", writable: false, type: "string" },
  ];
  const table = (path: string) => ({ path, instances: () => [4], row: () => row });

  it("have their rows under the names there, the same list each time", () => {
    const found = tableOfIssue1(table(`${traceRoute}RouteHops.`));
    expect(found?.path).toBe(`${hops}RouteHops.`);
    expect(found?.row(4)?.map(({ path }) => path)).toEqual(["HopHost"]);
    expect(found?.row(4)).toBe(found?.row(4));
  });

  it("are left out when there is none", () => {
    expect(tableOfIssue1(table("Device.Hosts.Host."))).toBeUndefined();
  });
});
