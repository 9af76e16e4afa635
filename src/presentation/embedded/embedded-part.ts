import { serviceCount } from "../../model/data-model-document.ts";
import { serviceObject } from "../../model/definition.ts";
import { errorText } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";
import type { PartWriteResult, TreePart } from "../composed-tree.ts";
import { type RowPath, type Rows, parseRowPath } from "../rows.ts";
import type {
  Assignment,
  AssignmentFault,
  TreeNode,
  TreeRefusal,
  TreeValue,
  TreeWriter,
} from "../tree.ts";
import { failureText } from "../virtual/write.ts";
import type { WriteReceipt } from "./command-queue.ts";
import type { EmbeddedPrinter } from "./embedded-printer.ts";

const log = logger("presentation.embedded.embedded-part");

const count = `Device.Services.${serviceCount}`;

/** The row of the service object that is this printer, as references name it. */
export function serviceRowPath({ serviceRow }: EmbeddedPrinter): string {
  return `${serviceObject}${serviceRow.toString()}`;
}

/**
 * `Device.Services.X_MFPGATE-ORG_MFP.{i}.` of the proxier: the embedded printers (TR-069a6 Annex J, embedded objects).
 * Rows are looked up, their node lists are those of the printers' kinds: a printer whose parameters change costs the
 * others nothing.
 */
