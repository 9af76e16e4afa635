import type { ModelValue } from "../../model/definition.ts";
import { type DeviceWrite, snmpSyntax } from "../../southbound/driver.ts";
import type { WebProfile } from "../../southbound/exchange.ts";
import { Missing } from "../evaluate/datum.ts";
import { Run } from "../evaluate/run.ts";
import type { MappedAssignment, PlannedWrite } from "../evaluation.ts";
import type { PageEntry } from "../schema-documents.ts";
import type { ActionEntry, WriteEntry } from "../schema.ts";
import { noNeeds } from "./context.ts";
import { type EwsChain, ewsChain, isEwsWrite, mergeChains, needsLogin } from "./ews-write.ts";
import { compileSteps as compileExchange } from "./exchange.ts";
import { snmpWrite } from "./snmp-write.ts";
import { compileSteps } from "./steps.ts";
import {
  type CheckedAssignment,
  type Writes,
  checkAssignment,
  isSameValue,
} from "./write-value.ts";

/** What writes are compiled with. */
export interface WriteContext {
  readonly writes: Writes;
  readonly pages: ReadonlyMap<string, PageEntry>;
  readonly profile: WebProfile | undefined;
}

/**
 * Compiles assignments into steps: one SNMP PDU, one post per form. What can be undone comes before what cannot, and
 * what restarts the printer last.
 * @throws {MappingError} as `checkAssignment`
 */
export function planWrites(
  context: WriteContext,
  assignments: readonly MappedAssignment[],
): readonly PlannedWrite[] {
  const checked = assignments.map((assignment, position) => ({
    position,
    ...checkAssignment(context.writes, assignment),
  }));
  const groups = new Map<string, (typeof checked)[number][]>();
  for (const one of checked) {
    const key = groupOf(one.entry);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()]
    .flatMap((group) => steps(group, context))
    .sort((a, b) => rank(a) - rank(b));
}

type Positioned = CheckedAssignment & { readonly position: number };

/** Assignments of one group go by one driver, and share what is told of them. */
function groupOf(entry: WriteEntry): string {
  const driver = isEwsWrite(entry) ? "ews" : "snmp";
  return [driver, entry.restarts ?? "", entry.verify].join();
}

function rank({ restarts, isUnreadable, write }: PlannedWrite): number {
  const byDriver = write.driver === "snmp" ? 0 : 1;
  return (restarts === undefined ? 0 : 4) + (isUnreadable ? 2 : 0) + byDriver;
}

function steps(group: readonly Positioned[], context: WriteContext): readonly PlannedWrite[] {
  const [first] = group;
  if (first === undefined) return [];
  const common = {
    restarts: first.entry.restarts,
    isUnreadable: first.entry.verify === "response",
  };
  if (isEwsWrite(first.entry))
    return chains(group, context).map(({ chain, covers }) => ({
      ...common,
      covers,
      write: ewsStep(chain, context),
      description: chain.description,
    }));
  const writes = group.map(snmpWrite);
  return [
    {
      ...common,
      covers: group.map(({ position }) => position),
      write: { driver: "snmp", writes },
      description: `SNMP SET ${writes.map(({ oid }) => oid).join(", ")}`,
    },
  ];
}

interface Chain {
  readonly chain: EwsChain;
  readonly covers: readonly number[];
}

function chains(group: readonly Positioned[], { pages }: WriteContext): readonly Chain[] {
  const byFrame = new Map<string, Chain>();
  for (const one of group) {
    const chain = ewsChain(one, pages);
    const known = byFrame.get(chain.frame);
    byFrame.set(
      chain.frame,
      known === undefined
        ? { chain, covers: [one.position] }
        : { chain: mergeChains(known.chain, chain), covers: [...known.covers, one.position] },
    );
  }
  return [...byFrame.values()];
}

function ewsStep({ steps, needsLogin }: EwsChain, { profile }: WriteContext): DeviceWrite {
  return { driver: "ews", write: { steps, needsLogin, profile } };
}

/** Which credential writing a template takes; undefined when it takes none, or cannot be written. */
export function credentialFor(
  { writes, pages }: WriteContext,
  template: string,
): "snmp" | "ews" | undefined {
  const entry = writes.get(template)?.entry.write;
  if (entry === undefined) return undefined;
  if (!isEwsWrite(entry)) return "snmp";
  return needsLogin(entry, pages) ? "ews" : undefined;
}

/** Whether `found` is what the printer makes of `wanted`. */
export function isWritten(
  entry: WriteEntry | undefined,
  wanted: ModelValue,
  found: ModelValue | undefined,
): boolean {
  if (isSameValue(wanted, found)) return true;
  const tolerated = entry?.tolerates;
  if (tolerated === undefined || found === undefined) return false;
  const { within, transform } = tolerated;
  if (within !== undefined && typeof wanted === "number" && typeof found === "number")
    return Math.abs(wanted - found) <= within;
  if (transform === undefined) return false;
  const step = compileSteps({ transform }, noNeeds());
  const run = new Run({
    readAtMs: 0,
    snmp: () => "noSuchObject",
    snmpColumn: () => "noSuchObject",
  });
  const [left, right] = [wanted, found].map((value) => step?.(value, run) ?? value);
  if (left === undefined || right === undefined) return false;
  if (left instanceof Missing || right instanceof Missing) return false;
  return run.text(left) === run.text(right);
}

/** An action as a write. */
export function actionWrite(
  action: ActionEntry | undefined,
  profile: WebProfile | undefined,
): DeviceWrite | undefined {
  if (action === undefined) return undefined;
  if (action.steps !== undefined) {
    const steps = compileExchange(action.steps, {});
    return { driver: "ews", write: { steps, needsLogin: action.login === true, profile } };
  }
  const { snmp, syntax, value = "" } = action;
  if (snmp === undefined) return undefined;
  const octets = new TextEncoder().encode(String(value));
  const raw =
    syntax === "octetString"
      ? { syntax: snmpSyntax.octetString, value: octets }
      : { syntax: snmpSyntax.integer, value: Number(value) };
  return { driver: "snmp", writes: [{ oid: snmp, value: raw }] };
}
