import type { SnmpAnswers, SnmpReadPlan, SnmpValue } from "../southbound/driver.ts";
import { SnmpDecodeError } from "../southbound/snmp/errors.ts";
import { type ResponseView, encodeRequest, pduType } from "../southbound/snmp/message.ts";
import { type EncodedOid, internOid } from "../southbound/snmp/oid.ts";
import { nullValue } from "../southbound/snmp/value.ts";

/**
 * How a printer is told from other devices, asked as GETNEXT so that agents lacking one of them still answer:
 * whoever has anything of the Printer-MIB (RFC 3805) is a printer. Whoever has only an hrPrinterTable (RFC 2790) is one
 * unless it lists running software: then it is a computer with printers attached. sysObjectID decides nothing, as
 * makers share them and new ones appear daily.
 */
const subtrees = {
  sysDescr: "1.3.6.1.2.1.1.1",
  sysObjectId: "1.3.6.1.2.1.1.2",
  printerMib: "1.3.6.1.2.1.43",
  hrPrinter: "1.3.6.1.2.1.25.3.5.1",
  hrSwRun: "1.3.6.1.2.1.25.4.2.1",
} as const;
type Subtree = keyof typeof subtrees;

/** Order of the varbinds in a probe. */
export const questions = ["sysDescr", "sysObjectId", "printerMib", "hrPrinter", "hrSwRun"] as const;

/** What one agent has of each subtree: a value, or nothing. Unasked and unanswered subtrees are absent. */
export type Findings = Readonly<Partial<Record<Subtree, SnmpValue | "present" | "absent">>>;

/** How the questions are addressed to a v1/v2c agent. */
export interface Question {
  readonly version: "1" | "2c";
  readonly community: string;
  readonly requestId: number;
}

/** The datagram asking `subtree`s of one agent. */
export function encodeQuestions(question: Question, about: readonly Subtree[]): Uint8Array {
  const varbinds = about.map((subtree) => ({
    oid: internOid(subtrees[subtree]),
    value: nullValue,
  }));
  return encodeRequest({ ...question, type: pduType.getNext, varbinds });
}

/** What an answer to `encodeQuestions` says; the n-th varbind belongs to the n-th question. */
export function findings(answer: ResponseView, about: readonly Subtree[]): Findings {
  const found: Partial<Record<Subtree, SnmpValue | "present" | "absent">> = {};
  for (const [n, subtree] of about.entries()) {
    if (n >= answer.varbinds.count) break;
    const oid: EncodedOid = internOid(subtrees[subtree]);
    found[subtree] = answer.varbinds.isBelow(oid, n) ? valueOf(answer, n) : "absent";
  }
  return found;
}

function valueOf(answer: ResponseView, n: number): SnmpValue | "present" {
  try {
    return answer.varbinds.value(n);
  } catch (error) {
    if (!(error instanceof SnmpDecodeError)) throw error;
    return "present"; // garbled, but there
  }
}

/** Whether the findings are those of a printer. */
export function isPrinter(found: Findings): boolean {
  if (has(found.printerMib)) return true;
  return has(found.hrPrinter) && !has(found.hrSwRun);
}

/** `sysDescr` and `sysObjectID` as text, for the candidate. */
export function description(found: Findings): {
  readonly sysDescr: string | undefined;
  readonly sysObjectId: string | undefined;
} {
  return { sysDescr: textOf(found.sysDescr), sysObjectId: textOf(found.sysObjectId) };
}

/** The same questions for a session (SNMPv3, configured hosts), with columns printers commonly fill. */
export const sessionPlan: SnmpReadPlan = {
  scalars: [`${subtrees.sysDescr}.0`, `${subtrees.sysObjectId}.0`],
  columns: [
    "1.3.6.1.2.1.43.5.1.1.1", // prtGeneralConfigChanges
    "1.3.6.1.2.1.43.5.1.1.17", // prtGeneralSerialNumber
    "1.3.6.1.2.1.43.7.1.1.4", // prtLocalizationCharacterSet
    "1.3.6.1.2.1.43.10.2.1.4", // prtMarkerLifeCount
    "1.3.6.1.2.1.43.11.1.1.5", // prtMarkerSuppliesType
    "1.3.6.1.2.1.25.3.5.1.1", // hrPrinterStatus
    "1.3.6.1.2.1.25.4.2.1.1", // hrSWRunIndex
  ],
};

/** What the answers to `sessionPlan` say. */
export function sessionFindings(answers: SnmpAnswers): Findings {
  const any = (prefix: string): "present" | "absent" =>
    sessionPlan.columns.some(
      (column) => column.startsWith(`${prefix}.`) && hasRows(answers, column),
    )
      ? "present"
      : "absent";
  const scalar = (oid: string): SnmpValue | "absent" => {
    const answer = answers.snmp(`${oid}.0`);
    return typeof answer === "object" ? answer : "absent";
  };
  return {
    sysDescr: scalar(subtrees.sysDescr),
    sysObjectId: scalar(subtrees.sysObjectId),
    printerMib: any(subtrees.printerMib),
    hrPrinter: any(subtrees.hrPrinter),
    hrSwRun: any(subtrees.hrSwRun),
  };
}

function hasRows(answers: SnmpAnswers, column: string): boolean {
  const rows = answers.snmpColumn(column);
  return rows === "cut" || (typeof rows === "object" && rows.size > 0);
}

function has(finding: Findings[Subtree]): boolean {
  return finding !== undefined && finding !== "absent";
}

function textOf(finding: Findings[Subtree]): string | undefined {
  if (finding === undefined || typeof finding === "string") return undefined;
  const { value } = finding;
  if (typeof value !== "object") return String(value);
  return Buffer.from(value).toString("utf8").replace(/\0+$/, "");
}
