import type { CompiledMapping, MappingSet } from "../mapping/evaluation.ts";
import type { PollClass } from "../model/snapshot.ts";
import type { RawAnswers, ReadPlan } from "../southbound/driver.ts";
import { sysUpTimeOid } from "./restart-detection.ts";

const plansOfMapping = new WeakMap<CompiledMapping, Map<string, ReadPlan>>();

const upTimePlan: ReadPlan = { scalars: [sysUpTimeOid], columns: [], documents: [] };

/** What to read for `classes`, with the uptime; made once per mapping and shared by its printers. */
export function planFor(mapping: CompiledMapping, classes: readonly PollClass[]): ReadPlan {
  let plans = plansOfMapping.get(mapping);
  if (plans === undefined) {
    plans = new Map();
    plansOfMapping.set(mapping, plans);
  }
  const key = classes.join();
  let plan = plans.get(key);
  if (plan === undefined) {
    plan = joinPlans(mapping.readPlan(classes), upTimePlan);
    plans.set(key, plan);
  }
  return plan;
}

/** What to read of a printer whose mapping is not known. */
export function probePlan(mappings: MappingSet): ReadPlan {
  return joinPlans(mappings.identityProbe, upTimePlan);
}

/** Both plans in one, each OID once; documents of `b` come after those of `a`. */
export function joinPlans(a: ReadPlan, b: ReadPlan): ReadPlan {
  return {
    scalars: [...new Set([...a.scalars, ...b.scalars])],
    columns: [...new Set([...a.columns, ...b.columns])],
    documents: [...a.documents, ...b.documents],
  };
}

/**
 * Classes of which something that was asked has not been answered. "There is no such object" is an answer; silence, a
 * walk cut off and what was skipped are not.
 */
export function incompleteClasses(
  mapping: CompiledMapping,
  classes: readonly PollClass[],
  answers: RawAnswers,
): ReadonlySet<PollClass> {
  if (isAnswered(planFor(mapping, classes), answers)) return new Set();
  return new Set(
    classes.filter((pollClass) => !isAnswered(planFor(mapping, [pollClass]), answers)),
  );
}

function isAnswered(plan: ReadPlan, answers: RawAnswers): boolean {
  return (
    plan.scalars.every((oid) => !isMissing(answers.snmp(oid))) &&
    plan.columns.every((oid) => !isMissing(answers.snmpColumn(oid)))
  );
}

function isMissing(answer: unknown): boolean {
  return answer === "timeout" || answer === "cut" || answer === "notRead";
}

/** `sysUpTime` in hundredths of a second, when the agent told it. */
export function upTimeTicks(answers: RawAnswers): number | undefined {
  const answer = answers.snmp(sysUpTimeOid);
  return typeof answer === "object" && typeof answer.value === "number" ? answer.value : undefined;
}
