import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import type { CwmpEndpoint } from "../endpoint/endpoint.ts";
import type { CwmpMessage } from "../soap/message.ts";
import { AcsTransportError } from "../transport.ts";

const management = "Device.ManagementServer.";
const away = new AcsTransportError("away", { code: "cwmp.acs-unreachable" });

const set = (values: Readonly<Record<string, string>>): CwmpMessage => ({
  method: "SetParameterValues",
  parameters: Object.entries(values).map(([name, value]) => ({ path: management + name, value })),
  parameterKey: "",
});
const valueOf = (endpoint: CwmpEndpoint, name: string): string | undefined =>
  endpoint.tree.get(management + name)?.value;

describe("heartbeat", () => {
  const policy = set({
    "HeartbeatPolicy.Enable": "true",
    "HeartbeatPolicy.ReportingInterval": "60",
    "HeartbeatPolicy.InitiationTime": "2026-06-01T00:00:30Z",
  });

  it("goes alone, in the phase of its time, whatever else is pending", async () => {
    const box = new Box();
    const endpoint = await box.start();
    await box.ask(endpoint, policy);
    await box.clock.advance(29_000);
    const before = box.acs.sessions.length;
    await box.pass(1);
    expect(box.acs.sessions).toHaveLength(before + 1);
    expect(box.acs.events()).toEqual(["14 HEARTBEAT"]);
    await box.ask(endpoint, { method: "ScheduleInform", delaySeconds: 60, commandKey: "k" });
    await box.pass(60);
    expect([box.acs.events(-2), box.acs.events(-1)].sort()).toEqual([
      ["14 HEARTBEAT"],
      ["3 SCHEDULED", "M ScheduleInform k"],
    ]);
  });

  it("is not retried, counts no retry and leaves other retries alone", async () => {
    const box = new Box();
    const endpoint = await box.start();
    await box.ask(endpoint, policy);
    box.acs.interfere = () => away;
    await box.pass(30);
    const before = box.acs.sessions.length;
    expect(endpoint.status()).toMatchObject({ retryCount: 0, failures: 1 });
    await box.pass(59);
    expect(box.acs.sessions).toHaveLength(before);
    await box.pass(1);
    expect(box.acs.sessions).toHaveLength(before + 1);
    expect(box.acs.inform().retryCount).toBe(0);
  });

  it("does not begin before the ACS was bootstrapped, and ends when it is switched off", async () => {
    const box = new Box();
    const endpoint = await box.start();
    await box.ask(endpoint, policy);
    const known = box.acs.sessions.length;
    box.acs.interfere = () => away;
    await endpoint.set([{ path: `${management}URL`, value: "http://other.example.net/" }]);
    for (let turn = 0; turn < 60; turn += 1) await box.pass(5);
    const sent = box.acs.sessions.slice(known).map(({ posts }) => {
      const inform = posts[0]?.message;
      return inform?.method === "Inform" ? inform.events.map(({ eventCode }) => eventCode) : [];
    });
    expect(sent.length).toBeGreaterThan(3);
    expect(sent.some((events) => events.includes("14 HEARTBEAT"))).toBe(false);
    box.acs.interfere = () => undefined;
    await box.pass(600);
    expect(box.acs.events()).toEqual(["14 HEARTBEAT"]);
    await box.ask(endpoint, set({ "HeartbeatPolicy.Enable": "false" }));
    const before = box.acs.sessions.length;
    await box.pass(600);
    expect(box.acs.sessions).toHaveLength(before);
  });

  it("takes no interval below 30 s", async () => {
    const box = new Box();
    const endpoint = await box.start();
    const [answer] = await box.ask(endpoint, set({ "HeartbeatPolicy.ReportingInterval": "29" }));
    expect(answer).toMatchObject({ code: 9003, parameters: [{ code: 9007 }] });
  });
});

describe("restart at a set time", () => {
  it("happens at ScheduleReboot, once, unless that has passed", async () => {
    const box = new Box();
    const endpoint = await box.start();
    await box.ask(endpoint, set({ ScheduleReboot: "2026-01-01T00:10:00Z" }));
    await box.pass(599);
    expect(box.reboots).toEqual([]);
    await box.pass(1);
    expect(box.reboots).toEqual([""]);
    await box.pass(3_600);
    const again = await box.restart();
    await box.ask(again, set({ ScheduleReboot: "2025-01-01T00:00:00Z" }));
    await box.pass(3_600);
    expect(box.reboots).toHaveLength(1);
  });

  it("survives a restart of the process, but is missed when nobody was there", async () => {
    const box = new Box();
    const endpoint = await box.start();
    await box.ask(endpoint, set({ ScheduleReboot: "2026-01-01T00:10:00Z" }));
    await box.restart();
    await box.pass(601);
    expect(box.reboots).toHaveLength(1);
    await box.ask(
      box.manager.get("device-1") ?? endpoint,
      set({ ScheduleReboot: "2026-01-01T01:00:00Z" }),
    );
    await box.manager.stop();
    await box.clock.advance(7_200_000);
    await box.restart();
    await box.pass(600);
    expect(box.reboots).toHaveLength(1);
  });

  it("happens DelayReboot seconds after the session, over a restart, and sets it back to -1", async () => {
    const box = new Box();
    const endpoint = await box.start();
    await box.ask(endpoint, set({ DelayReboot: "60" }));
    await box.pass(30);
    const again = await box.restart();
    expect(valueOf(again, "DelayReboot")).toBe("60");
    await box.pass(29);
    expect(box.reboots).toEqual([]);
    await box.pass(1);
    expect(box.reboots).toHaveLength(1);
    expect(valueOf(again, "DelayReboot")).toBe("-1");
    await box.pass(600);
    expect(box.reboots).toHaveLength(1);
  });

  it("counts anew when set again, and not at all when taken back or the device restarts by itself", async () => {
    const box = new Box();
    const endpoint = await box.start();
    await box.ask(endpoint, set({ DelayReboot: "60" }));
    await box.pass(50);
    await box.ask(endpoint, set({ DelayReboot: "60" }));
    await box.pass(50);
    expect(box.reboots).toEqual([]);
    await box.ask(endpoint, set({ DelayReboot: "-1" }));
    await box.pass(600);
    expect(box.reboots).toEqual([]);
    await box.ask(endpoint, set({ DelayReboot: "60" }));
    await endpoint.deviceRestarted();
    await box.settle();
    expect(valueOf(endpoint, "DelayReboot")).toBe("-1");
    await box.pass(600);
    expect(box.reboots).toEqual([]);
  });

  it("waits for the end of a session under way", async () => {
    const box = new Box();
    const endpoint = await box.start();
    await box.ask(endpoint, set({ ScheduleReboot: "2026-01-01T00:10:00Z" }));
    await box.pass(595);
    let finish: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      finish = resolve;
    });
    box.acs.interfere = async () => {
      await waiting;
      return undefined;
    };
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.pass(20);
    expect(box.reboots).toEqual([]);
    finish();
    await box.settle();
    expect(box.reboots).toHaveLength(1);
  });

  it("cannot be set on a device that cannot be restarted", async () => {
    const box = new Box();
    const endpoint = await box.start({ actions: {} });
    const [answer] = await box.ask(endpoint, set({ DelayReboot: "1" }));
    expect(answer).toMatchObject({ code: 9003, parameters: [{ code: 9008 }] });
  });
});
