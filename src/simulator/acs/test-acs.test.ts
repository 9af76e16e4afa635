import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import {
  type ConnectionRequestServer,
  createConnectionRequestServer,
} from "../../cwmp/http/connection-request-server.ts";
import { decodeEnvelope } from "../../cwmp/soap/decode.ts";
import { systemClock } from "../../shared/clock.ts";
import type { TestAcs } from "./acs-port.ts";
import { inSequence, operatorScript, readTree } from "./session-script.ts";
import { type TestAcsOptions, startTestAcs } from "./test-acs.ts";
import { TestCpe, type TestCpeOptions } from "../../../test/cwmp/test-cpe.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function acsWith(options: TestAcsOptions = {}): Promise<TestAcs> {
  const acs = await startTestAcs(options);
  cleanups.push(() => acs.stop());
  return acs;
}

function cpeFor(acs: TestAcs, options: TestCpeOptions = {}): TestCpe {
  const cpe = new TestCpe(acs.url, options);
  cleanups.push(() => {
    cpe.close();
  });
  return cpe;
}

const id = "00005E-Laser-1";
const names = { method: "GetParameterNames", path: "", nextLevel: false } as const;
const location = "Device.Services.X_MFPGATE-ORG_MFP.1.General.SystemLocation";

describe("a session with the test ACS", () => {
  it("runs queued RPCs in order, tells their outcomes and keeps what they taught", async () => {
    const acs = await acsWith();
    await cpeFor(acs).runSession(["0 BOOTSTRAP", "1 BOOT"]);
    const outcomes = Promise.all([
      acs.queue(id, names),
      acs.queue(id, { method: "GetParameterValues", paths: [location] }),
      acs.queue(id, { method: "AddObject", path: "Device.X.", parameterKey: "" }),
    ]);
    const cpe = cpeFor(acs);
    cpe.parameters.set(location, "Room 7");
    const called = await cpe.runSession(["2 PERIODIC"]);
    expect(called).toEqual(["GetParameterNames", "GetParameterValues", "AddObject"]);
    expect((await outcomes).map(({ outcome }) => outcome)).toEqual([
      "response",
      "response",
      "fault",
    ]);
    const device = acs.device(id);
    expect(device?.parameters.get(location)).toMatchObject({ value: "Room 7", writable: true });
    expect(device?.events.all().map(({ eventCode }) => eventCode)).toEqual([
      "0 BOOTSTRAP",
      "1 BOOT",
      "2 PERIODIC",
    ]);
    expect(device?.rpcs.all().map(({ detail }) => detail)).toEqual([
      "ok",
      "ok",
      "9000 Method not supported",
    ]);
    expect(device?.sessions.all().map(({ problem }) => problem)).toEqual([undefined, undefined]);
    expect(acs.violations()).toEqual([]);
  });

  it("lets scripts read the tree in batches at first contact and not again", async () => {
    const acs = await acsWith({ scripts: [readTree(undefined, 3)] });
    const reads = await cpeFor(acs).runSession(["0 BOOTSTRAP"]);
    const batches = ["GetParameterValues", "GetParameterValues", "GetParameterValues"];
    expect(reads).toEqual(["GetParameterNames", ...batches]);
    expect(await cpeFor(acs).runSession(["2 PERIODIC"])).toEqual([]);
    expect(await cpeFor(acs).runSession(["0 BOOTSTRAP"])).toHaveLength(4);
  });

  it("takes a device over as an operator would", async () => {
    const script = operatorScript({ periodicInformS: 60, newPassword: () => "hush" });
    const acs = await acsWith({ scripts: [script] });
    const cpe = cpeFor(acs);
    cpe.parameters.set("Device.Services.X_MFPGATE-ORG_MFP.1.General.State", "Idle");
    const called = await cpe.runSession(["0 BOOTSTRAP"]);
    expect(called).toEqual([
      "SetParameterValues",
      "SetParameterValues",
      "GetParameterNames",
      "GetParameterValues",
      "SetParameterAttributes",
    ]);
    const server = "Device.ManagementServer.";
    expect(cpe.parameters.get(`${server}PeriodicInformInterval`)).toBe("60");
    expect(cpe.parameters.get(`${server}ConnectionRequestPassword`)).toBe("hush");
  });

  it("shows no password it has set", async () => {
    const acs = await acsWith();
    const cpe = cpeFor(acs);
    const path = "Device.ManagementServer.Password";
    await cpe.send(cpe.inform(["1 BOOT"]));
    const parameters = [{ path, value: "canary", type: "string" }];
    const outcome = acs.queue(id, { method: "SetParameterValues", parameters, parameterKey: "" });
    const { header, message } = decodeEnvelope((await cpe.post(undefined)).body ?? "");
    await cpe.send(cpe.answer(message), header.id);
    expect((await outcome).outcome).toBe("response");
    for (const view of [`devices/${id}`, `api/devices/${id}`, `api/devices/${id}/parameters`]) {
      expect(await (await fetch(acs.pageUrl + view)).text()).not.toContain("canary");
    }
  });

  it("settles what was under way when the session is lost, and says why", async () => {
    const acs = await acsWith({ scripts: [inSequence(readTree())] });
    const cpe = cpeFor(acs);
    await cpe.send(cpe.inform(["1 BOOT"]));
    await cpe.post(undefined);
    await cpeFor(acs).send(cpe.inform(["1 BOOT"]));
    const problem = "the device began another session";
    expect(acs.device(id)?.sessions.all()[0]).toMatchObject({ problem });
    expect(acs.device(id)?.rpcs.last()).toMatchObject({ outcome: "lost", detail: problem });
  });

  it("handles hundreds of devices side by side", async () => {
    const acs = await acsWith({ scripts: [readTree()] });
    const serials = Array.from({ length: 300 }, (_, index) => String(index));
    for (let start = 0; start < serials.length; start += 50) {
      const some = serials.slice(start, start + 50);
      await Promise.all(
        some.map((serial) => cpeFor(acs, { serialNumber: serial }).runSession(["0 BOOTSTRAP"])),
      );
    }
    expect(acs.devices()).toHaveLength(300);
    expect(acs.violations()).toEqual([]);
    const page = await (await fetch(acs.pageUrl)).text();
    expect(page).toContain("300 devices");
  });

  it("asks for digest or basic authentication when told to", async () => {
    for (const scheme of ["digest", "basic"] as const) {
      const auth = { scheme, username: "cpe", password: "pw" };
      const acs = await acsWith({ auth });
      const right = new TestCpe(acs.url, auth);
      expect(await right.runSession(["1 BOOT"])).toEqual([]);
      const wrong = new TestCpe(acs.url, { ...auth, password: "guess" });
      await expect(wrong.runSession(["1 BOOT"])).rejects.toMatchObject({ code: "cwmp.auth" });
      expect(acs.devices()).toHaveLength(1);
    }
  });

  it("writes every envelope into a file of its own", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mfpgate-acs-"));
    cleanups.push(() => {
      rmSync(folder, { recursive: true });
    });
    const acs = await startTestAcs({ captureDir: folder, scripts: [readTree()] });
    await new TestCpe(acs.url).runSession(["0 BOOTSTRAP"]);
    await acs.stop();
    const files = readdirSync(folder).sort();
    expect(files).toEqual([
      "00001-cpe-Inform.xml",
      "00002-acs-reply.xml",
      "00003-acs-reply.xml",
      "00004-cpe-GetParameterNamesResponse.xml",
      "00005-acs-reply.xml",
      "00006-cpe-GetParameterValuesResponse.xml",
    ]);
    for (const file of files) {
      expect(() => decodeEnvelope(readFileSync(join(folder, file), "utf8"))).not.toThrow();
    }
  });
});

