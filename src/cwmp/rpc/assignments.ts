import type { ManagementServer } from "../management-server/management-server.ts";
import type { AssignmentFault, ParameterAssignment, ParameterTree } from "../parameter-tree.ts";
import type { MergedTree } from "../tree/merged-tree.ts";
import { ownConflicts, ownFault } from "../tree/own-values.ts";
import { longestValue } from "../value-check.ts";

/** What assignments are checked against. */
export interface AssignmentParts {
  readonly tree: MergedTree;
  readonly management: ManagementServer;
  readonly device: ParameterTree;
}

/** Assignments by instance numbers, and everything that is wrong with them, in the names that were used. */
export interface CheckedAssignments {
  readonly faults: readonly AssignmentFault[];
  /** Of the endpoint itself. */
  readonly own: readonly ParameterAssignment[];
  /** Of its device. */
  readonly foreign: readonly ParameterAssignment[];
  /** The faults of a device in the names that were used. */
  readonly asAsked: (faults: readonly AssignmentFault[]) => readonly AssignmentFault[];
}

/** Checks assignments completely before anything is written; for whoever sets parameters. */
export function checkAssignments(
  asked: readonly ParameterAssignment[],
  parts: AssignmentParts,
): CheckedAssignments {
  const faults: AssignmentFault[] = [];
  const named = new Map<string, string>();
  const valid: ParameterAssignment[] = [];
  for (const assignment of asked) {
    const path = parts.tree.resolve(assignment.path);
    const fault =
      path === undefined
        ? { path: assignment.path, code: 9005 as const, text: "is no parameter" }
        : check({ ...assignment, path }, parts);
    if (fault !== undefined) faults.push({ ...fault, path: assignment.path });
    if (path === undefined) continue;
    named.set(path, assignment.path);
    valid.push({ ...assignment, path });
  }
  const own = valid.filter(({ path }) => parts.tree.isOwn(path));
  const foreign = valid.filter(({ path }) => !parts.tree.isOwn(path));
  const asAsked: CheckedAssignments["asAsked"] = (found) =>
    found.map((fault) => ({ ...fault, path: named.get(fault.path) ?? fault.path }));
  if (faults.length === 0) faults.push(...asAsked(ownConflicts(own, parts)));
  return { faults, own, foreign, asAsked };
}

function check(
  assignment: ParameterAssignment,
  parts: AssignmentParts,
): AssignmentFault | undefined {
  const { tree, management, device } = parts;
  const { path, type, value } = assignment;
  const node = tree.node(path);
  if (node?.type === undefined) return { path, code: 9005, text: "is no parameter" };
  if (!node.writable) return readOnly(assignment, parts);
  // A missing type is common in the field and harmless: the parameter knows its own.
  if (type !== undefined && type !== node.type) {
    return { path, code: 9006, text: `is ${node.type}, not ${type}` };
  }
  if (value.length > longestValue) {
    return { path, code: 9007, text: `is longer than ${longestValue} characters` };
  }
  return tree.isOwn(path)
    ? ownFault(assignment, { tree, management })
    : device.validate(assignment);
}

/** The device may know better what keeps its parameter from being set. */
function readOnly(
  assignment: ParameterAssignment,
  { tree, device }: AssignmentParts,
): AssignmentFault {
  const { path } = assignment;
  const known = tree.isOwn(path) ? undefined : device.validate(assignment);
  return known?.code === 9008 ? known : { path, code: 9008, text: "is read-only" };
}
