import type { SnmpValue, UnavailableReason } from "../driver.ts";
import type { ColumnAnswer } from "./answers.ts";
import { type EncodedOid, internOid } from "./oid.ts";
import { valueAt } from "./read-scalars.ts";
import { isAbsent } from "./value.ts";
import type { VarbindList } from "./varbind-list.ts";

/** A row just taken, whose index text a sibling may share instead of decoding it again. */
export interface TakenRow {
  readonly position: number;
  readonly columnLength: number;
  readonly index: string;
}

/** The walk down one column: position, rows so far, and how it ended. */
export class ColumnWalk {
  readonly column: string;
  readonly prefix: EncodedOid;
  readonly rows = new Map<string, SnmpValue>();
  /** The name to ask the successor of. */
  last: EncodedOid;
  isDone = false;
  /** GETBULK went wrong on this column; go on with GETNEXT. */
  isStepwise = false;
  /** The agent led the walk back to a row it had given before: these rows are all it will ever give. */
  isLooping = false;
  #reason: UnavailableReason | undefined;
  /** Position of the last row taken from the response at hand. */
  #lastPosition: number | undefined;
  /** The rest of the response at hand is of no use. */
  #isHeld = false;

  constructor(column: string) {
    this.column = column;
    this.prefix = internOid(column);
    this.last = this.prefix;
  }

  /** Takes varbind `position` of a response as the next row; `sibling` is the row taken before, of any column. */
  take(list: VarbindList, position: number, sibling: TakenRow | undefined): TakenRow | undefined {
    if (this.isDone || this.#isHeld) return sibling;
    if (isException(list.tag(position))) this.isDone = true;
    else if (!this.#isIncreasing(list, position)) this.#goBackward(list, position);
    else if (list.isBelow(this.prefix, position)) return this.#accept(list, position, sibling);
    else this.isDone = true;
    return sibling;
  }

  /** Ends the use of a response: the walk goes on after the last row taken from it. */
  release(list: VarbindList): void {
    if (this.#lastPosition !== undefined) this.last = list.encodedOid(this.#lastPosition);
    this.#lastPosition = undefined;
    this.#isHeld = false;
  }

  /** Ends the walk for `reason`. */
  stop(reason: UnavailableReason): void {
    this.isDone = true;
    this.#reason = reason;
  }

  /**
   * The rows, when the agent came to an end; else the reason, because a table read in part would look as if rows had
   * vanished from the printer.
   */
  get answer(): ColumnAnswer {
    return this.#reason ?? this.rows;
  }

  #accept(list: VarbindList, position: number, sibling: TakenRow | undefined): TakenRow {
    const columnLength = this.prefix.length;
    const isShared =
      sibling !== undefined &&
      list.sharesIndex(position, columnLength, sibling.position, sibling.columnLength);
    const index = isShared ? sibling.index : list.index(this.prefix, position);
    this.#lastPosition = position;
    const value = valueAt(list, position);
    // A row with nothing in it is no row of this column; a malformed value is not made up.
    if (typeof value !== "string") this.rows.set(index, value);
    return { position, columnLength, index };
  }

  #isIncreasing(list: VarbindList, position: number): boolean {
    return this.#lastPosition === undefined
      ? list.compareOid(this.last, position) < 0
      : list.isIncreasing(this.#lastPosition, position);
  }

  #goBackward(list: VarbindList, position: number): void {
    this.#isHeld = true;
    // GETBULK of some agents runs wild where their GETNEXT does not, so that is tried before giving up.
    if (!this.isStepwise) this.isStepwise = true;
    else if (!list.isBelow(this.prefix, position)) this.isDone = true;
    else if (this.rows.has(list.index(this.prefix, position))) {
      this.isLooping = true;
      this.isDone = true;
    } else this.stop("cut");
  }
}

/** endOfMibView, and the exceptions some agents send instead. NULL is not among them: rows may follow. */
function isException(tag: number): boolean {
  return tag >= 0x80 && isAbsent(tag);
}
