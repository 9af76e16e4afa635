import { describe, expect, it } from "vitest";
import type { DocumentAnswers } from "../southbound/documents.ts";
import type {
  DeviceAccess,
  DeviceSession,
  RawAnswers,
  ReadPlan,
  UnavailableReason,
} from "../southbound/driver.ts";
import { noSnmp } from "../southbound/device-answers.ts";
import { EwsAuthError, EwsCertificateError, EwsTimeoutError } from "../southbound/ews/errors.ts";
import { SnmpAuthError, SnmpTimeoutError } from "../southbound/snmp/errors.ts";
import { ProtocolOutcomes, WatchedSession } from "./protocol-outcomes.ts";

const host = "192.0.2.10";
const both: DeviceAccess = {
  host,
  snmp: { host, port: 161, security: { version: "2c", read: "public" } },
  ews: { host, port: 443, scheme: "https" },
};
const page = (name: string) =>
  ({
    channel: "ews",
    name,
    extractions: [{ kind: "values", key: "k", selector: { title: true } }],
  }) as const;
const plan: ReadPlan = { scalars: ["1.3"], columns: [], documents: [page("/a"), page("/b")] };

type PageAnswer = readonly string[] | UnavailableReason;

function answering(pages: Readonly<Record<string, PageAnswer>> | undefined): () => RawAnswers {
  const documents: DocumentAnswers = {
    values: (name) => pages?.[name] ?? "notRead",
    rows: () => "notRead",
    structure: () => undefined,
  };
  return () => ({ ...noSnmp(0), ...(pages && { documents }) });
}

/** What came of one read. */
async function seen(answer: () => RawAnswers, access = both): Promise<Record<string, string>> {
  const session: DeviceSession = {
    read: () => Promise.resolve().then(answer),
    write: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const watched = new WatchedSession(session, access);
  await watched.read(plan).catch(() => undefined);
  return Object.fromEntries(watched.seen);
}

function failing(error: Error): () => RawAnswers {
  return () => {
    throw error;
  };
}

describe("what comes of a conversation", () => {
  it("is told by protocol", async () => {
    expect(await seen(answering({ "/a": ["x"], "/b": "timeout" }))).toEqual({
      snmp: "OK",
      ews: "OK",
    });
    expect(await seen(answering({ "/a": ["x"], "/b": "locked" }))).toMatchObject({
      ews: "AuthError",
    });
    expect(await seen(answering({ "/a": "timeout", "/b": "timeout" }))).toMatchObject({
      ews: "Timeout",
    });
    expect(await seen(answering({ "/a": "refused", "/b": "noSuchObject" }))).toMatchObject({
      ews: "AuthError",
    });
  });

  it("says nothing of a protocol that was not used", async () => {
    expect(await seen(answering(undefined))).toEqual({ snmp: "OK" });
    expect(await seen(answering({ "/a": "noSuchObject", "/b": "noSuchObject" }))).toEqual({
      snmp: "OK",
    });
    const agentOnly: DeviceAccess = { host, ...(both.snmp && { snmp: both.snmp }) };
    expect(await seen(answering({ "/a": "timeout" }), agentOnly)).toEqual({ snmp: "OK" });
    const pagesOnly: DeviceAccess = { host, ...(both.ews && { ews: both.ews }) };
    expect(await seen(answering({ "/a": ["x"] }), pagesOnly)).toEqual({ ews: "OK" });
  });

  it("tells a refusal from silence", async () => {
    const certificate = new EwsCertificateError("x", "ews.certificate-untrusted");
    expect(await seen(failing(new SnmpTimeoutError("x")))).toEqual({ snmp: "Timeout" });
    expect(await seen(failing(new SnmpAuthError("x")))).toEqual({ snmp: "AuthError" });
    expect(await seen(failing(new EwsTimeoutError("x")))).toEqual({ ews: "Timeout" });
    expect(await seen(failing(new EwsAuthError("password-refused", "x")))).toEqual({
      ews: "AuthError",
    });
    expect(await seen(failing(certificate))).toEqual({ ews: "AuthError" });
  });
});

describe("outcomes", () => {
  it("are news when they change, and keep the time of the last success", () => {
    const outcomes = new ProtocolOutcomes(undefined);
    expect(outcomes.get("ews")).toBeUndefined();
    expect(outcomes.take(new Map([["ews", "OK"]]), 1_000)).toBe(true);
    expect(outcomes.take(new Map([["ews", "OK"]]), 2_000)).toBe(false);
    expect(outcomes.take(new Map([["ews", "AuthError"]]), 3_000)).toBe(true);
    expect(outcomes.get("ews")).toEqual({ status: "AuthError", lastSuccessMs: 2_000 });
    expect(new ProtocolOutcomes(outcomes.text()).get("ews")).toEqual(outcomes.get("ews"));
  });

  it("are saved when a status changed, and of the pages' successes now and then", () => {
    const outcomes = new ProtocolOutcomes(undefined);
    const isDueAfter = (protocol: "snmp" | "ews", atMs: number): boolean => {
      outcomes.take(new Map([[protocol, "OK"]]), atMs);
      const { isDue } = outcomes;
      outcomes.settle();
      return isDue;
    };
    expect(isDueAfter("snmp", 1_000)).toBe(true);
    expect(isDueAfter("snmp", 10_000_000)).toBe(false);
    expect(isDueAfter("ews", 10_000_000)).toBe(true);
    expect(isDueAfter("ews", 10_500_000)).toBe(false);
    expect(isDueAfter("ews", 11_200_000)).toBe(true);
  });

  it("that are not as they should be are learned anew", () => {
    const text = JSON.stringify([["snmp"], ["ipp", { status: "OK" }], 7]);
    const outcomes = new ProtocolOutcomes(text);
    expect([outcomes.get("snmp"), outcomes.get("ews")]).toEqual([undefined, undefined]);
  });
});
