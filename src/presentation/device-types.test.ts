import { describe, expect, it } from "vitest";
import { DeviceTypes } from "./device-types.ts";
import { buildNodes } from "./nodes.ts";
import { device1Root, device2Root } from "./root-model.ts";

function nodesWith(name: string) {
  return buildNodes([{ path: `Device.DeviceInfo.${name}`, type: "string", writable: false }]);
}

function nameOf(url = ""): string {
  return url.slice(url.lastIndexOf("/") + 1);
}

describe("device-type documents", () => {
  it("have one name per content, wherever it is found", () => {
    const types = new DeviceTypes(() => "http://192.0.2.1:7547");
    const [first] = types.supportedBy(nodesWith("SerialNumber"));
    const [again] = types.supportedBy(nodesWith("SerialNumber"));
    const [other] = types.supportedBy(nodesWith("ModelName"));
    expect(first?.url).toMatch(/^http:\/\/192\.0\.2\.1:7547\/dt\/[0-9a-f-]{36}\.xml$/);
    expect(again).toEqual(first);
    expect(other?.uuid).not.toBe(first?.uuid);
    expect(types.document(nameOf(first?.url))).toContain(`ref="SerialNumber"`);
  });

  it("tell devices apart that differ in what is not in their own list", () => {
    const types = new DeviceTypes(() => "");
    const nodes = nodesWith("SerialNumber");
    const settings = (writable: boolean) =>
      buildNodes([{ path: "Device.ManagementServer.ScheduleReboot", type: "dateTime", writable }]);
    const [able, unable] = [settings(true), settings(false)];
    const access = [able, unable, able].map((more) => {
      const xml = types.document(nameOf(types.supportedBy(nodes, more)[0]?.url)) ?? "";
      return /ref="ScheduleReboot" access="(\w+)"/.exec(xml)?.[1];
    });
    expect(access).toEqual(["readWrite", "readOnly", "readWrite"]);
  });

  it("find the models of ours they import below the same address", () => {
    const printerTest = buildNodes([
      { path: "Device.X_MFPGATE-ORG_PrinterTest.Reference", type: "string", writable: true },
    ]);
    for (const [root, file] of [
      [device2Root, "x-mfpgate-org-device-2-17-0.xml"],
      [device1Root, "x-mfpgate-org-device-1-14-0.xml"],
    ] as const) {
      const types = new DeviceTypes(() => "", root);
      const [model] = types.supportedBy(printerTest);
      expect(types.document(nameOf(model?.url))).toContain(`<import file="${file}"`);
      expect(types.document(file)).toContain(`file="${file}"`);
    }
  });

  it("are dropped when too many are kept, those in use last", () => {
    const types = new DeviceTypes(() => "");
    const used = nodesWith("SerialNumber");
    const names = Array.from({ length: 600 }, (_, index) => {
      types.supportedBy(used);
      return nameOf(types.supportedBy(nodesWith(`P${index}`))[0]?.url);
    });
    const kept = names.filter((name) => types.document(name) !== undefined);
    expect(kept.length).toBeLessThanOrEqual(512);
    expect(kept).toEqual(names.slice(-kept.length));
    expect(types.document(nameOf(types.supportedBy(used)[0]?.url))).toBeDefined();
  });
});
