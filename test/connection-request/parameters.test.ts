import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { UdpRequests } from "../../src/cwmp/connection-request/udp/udp-requests.ts";
import type { CwmpEndpoint } from "../../src/cwmp/endpoint/endpoint.ts";
import { noConnectionRequestDefaults } from "../../src/cwmp/management-server/connection-requests.ts";
import type { LiveValues } from "../../src/cwmp/management-server/management-server.ts";
import { Box, boxDefaults } from "../cwmp/endpoint-harness.ts";

const server = "Device.ManagementServer.";
const connectionRequest = "6 CONNECTION REQUEST";

function value(endpoint: CwmpEndpoint, name: string): string | undefined {
  return endpoint.tree.get(server + name)?.value;
}

function setting(name: string, text: string) {
  return {
    method: "SetParameterValues" as const,
    parameters: [{ path: server + name, value: text }],
    parameterKey: "",
  };
}

function signed(ts: number, id: number): Buffer {
  const { connectionRequestUsername: un, connectionRequestPassword: key } = boxDefaults;
  const sig = createHmac("sha1", key).update(`${ts}${id}${un}cn`).digest("hex");
  return Buffer.from(`GET http://h:1?ts=${ts}&id=${id}&un=${un}&cn=cn&sig=${sig} HTTP/1.1\r\n\r\n`);
}

function udpOf(box: Box, endpoint: CwmpEndpoint): UdpRequests {
  const requests = new UdpRequests({ clock: box.clock });
  requests.register(endpoint.connectionRequestTarget());
  return requests;
}

describe("parameters of connection requests", () => {
  it("have the values of the configuration until the ACS sets others, at once in force", async () => {
    const box = new Box();
    let told = 0;
    const connectionRequests = {
      ...noConnectionRequestDefaults,
      stunEnable: true,
      stunServerAddress: "stun.example.net",
      stunPassword: "stun-password",
      allowedJabberIds: ["acs@example.net", "b@example.net/r"],
    };
    const endpoint = await box.start({
      defaults: { ...boxDefaults, connectionRequests },
      onSettings: () => (told += 1),
    });
    expect(value(endpoint, "STUNEnable")).toBe("true");
    expect(value(endpoint, "STUNServerAddress")).toBe("stun.example.net");
    expect(value(endpoint, "STUNServerPort")).toBe("3478");
    expect(value(endpoint, "ConnReqAllowedJabberIDs")).toBe("acs@example.net,b@example.net/r");
    // Hidden from the ACS, not from the STUN client.
    expect(value(endpoint, "STUNPassword")).toBe("");
    expect(endpoint.setting("STUNPassword")).toBe("stun-password");
    await box.ask(
      endpoint,
      setting("STUNMaximumKeepAlivePeriod", "-1"),
      setting("STUNEnable", "0"),
    );
    expect(value(endpoint, "STUNMaximumKeepAlivePeriod")).toBe("-1");
    expect(value(endpoint, "STUNEnable")).toBe("false");
    expect(told).toBe(2);
  });

  it.each([
    ["STUNServerPort", "65536"],
    ["STUNMaximumKeepAlivePeriod", "-2"],
    ["STUNMinimumKeepAlivePeriod", "-1"],
    ["STUNServerAddress", "x".repeat(257)],
    ["ConnReqXMPPConnection", "Device.XMPP.Connection.2"],
    ["ConnReqAllowedJabberIDs", "a@b,,c@d"],
    ["ConnReqAllowedJabberIDs", Array.from({ length: 33 }, (_, n) => `a${n}@b`).join(",")],
  ])("refuse %s = %s with 9007", async (name, text) => {
    const box = new Box();
    const endpoint = await box.start();
    expect(await endpoint.set([{ path: server + name, value: text }])).toMatchObject({
      outcome: "refused",
      faults: [{ code: 9007 }],
    });
  });

  it("are read-only where the proxier decides for all: same value, 9008", async () => {
    const box = new Box();
    const live: LiveValues = { STUNEnable: () => "true", NATDetected: () => "true" };
    const endpoint = await box.start({ live });
    expect(value(endpoint, "STUNEnable")).toBe("true");
    const names = endpoint.tree.names(server, true);
    const isWritable = (name: string) => names.find(({ path }) => path === server + name)?.writable;
    expect([isWritable("STUNEnable"), isWritable("STUNServerPort")]).toEqual([false, true]);
    const path = `${server}STUNEnable`;
    expect(await endpoint.set([{ path, value: "false" }])).toMatchObject({
      faults: [{ path, code: 9008 }],
    });
  });

  it("tell the ACS of a new address by VALUE CHANGE when it asked for that", async () => {
    const box = new Box();
    let address = "192.0.2.1:7547";
    const endpoint = await box.start({ live: { UDPConnectionRequestAddress: () => address } });
    const path = `${server}UDPConnectionRequestAddress`;
    const attributes = [{ path, notification: 2 }];
    await box.ask(endpoint, { method: "SetParameterAttributes", attributes });
    address = "203.0.113.9:40000";
    endpoint.settingsMoved("UDPConnectionRequestAddress");
    await box.settle();
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE"]);
    expect(box.acs.inform().parameters.find((parameter) => parameter.path === path)?.value).toBe(
      address,
    );
  });

  it("tell the ACS of a new Jabber ID without being asked, and not of the same one", async () => {
    const box = new Box();
    let jabberId = "";
    const endpoint = await box.start({ live: { ConnReqJabberID: () => jabberId } });
    jabberId = "box@example.net/mfpgate";
    endpoint.settingsMoved("ConnReqJabberID");
    await box.settle();
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE"]);
    const sessions = box.acs.sessions.length;
    endpoint.settingsMoved("ConnReqJabberID");
    await box.settle();
    expect(box.acs.sessions).toHaveLength(sessions);
  });
});

