import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import { ScriptedAcs, empty, envelope } from "../../../test/cwmp/scripted-acs.ts";
import { ManualClock } from "../../shared/manual-clock.ts";
import type { CwmpMessage, DecodedMessage } from "../soap/message.ts";
import type { AcsResponse } from "../transport.ts";
import {
  type SessionAction,
  type SessionContext,
  type SessionInput,
  type SessionState,
  nextStep,
} from "./session-machine.ts";
import { defaultDialect } from "./dialect.ts";
import { type SessionHost, defaultSessionLimits, runSession } from "./session.ts";

const context: SessionContext = {
  holdRequests: false,
  wasHeld: false,
  hasRequests: false,
  repeatsLeft: 1,
  answersLeft: 1,
  heldLeft: 1,
};

describe("nextStep", () => {
  type Row = readonly [SessionState, SessionInput, Partial<SessionContext>, SessionAction];
  const rows: readonly Row[] = [
    ["informing", "informResponse", {}, "sendEmpty"],
    ["informing", "informResponse", { hasRequests: true }, "sendRequest"],
    ["informing", "informResponse", { hasRequests: true, holdRequests: true }, "sendEmpty"],
    ["informing", "retryRequest", {}, "repeat"],
    ["informing", "retryRequest", { repeatsLeft: 0 }, "fail"],
    ["informing", "fault", {}, "fail"],
    ["informing", "request", {}, "fail"],
    ["informing", "empty", {}, "fail"],
    ["requesting", "response", {}, "sendEmpty"],
    ["requesting", "response", { hasRequests: true }, "sendRequest"],
    ["requesting", "fault", {}, "sendEmpty"],
    ["requesting", "retryRequest", {}, "repeat"],
    ["requesting", "request", {}, "fail"],
    ["requesting", "empty", {}, "fail"],
    ["listening", "request", {}, "answer"],
    ["listening", "request", { answersLeft: 0 }, "fail"],
    ["listening", "empty", {}, "end"],
    ["listening", "empty", { hasRequests: true }, "end"],
    ["listening", "empty", { hasRequests: true, wasHeld: true }, "sendRequest"],
    ["listening", "empty", { holdRequests: true, hasRequests: true }, "holdOn"],
    ["listening", "empty", { holdRequests: true, heldLeft: 0 }, "fail"],
    ["listening", "informResponse", {}, "fail"],
    ["listening", "fault", {}, "fail"],
    ["ended", "request", {}, "fail"],
    ["failed", "request", {}, "fail"],
  ];
  for (const [state, input, changes, action] of rows) {
    it(`answers ${input} while ${state} ${JSON.stringify(changes)} with ${action}`, () => {
      expect(nextStep(state, input, { ...context, ...changes }).action).toBe(action);
    });
  }
});

/** A host with requests of its own, as transfers will bring them. */
class Host implements SessionHost {
  readonly endpointId = "e";
  readonly requests: CwmpMessage[] = [];
  readonly settled: DecodedMessage[] = [];
  delivered = 0;
  inform(): CwmpMessage {
    return {
      method: "Inform",
      deviceId: { manufacturer: "m", oui: "00005E", productClass: "p", serialNumber: "s" },
      events: [],
      currentTime: "2026-01-01T00:00:00Z",
      retryCount: 0,
      parameters: [],
    };
  }
  informDelivered(): Promise<void> {
    this.delivered += 1;
    return Promise.resolve();
  }
  pendingRequest(): CwmpMessage | undefined {
    return this.requests[0];
  }
  requestSettled(answer: DecodedMessage): Promise<void> {
    this.requests.shift();
    this.settled.push(answer);
    return Promise.resolve();
  }
  answer(): Promise<CwmpMessage> {
    return Promise.resolve({ method: "RebootResponse" });
  }
}

/** Runs one session in which the ACS answers the n-th POST with the n-th of these. */
async function play(host: Host, script: readonly AcsResponse[]): Promise<(string | undefined)[]> {
  const acs = new ScriptedAcs();
  let turn = 0;
  acs.interfere = () => script[turn++] ?? new Error("more POSTs than expected");
  const connection = acs.connect({ url: "", username: "", password: "" });
  const options = { clock: new ManualClock(), dialect: defaultDialect };
  try {
    await runSession(host, { connection, ...options, limits: defaultSessionLimits });
  } finally {
    expect(turn).toBeLessThanOrEqual(script.length);
  }
  const posts = acs.sessions[0]?.posts ?? [];
  return posts.map((post) => post && `${post.message.method} ${post.header.id ?? "-"}`);
}

