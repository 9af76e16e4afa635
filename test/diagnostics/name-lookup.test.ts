import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runNameLookup } from "../../src/diagnostics/name-lookup.ts";
import { fullName } from "../../src/diagnostics/name-servers.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { NameServer, type NameServerMood } from "./name-server.ts";

const never = new AbortController().signal;
let server: NameServer;

beforeAll(async () => {
  server = await NameServer.start();
});
afterAll(() => {
  server.stop();
});
beforeEach(() => {
  server.mood = "answers";
  server.isAuthoritative = true;
});

function lookUp(changes: { hostName?: string; repetitions?: number; port?: number } = {}) {
  const options = {
    hostName: "printer.example",
    dnsServer: "127.0.0.1",
    port: server.port,
    timeoutMs: 300,
    repetitions: 1,
    clock: systemClock,
  };
  return runNameLookup({ ...options, ...changes }, never);
}

async function firstAnswer(changes: Parameters<typeof lookUp>[0] = {}) {
  const result = await lookUp(changes);
  return result.outcome === "complete" ? result.answers[0] : undefined;
}

describe("a name lookup", () => {
  it("gives addresses of both kinds, the server and the time it took", async () => {
    const answer = await firstAnswer();
    expect(answer).toMatchObject({
      status: "Success",
      answerType: "Authoritative",
      hostName: "printer.example",
      addresses: ["192.0.2.7", "2001:db8::7"],
      serverAddress: "127.0.0.1",
    });
    expect(answer?.responseMs).toBeGreaterThan(0);
  });

  it("says when the answer is not the zone's own", async () => {
    server.isAuthoritative = false;
    expect(await firstAnswer()).toMatchObject({ answerType: "NonAuthoritative" });
  });

  it("has one answer per repetition", async () => {
    const result = await lookUp({ repetitions: 3 });
    expect(result).toMatchObject({ outcome: "complete" });
    expect(result.outcome === "complete" && result.answers).toHaveLength(3);
  });

  it.each<[NameServerMood, string]>([
    ["noSuchName", "Error_HostNameNotResolved"],
    ["fails", "Error_Other"],
    ["silent", "Error_Timeout"],
    ["garbage", "Error_Timeout"],
    ["lies", "Error_Timeout"],
  ])("of a server that %s ends as %s", async (mood, status) => {
    server.mood = mood;
    expect(await firstAnswer()).toMatchObject({ status, answerType: "None", addresses: [] });
  });

  it("tells a name without addresses, a name that cannot be and a server that is not there", async () => {
    const unresolved = { status: "Error_HostNameNotResolved", hostName: "other.example" };
    expect(await firstAnswer({ hostName: "other.example" })).toMatchObject(unresolved);
    const impossible = { status: "Error_Other", hostName: "" };
    expect(await firstAnswer({ hostName: "a..example" })).toMatchObject(impossible);
    const unavailable = { status: "Error_DNSServerNotAvailable", responseMs: 0 };
    expect(await firstAnswer({ port: 9 })).toMatchObject(unavailable);
  });

  it("fails as a whole only when the server has no address", async () => {
    const options = { hostName: "a.example", dnsServer: "none.invalid", timeoutMs: 100 };
    const result = await runNameLookup({ ...options, repetitions: 1, clock: systemClock }, never);
    expect(result).toEqual({ outcome: "failed", reason: "DNSServerNotResolved" });
  });

  it("ends when it is aborted", async () => {
    server.mood = "silent";
    const abort = new AbortController();
    setTimeout(() => {
      abort.abort();
    }, 50);
    const started = performance.now();
    const options = { hostName: "a.example", dnsServer: "127.0.0.1", port: server.port };
    await runNameLookup(
      { ...options, timeoutMs: 60_000, repetitions: 100, clock: systemClock },
      abort.signal,
    );
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe("the full name of a host", () => {
  it("has the search domain only when it has no dot", async () => {
    const folder = await mkdtemp(join(tmpdir(), "resolv-"));
    const file = join(folder, "resolv.conf");
    writeFileSync(file, "# local\nnameserver 192.0.2.53\nsearch example.net example.org\n");
    expect(await fullName("printer", file)).toBe("printer.example.net");
    expect(await fullName("printer.", file)).toBe("printer");
    expect(await fullName("printer.example", file)).toBe("printer.example");
    expect(await fullName("printer", join(folder, "none"))).toBe("printer");
    await rm(folder, { recursive: true });
  });
});