export function embeddedPart(rows: Rows<EmbeddedPrinter>): TreePart {
  const listeners = new Set<(paths: readonly string[]) => void>();
  const tell = (paths: readonly string[]): void => {
    for (const listener of listeners) listener(paths);
  };
  const nodes: readonly TreeNode[] = [
    { path: serviceObject, writable: false },
    { path: count, writable: false, type: "unsignedInt" },
  ];
  followRows(rows, tell);
  return {
    nodes: () => nodes,
    tables: [
      {
        path: serviceObject,
        instances: () => rows.instances(),
        row: (instance) => rows.get(instance)?.nodes(),
      },
    ],
    get: (path) => read(path, rows),
    refresh: (paths, deadlineMs) => refresh(paths, deadlineMs, rows),
    validate: (assignment) => validate(assignment, rows),
    write: (assignments, writer = "acs") => write(assignments, rows, writer),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Tells of printers that come and go, and of what changes in those that are there. */
function followRows(rows: Rows<EmbeddedPrinter>, tell: (paths: readonly string[]) => void): void {
  const followed = new Map<number, { readonly names: () => string[]; readonly stop: () => void }>();
  rows.onChange((instance) => {
    const before = followed.get(instance);
    before?.stop();
    followed.delete(instance);
    const prefix = `${serviceObject}${instance.toString()}.`;
    const printer = rows.get(instance);
    if (printer !== undefined) {
      const stop = printer.onChange((names) => {
        tell(names.map((name) => prefix + name));
      });
      followed.set(instance, { names: () => parameterNames(printer), stop });
    }
    const names = before?.names() ?? followed.get(instance)?.names() ?? [];
    tell([count, ...names.map((name) => prefix + name)]);
  });
}

function parameterNames(printer: EmbeddedPrinter): string[] {
  return printer.nodes().flatMap(({ path, type }) => (type === undefined ? [] : [path]));
}

function find(
  path: string,
  rows: Rows<EmbeddedPrinter>,
): (RowPath & { readonly printer: EmbeddedPrinter }) | undefined {
  const place = parseRowPath(serviceObject, path);
  const printer = place === undefined ? undefined : rows.get(place.instance);
  return place === undefined || printer === undefined ? undefined : { ...place, printer };
}

function read(path: string, rows: Rows<EmbeddedPrinter>): TreeValue | undefined {
  if (path === count) return { path, type: "unsignedInt", value: rows.size.toString() };
  const place = find(path, rows);
  const value = place?.printer.get(place.rest);
  return value === undefined ? undefined : { ...value, path };
}

/** Each printer reads what is asked of it; all of them for a path above the rows. */
async function refresh(
  paths: readonly string[],
  deadlineMs: number,
  rows: Rows<EmbeddedPrinter>,
): Promise<void> {
  const wanted = new Map<number, string[]>();
  const want = (instance: number, name: string): void => {
    wanted.set(instance, [...(wanted.get(instance) ?? []), name]);
  };
  for (const path of paths) {
    const place = parseRowPath(serviceObject, path);
    if (place !== undefined) want(place.instance, place.rest);
    else if (serviceObject.startsWith(path)) for (const row of rows.instances()) want(row, "");
  }
  await Promise.all(
    [...wanted].flatMap(([instance, names]) => {
      const printer = rows.get(instance);
      return printer === undefined ? [] : [printer.refresh(names, deadlineMs)];
    }),
  );
}

function validate(
  assignment: Assignment,
  rows: Rows<EmbeddedPrinter>,
): AssignmentFault | undefined {
  const { path } = assignment;
  const place = find(path, rows);
  if (place === undefined) return { path, code: 9008, text: "cannot be set" };
  const fault = place.printer.validate({ ...assignment, path: place.rest });
  return fault === undefined ? undefined : { ...fault, path };
}

/** Writes to each printer, all or nothing; `committed` when one of them has to wait. */
async function write(
  assignments: readonly Assignment[],
  rows: Rows<EmbeddedPrinter>,
  who: TreeWriter,
): Promise<PartWriteResult> {
  const groups = groupByRow(assignments, rows);
  if (groups === undefined)
    return refusal(9005, "one of the printers is gone; nothing was changed");
  const receipts = await Promise.all(groups.map((group) => group.printer.write(group.own, who)));
  const refused = groups.flatMap(
    (group, index) => refusalOf(receipts[index], group.instance) ?? [],
  );
  const [first] = refused;
  if (first === undefined) {
    const isWaiting = receipts.some(({ outcome }) => outcome === "committed");
    const undo = (): Promise<void> => undoAll(receipts);
    if (!isWaiting) return { outcome: "applied", undo };
    return { outcome: "committed", why: "a printer is away, busy, or restarts for it", undo };
  }
  await undoAll(receipts);
  return { ...first, faults: refused.flatMap(({ faults }) => faults) };
}

interface Group {
  readonly instance: number;
  readonly printer: EmbeddedPrinter;
  /** Relative to the row. */
  readonly own: Assignment[];
}

function groupByRow(
  assignments: readonly Assignment[],
  rows: Rows<EmbeddedPrinter>,
): readonly Group[] | undefined {
  const groups = new Map<number, Group>();
  for (const assignment of assignments) {
    const place = find(assignment.path, rows);
    if (place === undefined) return undefined;
    const { instance, printer, rest } = place;
    const group = groups.get(instance) ?? { instance, printer, own: [] };
    group.own.push({ ...assignment, path: rest });
    groups.set(instance, group);
  }
  return [...groups.values()];
}

function refusalOf(receipt: WriteReceipt | undefined, instance: number): TreeRefusal | undefined {
  if (receipt?.outcome === "full")
    return refusal(9004, "too many commands wait for a printer that is away; nothing was changed");
  if (receipt?.outcome !== "failed") return undefined;
  const faults = receipt.failures.map(({ path, reason, isInvalidValue }): AssignmentFault => ({
    path: `${serviceObject}${instance.toString()}.${path}`,
    code: isInvalidValue === true ? 9007 : 9002,
    text: reason,
  }));
  return { ...refusal(9003, failureText(receipt)), faults };
}

async function undoAll(receipts: readonly WriteReceipt[]): Promise<void> {
  await Promise.all(receipts.map(undo));
}

async function undo(receipt: WriteReceipt): Promise<void> {
  if (!("undo" in receipt)) return;
  try {
    await receipt.undo();
  } catch (error) {
    log.error("a write could not be taken back", { reason: errorText(error), error });
  }
}

function refusal(code: number, text: string): TreeRefusal {
  return { outcome: "refused", code, text, faults: [] };
}
