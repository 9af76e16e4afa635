import type { Candidate } from "../discovery/candidate.ts";
import { type IdentifyOptions, identify, pageProbeOf } from "./identify.ts";
import {
  type AdoptedIdentity,
  freezeIdentity,
  identifyByMac,
  printerId,
  relate,
} from "./identity.ts";
import type { DriverNews, FleetPorts, PrinterAddress } from "./ports.ts";
import type { StoredPrinter } from "./printer-store.ts";
import type { UpTime } from "./restart-detection.ts";

/** A candidate that said who it is. */
export interface Applicant {
  readonly candidate: Candidate;
  readonly identity: AdoptedIdentity;
  readonly mapping: string;
  readonly upTime: UpTime | undefined;
}

/** What the fleet knows of a printer when it decides about an applicant. */
export interface Member {
  readonly stored: StoredPrinter;
  /** Asks the printer at its own address whether it is there. */
  readonly isThere: () => Promise<boolean>;
}

/** What becomes of an applicant; `why` is for the operator. */
export type Decision =
  | { readonly decision: "adopt"; readonly printer: StoredPrinter }
  /** A known printer, found at another address or with another credential. */
  | { readonly decision: "move"; readonly id: string }
  /** A known printer that answers at its own address as well, or a retired one. */
  | { readonly decision: "ignore"; readonly id: string; readonly why: string }
  | { readonly decision: "refuse"; readonly why: string };

/**
 * Asks a candidate who it is. An identity is frozen for ever, so that one with gaps is not taken: it is asked once more,
 * without what silences its agent, and else left for the next search.
 * @throws {SouthboundError} when it does not answer any more
 */
export async function interview(
  candidate: Candidate,
  ports: Pick<FleetPorts, "mappings" | "driversFor">,
  tell: DriverNews,
  signal?: AbortSignal,
): Promise<Applicant | { readonly refused: string }> {
  const session = ports.driversFor(undefined, tell).open(candidate.access);
  const options: IdentifyOptions = {
    mappings: ports.mappings(),
    pages: pageProbeOf(addressOf(candidate)),
    signal,
  };
  try {
    let found = await identify(session, options);
    if (!found.isComplete) found = await identify(session, options);
    if (!found.isComplete)
      return {
        refused: "it did not answer everything about its identity; it is asked again later",
      };
    const result = freezeIdentity(found.identity, namedPlace(candidate));
    if (result.outcome === "refused") return { refused: result.reason };
    const mapping = found.mapping.selected.name;
    return { candidate, identity: result.identity, mapping, upTime: found.upTime };
  } finally {
    await session.close();
  }
}

/** The place of a printer the operator named; several may share host and port and differ in their credential. */
function namedPlace({ discoveredBy, access, credential }: Candidate): string | undefined {
  if (discoveredBy !== "static") return undefined;
  const port = access.snmp?.port ?? access.ews?.port ?? 0;
  const key = credential === undefined ? "" : `-${credential.slice(0, 8)}`;
  return `${access.host}-${port}${key}`;
}

/** Where a candidate was found, as it is kept. */
export function addressOf({ access, credential }: Candidate): PrinterAddress {
  const { host, snmp, ews } = access;
  const server = ews === undefined ? undefined : { port: ews.port, scheme: ews.scheme };
  return { host, snmpPort: snmp?.port, credential, ews: server };
}

/**
 * Decides what an applicant is: new, known and moved, or known and found twice. Printers are told apart by MAC where
 * they have one; of several printers with one serial number the later ones are known by their MAC.
 */
export async function decide(
  applicant: Applicant,
  members: readonly Member[],
  nowMs: number,
): Promise<Decision> {
  const { identity } = applicant;
  const same = members.find(({ stored }) => relate(stored, identity) === "same");
  if (same !== undefined) return decideKnown(applicant, same);
  const namesake = members.find(({ stored }) => relate(stored, identity) === "sharedSerial");
  if (namesake === undefined) return adopt(applicant, identity, members, nowMs);
  const isElsewhere = !isInPlace(namesake.stored, applicant.candidate);
  if (isElsewhere && (namesake.stored.state === "retired" || (await namesake.isThere())))
    return decideNamesake(applicant, members, nowMs);
  // Nobody answers at the old address: the same printer with a new network card.
  return decideKnown(applicant, namesake);
}

async function decideKnown(applicant: Applicant, member: Member): Promise<Decision> {
  const { stored } = member;
  const { id } = stored;
  if (stored.state === "retired") return { decision: "ignore", id, why: "it was retired" };
  const { candidate } = applicant;
  if (isInPlace(stored, candidate))
    return { decision: "ignore", id, why: "nothing about it is new" };
  if (isPoorer(stored, candidate))
    return { decision: "ignore", id, why: "its agent does not answer just now" };
  if (isRicher(stored, candidate)) return { decision: "move", id };
  // A second address or credential is no reason to leave one that works.
  if (stored.state === "active" && (await member.isThere()))
    return { decision: "ignore", id, why: `it answers at ${stored.host} as before` };
  return { decision: "move", id };
}

function decideNamesake(
  applicant: Applicant,
  members: readonly Member[],
  nowMs: number,
): Promise<Decision> | Decision {
  const identity = identifyByMac(applicant.identity);
  if (identity === undefined)
    return { decision: "refuse", why: "another printer has its serial number, and it has no MAC" };
  const same = members.find(
    ({ stored }) => stored.serialNumber === identity.serialNumber && stored.oui === identity.oui,
  );
  if (same !== undefined) return decideKnown(applicant, same);
  return adopt(applicant, identity, members, nowMs);
}

function adopt(
  { candidate, mapping, upTime }: Applicant,
  identity: AdoptedIdentity,
  members: readonly Member[],
  nowMs: number,
): Decision {
  const id = printerId(identity, (wanted) => members.some(({ stored }) => stored.id === wanted));
  const printer: StoredPrinter = {
    id,
    ...identity,
    ...addressOf(candidate),
    mapping,
    discoveredBy: candidate.discoveredBy,
    state: "active",
    isUnreachable: false,
    lastContactMs: nowMs,
    adoptedAtMs: nowMs,
    upTime,
  };
  return { decision: "adopt", printer };
}

/**
 * Whether the candidate was found where the printer is known to be: same address, same credential. Another credential
 * may open another printer there, behind an agent that tells several by community or context. A web server that was not
 * mentioned is no news.
 */
export function isInPlace(stored: PrinterAddress, candidate: Candidate): boolean {
  const { host, snmpPort, credential, ews = stored.ews } = addressOf(candidate);
  const isSameServer = stored.ews?.port === ews?.port && stored.ews?.scheme === ews?.scheme;
  const isSameAgent = stored.snmpPort === snmpPort && stored.credential === credential;
  return stored.host === host && isSameAgent && isSameServer;
}

/** The same printer, of which only the web server answered this time. */
function isPoorer(stored: PrinterAddress, { access }: Candidate): boolean {
  return stored.host === access.host && stored.snmpPort !== undefined && access.snmp === undefined;
}

/** The same printer, of which more is known now: where its web server is, or that it has an agent. */
function isRicher(stored: PrinterAddress, candidate: Candidate): boolean {
  const { host, snmpPort, credential } = addressOf(candidate);
  if (stored.host !== host) return false;
  if (stored.snmpPort === undefined) return snmpPort !== undefined;
  return stored.snmpPort === snmpPort && stored.credential === credential;
}
