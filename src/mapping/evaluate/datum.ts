/**
 * Nothing to report, and why. Transient means that the printer may well have the value but did not tell it this time,
 * so that nothing may be concluded from its absence.
 */
export class Missing {
  readonly reason: string;
  readonly isTransient: boolean;
  /** Transient, and of a document: web servers are away for days (a refused password, a firmware that hangs). */
  readonly isOfDocument: boolean;

  constructor(reason: string, isTransient = false, isOfDocument = false) {
    this.reason = reason;
    this.isTransient = isTransient;
    this.isOfDocument = isOfDocument;
  }
}

/** A value on its way from the answer to the model: raw octets are decoded as late as possible. */
export type Datum = number | string | boolean | Uint8Array;

/** What a source, a transform or a derivation gives. */
export type Outcome = Datum | Missing;

/** The agent has no such object or row. */
export const noSuchObject = new Missing("noSuchObject");
/** The row has no cell in the column. */
export const noSuchCell = new Missing("no such row in the column");
/** A condition of the source does not hold. */
export const notApplicable = new Missing("its condition does not hold");

const unavailable: Readonly<Record<string, Missing>> = {
  noSuchObject,
  timeout: new Missing("timeout", true),
  cut: new Missing("walk cut off", true),
  notRead: new Missing("not read", true),
  locked: new Missing("its password was refused", true),
  distrusted: new Missing("the page is not built as it was", true),
  refused: new Missing("refused"),
  malformed: new Missing("malformed"),
};

const unavailableDocument: Readonly<Record<string, Missing>> = Object.fromEntries(
  Object.entries(unavailable)
    .filter(([, { isTransient }]) => isTransient)
    .map(([name, { reason }]) => [name, new Missing(reason, true, true)]),
);

/** The outcome for a driver's reason, of a document. */
export function missingDocument(reason: string): Missing {
  return unavailableDocument[reason] ?? missingFor(reason);
}

/** The outcome for a driver's reason. */
export function missingFor(reason: string): Missing {
  return unavailable[reason] ?? noSuchObject;
}

/** Whole number in a datum; decimal text is read as a number, anything else gives undefined. */
export function wholeNumber(value: Outcome): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined;
}
