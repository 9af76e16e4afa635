import { atp069, checklist } from "./checklist-rules.ts";
import { eventRules } from "./event-rules.ts";
import { faultRules } from "./fault-rules.ts";
import type { RuleTable } from "./rule.ts";
import { acsRpcs, cpeRpcs } from "./rpc-rules.ts";

/** The tables of docs/conformance.md, in order. */
export const ruleTables: readonly RuleTable[] = [
  { title: "What an ACS may call", rules: acsRpcs },
  { title: "What the CPE calls", rules: cpeRpcs },
  { title: "Events", rules: eventRules },
  { title: "Faults", rules: faultRules },
  { title: "Rules of sessions, transport and data", rules: checklist },
  { title: "Themes of ATP-069", rules: atp069 },
];
