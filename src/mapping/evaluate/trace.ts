import { Missing, type Outcome } from "./datum.ts";

/** Where one value came from, collected while it is evaluated. */
export interface TraceResult {
  readonly source: string;
  readonly raw: string;
  readonly rejected: readonly { readonly source: string; readonly reason: string }[];
}

/** More reads or rejections than these are not listed one by one (sums over long tables). */
const mostNotes = 16;

/** Collects what was read and passed over for one parameter. */
export class Trace {
  readonly #reads: { source: string; raw: string }[] = [];
  readonly #rejected: { source: string; reason: string }[] = [];
  #label = "";

  /** Notes a raw value; `source` names driver and place: `snmp 1.3.6.1.2.1.1.5.0`, `ews /index.html title`. */
  read(source: string, value: Outcome): void {
    if (value instanceof Missing || this.#reads.length >= mostNotes) return;
    this.#reads.push({ source, raw: rawText(value) });
  }

  /** Taken before a source is tried, given back to `reject` when it gave nothing. */
  mark(): number {
    return this.#reads.length;
  }

  /** The source tried since `mark` gave nothing good; what it read is forgotten. */
  reject(label: string, reason: string, mark: number): void {
    this.#reads.length = mark;
    if (this.#rejected.length < mostNotes) this.#rejected.push({ source: label, reason });
  }

  /** The source tried gives the value. Inner sources are accepted first, so that the outermost one names it. */
  accept(label: string): void {
    this.#label = label;
  }

  get result(): TraceResult {
    const sources = this.#reads.map(({ source }) => source);
    return {
      source: sources.length === 0 ? this.#label : sources.join(", "),
      raw: this.#reads.map(({ raw }) => raw).join(", "),
      rejected: this.#rejected,
    };
  }
}

/** Raw value as people read it; octets that are not plain text in hexadecimal. */
function rawText(value: Exclude<Outcome, Missing>): string {
  if (!(value instanceof Uint8Array)) return String(value);
  const text = Buffer.from(value).toString("latin1");
  return /^[\x20-\x7e]*$/.test(text) ? text : `0x${Buffer.from(value).toString("hex")}`;
}