describe("UDP connection requests of an endpoint", () => {
  it("open a session with CONNECTION REQUEST, once for all copies", async () => {
    const box = new Box();
    const endpoint = await box.start();
    const before = box.acs.sessions.length;
    const requests = udpOf(box, endpoint);
    await Promise.all([1, 2, 3].map(() => requests.receive(signed(100, 1))));
    await box.settle();
    expect(box.acs.sessions).toHaveLength(before + 1);
    expect(box.acs.events()).toEqual([connectionRequest]);
  });

  it("are not to be replayed after the process died", async () => {
    const box = new Box();
    await udpOf(box, await box.start()).receive(signed(100, 1));
    const endpoint = await box.restart();
    const before = box.acs.sessions.length;
    const requests = udpOf(box, endpoint);
    expect(await requests.receive(signed(100, 1))).toBe("copy");
    expect(await requests.receive(signed(99, 2))).toBe("replay");
    await box.settle();
    expect(box.acs.sessions).toHaveLength(before);
    expect(await requests.receive(signed(101, 3))).toBe("accepted");
  });

  it("are refused while the device is unreachable or CWMP is off", async () => {
    const box = new Box();
    const endpoint = await box.start();
    const requests = udpOf(box, endpoint);
    box.isReachable = false;
    expect(await requests.receive(signed(100, 1))).toBe("unreachable");
    box.isReachable = true;
    await endpoint.set([{ path: `${server}EnableCWMP`, value: "false" }]);
    expect(await requests.receive(signed(101, 2))).toBe("disabled");
  });

  it("reach the endpoint with STUNEnable when others share its user name and password", async () => {
    const box = new Box();
    const endpoint = await box.start();
    const namesake = await box.add({ endpointId: "device-2" });
    const requests = udpOf(box, endpoint);
    requests.register(namesake.connectionRequestTarget());
    expect(await requests.receive(signed(100, 1))).toBe("refused");
    await namesake.set([{ path: `${server}STUNEnable`, value: "true" }]);
    expect(await requests.receive(signed(101, 2))).toBe("accepted");
    await box.settle();
    expect(box.records.at(-1)).toMatchObject({
      endpointId: "device-2",
      events: [connectionRequest],
    });
  });

  it("do not depend on HTTPConnectionRequestEnable", async () => {
    const box = new Box();
    const endpoint = await box.start();
    await endpoint.set([{ path: `${server}HTTPConnectionRequestEnable`, value: "false" }]);
    const target = endpoint.connectionRequestTarget();
    expect(target.accept("HTTP")).toBe("disabled");
    expect(await udpOf(box, endpoint).receive(signed(100, 1))).toBe("accepted");
    expect(target.accept("XMPP")).toBe("accepted");
  });
});
