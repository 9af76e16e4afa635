import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runNameLookup } from "../../src/diagnostics/name-lookup.ts";
import { runPing } from "../../src/diagnostics/ping.ts";
import { runTraceRoute } from "../../src/diagnostics/trace-route.ts";
import { runDownloadTest, runUploadTest } from "../../src/diagnostics/transfer-test.ts";
import { ComposedTree } from "../../src/presentation/composed-tree.ts";
import { diagnosticsPart } from "../../src/presentation/proxier/diagnostics-part.ts";
import type { DiagnosticRunners } from "../../src/presentation/proxier/diagnostics-ports.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { Box } from "../cwmp/endpoint-harness.ts";
import { waitUntil } from "../support/wait-until.ts";
import { NameServer } from "./name-server.ts";
import { requireTools } from "./tools.ts";
import { TransferServer } from "./transfer-server.ts";

const ping = "Device.IP.Diagnostics.IPPing.";
const names = "Device.DNS.Diagnostics.NSLookupDiagnostics.";
const download = "Device.IP.Diagnostics.DownloadDiagnostics.";
const complete = "8 DIAGNOSTICS COMPLETE";
const hasPrograms = await requireTools("ping", "traceroute");

let files: TransferServer;
let nameServer: NameServer;
let stop: AbortController;
beforeEach(async () => {
  files = await TransferServer.start();
  nameServer = await NameServer.start();
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  nameServer.stop();
  await files.stop();
});

/** A tree with nothing but tests, and these real: programs, sockets, time. */
function createTree(): ComposedTree {
  const clock = systemClock;
  const transfer = { clock, isAllowed: () => Promise.resolve(true) };
  const runners: DiagnosticRunners = {
    ping: (test, signal) => runPing({ ...test, clock }, signal),
    traceRoute: (test, signal) => runTraceRoute({ ...test, clock }, signal),
    nameLookup: (test, signal) => runNameLookup({ ...test, clock, port: nameServer.port }, signal),
    download: (test, signal) => runDownloadTest({ ...test, ...transfer }, signal),
    upload: (test, signal) => runUploadTest({ ...test, ...transfer }, signal),
    printer: () => Promise.resolve(undefined),
    self: () => Promise.resolve([]),
  };
  const part = diagnosticsPart({
    runners,
    clock,
    stop: stop.signal,
    surroundings: {
      interfaceName: () => undefined,
      isPrinter: () => false,
      mostTransferBytes: 1_000_000,
      hasPing: true,
      hasTraceRoute: true,
    },
  });
  return new ComposedTree([part]);
}

async function startBox() {
  const box = new Box();
  const tree = createTree();
  let endpoint = await box.start({ tree });
  const set = (object: string, values: Record<string, string>) =>
    box.ask(endpoint, {
      method: "SetParameterValues",
      parameters: Object.entries(values).map(([name, value]) => ({ path: object + name, value })),
      parameterKey: "k",
    });
  const get = async (path: string): Promise<Record<string, string>> => {
    const [answer] = await box.ask(endpoint, { method: "GetParameterValues", paths: [path] });
    if (answer?.method !== "GetParameterValuesResponse") throw new Error(answer?.method);
    return Object.fromEntries(answer.parameters.map(({ path: name, value }) => [name, value]));
  };
  /** The next session with event 8. */
  const informed = () =>
    waitUntil("an Inform with event 8", async () => {
      await box.settle();
      return box.acs.events().includes(complete);
    });
  const restart = async () => {
    endpoint = await box.restart({ tree: createTree() });
  };
  return { box, tree, endpoint, set, get, informed, restart };
}

