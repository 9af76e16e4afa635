import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { ProxierError, errorText } from "../shared/errors.ts";
import type { SnmpValue } from "../southbound/driver.ts";
import { SnmpError } from "../southbound/snmp/errors.ts";
import { type EncodedOid, compareEncodedOids, encodeOid } from "../southbound/snmp/oid.ts";
import {
  type RecordedVarbind,
  type SnmpRecording,
  parseSnmprec,
} from "../southbound/snmp/snmprec.ts";

/** A recording or capture that cannot be replayed (`simulator.capture`); the message names the file. */
export class CaptureError extends ProxierError {
  override readonly name = "CaptureError";

  constructor(message: string, cause?: unknown) {
    super(message, { code: "simulator.capture", cause });
  }
}

/** A printer's whole MIB as recorded, in tree order. Immutable, so that any number of agents can share one. */
export class Recording {
  readonly name: string;
  readonly varbinds: readonly RecordedVarbind[];
  readonly #positions: ReadonlyMap<string, number>;

  /** @param varbinds in tree order, each OID once, as `parseSnmprec` yields them */
  constructor(name: string, varbinds: readonly RecordedVarbind[]) {
    this.name = name;
    this.varbinds = varbinds;
    this.#positions = new Map(varbinds.map(({ oid }, position) => [oid, position]));
  }

  get(oid: string): SnmpValue | undefined {
    const position = this.#positions.get(oid);
    return position === undefined ? undefined : this.varbinds[position]?.value;
  }

  /** Position of the first varbind after `oid`; equals the number of varbinds when there is none. */
  positionAfter(oid: string): number {
    const known = this.#positions.get(oid);
    return known === undefined ? positionAfter(this.varbinds, encodeOid(oid)) : known + 1;
  }
}

/** Reads a `.snmprec` file. @throws {CaptureError} naming the file and, for bad content, the line */
export async function loadRecording(file: string): Promise<Recording> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new CaptureError(`recording ${file} cannot be read: ${errorText(error)}`, error);
  }
  const { varbinds } = parseText(file, text);
  if (varbinds.length === 0) throw new CaptureError(`recording ${file} holds no values`);
  return new Recording(basename(file, ".snmprec"), varbinds);
}

function parseText(file: string, text: string): SnmpRecording {
  try {
    return parseSnmprec(text);
  } catch (error) {
    if (!(error instanceof SnmpError)) throw error;
    throw new CaptureError(`recording ${file}, ${error.message}`, error);
  }
}

/** Binary search: the first of `sorted` that comes after `oid` in the tree. */
export function positionAfter(
  sorted: readonly { readonly encodedOid: EncodedOid }[],
  oid: EncodedOid,
): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const candidate = sorted[middle];
    if (candidate !== undefined && compareEncodedOids(candidate.encodedOid, oid) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
