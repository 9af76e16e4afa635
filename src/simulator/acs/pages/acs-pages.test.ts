import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TestAcs } from "../acs-port.ts";
import { readTree } from "../session-script.ts";
import { startTestAcs } from "../test-acs.ts";
import { TestCpe } from "../../../../test/cwmp/test-cpe.ts";

const service = "Device.Services.X_MFPGATE-ORG_MFP.1.";
const id = "00005E-Laser-1";
let acs: TestAcs;

beforeEach(async () => {
  acs = await startTestAcs({ scripts: [readTree()] });
  const cpe = new TestCpe(acs.url);
  const values = {
    "General.MakeAndModel": 'Acme <b>Laser</b> & "Co"',
    "General.State": "Stopped",
    "General.ConsoleText": "Paper jam",
    "Supply.1.ColorantName": "black",
    "Supply.1.RemainingPercent": "12",
    "Supply.2.Description": "Waste box",
    "Supply.2.CurrentLevel": "-3",
    "Supply.10.ColorantName": "cyan",
    "Supply.10.CurrentLevel": "40",
    "Supply.10.MaxCapacity": "80",
    "Alert.1.Severity": "Critical",
    "Alert.1.Description": "Jam in tray 2",
    "Counters.Impressions": "4711",
  };
  for (const [name, value] of Object.entries(values)) cpe.parameters.set(service + name, value);
  await cpe.runSession(["0 BOOTSTRAP"]);
});

afterEach(() => acs.stop());

async function get(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(new URL(path, acs.pageUrl));
  return { status: response.status, text: await response.text() };
}

describe("pages of the test ACS", () => {
  it("show the fleet, with state, supplies and counters, everything escaped", async () => {
    const { text } = await get("/");
    expect(text).toContain("Acme &#60;b&#62;Laser&#60;/b&#62; &#38; &#34;Co&#34;");
    expect(text).not.toContain("<b>Laser");
    expect(text).toContain('<span class="badge bad">Stopped</span>');
    expect(text).toContain("Paper jam · Critical: Jam in tray 2");
    expect(text).toMatch(/width:12%.*black 12 %/s);
    expect(text).toContain("Waste box: some left");
    expect(text).toContain("4711");
  });

  it("show one device with its parameters, sessions and RPCs, and a form to set a value", async () => {
    const { text } = await get(`/devices/${id}`);
    expect(text).toContain(`${service}Counters.Impressions`);
    expect(text).toContain("GetParameterNames");
    expect(text).toContain("0 BOOTSTRAP");
    const edit = await get(`/devices/${id}/edit?path=${encodeURIComponent('"><script>')}`);
    expect(edit.text).not.toContain("<script>");
  });

  it("answer 404 for what does not exist", async () => {
    for (const path of ["/x", "/devices/none", "/devices/%E0", `/api/devices/${id}/x`]) {
      expect((await get(path)).status).toBe(404);
    }
  });

  it("take actions and tell what came of them", async () => {
    const response = await fetch(new URL(`/devices/${id}/reboot`, acs.pageUrl), { method: "POST" });
    expect(response.url).toContain(`/devices/${id}`);
    expect(await response.text()).toContain("Reboot not done: its connection request URL");
  });

  it("offer to change tables, to transfer files, and show what the device asked for", async () => {
    acs.files.put("new.cfg", "x");
    const device = acs.device(id);
    device?.noteNames("Device.ManagementServer.InformParameter.", [
      { path: "Device.ManagementServer.InformParameter.", writable: true },
      { path: "Device.ManagementServer.InformParameter.1.", writable: true },
    ]);
    const results = { faultCode: 9010, faultString: "gone <b>", startTime: "", completeTime: "" };
    const message = { method: "TransferComplete", commandKey: "key-1", ...results } as const;
    device?.requests.push({ atMs: 0, message });
    const { text } = await get(`/devices/${id}`);
    expect(text).toMatch(/action="[^"]*\/add">\s*<input[^>]*InformParameter\."/);
    expect(text).toMatch(/action="[^"]*\/delete">\s*<input[^>]*InformParameter\.1\."/);
    expect(text).toContain("<option>new.cfg</option>");
    expect(text).toMatch(/TransferComplete.*key-1.*9010 gone &#60;b&#62;/s);
  });

  it("take no actions from another site", async () => {
    const headers = { "Sec-Fetch-Site": "cross-site", Origin: "http://evil.example" };
    const url = new URL(`/devices/${id}/reboot`, acs.pageUrl);
    const response = await fetch(url, { method: "POST", headers });
    expect(response.status).toBe(403);
    expect(acs.device(id)?.notice).toBe("");
  });
});

describe("JSON of the test ACS", () => {
  it("lists devices with what an operator wants to know", async () => {
    const [device] = JSON.parse((await get("/api/devices")).text) as [{ printers: unknown[] }];
    expect(device).toMatchObject({
      id,
      serialNumber: "1",
      lastEvents: ["0 BOOTSTRAP"],
      violations: 0,
    });
    expect(device.printers[0]).toMatchObject({
      state: "Stopped",
      alerts: ["Critical: Jam in tray 2"],
      supplies: [
        { colorant: "black", percent: 12 },
        { name: "Waste box", level: "some left" },
        { colorant: "cyan", level: "40 of 80" },
      ],
    });
  });

  it("gives a device, its parameters and the violations", async () => {
    const details = JSON.parse((await get(`/api/devices/${id}`)).text) as object;
    expect(details).toMatchObject({ sessions: [{ events: ["0 BOOTSTRAP"] }] });
    const parameters = JSON.parse((await get(`/api/devices/${id}/parameters`)).text) as object;
    expect(parameters).toMatchObject({
      [`${service}General.State`]: { value: "Stopped", type: "string", writable: true },
    });
    expect((await get("/api/violations")).text).toBe("[]");
  });

  it("takes actions", async () => {
    const post = async (body: string): Promise<{ status: number; text: string }> => {
      const response = await fetch(new URL(`/api/devices/${id}`, acs.pageUrl), {
        method: "POST",
        body,
      });
      return { status: response.status, text: await response.text() };
    };
    expect((await post('{"action":"set","values":{"Device.X":"1"}}')).status).toBe(409);
    for (const body of [
      '{"action":"factoryReset"}',
      '{"action":"scheduleInform","delaySeconds":5}',
      '{"action":"download","fileType":"3 Vendor Configuration File","file":"new.cfg"}',
      '{"action":"upload","fileType":"4 Vendor Log File 1","file":"http://x.invalid/log"}',
      '{"action":"add","path":"Device.A."}',
      '{"action":"delete","path":"Device.A.1."}',
    ]) {
      expect((await post(body)).text).toContain("its connection request URL");
    }
    expect((await post('{"action":"download"}')).status).toBe(400);
    expect((await post('{"action":"explode"}')).status).toBe(400);
    expect((await post("junk")).status).toBe(400);
  });
});
