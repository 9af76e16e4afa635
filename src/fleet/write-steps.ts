import type { ModelValue } from "../model/definition.ts";
import type { Clock } from "../shared/clock.ts";
import { errorText } from "../shared/errors.ts";
import { SouthboundError } from "../southbound/errors.ts";
import { EwsChoiceError } from "../southbound/ews/errors.ts";
import { SnmpWriteError } from "../southbound/snmp/errors.ts";
import type { PrinterWrite, Refusal, WriteStep, WriteTarget } from "./write-port.ts";

/** Some printers apply a change after they have answered it; how long they are given, and how often asked. */
const settleMs = [250, 1_000] as const;

/** Values by path, as read from a printer. */
export type Values = ReadonlyMap<string, ModelValue>;

/** A step that was not made as it should. */
export interface Refused {
  readonly step: WriteStep;
  readonly refusal: Refusal;
  /** The only path whose value is at fault, of a step of several. */
  readonly culprit?: string;
  /** Its answer was lost: it may have been made all the same. */
  readonly isUnsure: boolean;
}

/** Error-status values that speak of the value and not of the object or the writer (RFC 3416 §4.2.5). */
const valueStatuses: ReadonlySet<string> = new Set([
  "wrongLength",
  "wrongEncoding",
  "wrongValue",
  "badValue",
  "inconsistentValue",
]);

/** Makes one step; how it was refused. A step without an answer may have been made: reading back tells. */
export async function attempt(target: WriteTarget, step: WriteStep): Promise<Refused | undefined> {
  try {
    await target.perform(step);
    return undefined;
  } catch (error) {
    if (!(error instanceof SouthboundError)) throw error;
    const isInvalidValue =
      error instanceof EwsChoiceError ||
      (error instanceof SnmpWriteError && valueStatuses.has(error.status));
    const refusal = { reason: errorText(error), ...(isInvalidValue ? { isInvalidValue } : {}) };
    const culprit = error instanceof EwsChoiceError ? pathOfField(step, error.field) : undefined;
    return {
      step,
      refusal,
      isUnsure: isOutcomeUnknown(error),
      ...(culprit === undefined ? {} : { culprit }),
    };
  }
}

/** The parameter a field of the step's form stands for: forms are filled in the order of the paths. */
function pathOfField({ write, paths }: WriteStep, field: number): string | undefined {
  const forms =
    write.driver === "ews" ? write.write.steps.filter(({ kind }) => kind === "form") : [];
  const [form] = forms;
  const isOneToOne =
    forms.length === 1 && form?.kind === "form" && form.fields.length === paths.length;
  return isOneToOne ? paths[field] : undefined;
}

/** Why a path of the refused step did not take. */
export function refusalOf({ step, refusal, culprit }: Refused, path: string): Refusal {
  if (culprit === undefined || culprit === path) return refusal;
  return { reason: `not tried: ${step.description} was not sent` };
}

const unknownOutcomes: ReadonlySet<string> = new Set([
  "snmp.timeout",
  "snmp.unreachable",
  "snmp.malformed",
  "ews.timeout",
  "ews.unreachable",
  "ews.malformed",
  "ews.too-large",
]);

/** Whether nobody knows if the printer did it; everything else is a clear refusal, or was never sent. */
export function isOutcomeUnknown({ code }: SouthboundError): boolean {
  return unknownOutcomes.has(code);
}

/** Reads values back, with patience where the printer may still be at it (`clock` given). */
export async function readSettled(
  target: WriteTarget,
  writes: readonly PrinterWrite[],
  clock: Clock | undefined,
): Promise<Values> {
  if (writes.length === 0) return new Map();
  const paths = writes.map(({ path }) => path);
  let found = await target.readValues(paths);
  for (const delayMs of clock === undefined ? [] : settleMs) {
    if (areWritten(target, writes, found)) break;
    await new Promise<void>((resolve) => clock?.after(delayMs, resolve));
    found = await target.readValues(paths);
  }
  return found;
}

/** Whether the printer has every value. */
export function areWritten(
  target: WriteTarget,
  writes: readonly PrinterWrite[],
  found: Values,
): boolean {
  return writes.every((write) => target.isWritten(write, found.get(write.path)));
}
