import type { SnmpValue } from "../southbound/driver.ts";
import { type EncodedOid, compareEncodedOids, encodeOid } from "../southbound/snmp/oid.ts";
import type { Varbind } from "../southbound/snmp/varbind-list.ts";
import { type Recording, positionAfter } from "./recording.ts";

/** What an agent needs of a MIB to answer reads. */
export interface MibReader {
  get(oid: string): SnmpValue | undefined;
  /** The first instance after `oid` in tree order. */
  next(oid: string): Varbind | undefined;
}

type Override = SnmpValue | (() => SnmpValue) | "removed";

/** One agent's MIB: a shared recording below what was changed since, so that an agent costs its changes only. */
export class MibView implements MibReader {
  readonly recording: Recording;
  readonly #overrides = new Map<string, Override>();
  /** Instances the recording does not have, in tree order. */
  readonly #added: { oid: string; encodedOid: EncodedOid }[] = [];

  constructor(recording: Recording) {
    this.recording = recording;
  }

  get(oid: string): SnmpValue | undefined {
    const override = this.#overrides.get(oid);
    if (override === undefined) return this.recording.get(oid);
    if (override === "removed") return undefined;
    return typeof override === "function" ? override() : override;
  }

  next(oid: string): Varbind | undefined {
    const recorded = this.#nextRecorded(oid);
    const added = this.#added[positionAfter(this.#added, encodeOid(oid))];
    if (added === undefined) return recorded;
    if (recorded !== undefined && compareEncodedOids(encodeOid(recorded.oid), added.encodedOid) < 0)
      return recorded;
    const value = this.get(added.oid);
    return value === undefined ? recorded : { oid: added.oid, value };
  }

  /** Changes or creates an instance. A function is asked at every read. */
  set(oid: string, value: SnmpValue | (() => SnmpValue)): void {
    const isNew = this.recording.get(oid) === undefined && !this.#overrides.has(oid);
    this.#overrides.set(oid, value);
    if (!isNew) return;
    const encodedOid = encodeOid(oid);
    this.#added.splice(positionAfter(this.#added, encodedOid), 0, { oid, encodedOid });
  }

  /** Makes an instance vanish, such as the row of a cleared alert. */
  remove(oid: string): void {
    if (this.recording.get(oid) !== undefined) {
      this.#overrides.set(oid, "removed");
      return;
    }
    this.#overrides.delete(oid);
    const position = this.#added.findIndex((added) => added.oid === oid);
    if (position >= 0) this.#added.splice(position, 1);
  }

  /** Instances below a column, index → value, in tree order. */
  column(column: string): Map<string, SnmpValue> {
    const rows = new Map<string, SnmpValue>();
    const prefix = `${column}.`;
    for (let row = this.next(column); row?.oid.startsWith(prefix); row = this.next(row.oid))
      rows.set(row.oid.slice(prefix.length), row.value);
    return rows;
  }

  #nextRecorded(oid: string): Varbind | undefined {
    const { varbinds } = this.recording;
    for (let at = this.recording.positionAfter(oid); at < varbinds.length; at++) {
      const candidate = varbinds[at];
      const value = candidate === undefined ? undefined : this.get(candidate.oid);
      if (candidate !== undefined && value !== undefined) return { oid: candidate.oid, value };
    }
    return undefined;
  }
}