describe("connection requests of the test ACS", () => {
  let listener: ConnectionRequestServer;

  /** A device whose connection requests start a session. */
  async function reachable(answer: "accepted" | "unreachable" | "silent") {
    const script = operatorScript({ periodicInformS: 60, newPassword: () => "hush" });
    const acs = await acsWith({ scripts: [script], connectionRequestWaitMs: 100 });
    listener = createConnectionRequestServer({
      listen: { host: "127.0.0.1", port: 0 },
      clock: systemClock,
    });
    const parameters = new Map<string, string>();
    const run = (events: readonly string[]): Promise<readonly string[]> =>
      cpeFor(acs, { parameters }).runSession(events);
    const startSession = (): void => {
      run(["6 CONNECTION REQUEST"]).catch(() => undefined); // cut off when the test is over
    };
    const server = "Device.ManagementServer.ConnectionRequest";
    listener.register("/cr/1", {
      endpointId: "1",
      username: () => parameters.get(`${server}Username`) ?? "",
      password: () => parameters.get(`${server}Password`) ?? "",
      accept: () => {
        if (answer === "unreachable") return "unreachable";
        if (answer === "accepted") setImmediate(startSession);
        return "accepted";
      },
    });
    cleanups.push(() => listener.stop());
    parameters.set(`${server}URL`, `http://127.0.0.1:${await listener.start()}/cr/1`);
    parameters.set(location, "Room 7");
    await run(["0 BOOTSTRAP"]);
    return { acs, parameters };
  }

  it("bring a session at once, in which a value is set", async () => {
    const { acs, parameters } = await reachable("accepted");
    const outcome = await acs.setParameterValues(id, { [location]: "Room 8" });
    expect(outcome).toMatchObject({ outcome: "response", message: { status: 0 } });
    expect(parameters.get(location)).toBe("Room 8");
    expect(acs.device(id)?.sessions.last()?.events).toEqual(["6 CONNECTION REQUEST"]);
    expect(acs.violations()).toEqual([]);
  });

  it("say that the device is off line, and drop the RPC", async () => {
    const { acs } = await reachable("unreachable");
    const outcome = await acs.getParameterValues(id, [location]);
    expect(outcome).toMatchObject({
      outcome: "lost",
      reason: expect.stringContaining("503") as string,
    });
    expect(acs.device(id)?.pendingCount).toBe(0);
  });

  it("say when no session follows, or nobody listens", async () => {
    const { acs } = await reachable("silent");
    expect((await acs.connectionRequest(id)).problem).toContain("no session within 100 ms");
    await listener.stop();
    expect((await acs.connectionRequest(id)).problem).toContain("ECONNREFUSED");
  });
});

