import type { CompiledMapping, MappingSet, PrinterIdentity } from "../mapping/evaluation.ts";
import type { SnmpSession } from "../southbound/driver.ts";
import { incompleteClasses, joinPlans, planFor, probePlan, upTimeTicks } from "./plans.ts";
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
 * Asks a printer who it is. One conversation step when `expected` still fits, two otherwise.
 * @throws {SnmpError} when it does not answer
 */
export async function identify(
  session: SnmpSession,
  mappings: MappingSet,
  expected: CompiledMapping | undefined,
  signal?: AbortSignal,
): Promise<Identified> {
  const probe = probePlan(mappings);
  const guess = expected === undefined ? probe : joinPlans(probe, planFor(expected, ["identity"]));
  const first = await session.read(guess, signal);
  const mapping = mappings.select(first);
  const answers =
    mapping === expected
      ? first
      : await session.read(joinPlans(probe, planFor(mapping, ["identity"])), signal);
  const ticks = upTimeTicks(answers);
  const upTime = ticks === undefined ? undefined : { ticks, atMs: answers.readAtMs };
  const isComplete = incompleteClasses(mapping, ["identity"], answers).size === 0;
  return { mapping, identity: mapping.identity(answers), upTime, isComplete };
}
