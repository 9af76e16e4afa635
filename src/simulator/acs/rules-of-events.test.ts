import { afterEach, describe, expect, it } from "vitest";
import type { CwmpMessage, EventEntry } from "../../cwmp/soap/message.ts";
import { decodeEnvelope } from "../../cwmp/soap/decode.ts";
import { TestCpe } from "../../../test/cwmp/test-cpe.ts";
import type { TestAcs } from "./acs-port.ts";
import { type TestAcsOptions, startTestAcs } from "./test-acs.ts";

const id = "00005E-Laser-1";
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function acsWith(options: TestAcsOptions = {}): Promise<TestAcs> {
  const acs = await startTestAcs(options);
  cleanups.push(() => acs.stop());
  return acs;
}
function cpeFor(acs: TestAcs): TestCpe {
  const cpe = new TestCpe(acs.url);
  cleanups.push(() => {
    cpe.close();
  });
  return cpe;
}
function transferComplete(commandKey: string): CwmpMessage {
  const time = "2026-01-01T00:00:00Z";
  return {
    method: "TransferComplete",
    ...{ commandKey, faultCode: 9010, faultString: "gone", startTime: time, completeTime: time },
  };
}

/** Runs a session with these events and requests; returns what the ACS complained of. */
async function complaints(
  events: readonly EventEntry[],
  requests: readonly CwmpMessage[] = [],
  retryCount = 0,
): Promise<readonly string[]> {
  const acs = await acsWith();
  const cpe = cpeFor(acs);
  await cpe.send({ ...cpe.inform([]), events, retryCount });
  for (const request of requests) await cpe.send(request);
  await cpe.post(undefined);
  return acs.violations().map(({ text }) => text);
}

const event = (eventCode: string, commandKey = ""): EventEntry => ({ eventCode, commandKey });

describe("the test ACS wants of events", () => {
  it("that an M event comes with its numbered one, and the other way round", async () => {
    expect(await complaints([event("M Reboot", "k"), event("1 BOOT")])).toEqual([]);
    expect(await complaints([event("M Reboot", "k"), event("2 PERIODIC")])).toEqual([
      "Inform: M Reboot without 1 BOOT",
    ]);
    expect(await complaints([event("3 SCHEDULED")])).toEqual([
      "Inform: 3 SCHEDULED without an M event",
    ]);
    expect(await complaints([event("3 SCHEDULED", "k"), event("M ScheduleInform", "k")])).toEqual([
      "Inform: 3 SCHEDULED with a CommandKey",
    ]);
  });

  it("that TransferComplete follows 7 TRANSFER COMPLETE, once for each order", async () => {
    const events = [event("7 TRANSFER COMPLETE"), event("M Download", "a"), event("M Upload", "b")];
    expect(await complaints(events, ["a", "b"].map(transferComplete))).toEqual([]);
    expect(await complaints(events, ["b"].map(transferComplete))).toEqual([
      'TransferComplete with CommandKey "a" did not follow its event',
    ]);
  });

  it("that the other announced requests follow too", async () => {
    const kicked = { method: "Kicked", command: "c", referer: "r", arg: "a", next: "n" } as const;
    expect(await complaints([event("5 KICKED")], [kicked])).toEqual([]);
    expect(await complaints([event("9 REQUEST DOWNLOAD")], [kicked])).toEqual([
      "RequestDownload did not follow its event",
    ]);
  });

  it("nothing more once it has refused a request, nor what it does not take", async () => {
    const informed = async (acs: TestAcs): Promise<TestCpe> => {
      const cpe = cpeFor(acs);
      await cpe.send({ ...cpe.inform([]), events: [event("5 KICKED")] });
      return cpe;
    };
    const faulty = await acsWith();
    const refused = await informed(faulty);
    faulty.inject({ fault: { kind: "acs-fault", code: 8002 }, on: "other" });
    await refused.send({ method: "GetRPCMethods" });
    await refused.post(undefined);
    expect(faulty.violations()).toEqual([]);
    const old = await acsWith({ cpeRequests: { rpcMethods: ["Inform", "GetRPCMethods"] } });
    await (await informed(old)).post(undefined);
    expect(old.violations()).toEqual([]);
  });

  it("that RetryCount is 0 after a session that succeeded, unless an answer was spoilt", async () => {
    const acs = await acsWith();
    await cpeFor(acs).runSession(["1 BOOT"]);
    const retrying = async (): Promise<void> => {
      const cpe = cpeFor(acs);
      await cpe.send({ ...cpe.inform(["2 PERIODIC"]), retryCount: 1 });
      await cpe.post(undefined);
    };
    await retrying();
    const problem = "Inform: RetryCount 1 after a session that succeeded";
    expect(acs.violations()).toEqual([{ deviceId: id, text: problem }]);
    acs.inject({ fault: { kind: "status", status: 503 } });
    await expect(cpeFor(acs).runSession(["2 PERIODIC"])).rejects.toMatchObject({ status: 503 });
    await retrying();
    expect(acs.violations()).toHaveLength(1);
  });

  it("that a parameter in an Inform is forced, changed or asked for", async () => {
    const acs = await acsWith();
    const asked = "Device.DeviceInfo.UpTime";
    const value = { path: asked, value: "1", type: "unsignedInt" };
    await cpeFor(acs).send(cpeFor(acs).inform(["2 PERIODIC"], [value]));
    expect(acs.violations().map(({ text }) => text)).toEqual([
      `Inform: parameter ${asked} without 4 VALUE CHANGE`,
    ]);
    const row = "Device.ManagementServer.InformParameter.1.ParameterName";
    acs.device(id)?.noteValues([{ path: row, value: asked, type: "string" }], 0);
    await cpeFor(acs).send(cpeFor(acs).inform(["2 PERIODIC"], [value]));
    expect(acs.violations()).toHaveLength(1);
  });
});

