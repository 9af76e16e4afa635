import type { ModelValue } from "../../model/definition.ts";
import { registerSecretValues } from "../../model/secret-values.ts";
import { valueAt } from "../../model/shapes.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { fromWire } from "../../model/values.ts";
import { errorText } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";
import { provisioningCodeDefinition } from "../assignment.ts";
import { definitionAt } from "./layout.ts";
import type { PrinterView, PrinterWrite, PrinterWriteResult } from "../printer-view.ts";
import { isInteractionPath } from "./proxy.ts";
import type {
  Assignment,
  AssignmentFault,
  ProvisioningCode,
  TreeRefusal,
  TreeWriteResult,
  TreeWriter,
} from "../tree.ts";

const log = logger("presentation.virtual.write");

const provisioningCodePath = "Device.DeviceInfo.ProvisioningCode";

/** What a write needs to know. */
export interface WriteOptions {
  readonly view: PrinterView;
  readonly who: TreeWriter;
  readonly provisioningCode: ProvisioningCode;
  /** Values before the write, to go back to. */
  readonly snapshot: Snapshot;
  /** Told the values being written at the start, and nothing at the end. */
  readonly during: (values: ReadonlyMap<string, ModelValue>) => void;
}

/**
 * Applies validated assignments, all or nothing (TR-069a6 A.3.2.1): the printer's first, because they can fail; then
 * what mfpgate keeps itself. When that cannot be stored, the printer is set back.
 */
export async function writeTogether(
  assignments: readonly Assignment[],
  options: WriteOptions,
): Promise<TreeWriteResult> {
  const provisioningCode = assignments.find(({ path }) => path === provisioningCodePath);
  const writes = modelWrites(assignments.filter((assignment) => assignment !== provisioningCode));
  if (typeof writes === "string") return refused(9003, `${writes} cannot be set to that value`);
  const { interaction, ofPrinter } = splitWrites(writes);
  const { view, who } = options;
  const failures = view.interaction.objections(interaction);
  if (failures.length > 0) {
    await view.interaction.noteRefusal(interaction, failures, { who });
    return refusalOf({ failures });
  }
  options.during(new Map(writes.map(({ path, value }) => [path, value])));
  try {
    const written = await writePrinter(ofPrinter, options);
    if (written.outcome === "refused") return written;
    const kept = await keepInBox({ interaction, provisioningCode, ofPrinter }, options);
    return kept.outcome === "refused" ? kept : written;
  } finally {
    options.during(new Map());
  }
}

/** Writes by who makes them: the printer, or mfpgate, which keeps how it talks to it. */
export function splitWrites(writes: readonly PrinterWrite[]): {
  readonly interaction: readonly PrinterWrite[];
  readonly ofPrinter: readonly PrinterWrite[];
} {
  return {
    interaction: writes.filter(({ path }) => isInteractionPath(path)),
    ofPrinter: writes.filter(({ path }) => !isInteractionPath(path)),
  };
}

/** Assignments as values of the model, or the path that cannot be: the model may have changed since `validate`. */
export function modelWrites(assignments: readonly Assignment[]): readonly PrinterWrite[] | string {
  const writes: PrinterWrite[] = [];
  for (const { path, value } of assignments) {
    const definition = definitionAt(path);
    const check = definition === undefined ? undefined : fromWire(value, definition);
    if (check?.ok !== true) return path;
    writes.push({ path, value: check.value });
  }
  registerSecretValues(writes);
  return writes;
}

/** `committed` when the printer restarts for it: what came of it is an event, and shows in the values. */
async function writePrinter(
  writes: readonly PrinterWrite[],
  { view, who }: WriteOptions,
): Promise<TreeWriteResult> {
  if (writes.length === 0) return { outcome: "applied" };
  const result = await view.write(writes, { who });
  switch (result.outcome) {
    case "applied":
      return result;
    case "pending":
      return { outcome: "committed", why: result.reason };
    case "unreachable":
      return refused(9002, `the printer cannot be reached: ${result.reason}`);
    case "failed":
      return refusalOf(result);
  }
}

type Failed = Extract<PrinterWriteResult, { readonly outcome: "failed" }>;

function refusalOf(result: Pick<Failed, "failures" | "notUndone">): TreeRefusal {
  return { ...refused(9003, failureText(result)), faults: result.failures.map(faultOf) };
}

/** What to say of a write that did not take: whether everything is as before. */
export function failureText({ notUndone = [] }: Pick<Failed, "notUndone">): string {
  const state =
    notUndone.length === 0
      ? "nothing was changed"
      : `could not be put back: ${notUndone.join(", ")}`;
  return `not every value was taken; ${state}`;
}

function faultOf({ path, reason, isInvalidValue }: Failed["failures"][number]): AssignmentFault {
  return { path, code: isInvalidValue === true ? 9007 : 9002, text: reason };
}

interface Kept {
  readonly interaction: readonly PrinterWrite[];
  readonly provisioningCode: Assignment | undefined;
  /** Written already. */
  readonly ofPrinter: readonly PrinterWrite[];
}

async function keepInBox(
  { interaction, provisioningCode, ofPrinter }: Kept,
  options: WriteOptions,
): Promise<TreeWriteResult> {
  let undo = (): Promise<void> => Promise.resolve();
  try {
    if (interaction.length > 0) {
      const result = await options.view.interaction.set(interaction, { who: options.who });
      if (result.outcome === "failed") {
        const isUndone = await restore(ofPrinter, options);
        return refusalOf(isUndone ? result : { ...result, notUndone: ofPrinter.map(pathOf) });
      }
      ({ undo } = result);
    }
    if (provisioningCode !== undefined) await keepCode(provisioningCode.value, options);
    return { outcome: "applied" };
  } catch (error) {
    log.error("settings not stored", { device: options.view.id, error });
    const isTakenBack = await takeBack(undo, options);
    const isRestored = await restore(ofPrinter, options);
    const state =
      isTakenBack && isRestored ? "nothing was changed" : "not everything could be set back";
    return refused(9002, `the settings could not be stored (${errorText(error)}); ${state}`);
  }
}

function pathOf({ path }: PrinterWrite): string {
  return path;
}

async function keepCode(text: string, { provisioningCode }: WriteOptions): Promise<void> {
  const check = fromWire(text, provisioningCodeDefinition);
  await provisioningCode.set(check.ok ? String(check.value) : text);
}

async function takeBack(undo: () => Promise<void>, { view }: WriteOptions): Promise<boolean> {
  try {
    await undo();
    return true;
  } catch (error) {
    log.error("settings not put back after a failed write", { device: view.id, error });
    return false;
  }
}

/** Sets the printer back to the values before; true when it has them again. */
async function restore(
  written: readonly PrinterWrite[],
  { view, who, snapshot }: WriteOptions,
): Promise<boolean> {
  const before = written.flatMap(({ path }) => {
    const value = valueAt(snapshot, path);
    return value === undefined ? [] : [{ path, value }];
  });
  if (before.length === 0) return written.length === 0;
  const result = await view.write(before, { who });
  const isUndone = result.outcome === "applied" && before.length === written.length;
  if (!isUndone) log.error("printer not set back after a failed write", { device: view.id });
  return isUndone;
}

function refused(code: number, text: string): TreeRefusal {
  return { outcome: "refused", code, text, faults: [] };
}
