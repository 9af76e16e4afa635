import { describe, expect, it } from "vitest";
import type { Candidate } from "../discovery/candidate.ts";
import { SimpleMapping, simpleMappings } from "../../test/fleet/simple-mapping.ts";
import { type DeviceSession, type UnavailableReason, snmpSyntax } from "../southbound/driver.ts";
import { type Applicant, type Member, decide, interview } from "./adoption.ts";
import type { PrinterDrivers } from "./ports.ts";
import type { StoredPrinter } from "./printer-store.ts";

const mac = (last: string) => `00:17:c8:00:00:${last}`;

function candidate(host: string, credential = "public"): Candidate {
  return {
    access: { host, snmp: { host, port: 161, security: { version: "2c", read: "public" } } },
    credential,
    discoveredBy: "snmp",
    sysObjectId: undefined,
    sysDescr: undefined,
  };
}

function applicant(host: string, serialNumber: string, macAddress?: string): Applicant {
  const identity = {
    manufacturer: "Kyocera",
    oui: "0017C8",
    productClass: "P2040dw",
    serialNumber,
    macAddress,
  };
  return { candidate: candidate(host), identity, mapping: "base", upTime: undefined };
}

async function member(
  from: Applicant,
  options: { isThere?: boolean; state?: StoredPrinter["state"] } = {},
): Promise<Member> {
  const decision = await decide(from, [], 0);
  if (decision.decision !== "adopt") throw new Error(decision.decision);
  const stored = { ...decision.printer, state: options.state ?? decision.printer.state };
  return { stored, isThere: () => Promise.resolve(options.isThere ?? true) };
}

describe("deciding about a printer that was found", () => {
  it("adopts a new one under a readable id", async () => {
    expect(await decide(applicant("10.0.0.1", "VD1", mac("01")), [], 5)).toMatchObject({
      decision: "adopt",
      printer: { id: "0017c8-vd1", host: "10.0.0.1", adoptedAtMs: 5, state: "active" },
    });
  });

  it("moves a known printer that got another address", async () => {
    const known = await member(applicant("10.0.0.1", "VD1", mac("01")), { isThere: false });
    const decision = await decide(applicant("10.0.0.9", "VD1", mac("01")), [known], 0);
    expect(decision).toEqual({ decision: "move", id: "0017c8-vd1" });
  });

  it("does not move a printer that has two addresses", async () => {
    const known = await member(applicant("10.0.0.1", "VD1", mac("01")));
    const decision = await decide(applicant("10.0.0.9", "VD1", mac("01")), [known], 0);
    expect(decision).toMatchObject({ decision: "ignore", id: "0017c8-vd1" });
  });

  it("takes over a credential that works when the remembered one does not", async () => {
    const known = await member(applicant("10.0.0.1", "VD1", mac("01")), { isThere: false });
    const found = {
      ...applicant("10.0.0.1", "VD1", mac("01")),
      candidate: candidate("10.0.0.1", "x"),
    };
    expect(await decide(found, [known], 0)).toEqual({ decision: "move", id: "0017c8-vd1" });
  });

  it("knows the second printer with a shared serial by its MAC, and finds it again", async () => {
    const first = await member(applicant("10.0.0.1", "1234", mac("01")));
    const found = applicant("10.0.0.2", "1234", mac("02"));
    const decision = await decide(found, [first], 0);
    expect(decision).toMatchObject({
      decision: "adopt",
      printer: { serialNumber: "0017C8000002" },
    });
    if (decision.decision !== "adopt") return;
    const second: Member = { stored: decision.printer, isThere: () => Promise.resolve(true) };
    expect(await decide(found, [first, second], 0)).toMatchObject({
      decision: "ignore",
      id: decision.printer.id,
    });
  });

  it("recognises a printer with a new network card by its serial when the old card is silent", async () => {
    const known = await member(applicant("10.0.0.1", "VD1", mac("01")), { isThere: false });
    const decision = await decide(applicant("10.0.0.2", "VD1", mac("02")), [known], 0);
    expect(decision).toEqual({ decision: "move", id: "0017c8-vd1" });
  });

  it("leaves a retired printer alone", async () => {
    const known = await member(applicant("10.0.0.1", "VD1", mac("01")), { state: "retired" });
    const decision = await decide(applicant("10.0.0.7", "VD1", mac("01")), [known], 0);
    expect(decision).toMatchObject({ decision: "ignore", why: "it was retired" });
  });
});

describe("asking a candidate who it is", () => {
  const serialOid = "1.3.6.1.2.1.43.5.1.1.17.1";
  const told: Readonly<Record<string, string>> = {
    [serialOid]: "VD1",
    "1.3.6.1.2.1.1.1.0": "Acme Laser",
    "1.3.6.1.2.1.2.2.1.6.1": "\u0000\u0017\u00c8\u0000\u0000\u0001",
  };

  /** An agent that answers everything but what `reasons` gives for its n-th reading. */
  function sessionWith(reasons: readonly (UnavailableReason | undefined)[]): DeviceSession {
    let reading = 0;
    return {
      read: () => {
        const reason = reasons[Math.min(reading++, reasons.length - 1)];
        return Promise.resolve({
          readAtMs: 0,
          snmp: (oid) => {
            if (oid === serialOid && reason !== undefined) return reason;
            const text = told[oid];
            if (text === undefined) return "noSuchObject";
            return { syntax: snmpSyntax.octetString, value: Buffer.from(text, "latin1") };
          },
          snmpColumn: () => new Map(),
        });
      },
      write: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
  }

  function ask(reasons: readonly (UnavailableReason | undefined)[]): ReturnType<typeof interview> {
    const mappings = simpleMappings(new SimpleMapping());
    const driversFor = (): PrinterDrivers => driversOver(sessionWith(reasons));
    return interview(candidate("10.0.0.1"), { mappings: () => mappings, driversFor }, silently);
  }

  it("never freezes an identity of which a part got lost on the way", async () => {
    expect(await ask(["timeout"])).toHaveProperty("refused");
  });

  it("takes it when the second try completes it", async () => {
    const found = await ask(["timeout", "timeout", undefined]);
    expect(found).toMatchObject({ identity: { serialNumber: "VD1" } });
  });

  it("does without what the agent never answers", async () => {
    const found = await ask(["timeout", "timeout", "refused"]);
    expect(found).toMatchObject({ identity: { serialNumber: "0017C8000001" } });
  });

  it("takes the place of a printer the operator named for its serial number when it tells none", async () => {
    const session: DeviceSession = {
      read: () =>
        Promise.resolve({ readAtMs: 0, snmp: () => "noSuchObject", snmpColumn: () => new Map() }),
      write: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const mapping = new SimpleMapping();
    mapping.identity = () => ({ oui: "9C934E", productClass: "Laser" });
    const ports = {
      mappings: () => simpleMappings(mapping),
      driversFor: () => driversOver(session),
    };
    const found = candidate("10.0.0.1", "0123456789abcdef");
    expect(await interview(found, ports, silently)).toHaveProperty("refused");
    const named = await interview({ ...found, discoveredBy: "static" }, ports, silently);
    expect(named).toMatchObject({ identity: { serialNumber: "10.0.0.1-161-01234567" } });
  });
});

function driversOver(session: DeviceSession): PrinterDrivers {
  const nothing = (): undefined => undefined;
  return {
    open: () => session,
    keep: nothing,
    forgetPages: nothing,
    forgetMissing: nothing,
    web: () => ({}),
    forgetCertificate: () => false,
    forgetOrigin: nothing,
    forgetRefusal: () => false,
  };
}

const silently = (): undefined => undefined;
