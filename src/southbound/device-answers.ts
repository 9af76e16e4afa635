import type { DocumentAnswers, DocumentRead } from "./documents.ts";
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

/** Answers in which some documents do not exist: those of protocols no driver speaks with this printer. */
export function withoutDocuments(
  answers: DocumentAnswers,
  absent: readonly DocumentRead[],
): DocumentAnswers {
  const names = new Set(absent.map(({ name }) => name));
  if (names.size === 0) return answers;
  return {
    values: (document, key) =>
      names.has(document) ? "noSuchObject" : answers.values(document, key),
    rows: (document, key) => (names.has(document) ? "noSuchObject" : answers.rows(document, key)),
    structure: (document) => answers.structure(document),
  };
}
