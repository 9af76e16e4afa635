import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeviceRecord } from "../../src/simulator/acs/device-record.ts";
import { operatorScript } from "../../src/simulator/acs/session-script.ts";
import {
  type PublishedModel,
  hasBbfModels,
  publishedModel,
  templateOf,
} from "../support/bbf-model.ts";
import { setUp } from "../support/command.ts";
import { Site } from "../support/site.ts";
import { hasTr106Validator, reportLeftOut, validateTr106 } from "../support/validate-tr106.ts";

const service = "Device.Services.X_MFPGATE-ORG_MFP.1.";
const roots = [
  { root: "Device:2", published: "Device:2.17", marker: "Device.RootDataModelVersion" },
  { root: "Device:1", published: "Device:1.14", marker: "Device.DeviceSummary" },
] as const;

describe.each(roots)("a service that presents $root", ({ root, published, marker }) => {
  let site: Site;
  let printer: DeviceRecord;
  let proxier: DeviceRecord;

  beforeAll(async () => {
    setUp();
    const script = operatorScript({ periodicInformS: 3_600, newPassword: () => "cr-password" });
    site = await Site.open({
      recordings: ["ricoh-im-c2590"],
      firstPrinter: "127.20.9.1",
      acs: { scripts: [script] },
    });
    const acs = { url: site.acs.url, periodicInform: "1h", rootDataModel: root };
    await site.start(site.configure({ acs }));
    [printer, proxier] = await site.acs.waitFor(() => {
      const known = site.acs.devices().filter((device) => device.treeReadAtMs !== undefined);
      const [box] = known.filter(({ deviceId }) => deviceId.serialNumber === "E2E");
      const [device] = known.filter(({ deviceId }) => deviceId.serialNumber !== "E2E");
      return box === undefined || device === undefined ? undefined : [device, box];
    }, 40_000);
  }, 120_000);
  afterAll(() => site.stop());

  it("sends the Informs its model forces, and breaks no rule the test ACS knows", async () => {
    for (const device of [printer, proxier]) expect(device.value(marker)).toBeTruthy();
    expect(printer.value("Device.DeviceSummary") ?? "").toMatch(
      root === "Device:1"
        ? /^Device:1\.14\[\]\(Baseline:1.*\), X_MFPGATE-ORG_MFP:1\.0\[1\]\(/
        : /^$/,
    );
    await site.acs.execute(printer.id, { method: "GetRPCMethods" });
    expect(site.acs.violations()).toEqual([]);
  });

  it("lets the printer be read and set through the same service object", async () => {
    const location = `${service}General.SystemLocation`;
    const answer = await site.acs.setParameterValues(printer.id, { [location]: "second floor" });
    expect(answer.outcome).toBe("response");
    await site.acs.getParameterValues(printer.id, [service]);
    expect(printer.value(location)).toBe("second floor");
    expect(printer.value(`${service}General.State`)).toBe("Idle");
    const code = "Device.DeviceInfo.ProvisioningCode";
    await site.acs.setParameterValues(proxier.id, { [code]: "site" });
    await site.acs.getParameterValues(proxier.id, ["Device.DeviceInfo."]);
    expect(proxier.value(code)).toBe("site");
  });

  it("does not know names of the other root", async () => {
    const other = roots.find((candidate) => candidate.root !== root)?.marker ?? "";
    const answer = await site.acs.getParameterValues(proxier.id, [other]);
    expect(answer).toMatchObject({ outcome: "fault" });
  });

  it("shows nothing below the root that the published model does not have", () => {
    if (!hasBbfModels) {
      process.stderr.write(`left out: ${root} as published (../shared/spec is not here)\n`);
      return;
    }
    const model: PublishedModel = publishedModel(published);
    for (const device of [printer, proxier]) {
      const unknown = [...device.parameters.keys()].filter((path) => {
        const template = templateOf(path);
        const isKnown = model.nodes.has(template) || model.nodes.has(`${template}{i}.`);
        return !isKnown && !path.includes(".X_MFPGATE-ORG_");
      });
      expect(unknown).toEqual([]);
    }
  });

  it("runs the tests that are its own, and names them in its device type", async () => {
    const test = "Device.X_MFPGATE-ORG_PrinterTest.";
    const read = (path: string) => site.acs.getParameterValues(proxier.id, [path]);
    await read("Device.ManagementServer.");
    await read(test); // the ACS sets values with the types it was told
    const id = proxier.value(
      "Device.ManagementServer.X_MFPGATE-ORG_ProxiedDevice.1.ProxiedDeviceID",
    );
    await site.acs.setParameterValues(proxier.id, {
      [`${test}Reference`]: id ?? "",
      [`${test}DiagnosticsState`]: "Requested",
    });
    const complete = "8 DIAGNOSTICS COMPLETE";
    await site.acs.waitFor(
      () => proxier.sessions.all().some(({ events }) => events.includes(complete)) || undefined,
      20_000,
    );
    await read(test);
    await read("Device.SelfTestDiagnostics.");
    expect(proxier.value(`${test}SNMPStatus`)).toBe("Success");
    expect(proxier.value("Device.SelfTestDiagnostics.DiagnosticsState")).toBe("None");
    const xml = await (
      await fetch(proxier.value("Device.DeviceInfo.SupportedDataModel.1.URL") ?? "")
    ).text();
    expect(xml).toContain(`<object ref="${test}"`);
    expect(xml).toContain("X_MFPGATE-ORG_ProxiedDevice.{i}.");
  });

  it("is described by valid device types, whose imports lead somewhere", async () => {
    for (const device of [printer, proxier]) {
      const url = device.value("Device.DeviceInfo.SupportedDataModel.1.URL") ?? "";
      const xml = await (await fetch(url)).text();
      expect(xml).toContain(
        `uuid="${device.value("Device.DeviceInfo.SupportedDataModel.1.UUID") ?? ""}"`,
      );
      for (const [, file = ""] of xml.matchAll(/<import file="([^"]+)"/g)) {
        const found = await fetch(new URL(file, url), { redirect: "manual" });
        expect([200, 302], file).toContain(found.status);
      }
      if (hasTr106Validator) expect(validateTr106("dt.xml", xml)).toMatchObject({ valid: true });
      else reportLeftOut("device types as served");
    }
  });
});
