import type { CompiledMapping, MappingSet, PrinterIdentity } from "../mapping/evaluation.ts";
import type { DeviceSession, RawAnswers, ReadPlan } from "../southbound/driver.ts";
import { isAnswered, joinPlans, planFor, probePlan, upTimeTicks } from "./plans.ts";
import type { PrinterAddress } from "./ports.ts";
import type { UpTime } from "./restart-detection.ts";

/** Who answers at an address: the mapping that fits and the identity it reads. */
export interface Identified {
  readonly mapping: CompiledMapping;
  readonly identity: PrinterIdentity;
  readonly upTime: UpTime | undefined;
  /** Everything asked about who it is was answered, if only with "there is no such object". */
  readonly isComplete: boolean;
}

/**
 * Whether the web server may be asked for all the pages mappings know printers by. `only`: it has no agent. `ifUnknown`:
 * where no mapping knows what the agent says, or only the maker is known by it; the operator named the server. `never`:
 * nobody said that it may be.
 */
export type PageProbe = "only" | "ifUnknown" | "never";

/** What may be asked of a printer at that address. */
export function pageProbeOf({ snmpPort, ews }: PrinterAddress): PageProbe {
  if (snmpPort === undefined) return "only";
  return ews === undefined ? "never" : "ifUnknown";
}

/** Who is asked, and how. */
export interface IdentifyOptions {
  readonly mappings: MappingSet;
  /** The mapping it had so far. */
  readonly expected?: CompiledMapping | undefined;
  readonly pages: PageProbe;
  /** Agent or web server are left alone: what they would tell it by is missing, and it may still be what it was. */
  readonly isPartly?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Name of the mapping of printers that no file matches. */
const anyPrinter = "base";

/**
 * Asks a printer who it is. One conversation step when `expected` still fits, two or three otherwise.
 * @throws {SouthboundError} when it does not answer
 */
export async function identify(
  session: DeviceSession,
  options: IdentifyOptions,
): Promise<Identified> {
  const { mappings, expected, pages, isPartly = false, signal } = options;
  let probe = probePlan(mappings, pages === "only");
  if (pages === "ifUnknown") probe = joinPlans(probe, platformPlan(mappings, expected));
  const guess = expected === undefined ? probe : joinPlans(probe, planFor(expected, ["identity"]));
  const first = await session.read(guess, signal);
  let found = { mapping: mappings.select(first), answers: first };
  const further =
    pages === "ifUnknown" ? furtherProbe(mappings, expected, found.mapping) : undefined;
  if (further !== undefined) {
    probe = further;
    const answers = await session.read(probe, signal);
    found = { mapping: mappings.select(answers), answers };
  }
  const isUnknown = isPartly && found.mapping.selected.name === anyPrinter;
  const isAsBefore = isUnknown || isUndecided(mappings, expected, found);
  const mapping = isAsBefore && expected !== undefined ? expected : found.mapping;
  const answers =
    mapping === expected
      ? first
      : await session.read(joinPlans(probe, planFor(mapping, ["identity"])), signal);
  return identified(mapping, answers);
}

/** Pages that tell the platforms of its maker apart. */
function platformPlan(mappings: MappingSet, mapping: CompiledMapping | undefined): ReadPlan {
  const documents = mapping === undefined ? [] : mappings.platformPages(mapping);
  return { scalars: [], columns: [], documents };
}

/**
 * What else to ask before the mapping is chosen: of a printer nobody knows every page, of a maker's with several platforms
 * the pages that tell them apart. Undefined when that was asked already.
 */
function furtherProbe(
  mappings: MappingSet,
  expected: CompiledMapping | undefined,
  found: CompiledMapping,
): ReadPlan | undefined {
  if (found.selected.name === anyPrinter) return probePlan(mappings, true);
  const { documents } = platformPlan(mappings, found);
  const isAsked = expected !== undefined && mappings.platformPages(expected) === documents;
  if (documents.length === 0 || isAsked) return undefined;
  return joinPlans(probePlan(mappings, false), platformPlan(mappings, found));
}

/** The pages that would tell did not answer this time: a maker's printer keeps the mapping it had. */
function isUndecided(
  mappings: MappingSet,
  expected: CompiledMapping | undefined,
  { mapping, answers }: { readonly mapping: CompiledMapping; readonly answers: RawAnswers },
): boolean {
  if (expected === undefined || expected === mapping) return false;
  const pages = mappings.platformPages(expected);
  if (pages.length === 0 || pages !== mappings.platformPages(mapping)) return false;
  return !isAnswered({ scalars: [], columns: [], documents: pages }, answers);
}

function identified(mapping: CompiledMapping, answers: RawAnswers): Identified {
  const ticks = upTimeTicks(answers);
  const upTime = ticks === undefined ? undefined : { ticks, atMs: answers.readAtMs };
  const identity = mapping.identity(answers);
  // Pages that tell more than who it is are not waited for: a web server may be switched off for good.
  const isKnown = identity.serialNumber !== undefined || identity.macAddress !== undefined;
  const asked = planFor(mapping, ["identity"]);
  const isComplete = isAnswered(isKnown ? { ...asked, documents: [] } : asked, answers);
  return { mapping, identity, upTime, isComplete };
}