describe("requests of a CPE to the test ACS", () => {
  it("are answered and remembered", async () => {
    const acs = await acsWith({ cpeRequests: { nextUrl: "http://acs.example.net/next" } });
    const cpe = cpeFor(acs);
    await cpe.send(cpe.inform(["1 BOOT"]));
    const answers: string[] = [];
    for (const request of [
      { method: "GetRPCMethods" },
      transferComplete("k"),
      { method: "Kicked", command: "c", referer: "r", arg: "a", next: "n" },
    ] as const) {
      answers.push((await cpe.send(request)).body ?? "");
    }
    expect(answers[0]).toContain("<string>AutonomousTransferComplete</string>");
    expect(answers[1]).toContain("TransferCompleteResponse");
    expect(answers[2]).toContain("<NextURL>http://acs.example.net/next</NextURL>");
    expect(acs.device(id)?.transferResult("k")).toMatchObject({ faultCode: 9010 });
    expect(acs.device(id)?.transferResult("other")).toBeUndefined();
  });

  it("are refused with 8000 when its GetRPCMethods does not list them", async () => {
    const rpcMethods = ["Inform", "GetRPCMethods"];
    const acs = await acsWith({ cpeRequests: { rpcMethods } });
    const cpe = cpeFor(acs);
    await cpe.send(cpe.inform(["1 BOOT"]));
    const { message } = decodeEnvelope((await cpe.send(transferComplete("k"))).body ?? "");
    expect(message).toMatchObject({ method: "Fault", code: 8000 });
    const listed = decodeEnvelope((await cpe.send({ method: "GetRPCMethods" })).body ?? "");
    expect(listed.message).toMatchObject({ methods: rpcMethods });
  });
});

describe("versions of CWMP at the test ACS", () => {
  it("are refused with 8006 or 8003 when it does not know the namespace", async () => {
    for (const refusal of [8003, 8006] as const) {
      const namespaces = ["urn:dslforum-org:cwmp-1-0"] as const;
      const acs = await acsWith({ version: { namespaces, refusal } });
      const cpe = cpeFor(acs);
      const { message } = decodeEnvelope((await cpe.send(cpe.inform(["1 BOOT"]))).body ?? "");
      expect(message).toMatchObject({ method: "Fault", code: refusal });
      expect(acs.devices()).toEqual([]);
    }
  });

  it("are chosen by UseCWMPVersion, and the CPE must follow", async () => {
    const acs = await acsWith({ version: { useVersion: "1.0" } });
    const cpe = cpeFor(acs);
    const { header } = decodeEnvelope((await cpe.send(cpe.inform(["1 BOOT"]))).body ?? "");
    expect(header.useVersion).toBe("1.0");
    await cpe.send({ method: "GetRPCMethods" });
    expect(acs.violations().map(({ text }) => text)).toEqual([
      "namespace changed to urn:dslforum-org:cwmp-1-2",
    ]);
    const silent = await acsWith({ version: { useVersion: "none" } });
    const other = cpeFor(silent);
    const answer = decodeEnvelope((await other.send(other.inform(["1 BOOT"]))).body ?? "");
    expect(answer.header.useVersion).toBeUndefined();
  });
});
