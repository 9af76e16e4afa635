import type { DocumentAnswers } from "./documents.ts";
import type { RawAnswers, SnmpAnswers, SnmpValue, UnavailableReason } from "./driver.ts";

/** Answers of a printer without an SNMP agent. */
export function noSnmp(readAtMs: number): SnmpAnswers {
  const noCells: ReadonlyMap<string, SnmpValue> = new Map();
  return {
    readAtMs,
    snmp: (): UnavailableReason => "noSuchObject",
    snmpColumn: () => noCells,
  };
}

/** Answers over everything a printer speaks. */
export function joinAnswers(snmp: SnmpAnswers, documents: DocumentAnswers): RawAnswers {
  return {
    readAtMs: snmp.readAtMs,
    snmp: (oid) => snmp.snmp(oid),
    snmpColumn: (oid) => snmp.snmpColumn(oid),
    documents,
  };
}
