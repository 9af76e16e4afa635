import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import { envelope } from "../../../test/cwmp/scripted-acs.ts";
import { missingValidator, validateSoap } from "../../../test/cwmp/validate-soap.ts";
import { device2 } from "../root-model.ts";
import { AcsTransportError } from "../transport.ts";

const unreachable = new AcsTransportError("no route", { code: "cwmp.acs-unreachable" });
const url = "Device.ManagementServer.URL";

describe("events of an endpoint", () => {
  it("sends BOOTSTRAP and BOOT at first contact, and neither again after a restart of the process", async () => {
    const box = new Box();
    await box.start();
    expect(box.acs.events()).toEqual(["0 BOOTSTRAP", "1 BOOT"]);
    expect(box.acs.inform().deviceId.serialNumber).toBe("S1");
    await box.restart();
    expect(box.acs.sessions).toHaveLength(1);
  });

  it("sends BOOT at each start of an endpoint that stands for the process", async () => {
    const box = new Box();
    await box.start({ bootsWithProcess: true });
    await box.restart({ bootsWithProcess: true });
    expect(box.acs.events()).toEqual(["1 BOOT"]);
  });

  it("repeats BOOTSTRAP until it was answered, over a restart too", async () => {
    const box = new Box();
    box.acs.interfere = () => unreachable;
    await box.start();
    await box.pass(20);
    expect(box.acs.sessions.length).toBeGreaterThan(1);
    expect(box.acs.events()).toEqual(["0 BOOTSTRAP", "1 BOOT"]);
    await box.restart();
    expect(box.acs.events()).toEqual(["0 BOOTSTRAP", "1 BOOT"]);
    expect(box.acs.inform().retryCount).toBe(0);
    box.acs.interfere = () => undefined;
    await box.pass(20);
    const delivered = box.acs.sessions.length;
    await box.restart();
    expect(box.acs.sessions).toHaveLength(delivered);
  });

  it("carries exactly the forced parameters, each once", async () => {
    const box = new Box();
    await box.start();
    const paths = box.acs.inform().parameters.map(({ path }) => path);
    expect(paths.sort()).toEqual([...device2.forcedInform].sort());
  });

  it("waits longer after each failure, counts retries, and starts anew after a success", async () => {
    const box = new Box();
    box.acs.interfere = () => unreachable;
    await box.start();
    for (const [index, windowMs] of [7_500, 15_000, 30_000].entries()) {
      await box.clock.advance(windowMs - 1);
      expect(box.acs.sessions).toHaveLength(index + 1);
      await box.clock.advance(1);
      await box.settle();
      expect(box.acs.inform().retryCount).toBe(index + 1);
    }
    box.acs.interfere = () => undefined;
    await box.pass(60);
    const endpoint = box.manager.get("device-1");
    expect(endpoint?.status()).toMatchObject({ retryCount: 0, failures: 4, lastError: undefined });
    endpoint?.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.inform().retryCount).toBe(0);
  });

  it("cuts the wait for a retry short when a new event comes, which still counts as a retry", async () => {
    const box = new Box();
    box.acs.interfere = () => unreachable;
    const endpoint = await box.start();
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.sessions).toHaveLength(2);
    expect(box.acs.inform().retryCount).toBe(1);
    expect(box.acs.events()).toEqual(["0 BOOTSTRAP", "1 BOOT", "6 CONNECTION REQUEST"]);
  });

  it("does not retry CONNECTION REQUEST, but retries PERIODIC over a restart", async () => {
    const box = new Box();
    const defaults = {
      url: "http://acs.example.net/",
      username: "",
      password: "",
      periodicInformEnable: true,
      periodicInformIntervalS: 3_600,
      connectionRequestUsername: "a",
      connectionRequestPassword: "b",
    };
    const endpoint = await box.start({ defaults });
    box.acs.interfere = () => unreachable;
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.events()).toEqual(["6 CONNECTION REQUEST"]);
    const sessions = box.acs.sessions.length;
    await box.pass(60);
    expect(box.acs.sessions).toHaveLength(sessions);
    expect(endpoint.status().retryCount).toBe(1);
    await box.pass(3_540);
    expect(box.acs.events()).toEqual(["2 PERIODIC"]);
    await box.restart({ defaults });
    expect(box.acs.events()).toEqual(["2 PERIODIC"]);
  });

  it("sends an empty Event array when everything was delivered before the session failed", async () => {
    const box = new Box();
    box.acs.interfere = (request) =>
      request === undefined ? { status: 200, body: "<html>" } : undefined;
    await box.start();
    box.acs.interfere = () => undefined;
    await box.pass(60);
    expect(box.acs.sessions).toHaveLength(2);
    expect(box.acs.events()).toEqual([]);
    expect(box.acs.inform().retryCount).toBe(1);
  });

  it("retries a connection request that was cut off after the InformResponse, but no Inform without events", async () => {
    const box = new Box();
    const endpoint = await box.start();
    const html = { status: 200, body: "<html>" };
    box.acs.interfere = (request) => (request === undefined ? html : undefined);
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    box.acs.interfere = () => unreachable;
    await box.pass(3_600);
    expect(box.acs.sessions).toHaveLength(3);
    expect(box.acs.events()).toEqual([]);
    box.acs.interfere = () => undefined;
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.inform().retryCount).toBe(2);
  });

  it("informs periodically in the phase of PeriodicInformTime, without touching the store", async () => {
    const box = new Box();
    const endpoint = await box.start();
    await box.ask(endpoint, {
      method: "SetParameterValues",
      parameters: [
        { path: "Device.ManagementServer.PeriodicInformEnable", value: "true" },
        { path: "Device.ManagementServer.PeriodicInformInterval", value: "600" },
        { path: "Device.ManagementServer.PeriodicInformTime", value: "2026-06-01T00:01:00Z" },
      ],
      parameterKey: "",
    });
    const before = box.acs.sessions.length;
    const commits = box.store.commits;
    await box.clock.advance(59_000);
    expect(box.acs.sessions).toHaveLength(before);
    await box.pass(2);
    expect(box.acs.sessions).toHaveLength(before + 1);
    expect(box.acs.events()).toEqual(["2 PERIODIC"]);
    await box.pass(600);
    expect(box.acs.sessions).toHaveLength(before + 2);
    expect(box.store.commits).toBe(commits);
  });

  it("opens another session right after one during which it was asked to", async () => {
    const box = new Box();
    const endpoint = await box.start();
    let asked = false;
    box.acs.interfere = () => {
      if (!asked) expect(endpoint.connectionRequestTarget().accept("HTTP")).toBe("accepted");
      asked = true;
      return undefined;
    };
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.sessions).toHaveLength(3);
    expect(box.acs.events()).toEqual(["6 CONNECTION REQUEST"]);
  });

  it("answers connection requests unreachable, disabled and accepted as the case is", async () => {
    const box = new Box();
    const endpoint = await box.start();
    const target = endpoint.connectionRequestTarget();
    expect([target.username(), target.password()]).toEqual(["acs", "acs-password"]);
    box.isReachable = false;
    expect(target.accept("HTTP")).toBe("unreachable");
    box.isReachable = true;
    await box.ask(endpoint, {
      method: "SetParameterValues",
      parameters: [{ path: "Device.ManagementServer.HTTPConnectionRequestEnable", value: "0" }],
      parameterKey: "",
    });
    expect(target.accept("HTTP")).toBe("disabled");
    expect(endpoint.tree.get("Device.ManagementServer.ConnectionRequestURL")?.value).toBe("");
  });

  it("sends nothing without an ACS, and nothing once EnableCWMP is off", async () => {
    const box = new Box();
    const endpoint = await box.start();
    await box.ask(endpoint, {
      method: "SetParameterValues",
      parameters: [{ path: "Device.ManagementServer.EnableCWMP", value: "false" }],
      parameterKey: "",
    });
    const before = box.acs.sessions.length;
    expect(endpoint.connectionRequestTarget().accept("HTTP")).toBe("disabled");
    await endpoint.deviceRestarted();
    await box.pass(100_000);
    expect(box.acs.sessions).toHaveLength(before);
    expect(endpoint.status().nextSessionAtMs).toBeUndefined();
  });

  it("moves to a new ACS after the session with BOOTSTRAP, leaving older events and attributes behind", async () => {
    const box = new Box();
    const endpoint = await box.start();
    await box.ask(
      endpoint,
      {
        method: "SetParameterAttributes",
        attributes: [{ path: "Device.Services.Location", notification: 2 }],
      },
      {
        method: "SetParameterValues",
        parameters: [
          { path: url, value: "https://new.example.net/" },
          { path: "Device.ManagementServer.Username", value: "other" },
        ],
        parameterKey: "",
      },
    );
    expect(box.acs.sessions.at(-1)?.settings).toMatchObject({
      url: "https://new.example.net/",
      username: "other",
    });
    expect(box.acs.events()).toEqual(["0 BOOTSTRAP"]);
    box.tree.change("Device.Services.Location", "attic");
    await box.settle();
    expect(box.acs.events()).toEqual(["0 BOOTSTRAP"]);
    await box.restart();
    expect(box.acs.events()).toEqual(["0 BOOTSTRAP"]);
    expect(box.acs.sessions).toHaveLength(3);
  });

  it("discards events that were still undelivered when the ACS changed", async () => {
    const box = new Box();
    const endpoint = await box.start();
    box.acs.interfere = async (request) => {
      if (request !== undefined) return undefined;
      // After the Inform, so that it would be due in the next session.
      box.acs.interfere = () => undefined;
      await endpoint.deviceRestarted();
      return undefined;
    };
    await box.ask(endpoint, {
      method: "SetParameterValues",
      parameters: [{ path: url, value: "https://new.example.net/" }],
      parameterKey: "",
    });
    expect(box.acs.events()).toEqual(["0 BOOTSTRAP"]);
  });

  it("lets the operator set parameters, which is news to the ACS", async () => {
    const box = new Box();
    const endpoint = await box.start();
    const code = "Device.DeviceInfo.ProvisioningCode";
    const refused = await endpoint.set([
      { path: code, value: "bad" },
      { path: url, value: "http://elsewhere.example.net/" },
    ]);
    expect(refused).toMatchObject({ outcome: "refused", faults: [{ path: code, code: 9007 }] });
    expect(await endpoint.set([{ path: code, value: "P" }])).toEqual({ outcome: "applied" });
    await box.settle();
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE"]);
    await endpoint.set([{ path: url, value: "http://elsewhere.example.net/" }]);
    await box.settle();
    expect(box.acs.sessions.at(-1)?.settings.url).toBe("http://elsewhere.example.net/");
    expect(box.acs.events()).toEqual(["0 BOOTSTRAP"]);
  });

  it("bootstraps again when the operator configured another ACS", async () => {
    const box = new Box();
    await box.start();
    await box.restart({
      defaults: {
        url: "http://other.example.net/",
        username: "",
        password: "",
        periodicInformEnable: false,
        periodicInformIntervalS: 900,
        connectionRequestUsername: "a",
        connectionRequestPassword: "b",
      },
    });
    expect(box.acs.sessions.at(-1)?.settings.url).toBe("http://other.example.net/");
    expect(box.acs.events()).toEqual(["0 BOOTSTRAP"]);
  });

  it("reboots after the session and reports M Reboot once the device is back, over a restart of the process", async () => {
    const box = new Box();
    const endpoint = await box.start();
    let rebootsAtEnd = -1;
    box.acs.interfere = (request) => {
      if (request?.message.method === "RebootResponse") rebootsAtEnd = box.reboots.length;
      return undefined;
    };
    const answers = await box.ask(endpoint, { method: "Reboot", commandKey: "key 1" });
    expect(answers).toEqual([{ method: "RebootResponse" }]);
    expect(rebootsAtEnd).toBe(0);
    expect(box.reboots).toEqual(["key 1"]);
    const again = await box.restart();
    expect(box.reboots).toEqual(["key 1"]);
    await again.deviceRestarted();
    await box.settle();
    expect(box.acs.events()).toEqual(["1 BOOT", "M Reboot key 1"]);
    await again.deviceRestarted();
    await box.settle();
    expect(box.acs.events()).toEqual(["1 BOOT"]);
  });

  it("orders a promised reboot again when the process died before it could", async () => {
    const box = new Box();
    const never = new Promise<void>(() => undefined);
    const endpoint = await box.start({ actions: { reboot: () => never } });
    await box.ask(endpoint, { method: "Reboot", commandKey: "k" });
    const stopping = box.restart();
    await box.clock.advance(6_000);
    await stopping;
    expect(box.reboots).toEqual(["k"]);
  });

  it("reports M Reboot with BOOT when the process itself is what restarted", async () => {
    const box = new Box();
    const endpoint = await box.start({ bootsWithProcess: true });
    await box.ask(endpoint, { method: "Reboot", commandKey: "" });
    await box.restart({ bootsWithProcess: true });
    expect(box.acs.events()).toEqual(["1 BOOT", "M Reboot"]);
  });

  it("forgets the promise of a reboot that the device refuses", async () => {
    const box = new Box();
    const endpoint = await box.start({
      actions: { reboot: () => Promise.reject(new Error("refused")) },
    });
    await box.ask(endpoint, { method: "Reboot", commandKey: "k" });
    await endpoint.deviceRestarted();
    await box.settle();
    expect(box.acs.events()).toEqual(["1 BOOT"]);
  });

  it("goes on with a full disk and makes up for it later", async () => {
    const box = new Box();
    const endpoint = await box.start();
    box.store.isFull = true;
    await endpoint.deviceRestarted();
    await box.settle();
    expect(box.acs.events()).toEqual(["1 BOOT"]);
    const [answer] = await box.ask(endpoint, {
      method: "SetParameterValues",
      parameters: [],
      parameterKey: "new",
    });
    expect(answer).toMatchObject({ method: "Fault", code: 9002 });
    box.store.isFull = false;
    expect(endpoint.tree.get("Device.ManagementServer.ParameterKey")?.value).toBe("");
  });

  it("forgets everything about a removed device", async () => {
    const box = new Box();
    await box.start();
    await box.manager.remove("device-1", { forget: true });
    expect(box.manager.statuses()).toEqual([]);
    await box.add();
    await box.settle();
    expect(box.acs.events()).toEqual(["0 BOOTSTRAP", "1 BOOT"]);
  });

  const reason = missingValidator();
  it.skipIf(reason !== undefined)(`sends valid envelopes only ${reason ?? ""}`, async () => {
    const box = new Box();
    const endpoint = await box.start({ bootsWithProcess: true });
    await box.ask(
      endpoint,
      { method: "GetRPCMethods" },
      { method: "GetParameterNames", path: "", nextLevel: false },
      { method: "GetParameterValues", paths: [""] },
      { method: "GetParameterAttributes", paths: ["Device.DeviceInfo."] },
      { method: "SetParameterAttributes", attributes: [{ path: "Device.", notification: 1 }] },
      {
        method: "SetParameterValues",
        parameters: [
          { path: url, value: "ftp://x" },
          { path: "Device.X", value: "" },
          { path: "Device.DeviceInfo.UpTime", value: "1" },
        ],
        parameterKey: "k",
      },
      { method: "SetParameterValues", parameters: [], parameterKey: "k" },
      { method: "AddObject", path: "Device.Services.Tray.", parameterKey: "" },
      { method: "DeleteObject", path: "Device.Services.Tray.2.", parameterKey: "" },
      { method: "Reboot", commandKey: "k" },
    );
    box.tree.change("Device.Services.Location", "attic");
    endpoint.requestSession("2 PERIODIC");
    await box.settle();
    box.acs.interfere = (request) =>
      request === undefined ? envelope({ method: "InformResponse" }) : undefined;
    endpoint.requestSession("2 PERIODIC");
    await box.settle();
    await box.pass(10);
    expect(box.acs.events()).toEqual([]);
    expect(validateSoap(box.acs.envelopes)).toBe("");
  });
});
