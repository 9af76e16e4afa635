import type { SnmpAnswers, SnmpValue, UnavailableReason } from "../driver.ts";

/** Rows of a column by index, or why there are none. */
export type ColumnAnswer = ReadonlyMap<string, SnmpValue> | UnavailableReason;

/** What one conversation brought. OIDs nobody asked for are `notRead`. */
export class CollectedAnswers implements SnmpAnswers {
  readonly readAtMs: number;
  readonly #scalars: ReadonlyMap<string, SnmpValue | UnavailableReason>;
  readonly #columns: ReadonlyMap<string, ColumnAnswer>;

  constructor(
    readAtMs: number,
    scalars: ReadonlyMap<string, SnmpValue | UnavailableReason>,
    columns: ReadonlyMap<string, ColumnAnswer>,
  ) {
    this.readAtMs = readAtMs;
    this.#scalars = scalars;
    this.#columns = columns;
  }

  snmp(oid: string): SnmpValue | UnavailableReason {
    return this.#scalars.get(oid) ?? "notRead";
  }

  snmpColumn(oid: string): ColumnAnswer {
    return this.#columns.get(oid) ?? "notRead";
  }
}
