import type { ExtractedRow } from "../../southbound/documents.ts";
import type { RawAnswers, SnmpValue } from "../../southbound/driver.ts";
import { decodeText } from "../charset.ts";
import type { TransformContext } from "../transforms/transform.ts";
import { type Datum, type Missing, type Outcome, missingDocument, missingFor } from "./datum.ts";
import type { Trace } from "./trace.ts";

/** prtGeneralCurrentLocalization and prtLocalizationCharacterSet; read with every plan that holds texts. */
export const charsetColumns = ["1.3.6.1.2.1.43.5.1.1.2", "1.3.6.1.2.1.43.7.1.1.4"] as const;
const [currentLocalization, localizationCharset] = charsetColumns;
/** sysUpTime.0. */
export const upTimeOid = "1.3.6.1.2.1.1.3.0";

/** Cells of a column by index. */
export type Cells = ReadonlyMap<string, SnmpValue>;

/** One row under evaluation. */
export interface Row {
  /** Dotted index after the column OID; the name of a fixed row. */
  readonly index: string;
  /** Values of the row's parameters worked out so far, by slot. */
  readonly memo: (Outcome | undefined)[];
  /** Of rows that come from a document: its place among them, and its cells by key. */
  readonly position?: number;
  readonly cells?: ReadonlyMap<string, readonly string[]>;
}

/** Number of the row's index by position from 1, from the end when negative; for fixed rows (1) their name. */
export function arcOf(row: Row | undefined, position: number): string | undefined {
  const arcs = row?.index.split(".") ?? [];
  return arcs.at(position > 0 ? position - 1 : position);
}

/** One evaluation: the answers, what was already looked up in them, and the trace when provenance is wanted. */
export class Run implements TransformContext {
  readonly answers: RawAnswers;
  readonly readAtMs: number;
  /** Values of parameters outside tables worked out so far, by slot. */
  readonly memo: (Outcome | undefined)[] = [];
  /** Identity parts worked out so far, by name. */
  readonly identityMemo = new Map<string, Outcome>();
  trace: Trace | undefined;
  readonly #columns: (Cells | Missing | undefined)[] = [];
  #charset: number | "none" | undefined;

  constructor(answers: RawAnswers) {
    this.answers = answers;
    this.readAtMs = answers.readAtMs;
  }

  /** The value of an instance. */
  scalar(oid: string): Outcome {
    const answer = this.answers.snmp(oid);
    const value = typeof answer === "string" ? missingFor(answer) : answer.value;
    this.trace?.read(`snmp ${oid}`, value);
    return value;
  }

  /** All cells of a column; `id` is its number in the compiled mapping. */
  column(id: number, oid: string): Cells | Missing {
    const known = this.#columns[id];
    if (known !== undefined) return known;
    const answer = this.answers.snmpColumn(oid);
    const cells = typeof answer === "string" ? missingFor(answer) : answer;
    this.#columns[id] = cells;
    return cells;
  }

  /** All texts an extraction found in a document. */
  documentValues(document: string, key: string): readonly string[] | Missing {
    const found = this.answers.documents?.values(document, key) ?? "noSuchObject";
    return typeof found === "string" ? missingDocument(found) : found;
  }

  /** All rows an extraction found in a document. */
  documentRows(document: string, key: string): readonly ExtractedRow[] | Missing {
    const found = this.answers.documents?.rows(document, key) ?? "noSuchObject";
    return typeof found === "string" ? missingDocument(found) : found;
  }

  text(value: Datum): string {
    if (typeof value === "string") return value;
    if (value instanceof Uint8Array) return decodeText(value, this.#declaredCharset());
    return String(value);
  }

  get upTimeTicks(): number | undefined {
    const answer = this.answers.snmp(upTimeOid);
    return typeof answer === "object" && typeof answer.value === "number"
      ? answer.value
      : undefined;
  }

  #declaredCharset(): number | undefined {
    this.#charset ??= declaredCharset(this.answers) ?? "none";
    return this.#charset === "none" ? undefined : this.#charset;
  }
}

/** Character set of the localization in use; of the first one when the printer does not tell which it is. */
function declaredCharset(answers: RawAnswers): number | undefined {
  const charsets = answers.snmpColumn(localizationCharset);
  if (typeof charsets === "string") return undefined;
  const current = answers.snmpColumn(currentLocalization);
  if (typeof current !== "string")
    for (const [device, { value }] of current) {
      const charset = charsets.get(`${device}.${String(value)}`)?.value;
      if (typeof charset === "number") return charset;
    }
  for (const { value } of charsets.values()) return typeof value === "number" ? value : undefined;
  return undefined;
}
