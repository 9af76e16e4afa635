import type { CompiledMapping, MappingSet } from "../mapping/evaluation.ts";
import type { PollClass } from "../model/snapshot.ts";
import type { DocumentRead, Extraction } from "../southbound/documents.ts";
import type { RawAnswers, ReadPlan } from "../southbound/driver.ts";
import { sysUpTimeOid } from "./restart-detection.ts";

const plansOfMapping = new WeakMap<CompiledMapping, Map<string, ReadPlan>>();

/** The agent's uptime and nothing else: the smallest question. */
export const upTimePlan: ReadPlan = { scalars: [sysUpTimeOid], columns: [], documents: [] };

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

/**
 * What to read of a printer whose mapping is not known.
 *
 * @param withPages ask its web server too: every page any mapping knows printers by. Only of printers that tell nothing
 * otherwise
 */
export function probePlan(mappings: MappingSet, withPages: boolean): ReadPlan {
  const { identityProbe } = mappings;
  const probe = withPages ? identityProbe : { ...identityProbe, documents: [] };
  return joinPlans(probe, upTimePlan);
}

/** Both plans in one: each OID once, each document once with all that is wanted of it; documents only `b` has come last. */
export function joinPlans(a: ReadPlan, b: ReadPlan): ReadPlan {
  const web = b.web ?? a.web;
  return {
    scalars: [...new Set([...a.scalars, ...b.scalars])],
    columns: [...new Set([...a.columns, ...b.columns])],
    documents: joinDocuments(a.documents, b.documents),
    ...(web === undefined ? {} : { web }),
  };
}

function joinDocuments(
  a: readonly DocumentRead[],
  b: readonly DocumentRead[],
): readonly DocumentRead[] {
  const documents = new Map<string, DocumentRead>();
  for (const document of [...a, ...b]) {
    const key = `${document.channel} ${document.name}`;
    const known = documents.get(key);
    documents.set(key, known === undefined ? document : joinDocument(known, document));
  }
  return [...documents.values()];
}

/** One fetch for both: behind the login when either needs it, and whenever either is to be fetched. */
function joinDocument(a: DocumentRead, b: DocumentRead): DocumentRead {
  const extractions = new Map<string, Extraction>();
  for (const extraction of [...a.extractions, ...b.extractions])
    if (!extractions.has(extraction.key)) extractions.set(extraction.key, extraction);
  return {
    channel: a.channel,
    name: a.name,
    request: a.request ?? b.request,
    format: a.format ?? b.format,
    needsLogin: a.needsLogin === true || b.needsLogin === true,
    onlyWith: isSameList(a.onlyWith, b.onlyWith) ? a.onlyWith : undefined,
    onlyWithout: isSameList(a.onlyWithout, b.onlyWithout) ? a.onlyWithout : undefined,
    extractions: [...extractions.values()],
  };
}

function isSameList(a: readonly string[] = [], b: readonly string[] = []): boolean {
  return a.length === b.length && a.every((name, n) => name === b[n]);
}

/**
 * Classes of which something the agent was asked has not been answered. "There is no such object" is an answer; silence,
 * a walk cut off and what was skipped are not. Pages do not count: what they do not tell is `Evaluation.untold`, one by
 * one, because a web server that is switched off must not make everything stale.
 */
export function incompleteClasses(
  mapping: CompiledMapping,
  classes: readonly PollClass[],
  answers: RawAnswers,
): ReadonlySet<PollClass> {
  const hasAnswered = (wanted: readonly PollClass[]): boolean =>
    isAnswered({ ...planFor(mapping, wanted), documents: [] }, answers);
  if (hasAnswered(classes)) return new Set();
  return new Set(classes.filter((pollClass) => !hasAnswered([pollClass])));
}

/** Whether everything a plan asks was answered, if only with "there is no such object". */
export function isAnswered(plan: ReadPlan, answers: RawAnswers): boolean {
  return (
    plan.scalars.every((oid) => !isMissing(answers.snmp(oid))) &&
    plan.columns.every((oid) => !isMissing(answers.snmpColumn(oid))) &&
    plan.documents.every((document) => isThere(document, answers))
  );
}

function isThere({ name, extractions }: DocumentRead, { documents }: RawAnswers): boolean {
  return extractions.every(({ kind, key }) => {
    const answer = kind === "values" ? documents?.values(name, key) : documents?.rows(name, key);
    return !isMissing(answer ?? "notRead");
  });
}

const missing: ReadonlySet<unknown> = new Set([
  "timeout",
  "cut",
  "notRead",
  "locked",
  "distrusted",
]);

function isMissing(answer: unknown): boolean {
  return missing.has(answer);
}

/** `sysUpTime` in hundredths of a second, when the agent told it. */
export function upTimeTicks(answers: RawAnswers): number | undefined {
  const answer = answers.snmp(sysUpTimeOid);
  return typeof answer === "object" && typeof answer.value === "number" ? answer.value : undefined;
}