describe("what the test ACS complains of", () => {
  async function complaints(misbehave: (cpe: TestCpe) => Promise<unknown>): Promise<string> {
    const acs = await acsWith({ scripts: [readTree()] });
    await misbehave(cpeFor(acs)).catch(() => undefined);
    return acs
      .violations()
      .map(({ text }) => text)
      .join("\n");
  }

  it("a message before the Inform, a second Inform, a second empty POST", async () => {
    expect(await complaints((cpe) => cpe.post(undefined))).toContain("outside a session");
    const twice = complaints(async (cpe) => {
      await cpe.send(cpe.inform(["1 BOOT"]));
      await cpe.send(cpe.inform(["1 BOOT"]));
    });
    expect(await twice).toContain("a second Inform");
    const empties = complaints(async (cpe) => {
      await cpe.send(cpe.inform(["1 BOOT"]));
      await cpe.post(undefined);
      await cpe.post(undefined);
    });
    expect(await empties).toContain("empty POST instead of the answer to GetParameterNames");
  });

  it("an answer with another ID, or to another question", async () => {
    const start = async (cpe: TestCpe): Promise<string | undefined> => {
      await cpe.send(cpe.inform(["1 BOOT"]));
      return decodeEnvelope((await cpe.post(undefined)).body ?? "").header.id;
    };
    const wrongId = complaints(async (cpe) => {
      await start(cpe);
      await cpe.send({ method: "GetParameterNamesResponse", names: [] }, "mine");
    });
    expect(await wrongId).toContain("ID mine instead of");
    const wrongAnswer = complaints(async (cpe) => {
      await cpe.send({ method: "RebootResponse" }, await start(cpe));
    });
    expect(await wrongAnswer).toContain("GetParameterNames was answered by RebootResponse");
    const stray = complaints(async (cpe) => {
      const names = [{ path: "Device.A.B", writable: false }];
      await cpe.send({ method: "GetParameterNamesResponse", names }, await start(cpe));
    });
    expect(await stray).toContain("listed without its object");
  });

  it("an Inform with missing, repeated or unasked parameters and impossible events", async () => {
    const text = await complaints(async (cpe) => {
      const inform = cpe.inform(["1 BOOT", "1 BOOT", "BOOT"]);
      const [first, , ...rest] = inform.parameters;
      const extra = { path: "Device.X", value: "1", type: "string" };
      const parameters = [...(first === undefined ? [] : [first, first]), ...rest, extra];
      await cpe.send({ ...inform, parameters, currentTime: "noon" });
    });
    for (const problem of [
      "event 1 BOOT twice",
      "event code BOOT",
      "forced parameter Device.DeviceInfo.HardwareVersion is missing",
      "parameter Device.RootDataModelVersion twice",
      "parameter Device.X without 4 VALUE CHANGE",
      "CurrentTime is no date",
    ]) {
      expect(text).toContain(problem);
    }
  });

  it("wrong array counts, untyped values and unknown prefixes", async () => {
    const spoil = async (from: string | RegExp, to: string): Promise<string> => {
      const sent: string[] = [];
      const spy = new TestCpe("http://127.0.0.1:1/");
      spy.post = (body) => {
        sent.push(body ?? "");
        return Promise.resolve({ status: 204, body: undefined });
      };
      await spy.send(spy.inform(["1 BOOT"]));
      return await complaints((cpe) => cpe.post(sent[0]?.replace(from, to)));
    };
    expect(await spoil("EventStruct[1]", "EventStruct[2]")).toContain("arrayType says 2 items");
    expect(await spoil(' xsi:type="xsd:string"', "")).toContain("Value without xsi:type");
    expect(await spoil('"xsd:string">', '"xs:string">')).toContain("xsi:type xs:string");
    expect(await spoil(/ soap-enc:arrayType="cwmp:EventStruct\[1\]"/, "")).toContain(
      "Event without arrayType",
    );
    expect(await spoil(/cwmp-1-2/g, "cwmp-1-4")).toContain(
      "namespace is urn:dslforum-org:cwmp-1-4",
    );
    expect(await spoil(/<cwmp:ID.*<\/cwmp:ID>/, "")).toContain("0 cwmp:ID headers");
    expect(await spoil("</soap-env:Envelope>", "")).toContain("malformed message");
  });

  it("SOAPAction and Content-Type where they do not belong", async () => {
    const acs = await acsWith();
    const headers = { "Content-Type": "application/json", SOAPAction: "urn:x" };
    await fetch(acs.url, { method: "POST", headers, body: "<x" });
    await fetch(acs.url, { method: "POST", headers });
    expect(acs.violations().map(({ text }) => text)).toEqual([
      "SOAPAction is not empty",
      "Content-Type is application/json instead of text/xml",
      expect.stringContaining("malformed message"),
      "empty POST with SOAPAction",
      "empty POST with Content-Type",
      "empty POST outside a session (cookie missing or unknown)",
    ]);
  });
});