describe("diagnostics over a real endpoint", () => {
  it.skipIf(!hasPrograms)(
    "are asked for in one session, run after it, and reported in the next with event 8",
    async () => {
      const { box, set, get, informed } = await startBox();
      const sessions = box.acs.sessions.length;
      const [answer] = await set(ping, {
        DiagnosticsState: "Requested",
        Host: "127.0.0.1",
        NumberOfRepetitions: "2",
      });
      expect(answer).toMatchObject({ method: "SetParameterValuesResponse", status: 0 });
      expect(box.acs.sessions).toHaveLength(sessions + 1);
      await informed();
      expect(box.acs.events()).toEqual([complete]);
      expect(await get(ping)).toMatchObject({
        [`${ping}DiagnosticsState`]: "Complete",
        [`${ping}SuccessCount`]: "2",
        [`${ping}FailureCount`]: "0",
        [`${ping}IPAddressUsed`]: "127.0.0.1",
      });
      // Delivered once, and the results stay.
      expect(box.acs.events()).not.toContain(complete);
      expect((await get(`${ping}SuccessCount`))[`${ping}SuccessCount`]).toBe("2");
    },
  );

  it("repeat event 8 until it was delivered, with results that can still be read", async () => {
    const { box, set, get, informed } = await startBox();
    box.acs.interfere = (request) => {
      const { message } = request ?? {};
      if (message?.method !== "Inform") return undefined;
      const hasIt = message.events.some(({ eventCode }) => eventCode === complete);
      return hasIt ? { status: 503, body: undefined } : undefined;
    };
    await set(names, {
      DiagnosticsState: "Requested",
      HostName: "printer.example",
      DNSServer: "127.0.0.1",
    });
    await informed();
    box.acs.interfere = () => undefined;
    const sessions = box.acs.sessions.length;
    await box.pass(60);
    expect(box.acs.sessions.length).toBeGreaterThan(sessions);
    expect(box.acs.events()).toContain(complete);
    expect(await get(`${names}Result.`)).toMatchObject({
      [`${names}Result.1.Status`]: "Success",
      [`${names}Result.1.IPAddresses`]: "192.0.2.7,2001:db8::7",
    });
  });

  it("tell of failures in the same way", async () => {
    const { set, get, informed } = await startBox();
    const url = files.url("/short/1000");
    await set(download, { DownloadURL: url, DiagnosticsState: "Requested" });
    await informed();
    const values = await get(download);
    expect(values[`${download}DiagnosticsState`]).toBe("Error_TransferFailed");
    expect(values[`${download}ROMTime`]).toBe("0001-01-01T00:00:00Z");
  });

  it("measure a download between sessions", async () => {
    const { box, set, get, informed } = await startBox();
    const url = files.url("/file/100000");
    const closed: boolean[] = [];
    files.onRequest = () => closed.push(box.acs.sessions.every(({ isClosed }) => isClosed));
    await set(download, { DiagnosticsState: "Requested", DownloadURL: url });
    await informed();
    expect(closed).toEqual([true]);
    const values = await get(download);
    expect(values[`${download}DiagnosticsState`]).toBe("Complete");
    expect(Number(values[`${download}TestBytesReceived`])).toBeGreaterThan(100_000);
    for (const name of [
      "TCPOpenRequestTime",
      "TCPOpenResponseTime",
      "ROMTime",
      "BOMTime",
      "EOMTime",
    ])
      expect(values[download + name]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  it("are aborted by a changed argument; no event follows and the connection is gone", async () => {
    const { box, set, get } = await startBox();
    await set(download, { DiagnosticsState: "Requested", DownloadURL: files.url("/stalled/1000") });
    await waitUntil("the download under way", () => files.open === 1);
    await set(download, { DownloadURL: files.url("/file/1") });
    await waitUntil("the connection closed", () => files.open === 0);
    await box.pass(60);
    expect((await get(download))[`${download}DiagnosticsState`]).toBe("None");
    expect(box.acs.sessions.flatMap((_, index) => box.acs.events(index))).not.toContain(complete);
  });

  it("refuse words that are not the ACS's to say, and requests without arguments, as a whole", async () => {
    const { set, get } = await startBox();
    const [word] = await set(ping, { Host: "h", DiagnosticsState: "Complete" });
    const fault = { path: `${ping}DiagnosticsState`, code: 9007 };
    expect(word).toMatchObject({ method: "Fault", code: 9003, parameters: [fault] });
    const [request] = await set(ping, { DiagnosticsState: "Requested", Timeout: "77" });
    expect(request).toMatchObject({ method: "Fault", code: 9003, parameters: [fault] });
    expect(await get(ping)).toMatchObject({ [`${ping}Host`]: "", [`${ping}Timeout`]: "1000" });
  });

  it("asked for on the box end without a word to the ACS", async () => {
    const { box, endpoint, tree } = await startBox();
    const value = (name: string) => tree.get(names + name)?.value;
    const assignments = {
      HostName: "printer.example",
      DNSServer: "127.0.0.1",
      DiagnosticsState: "Requested",
    };
    const sessions = box.acs.sessions.length;
    await endpoint.set(
      Object.entries(assignments).map(([name, text]) => ({ path: names + name, value: text })),
    );
    await waitUntil("the lookup done", () => value("DiagnosticsState") === "Complete");
    await box.pass(60);
    expect(box.acs.sessions).toHaveLength(sessions);
  });

  it("are None after a restart, whatever was under way", async () => {
    const { set, get, restart } = await startBox();
    await set(download, { DiagnosticsState: "Requested", DownloadURL: files.url("/stalled/1000") });
    await waitUntil("the download under way", () => files.open === 1);
    stop.abort();
    await waitUntil("the connection closed", () => files.open === 0);
    stop = new AbortController();
    await restart();
    expect((await get(download))[`${download}DiagnosticsState`]).toBe("None");
  });
});
