import type { Candidate } from "../discovery/candidate.ts";
import { AgentMemory } from "../southbound/snmp/agent-memory.ts";
import { identify } from "./identify.ts";
import {
  type AdoptedIdentity,
  freezeIdentity,
  identifyByMac,
  printerId,
  relate,
} from "./identity.ts";
import type { FleetPorts } from "./ports.ts";
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
 * @throws {SnmpError} when it does not answer any more
 */
export async function interview(
  candidate: Candidate,
  ports: Pick<FleetPorts, "mappings" | "openSession">,
  signal?: AbortSignal,
): Promise<Applicant | { readonly refused: string }> {
  const session = ports.openSession(candidate.access, new AgentMemory());
  try {
    let found = await identify(session, ports.mappings(), undefined, signal);
    if (!found.isComplete) found = await identify(session, ports.mappings(), undefined, signal);
    if (!found.isComplete)
      return {
        refused: "it did not answer everything about its identity; it is asked again later",
      };
    const result = freezeIdentity(found.identity, namedPlace(candidate));
    if (result.outcome === "refused") return { refused: result.reason };
    const mapping = found.mapping.selected.name;
    return { candidate, identity: result.identity, mapping, upTime: found.upTime };
  } finally {
    session.close();
  }
}

/** The place of a printer the operator named; several may share host and port and differ in their credential. */
function namedPlace({ discoveredBy, access, credential }: Candidate): string | undefined {
  if (discoveredBy !== "static") return undefined;
  return `${access.host}-${access.port}-${credential.slice(0, 8)}`;
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
    host: candidate.access.host,
    snmpPort: candidate.access.port,
    credential: candidate.credential,
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
 * may open another printer there, behind an agent that tells several by community or context.
 */
export function isInPlace(stored: StoredPrinter, candidate: Candidate): boolean {
  const { host, port } = candidate.access;
  return (
    stored.host === host && stored.snmpPort === port && stored.credential === candidate.credential
  );
}
