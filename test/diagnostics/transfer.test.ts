import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import {
  type TransferResult,
  type UploadTarget,
  runDownloadTest,
  runUploadTest,
} from "../../src/diagnostics/transfer-test.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { waitUntil } from "../support/wait-until.ts";
import { makeTestCertificates } from "../cwmp/test-certificates.ts";
import { TransferServer } from "./transfer-server.ts";

const never = new AbortController().signal;
const certificates = makeTestCertificates();
let server: TransferServer;
let secure: TransferServer;

beforeAll(async () => {
  server = await TransferServer.start();
  secure = await TransferServer.start(certificates.server);
});
afterAll(async () => {
  await Promise.all([server.stop(), secure.stop()]);
});
afterEach(async () => {
  await waitUntil("every connection closed", () => server.open + secure.open === 0);
});

const limits = { connectMs: 1000, stallMs: 400, totalMs: 5000, bytes: 5_000_000 };

function target(url: string, changes: Partial<UploadTarget> = {}): UploadTarget {
  const common = {
    version: "Any",
    isAllowed: () => Promise.resolve(true),
    clock: systemClock,
    limits,
  } as const;
  return { url, fileLength: 0, ...common, ...changes };
}

function expectInOrder(result: TransferResult): void {
  if (result.outcome !== "complete") throw new Error(result.reason);
  const { tcpOpenRequestUs, tcpOpenResponseUs, requestUs, beginUs, endUs } = result;
  const instants = [tcpOpenRequestUs, tcpOpenResponseUs, requestUs, beginUs, endUs];
  expect([...instants].sort((a, b) => a - b)).toEqual(instants);
  expect(Math.abs(endUs / 1000 - Date.now())).toBeLessThan(2000);
}

describe("a download test", () => {
  it("measures instants and bytes, headers included", async () => {
    const result = await runDownloadTest(target(server.url("/file/1000000")), never);
    expectInOrder(result);
    expect(result).toMatchObject({
      outcome: "complete",
      sourceAddress: "127.0.0.1",
      totalReceived: 0n,
    });
    const bytes = result.outcome === "complete" ? result.testBytes : 0;
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(bytes).toBeLessThan(1_001_000);
    expect(server.requests.at(-1)?.headers).toMatchObject({ connection: "keep-alive" });
  });

  it("counts the octets of the interface it is bound to", async () => {
    // More than the kernel takes in before anybody looks.
    const bound = { interfaceName: "lo", limits: { ...limits, bytes: 1e8 } };
    const result = await runDownloadTest(target(server.url("/file/50000000"), bound), never);
    expect(result.outcome === "complete" && Number(result.totalReceived)).toBeGreaterThan(2e7);
    const none = { interfaceName: "nosuch0" };
    expect(await runDownloadTest(target(server.url("/file/1"), none), never)).toEqual({
      outcome: "failed",
      reason: "NoRouteToHost",
    });
  });

  it("goes over TLS when the certificate is trusted, and counts without it", async () => {
    const url = secure.url("/file/100000", "localhost");
    const trusted = await runDownloadTest(
      target(url, { tls: { ca: certificates.ca }, version: "IPv4" }),
      never,
    );
    expectInOrder(trusted);
    const bytes = trusted.outcome === "complete" ? trusted.testBytes : 0;
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(101_000);
    expect(await runDownloadTest(target(url, { version: "IPv4" }), never)).toEqual({
      outcome: "failed",
      reason: "InitConnectionFailed",
    });
  });

  it.each([
    ["/moved", "TransferFailed"], // no redirect is followed
    ["/locked", "TransferFailed"], // nor is a password sent
    ["/short/1000", "TransferFailed"],
    ["/closed", "NoResponse"],
    ["/silent", "NoResponse"],
    ["/stalled/1000", "Timeout"],
    ["/file/6000000", "IncorrectSize"],
  ])("of %s ends as Error_%s", async (path, reason) => {
    const result = await runDownloadTest(target(server.url(path)), never);
    expect(result).toEqual({ outcome: "failed", reason });
  });

  it("tells names, connections and addresses that fail apart", async () => {
    const reasonFor = async (url: string, changes: Partial<UploadTarget> = {}) => {
      const result = await runDownloadTest(target(url, changes), never);
      return result.outcome === "failed" ? result.reason : result.outcome;
    };
    expect(await reasonFor("http://none.invalid/")).toBe("CannotResolveHostName");
    expect(await reasonFor("http://127.0.0.1:9/")).toBe("InitConnectionFailed");
    const seen: string[] = [];
    const isAllowed = (url: URL, address: string): Promise<boolean> => {
      seen.push(url.hostname, address);
      return Promise.resolve(false);
    };
    expect(
      await reasonFor(server.url("/file/1", "localhost"), { isAllowed, version: "IPv4" }),
    ).toBe("Other");
    expect(seen).toEqual(["localhost", "127.0.0.1"]);
  });

  it("ends at once when it is aborted", async () => {
    const abort = new AbortController();
    const run = runDownloadTest(target(server.url("/stalled/1000")), abort.signal);
    await waitUntil("the download under way", () => server.open === 1);
    abort.abort();
    expect(await run).toEqual({ outcome: "failed", reason: "Other" });
  });
});

describe("an upload test", () => {
  it("sends the file asked for and measures it", async () => {
    server.received = 0;
    const length = { fileLength: 300_001 };
    const result = await runUploadTest(target(server.url("/store"), length), never);
    expectInOrder(result);
    expect(server.received).toBe(300_001);
    expect(server.requests.at(-1)).toMatchObject({ method: "PUT" });
    const bytes = result.outcome === "complete" ? result.testBytes : 0;
    expect(bytes).toBeGreaterThan(300_001);
    expect(bytes).toBeLessThan(301_000);
  });

  it.each([
    ["/full", "NoTransferComplete"],
    ["/moved", "NoTransferComplete"],
    ["/closed", "NoTransferComplete"],
    ["/silent", "NoResponse"],
  ])("to %s ends as Error_%s", async (path, reason) => {
    const result = await runUploadTest(target(server.url(path), { fileLength: 5000 }), never);
    expect(result).toEqual({ outcome: "failed", reason });
  });

  it("is not begun when it is larger than allowed", async () => {
    const result = await runUploadTest(
      target(server.url("/store"), { fileLength: 5e6 + 1 }),
      never,
    );
    expect(result).toEqual({ outcome: "failed", reason: "Other" });
  });
});