describe("faults injected into the test ACS", () => {
  it("spoil the answer once, in the way asked for", async () => {
    const acs = await acsWith();
    const inform = async (): Promise<{ status: number; body: string | undefined }> => {
      const cpe = cpeFor(acs);
      return await cpe.send(cpe.inform(["1 BOOT"]), "one");
    };
    acs.inject({ fault: { kind: "close" }, on: "Inform" });
    await expect(inform()).rejects.toMatchObject({ code: "cwmp.acs-unreachable" });
    acs.inject({ fault: { kind: "status", status: 503, retryAfterS: 7 } });
    await expect(inform()).rejects.toMatchObject({ status: 503, retryAfterMs: 7_000 });
    acs.inject({ fault: { kind: "huge", bytes: 10_000_000 } });
    await expect(inform()).rejects.toMatchObject({ code: "cwmp.response-too-large" });
    acs.inject({ fault: { kind: "malformed" } });
    expect(() => decodeEnvelope("")).toThrow();
    const malformed = await inform();
    expect(() => decodeEnvelope(malformed.body ?? "")).toThrow();
    acs.inject({ fault: { kind: "acs-fault", code: 8005 } });
    expect((await inform()).body).toContain("<FaultCode>8005</FaultCode>");
    acs.inject({ fault: { kind: "wrong-id" } });
    expect((await inform()).body).toContain(">one-wrong<");
    acs.inject({ fault: { kind: "drip", intervalMs: 0 }, deviceId: id });
    expect((await inform()).body).toContain("InformResponse");
    expect((await inform()).body).toContain(">one<");
  });

  it("redirect to another ACS", async () => {
    const second = await acsWith();
    const first = await acsWith();
    first.inject({ fault: { kind: "redirect", status: 307, location: second.url } });
    await cpeFor(first).runSession(["1 BOOT"]);
    expect(first.devices()).toHaveLength(0);
    expect(second.devices()).toHaveLength(1);
  });

  it("hold requests until the CPE has come back after an empty answer", async () => {
    const acs = await acsWith();
    acs.inject({ fault: { kind: "hold-requests" }, on: "Inform" });
    const cpe = cpeFor(acs);
    const reply = decodeEnvelope((await cpe.send(cpe.inform(["1 BOOT"]))).body ?? "");
    expect(reply.header.holdRequests).toBe(true);
    expect((await cpe.post(undefined)).status).toBe(204);
    const release = decodeEnvelope((await cpe.post(undefined)).body ?? "");
    expect(release).toMatchObject({ message: { method: "GetRPCMethods" } });
    expect(release.header.holdRequests).toBeUndefined();
    expect((await cpe.send(cpe.answer(release.message), release.header.id)).status).toBe(204);
    expect(acs.device(id)?.sessions.last()?.problem).toBeUndefined();
  });
});
