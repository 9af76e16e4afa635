import { ApiError } from "../api/api-error.ts";
import type { SetPlan } from "../api/local-service.ts";
import type { CheckedAssignments } from "../cwmp/rpc/assignments.ts";
import type { ParameterAssignment } from "../cwmp/parameter-tree.ts";
import { FleetError } from "../fleet/errors.ts";
import type { Printer } from "../fleet/printer.ts";
import type { PrinterWrite } from "../fleet/write-port.ts";
import type { WritePreview } from "../fleet/write-preview.ts";
import type { ModelValue } from "../model/definition.ts";
import { definitionAt } from "../presentation/virtual/layout.ts";
import { isInteractionPath } from "../presentation/virtual/proxy.ts";
import { modelWrites } from "../presentation/virtual/write.ts";
import { redact } from "../shared/redact.ts";
import { SouthboundError } from "../southbound/errors.ts";
import { isSecretName } from "../store/secret-box.ts";
import { type Place, printerPath } from "./box-places.ts";
import { typedValue } from "./typed-value.ts";

const hidden = "[redacted]";

/** Assignments by who makes them: the printer by writing, or mfpgate by keeping the value. */
export interface SplitAssignments {
  readonly ofPrinter: readonly ParameterAssignment[];
  /** How mfpgate talks to the printer; the fleet keeps them, and notes down who set them. */
  readonly ofInteraction: readonly ParameterAssignment[];
  readonly ofBox: readonly ParameterAssignment[];
}

/** Tells assignments to the printer from those that stay in the box. */
export function splitAssignments(
  { own, foreign }: Pick<CheckedAssignments, "own" | "foreign">,
  place: Place,
  printer: Pick<Printer, "snapshot"> | undefined,
): SplitAssignments {
  const known = printer?.snapshot().shape.indexOf;
  const ofPrinter: ParameterAssignment[] = [];
  const ofInteraction: ParameterAssignment[] = [];
  const ofBox = [...own];
  for (const assignment of foreign) {
    const path = printerPath(place, assignment.path);
    if (known?.has(path) === true) ofPrinter.push(assignment);
    else if (isInteractionPath(path)) ofInteraction.push(assignment);
    else ofBox.push(assignment);
  }
  return { ofPrinter, ofInteraction, ofBox };
}

/** A printer as far as planning goes; the fleet's printers are such. */
type PlanningPrinter = Pick<Printer, "planWrites" | "snapshot"> & {
  readonly interaction: Pick<Printer["interaction"], "objections">;
};

/**
 * What setting checked assignments would do. The printer is read and not changed.
 * @throws {ApiError} 502 when it does not answer
 */
export async function planSet(
  checked: CheckedAssignments,
  place: Place,
  printer: PlanningPrinter | undefined,
): Promise<SetPlan> {
  const { ofPrinter, ofInteraction, ofBox } = splitAssignments(checked, place, printer);
  const faults = checked.faults.map(({ path, code, text }) => ({ path, code, text }));
  const isFaulty = faults.length > 0;
  const planned = isFaulty ? nothing : await planPrinter(ofPrinter, place, printer);
  const objected = isFaulty ? [] : interactionObjections(ofInteraction, place, printer);
  const objections = [...faults, ...planned.objections, ...objected];
  const kept = [...ofInteraction, ...ofBox];
  return {
    changes: [...ofPrinter, ...kept].map((each) => changeOf(each, place, planned.before)),
    steps: objections.length > 0 ? [] : [...planned.steps, ...boxSteps(kept)],
    objections,
  };
}

/** What is said of how the printer is to be talked to. */
function interactionObjections(
  assignments: readonly ParameterAssignment[],
  place: Place,
  printer: PlanningPrinter | undefined,
): SetPlan["objections"] {
  const askedPath = namesAsAsked(assignments, place);
  const writes = writesOf(assignments, place);
  if (typeof writes === "string") return [unfit(askedPath(writes))];
  const objections = printer?.interaction.objections(writes) ?? [];
  return objections.map(({ path, reason }) => {
    return { path: askedPath(path), code: 9007, text: reason };
  });
}

function writesOf(assignments: readonly ParameterAssignment[], place: Place) {
  return modelWrites(
    assignments.map(({ path, value }) => ({ path: printerPath(place, path), value })),
  );
}

/** The names somebody used, by those of the printer's virtual device. */
function namesAsAsked(
  assignments: readonly ParameterAssignment[],
  place: Place,
): (path: string) => string {
  const asked = new Map(assignments.map(({ path }) => [printerPath(place, path), path]));
  return (path) => asked.get(path) ?? path;
}

function unfit(path: string): SetPlan["objections"][number] {
  return { path, code: 9007, text: "cannot be set to that value" };
}

interface PlannedPart extends Pick<SetPlan, "steps" | "objections"> {
  /** Values now on the printer, by its own paths; undefined when it was not read. */
  readonly before?: ReadonlyMap<string, ModelValue>;
}

const nothing: PlannedPart = { steps: [], objections: [] };

async function planPrinter(
  assignments: readonly ParameterAssignment[],
  place: Place,
  printer: PlanningPrinter | undefined,
): Promise<PlannedPart> {
  if (printer === undefined || assignments.length === 0) return nothing;
  const askedPath = namesAsAsked(assignments, place);
  const writes = writesOf(assignments, place);
  if (typeof writes === "string") return { steps: [], objections: [unfit(askedPath(writes))] };
  const { steps, objections, before } = await preview(printer, writes);
  return {
    steps: steps.map(({ write: { driver }, description, paths, restarts = null }) => {
      return { driver, description, paths: paths.map(askedPath), restarts };
    }),
    objections: objections.map(({ path, reason }) => {
      return { path: askedPath(path), code: null, text: reason };
    }),
    before,
  };
}

async function preview(
  printer: PlanningPrinter,
  writes: readonly PrinterWrite[],
): Promise<WritePreview> {
  try {
    return await printer.planWrites(writes);
  } catch (error) {
    if (!(error instanceof SouthboundError) && !(error instanceof FleetError)) throw error;
    throw new ApiError(502, `the printer cannot be asked: ${error.message}`);
  }
}

function boxSteps(assignments: readonly ParameterAssignment[]): SetPlan["steps"] {
  if (assignments.length === 0) return [];
  const paths = assignments.map(({ path }) => path);
  return [{ driver: "mfpgate", description: "kept in the box", paths, restarts: null }];
}

function changeOf(
  { path, value }: ParameterAssignment,
  place: Place,
  before: ReadonlyMap<string, ModelValue> | undefined,
): SetPlan["changes"][number] {
  const ownPath = printerPath(place, path);
  if (isSecretName(path) || definitionAt(ownPath)?.hidden === true)
    return { path, from: hidden, to: hidden };
  const known = place.endpoint.tree.get(path);
  const to = known === undefined ? value : typedValue(known.type, value);
  const isOfPrinter = definitionAt(ownPath) !== undefined && !isInteractionPath(ownPath);
  const isRead = before !== undefined && isOfPrinter;
  const kept = known === undefined ? undefined : typedValue(known.type, known.value);
  const from = isRead ? before.get(ownPath) : kept;
  return { path, from: from === undefined ? null : shown(from), to: shown(to) };
}

function shown(value: ModelValue): ModelValue {
  return typeof value === "string" ? redact(value) : value;
}
