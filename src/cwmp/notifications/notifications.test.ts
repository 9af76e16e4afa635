import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import { set } from "../../../test/cwmp/requests.ts";
import { envelope } from "../../../test/cwmp/scripted-acs.ts";
import type { CwmpEndpoint } from "../endpoint/endpoint.ts";
import { AcsTransportError } from "../transport.ts";

const location = "Device.Services.Location";
const level = "Device.Services.Tray.2.Level";
const unreachable = new AcsTransportError("no route", { code: "cwmp.acs-unreachable" });

async function watching(...notifications: readonly [string, number][]): Promise<{
  box: Box;
  endpoint: CwmpEndpoint;
}> {
  const box = new Box();
  const endpoint = await box.start();
  const attributes = notifications.map(([path, notification]) => ({ path, notification }));
  await box.ask(endpoint, { method: "SetParameterAttributes", attributes });
  return { box, endpoint };
}

const reported = (box: Box, path: string): string | undefined =>
  box.acs.inform().parameters.find((parameter) => parameter.path === path)?.value;

describe("notification", () => {
  it("opens a session at once for an active change, with the present value", async () => {
    const { box } = await watching([location, 2]);
    box.tree.change(location, "attic");
    await box.settle();
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE"]);
    expect(reported(box, location)).toBe("attic");
  });

  it("keeps a passive change for the next session", async () => {
    const { box, endpoint } = await watching([level, 1]);
    const before = box.acs.sessions.length;
    box.tree.change(level, "1");
    box.tree.change(level, "0");
    await box.pass(1_000);
    expect(box.acs.sessions).toHaveLength(before);
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE", "6 CONNECTION REQUEST"]);
    expect(reported(box, level)).toBe("0");
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.events()).toEqual(["6 CONNECTION REQUEST"]);
  });

  it("reports a value that changed and changed back", async () => {
    const { box, endpoint } = await watching([level, 1]);
    box.tree.change(level, "1");
    box.tree.change(level, "7");
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.events()).toContain("4 VALUE CHANGE");
    expect(reported(box, level)).toBe("7");
  });

  it("says nothing of parameters nobody watches", async () => {
    const { box } = await watching();
    const before = box.acs.sessions.length;
    box.tree.change(location, "attic");
    await box.pass(60);
    expect(box.acs.sessions).toHaveLength(before);
  });

  it("reports a forced parameter without being asked", async () => {
    const box = new Box();
    await box.start();
    box.tree.change("Device.DeviceInfo.SoftwareVersion", "2.0");
    await box.settle();
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE"]);
  });

  it("does not report what the ACS wrote itself, after a restart neither", async () => {
    const { box, endpoint } = await watching(
      [location, 2],
      ["Device.ManagementServer.PeriodicInformInterval", 2],
    );
    await box.ask(endpoint, {
      method: "SetParameterValues",
      parameters: [
        { path: location, value: "attic" },
        { path: "Device.DeviceInfo.ProvisioningCode", value: "P1" },
        { path: "Device.ManagementServer.PeriodicInformInterval", value: "77" },
      ],
      parameterKey: "",
    });
    const before = box.acs.sessions.length;
    box.tree.change(location, "attic"); // a poll that finds the value the ACS wrote
    await box.pass(60);
    await box.restart();
    expect(box.acs.sessions).toHaveLength(before);
  });

  it("waits for the throttle before a session that is for a change only, and for nothing else", async () => {
    const { box, endpoint } = await watching([location, 2]);
    await box.ask(endpoint, {
      method: "SetParameterValues",
      parameters: [
        { path: "Device.ManagementServer.DefaultActiveNotificationThrottle", value: "30" },
      ],
      parameterKey: "",
    });
    const before = box.acs.sessions.length;
    box.tree.change(location, "attic");
    await box.pass(29);
    expect(box.acs.sessions).toHaveLength(before);
    await box.pass(1);
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE"]);
    box.tree.change(location, "roof");
    await box.settle();
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE", "6 CONNECTION REQUEST"]);
  });

  it("keeps changes that could not be delivered over a restart", async () => {
    const { box } = await watching([location, 2]);
    box.acs.interfere = () => unreachable;
    box.tree.change(location, "attic");
    await box.settle();
    box.acs.interfere = () => undefined;
    await box.restart();
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE"]);
    expect(reported(box, location)).toBe("attic");
  });

  it("keeps a change that was undone over a restart", async () => {
    const { box } = await watching([level, 1]);
    box.tree.change(level, "1");
    box.tree.change(level, "7");
    const again = await box.restart();
    again.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE", "6 CONNECTION REQUEST"]);
  });

  it("keeps the pending change of a forced parameter that the ACS tries to switch off", async () => {
    const { box, endpoint } = await watching();
    const path = "Device.DeviceInfo.SoftwareVersion";
    box.acs.interfere = (request) => {
      if (request === undefined) box.tree.change(path, "2.0");
      return undefined;
    };
    await box.ask(endpoint, {
      method: "SetParameterAttributes",
      attributes: [{ path, notification: 0 }],
    });
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE"]);
    expect(reported(box, path)).toBe("2.0");
  });

  it("finds what changed while the process was down", async () => {
    const { box } = await watching([location, 2]);
    box.tree.values.set(location, "attic");
    await box.restart();
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE"]);
    await box.restart();
    expect(box.acs.sessions).toHaveLength(3);
  });

  it("does not count a change as delivered that came after the Inform was sent", async () => {
    const { box, endpoint } = await watching([level, 1]);
    box.tree.change(level, "1");
    box.acs.interfere = (request) => {
      if (request?.message.method !== "Inform") return undefined;
      box.tree.change(level, "2");
      box.acs.interfere = () => undefined;
      return envelope({ method: "InformResponse" }, request.header);
    };
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(reported(box, level)).toBe("1");
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.events()).toContain("4 VALUE CHANGE");
    expect(reported(box, level)).toBe("2");
  });

  it("forgets the pending change of a parameter that is no longer watched", async () => {
    const { box, endpoint } = await watching([level, 1]);
    box.acs.interfere = (request) => {
      // The change comes after the Inform, so that it is pending when the ACS switches it off.
      if (request === undefined) box.tree.change(level, "1");
      return undefined;
    };
    await box.ask(endpoint, {
      method: "SetParameterAttributes",
      attributes: [{ path: level, notification: 0 }],
    });
    box.acs.interfere = () => undefined;
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(box.acs.events()).toEqual(["6 CONNECTION REQUEST"]);
  });

  it("reports a new connection request URL actively", async () => {
    const box = new Box();
    const endpoint = await box.start();
    box.connectionRequestUrl = "http://192.0.2.9:7547/cr/abc";
    endpoint.settingsMoved("ConnectionRequestURL");
    await box.settle();
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE"]);
    expect(reported(box, "Device.ManagementServer.ConnectionRequestURL")).toBe(
      box.connectionRequestUrl,
    );
  });

  it("reports the connection request URL that comes back with the listener", async () => {
    const box = new Box();
    const endpoint = await box.start();
    const path = "Device.ManagementServer.HTTPConnectionRequestEnable";
    await box.ask(endpoint, set({ [path]: "false" }));
    await box.settle();
    expect(reported(box, "Device.ManagementServer.ConnectionRequestURL")).toBe("");
    await endpoint.set([{ path, value: "true" }]);
    await box.settle();
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE"]);
    expect(reported(box, "Device.ManagementServer.ConnectionRequestURL")).toBe(
      box.connectionRequestUrl,
    );
  });
});