const informResponse = envelope({ method: "InformResponse" }, { id: "1" });
const heldInformResponse = envelope({ method: "InformResponse" }, { id: "1", holdRequests: true });
const reboot = (header = {}): AcsResponse =>
  envelope({ method: "Reboot", commandKey: "" }, { id: "r 1", ...header });
const fault = (code: number, id = "1"): AcsResponse =>
  envelope({ method: "Fault", code, text: "no" }, { id });
const rpcMethods = envelope({ method: "GetRPCMethodsResponse", methods: [] }, { id: "2" });

describe("runSession", () => {
  it("sends its own requests before the empty POST, and echoes the ID of what it answers", async () => {
    const host = new Host();
    host.requests.push({ method: "GetRPCMethods" });
    expect(await play(host, [informResponse, rpcMethods, reboot(), empty])).toEqual([
      "Inform 1",
      "GetRPCMethods 2",
      undefined,
      "RebootResponse r 1",
    ]);
    expect(host.delivered).toBe(1);
    expect(host.settled).toEqual([{ method: "GetRPCMethodsResponse", methods: [] }]);
  });

  it("holds its requests back while told to, and keeps the session open", async () => {
    const host = new Host();
    host.requests.push({ method: "GetRPCMethods" });
    const script = [
      heldInformResponse,
      empty,
      reboot({ holdRequests: true }),
      empty,
      reboot(),
      empty,
    ];
    expect(await play(host, [...script, rpcMethods, empty])).toEqual([
      "Inform 1",
      undefined,
      undefined,
      "RebootResponse r 1",
      undefined,
      "RebootResponse r 1",
      "GetRPCMethods 2",
      undefined,
    ]);
  });

  it("leaves a request that arose after the empty POST to the next session", async () => {
    const host = new Host();
    host.answer = () => {
      host.requests.push({ method: "GetRPCMethods" });
      return Promise.resolve({ method: "RebootResponse" });
    };
    expect(await play(host, [informResponse, reboot(), empty])).toEqual([
      "Inform 1",
      undefined,
      "RebootResponse r 1",
    ]);
    expect(host.requests).toHaveLength(1);
  });

  it("takes no notice of NoMoreRequests, whoever sends it", async () => {
    const host = new Host();
    host.requests.push({ method: "GetRPCMethods" });
    const { body = "" } = informResponse;
    const deprecated = body.replace(
      "</soap-env:Header>",
      '<cwmp:NoMoreRequests soap-env:mustUnderstand="1">1</cwmp:NoMoreRequests></soap-env:Header>',
    );
    const script = [{ status: 200, body: deprecated }, rpcMethods, reboot(), empty];
    expect(await play(host, script)).toEqual([
      "Inform 1",
      "GetRPCMethods 2",
      undefined,
      "RebootResponse r 1",
    ]);
  });

  it("goes on after a request the ACS wants repeated for ever, and fails on a foreign response", async () => {
    const host = new Host();
    host.requests.push({ method: "GetRPCMethods" });
    const again = Array.from({ length: 4 }, () => fault(8005, "2"));
    await play(host, [informResponse, ...again, empty]);
    expect(host.settled).toMatchObject([{ method: "Fault", code: 8005 }]);
    host.requests.push({ method: "GetRPCMethods" });
    const foreign = envelope({ method: "TransferCompleteResponse" }, { id: "2" });
    await expect(play(host, [informResponse, foreign])).rejects.toMatchObject({
      code: "cwmp.unexpected-message",
    });
  });

  it("ends on 200 without content as on 204", async () => {
    const blank = { status: 200, body: " \n" };
    expect(await play(new Host(), [informResponse, blank])).toEqual(["Inform 1", undefined]);
  });

  it("repeats the same message after fault 8005, a few times", async () => {
    expect(await play(new Host(), [fault(8005), informResponse, empty])).toEqual([
      "Inform 1",
      "Inform 1",
      undefined,
    ]);
    const always = Array.from({ length: 4 }, () => fault(8005));
    await expect(play(new Host(), always)).rejects.toMatchObject({ code: "cwmp.inform-refused" });
  });

  it("fails on any other fault to the Inform, but not on one to a later request", async () => {
    await expect(play(new Host(), [fault(8003)])).rejects.toMatchObject({
      code: "cwmp.inform-refused",
      message: "ACS refused the Inform: 8003 no",
    });
    const host = new Host();
    host.requests.push({ method: "GetRPCMethods" });
    await play(host, [informResponse, fault(8000, "2"), empty]);
    expect(host.settled).toMatchObject([{ method: "Fault", code: 8000 }]);
  });

  it("accepts a missing ID but not a wrong one", async () => {
    await play(new Host(), [envelope({ method: "InformResponse" }), empty]);
    const wrong = envelope({ method: "InformResponse" }, { id: "7" });
    await expect(play(new Host(), [wrong])).rejects.toMatchObject({
      code: "cwmp.unexpected-message",
    });
  });

  it("fails on a request before the InformResponse and on a second InformResponse", async () => {
    for (const script of [[reboot()], [informResponse, informResponse], [empty]]) {
      const host = new Host();
      await expect(play(host, script)).rejects.toMatchObject({ code: "cwmp.unexpected-message" });
    }
  });

  it("gives up on an ACS that holds for ever or never stops asking", async () => {
    const held = [heldInformResponse, ...Array.from({ length: 20 }, () => empty)];
    await expect(play(new Host(), held)).rejects.toMatchObject({ code: "cwmp.session-limit" });
    const asking = [informResponse, ...Array.from({ length: 1_100 }, () => reboot())];
    await expect(play(new Host(), asking)).rejects.toMatchObject({ code: "cwmp.session-limit" });
  });

  it("answers a mandatory header it does not know with a MustUnderstand fault", async () => {
    const { body = "" } = reboot();
    const strange = body.replace(
      "</soap-env:Header>",
      '<cwmp:Dance soap-env:mustUnderstand="1">1</cwmp:Dance></soap-env:Header>',
    );
    const posts = await play(new Host(), [informResponse, { status: 200, body: strange }, empty]);
    expect(posts.at(-1)).toBe("Fault r 1");
  });

  it("goes on in the namespace the ACS chose", async () => {
    const acs = new ScriptedAcs();
    const { body = "" } = informResponse;
    acs.interfere = (request) =>
      request?.message.method === "Inform"
        ? { status: 200, body: body.replace("cwmp-1-2", "cwmp-1-0") }
        : undefined;
    acs.requests.push({ method: "Reboot", commandKey: "" });
    const connection = acs.connect({ url: "", username: "", password: "" });
    const options = { dialect: defaultDialect, limits: defaultSessionLimits };
    await runSession(new Host(), { connection, clock: new ManualClock(), ...options });
    expect(acs.envelopes[0]).toContain("cwmp-1-2");
    expect(acs.envelopes[0]).toContain("<cwmp:SupportedCWMPVersions>1.0,1.1");
    expect(acs.envelopes[1]).toContain("cwmp-1-0");
  });

  it("answers unknown methods 9000 and unusable arguments 9003 under their ID, and goes on", async () => {
    const box = new Box();
    const endpoint = await box.start();
    const { body = "" } = envelope({ method: "Reboot", commandKey: "" }, { id: "u" });
    const documents = [
      body.replaceAll("Reboot", "X_00005E_Dance"),
      body.replaceAll("Reboot", "GetParameterNames"),
      body.replaceAll("Reboot", "Inform"),
    ];
    box.acs.interfere = (request) => {
      if (request?.message.method === "Inform") return undefined;
      const next = documents.shift();
      return next === undefined ? undefined : { status: 200, body: next };
    };
    await box.ask(endpoint, { method: "GetRPCMethods" });
    const posts = box.acs.sessions.at(-1)?.posts.slice(2) ?? [];
    expect(posts.map((post) => post?.header.id)).toEqual(["u", "u", "u", "acs-1"]);
    expect(posts.map((post) => post?.message)).toMatchObject([
      { code: 9000 },
      { code: 9003 },
      { code: 9000 },
      { method: "GetRPCMethodsResponse" },
    ]);
  });

  it("survives malformed XML: the session fails, the endpoint retries", async () => {
    const box = new Box();
    const endpoint = await box.start();
    for (const body of ["<a", "not xml", "<!DOCTYPE x><x/>", "x".repeat(3_000_000)]) {
      box.acs.interfere = () => ({ status: 200, body });
      endpoint.requestSession("8 DIAGNOSTICS COMPLETE");
      await box.settle();
    }
    expect(box.records.slice(1).map(({ errorCode }) => errorCode)).toEqual([
      "cwmp.malformed-xml",
      "cwmp.malformed-xml",
      "cwmp.doctype-refused",
      "cwmp.envelope-too-large",
    ]);
    box.acs.interfere = () => undefined;
    await box.pass(200);
    expect(endpoint.status().retryCount).toBe(0);
    expect(box.acs.sessions.every(({ isClosed }) => isClosed)).toBe(true);
  });
});
