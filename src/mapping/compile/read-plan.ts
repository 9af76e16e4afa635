import type { PollClass } from "../../model/snapshot.ts";
import type { ReadPlan, SnmpReadPlan } from "../../southbound/driver.ts";
import { charsetColumns } from "../evaluate/run.ts";
import { type Needs, addNeeds, noNeeds } from "./context.ts";
import type { CompiledParameter } from "./parameter.ts";
import { documentPlan } from "./page-plan.ts";
import { type Program, parametersOf } from "./program.ts";

/** Everything to be read for some poll classes, each OID once, in tree order of first use. */
export function planFor(program: Program, classes: ReadonlySet<PollClass>): ReadPlan {
  const needs = noNeeds();
  const isWanted = ({ pollClass }: CompiledParameter): boolean => classes.has(pollClass);
  for (const parameter of program.parameters.values())
    if (isWanted(parameter)) addNeeds(needs, parameter.needs);
  for (const rowSet of program.rowSets) {
    const wanted = parametersOf(rowSet).filter(isWanted);
    if (wanted.length === 0) continue;
    for (const { needs: own } of [rowSet, ...rowSet.required, ...wanted]) addNeeds(needs, own);
    for (const other of rowSet.instead)
      for (const { needs: own } of [other, ...other.required]) addNeeds(needs, own);
  }
  if (classes.has("identity")) addNeeds(needs, program.identityNeeds);
  addReferences(needs, program);
  const documents = documentPlan(needs.documents, program.pages);
  return { ...snmpPlan(needs), documents, ...(documents.length === 0 ? {} : webOf(program)) };
}

/** Texts cannot be read without their character set. */
function snmpPlan(needs: Needs): SnmpReadPlan {
  if (needs.scalars.size === 0 && needs.columns.size === 0) return { scalars: [], columns: [] };
  for (const oid of charsetColumns) needs.columns.add(oid);
  return { scalars: [...needs.scalars], columns: [...needs.columns] };
}

function webOf({ profile }: Program): Pick<ReadPlan, "web"> {
  return profile === undefined ? {} : { web: profile };
}

/** Adds what the parameters referred to need, and those they refer to. */
function addReferences(needs: Needs, program: Program): void {
  const all = new Map<string, Needs[]>();
  const note = ({ template, needs: own }: CompiledParameter): void => {
    all.set(template, [...(all.get(template) ?? []), own]);
  };
  for (const parameter of program.parameters.values()) note(parameter);
  for (const rowSet of program.rowSets)
    for (const parameter of parametersOf(rowSet)) note(parameter);
  const done = new Set<string>();
  // The set grows while it is walked; a Set's iterator visits what is added.
  for (const template of needs.parameters) {
    if (done.has(template)) continue;
    done.add(template);
    for (const own of all.get(template) ?? []) addNeeds(needs, own);
  }
  if (needs.identity.size > 0) addNeeds(needs, program.identityNeeds);
}
