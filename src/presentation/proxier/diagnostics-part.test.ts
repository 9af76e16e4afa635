import { describe, expect, it } from "vitest";
import { HeldRunners } from "../../../test/diagnostics/held-runners.ts";
import { waitUntil } from "../../../test/support/wait-until.ts";
import type { ParameterTree } from "../../cwmp/parameter-tree.ts";
import { comparePaths } from "../../model/snapshot.ts";
import { ManualClock } from "../../shared/manual-clock.ts";
import { ComposedTree } from "../composed-tree.ts";
import type { Assignment } from "../tree.ts";
import { diagnosticsPart } from "./diagnostics-part.ts";
import type { PingTestResult } from "./diagnostics-ports.ts";

const ping = "Device.IP.Diagnostics.IPPing.";
const route = "Device.IP.Diagnostics.TraceRoute.";
const names = "Device.DNS.Diagnostics.NSLookupDiagnostics.";
const download = "Device.IP.Diagnostics.DownloadDiagnostics.";
const upload = "Device.IP.Diagnostics.UploadDiagnostics.";
const printer = "Device.X_MFPGATE-ORG_PrinterTest.";

function createTree() {
  const runners = new HeldRunners();
  const clock = new ManualClock();
  const stop = new AbortController();
  const machine: { interfaceName: string | undefined } = { interfaceName: "eth0" };
  const part = diagnosticsPart({
    runners,
    clock,
    stop: stop.signal,
    surroundings: {
      interfaceName: (path) =>
        path === "Device.IP.Interface.1" ? machine.interfaceName : undefined,
      isPrinter: (reference) => reference === "p1",
      mostTransferBytes: 1_000_000,
      hasPing: true,
      hasTraceRoute: false,
    },
  });
  const composed = new ComposedTree([part]);
  const tree: ParameterTree = composed; // fits the port of the cwmp room
  const events: string[] = [];
  const changes: (readonly string[])[] = [];
  tree.onEvent?.((event) => events.push(event));
  tree.onChange((paths) => changes.push(paths));
  const set = async (object: string, values: Record<string, string>, writer?: "cli") => {
    const assignments = Object.entries(values).map(([name, value]) => ({
      path: object + name,
      value,
    }));
    for (const assignment of assignments) expect(tree.validate(assignment)).toBeUndefined();
    const result = await tree.write(assignments, writer);
    await settle();
    return result;
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const sessionEnded = async () => {
    tree.sessionEnded?.();
    await settle();
  };
  const value = (path: string) => tree.get(path)?.value;
  const state = () => value(`${ping}DiagnosticsState`);
  const end = async (result?: PingTestResult) => {
    runners.end(result);
    await settle();
  };
  return {
    machine,
    runners,
    clock,
    stop,
    part,
    composed,
    tree,
    events,
    changes,
    set,
    sessionEnded,
    value,
    state,
    end,
    settle,
  };
}

/** A ping the ACS asked for, under way. */
async function runningPing() {
  const box = createTree();
  await box.set(ping, { DiagnosticsState: "Requested", Host: "192.0.2.7" });
  await box.sessionEnded();
  expect(box.runners.pings).toHaveLength(1);
  return box;
}

describe("a test asked for by the ACS", () => {
  it("takes arguments and the request in one call, in any order, and runs when the session is over", async () => {
    const { set, runners, state, sessionEnded } = createTree();
    await set(ping, {
      NumberOfRepetitions: "7",
      DiagnosticsState: "Requested",
      Host: "192.0.2.7",
      Interface: "Device.IP.Interface.1",
      ProtocolVersion: "IPv4",
    });
    expect(state()).toBe("Requested");
    expect(runners.pings).toEqual([]);
    await sessionEnded();
    expect(state()).toBe("Requested");
    expect(runners.pings[0]?.test).toEqual({
      host: "192.0.2.7",
      version: "IPv4",
      repetitions: 7,
      timeoutMs: 1000,
      blockSize: 56,
      dscp: 0,
      interfaceName: "eth0",
    });
  });

  it("ends with results, tells what changed, and then that it is complete", async () => {
    const { end, value, state, events, changes, tree } = await runningPing();
    const seen: (string | undefined)[] = [];
    tree.onEvent?.(() => seen.push(state()));
    await end();
    expect(value(`${ping}SuccessCount`)).toBe("2");
    expect(value(`${ping}FailureCount`)).toBe("1");
    expect(value(`${ping}AverageResponseTime`)).toBe("2");
    expect(value(`${ping}MinimumResponseTimeDetailed`)).toBe("400");
    expect(value(`${ping}IPAddressUsed`)).toBe("192.0.2.1");
    expect(seen).toEqual(["Complete"]);
    expect(events).toEqual(["8 DIAGNOSTICS COMPLETE"]);
    expect(changes[0]).toContain(`${ping}DiagnosticsState`);
    expect(changes[0]).toContain(`${ping}SuccessCount`);
    expect(changes[0]).not.toContain(`${ping}Host`);
  });

  it("ends with the word for what went wrong, and the ACS is told of that too", async () => {
    const { end, state, events } = await runningPing();
    await end({ outcome: "failed", reason: "CannotResolveHostName" });
    expect(state()).toBe("Error_CannotResolveHostName");
    expect(events).toEqual(["8 DIAGNOSTICS COMPLETE"]);
  });

  it("ends with an internal error when the box makes a mistake", async () => {
    const { set, sessionEnded, value, events } = createTree();
    await set(download, { DownloadURL: "http://192.0.2.9/", DiagnosticsState: "Requested" });
    await sessionEnded();
    expect(value(`${download}DiagnosticsState`)).toBe("Error_Internal");
    expect(events).toHaveLength(1);
  });

  it("keeps its results until the next one is asked for", async () => {
    const { end, set, sessionEnded, value, state } = await runningPing();
    await end();
    await sessionEnded();
    expect([state(), value(`${ping}SuccessCount`)]).toEqual(["Complete", "2"]);
    await set(ping, { DiagnosticsState: "Requested" });
    expect([state(), value(`${ping}SuccessCount`)]).toEqual(["Requested", "0"]);
  });

  it("is aborted by another value of any argument, and nobody is told", async () => {
    const { set, runners, state, events, sessionEnded } = await runningPing();
    await set(ping, { DSCP: "10" });
    expect(state()).toBe("None");
    expect(runners.pings[0]?.signal.aborted).toBe(true);
    await sessionEnded();
    expect(runners.pings).toHaveLength(1);
    expect(events).toEqual([]);
  });

  it("is ended by a reset, which takes arguments and results back", async () => {
    const { part, value, state, runners, settle, events } = await runningPing();
    expect(value(`${ping}Host`)).toBe("192.0.2.7");
    part.reset();
    await settle();
    expect(runners.pings[0]?.signal.aborted).toBe(true);
    expect(state()).toBe("None");
    expect(value(`${ping}Host`)).toBe("");
    expect(events).toEqual([]);
  });

  it("goes on when an argument is set to the value it has", async () => {
    const { set, runners, state } = await runningPing();
    await set(ping, { Host: "192.0.2.7" });
    expect(state()).toBe("Requested");
    expect(runners.pings[0]?.signal.aborted).toBe(false);
  });

  it("loses its result when an argument is changed after it ended", async () => {
    const { set, end, state } = await runningPing();
    await end();
    await set(ping, { Timeout: "2000" });
    expect(state()).toBe("None");
  });

  it("begins anew with the new arguments when it is asked for again, never twice at a time", async () => {
    const { set, runners, state, sessionEnded, end, events } = await runningPing();
    await set(ping, { DiagnosticsState: "Requested", Host: "192.0.2.8" });
    expect(runners.pings[0]?.signal.aborted).toBe(true);
    expect(state()).toBe("Requested");
    await sessionEnded();
    await waitUntil("the second run", () => runners.pings.length === 2);
    expect(runners.pings.map(({ test }) => test.host)).toEqual(["192.0.2.7", "192.0.2.8"]);
    expect(runners.mostAtOnce).toBe(1);
    await sessionEnded();
    expect(runners.pings).toHaveLength(2);
    await end();
    expect(events).toHaveLength(1);
  });

  it.each(["Canceled", "None"])("is given up by %s, before and during the run", async (word) => {
    const { set, runners, state, sessionEnded, events } = await runningPing();
    await set(ping, { DiagnosticsState: word });
    expect([state(), runners.pings[0]?.signal.aborted]).toEqual(["None", true]);
    await set(ping, { DiagnosticsState: "Requested" });
    await set(ping, { DiagnosticsState: word });
    await sessionEnded();
    expect(runners.pings).toHaveLength(1);
    expect(events).toEqual([]);
  });

  it("is not asked for without the arguments it needs", async () => {
    const { set, state, sessionEnded, runners } = createTree();
    expect(await set(ping, { DiagnosticsState: "Requested" })).toMatchObject({
      outcome: "refused",
      code: 9003,
      faults: [{ path: `${ping}DiagnosticsState`, code: 9007, text: "Host is empty" }],
    });
    expect(await set(ping, { DiagnosticsState: "Requested", Host: "h" })).toEqual({
      outcome: "applied",
    });
    const result = await set(ping, { DiagnosticsState: "Requested", Host: "" });
    expect(result).toMatchObject({ outcome: "refused" });
    expect(state()).toBe("Requested");
    await sessionEnded();
    expect(runners.pings[0]?.test.host).toBe("h");
  });

  it("is an error when its interface has gone until it begins", async () => {
    const { machine, set, state, sessionEnded, runners, events } = createTree();
    const values = { Host: "h", Interface: "Device.IP.Interface.1", DiagnosticsState: "Requested" };
    await set(ping, values);
    machine.interfaceName = undefined;
    await sessionEnded();
    expect([state(), runners.pings, events.length]).toEqual(["Error_Other", [], 1]);
  });

  it("is ended after ten minutes", async () => {
    const { clock, runners, state, events } = await runningPing();
    await clock.advance(600_000);
    await waitUntil("the end of the run", () => state() !== "Requested");
    expect([state(), runners.pings[0]?.signal.aborted]).toEqual(["Error_Other", true]);
    expect(events).toHaveLength(1);
  });

  it("ends with the service, without a word", async () => {
    const { stop, part, events } = await runningPing();
    stop.abort();
    await part.settled();
    expect(events).toEqual([]);
  });
});

describe("a test asked for on the box", () => {
  it("runs at once and ends without an event", async () => {
    const { set, runners, end, state, events } = createTree();
    await set(ping, { Host: "192.0.2.7", DiagnosticsState: "Requested" }, "cli");
    expect(runners.pings).toHaveLength(1);
    await end();
    expect([state(), events]).toEqual(["Complete", []]);
  });

  it("still tells the ACS when the ACS was waiting for it", async () => {
    const { set, end, events, runners } = await runningPing();
    await set(ping, { DiagnosticsState: "Requested" }, "cli");
    await waitUntil("the second run", () => runners.pings.length === 2);
    await end();
    expect(events).toHaveLength(1);
  });

  it("ends without an event also after one the ACS had asked for", async () => {
    const { set, end, events, runners } = await runningPing();
    await end();
    await set(ping, { DiagnosticsState: "Requested" }, "cli");
    expect(runners.pings).toHaveLength(2);
    await end();
    expect(events).toHaveLength(1);
  });
});

describe("the parameters of tests", () => {
  it("are in tree order, readable with their types, and None before any run", () => {
    const { tree, part } = createTree();
    const paths = tree.nodes().map(({ path }) => path);
    expect([...paths].sort(comparePaths)).toEqual(paths);
    for (const { path, type } of tree.nodes()) expect(tree.get(path)?.type).toBe(type);
    const states = paths.filter((path) => path.endsWith("DiagnosticsState"));
    expect(states).toHaveLength(7);
    for (const path of states) expect(tree.get(path)?.value).toBe("None");
    expect(tree.get(`${upload}ROMTime`)?.value).toBe("0001-01-01T00:00:00Z");
    expect(tree.get(`${upload}UploadTransports`)?.value).toBe("HTTP");
    expect(tree.get("Device.IP.Diagnostics.IPv6PingSupported")?.value).toBe("true");
    expect(tree.get("Device.IP.Diagnostics.IPv4TraceRouteSupported")?.value).toBe("false");
    expect(part.typeNodes?.().map(({ path }) => path)).toContain(`${route}RouteHops.1.RTTimes`);
  });

  it.each<[string, string, number]>([
    [`${ping}DiagnosticsState`, "Complete", 9007],
    [`${ping}DiagnosticsState`, "Error_Internal", 9007],
    [`${ping}DiagnosticsState`, "requested", 9007],
    [`${ping}NumberOfRepetitions`, "0", 9007],
    [`${ping}DataBlockSize`, "65536", 9007],
    [`${ping}DSCP`, "64", 9007],
    [`${ping}ProtocolVersion`, "IPv5", 9007],
    [`${ping}Host`, "h".repeat(257), 9007],
    [`${ping}Interface`, "Device.IP.Interface.9", 9007],
    [`${ping}SuccessCount`, "1", 9008],
    [`${route}NumberOfTries`, "4", 9007],
    [`${route}MaxHopCount`, "65", 9007],
    [`${names}NumberOfRepetitions`, "257", 9007],
    [`${download}DownloadURL`, "ftp://192.0.2.1/file", 9007],
    [`${download}DownloadURL`, "http://user:password@192.0.2.1/", 9007],
    [`${download}DownloadURL`, "not a URL", 9007],
    [`${download}DSCP`, "10", 9007],
    [`${upload}EthernetPriority`, "1", 9007],
    [`${upload}TestFileLength`, "1000001", 9007],
    [`${printer}Reference`, "nobody", 9007],
    ["Device.IP.Diagnostics.IPv4PingSupported", "true", 9008],
  ])("%s is not set to %s", (path, value, code) => {
    expect(createTree().tree.validate({ path, value })).toMatchObject({ path, code });
  });

  it("refuse values of another type", () => {
    const assignment: Assignment = { path: `${ping}Timeout`, value: "1", type: "xsd:string" };
    expect(createTree().tree.validate(assignment)).toMatchObject({ code: 9006 });
  });

  it("have a row per hop", async () => {
    const { set, composed, value, changes } = createTree();
    await set(route, { Host: "192.0.2.7", DiagnosticsState: "Requested" }, "cli");
    const table = composed.tables().find(({ path }) => path === `${route}RouteHops.`);
    expect(table?.instances()).toEqual([1, 2]);
    expect(table?.row(2)?.map(({ path }) => path)).toEqual([
      "ErrorCode",
      "Host",
      "HostAddress",
      "RTTimes",
    ]);
    expect(table?.row(3)).toBeUndefined();
    expect(value(`${route}RouteHopsNumberOfEntries`)).toBe("2");
    expect(value(`${route}RouteHops.1.Host`)).toBe("gate.example");
    expect(value(`${route}RouteHops.1.HostAddress`)).toBe("192.0.2.254");
    expect(value(`${route}RouteHops.2.RTTimes`)).toBe("1,0");
    expect(value(`${route}ResponseTime`)).toBe("4");
    expect(changes[0]).toContain(`${route}RouteHops.2.Host`);
    for (const path of [
      "RouteHops.3.Host",
      "RouteHops.01.Host",
      "RouteHops.1.None",
      "RouteHops.1.",
    ])
      expect(value(route + path)).toBeUndefined();
    await set(route, { DiagnosticsState: "Requested" });
    expect(table?.instances()).toEqual([]);
  });

  it("show every failed lookup and call the whole an error when all failed", async () => {
    const { set, value } = createTree();
    const request = {
      HostName: "a.example",
      NumberOfRepetitions: "2",
      DiagnosticsState: "Requested",
    };
    await set(names, request, "cli");
    expect(value(`${names}DiagnosticsState`)).toBe("Error_Other");
    expect(value(`${names}SuccessCount`)).toBe("0");
    expect(value(`${names}Result.2.Status`)).toBe("Error_Timeout");
  });

  it("tell instants to the microsecond and counters that are not known", async () => {
    const { set, value } = createTree();
    const request = {
      UploadURL: "http://192.0.2.9/",
      TestFileLength: "900",
      DiagnosticsState: "Requested",
    };
    await set(upload, request, "cli");
    expect(value(`${upload}TCPOpenRequestTime`)).toBe("2008-04-09T15:01:05.123456Z");
    expect(value(`${upload}EOMTime`)).toBe("2008-04-09T15:01:05.123460Z");
    expect(value(`${upload}TestBytesSent`)).toBe("1000");
    expect(value(`${upload}TotalBytesSent`)).toBe("1200");
    expect(value(`${upload}TotalBytesReceived`)).toBe("18446744073709551615");
  });

  it("hold what the box found out about itself", async () => {
    const { set, value } = createTree();
    await set("Device.SelfTestDiagnostics.", { DiagnosticsState: "Requested" }, "cli");
    expect(value("Device.SelfTestDiagnostics.Results")).toBe(
      "store: written and read back\nACS: not reached",
    );
  });

  it("say that a printer went away between the request and the run", async () => {
    const { set, value } = createTree();
    await set(printer, { Reference: "p1", DiagnosticsState: "Requested" }, "cli");
    expect(value(`${printer}DiagnosticsState`)).toBe("Error_Other");
  });
});
