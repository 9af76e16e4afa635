import type { SnmpAnswers, SnmpReadPlan, SnmpValue, UnavailableReason } from "../driver.ts";
import type { ColumnAnswer } from "./answers.ts";
import { type EncodedOid, compareEncodedOids, internOid, isBelow } from "./oid.ts";
import type { RecordedVarbind, SnmpRecording } from "./snmprec.ts";
import { isAbsent } from "./value.ts";

/**
 * Answers from a recording, as a session would have given them when the recorded printer answered everything. With a
 * plan, whatever it does not name is `notRead`; without one everything in the recording can be asked for.
 */
export class RecordedAnswers implements SnmpAnswers {
  readonly readAtMs: number;
  readonly #varbinds: readonly RecordedVarbind[];
  readonly #scalars: ReadonlySet<string> | undefined;
  readonly #columns: ReadonlySet<string> | undefined;
  readonly #rows = new Map<string, ReadonlyMap<string, SnmpValue>>();

  constructor(recording: SnmpRecording, readAtMs: number, plan?: SnmpReadPlan) {
    this.#varbinds = recording.varbinds;
    this.readAtMs = readAtMs;
    this.#scalars = plan && new Set(plan.scalars);
    this.#columns = plan && new Set(plan.columns);
  }

  snmp(oid: string): SnmpValue | UnavailableReason {
    if (this.#scalars?.has(oid) === false) return "notRead";
    const varbind = this.#varbinds[this.#firstFrom(internOid(oid))];
    return varbind?.oid === oid && !isAbsent(varbind.value.syntax) ? varbind.value : "noSuchObject";
  }

  snmpColumn(oid: string): ColumnAnswer {
    if (this.#columns?.has(oid) === false) return "notRead";
    let rows = this.#rows.get(oid);
    if (rows === undefined) this.#rows.set(oid, (rows = this.#collect(oid)));
    return rows;
  }

  #collect(column: string): ReadonlyMap<string, SnmpValue> {
    const prefix = internOid(column);
    const rows = new Map<string, SnmpValue>();
    for (let n = this.#firstFrom(prefix); n < this.#varbinds.length; n++) {
      const varbind = this.#varbinds[n];
      if (varbind === undefined) break;
      if (!isBelow(prefix, varbind.encodedOid)) {
        if (varbind.oid === column) continue;
        break;
      }
      if (!isAbsent(varbind.value.syntax))
        rows.set(varbind.oid.slice(column.length + 1), varbind.value);
    }
    return rows;
  }

  /** Position of the first varbind at or after `oid`. */
  #firstFrom(oid: EncodedOid): number {
    let low = 0;
    let high = this.#varbinds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const varbind = this.#varbinds[middle];
      if (varbind !== undefined && compareEncodedOids(varbind.encodedOid, oid) < 0)
        low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
