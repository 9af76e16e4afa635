import type { CompiledMapping } from "../mapping/evaluation.ts";
import type { ModelValue } from "../model/definition.ts";
import { parameterAt } from "../model/model.ts";
import type { PollClass, Snapshot } from "../model/snapshot.ts";
import { checkValue } from "../model/values.ts";
import { ProxierError } from "../shared/errors.ts";
import type { DeviceSession, DeviceWrite } from "../southbound/driver.ts";
import { SouthboundError } from "../southbound/errors.ts";
import { SnmpWriteError } from "../southbound/snmp/errors.ts";
import { FleetError } from "./errors.ts";
import { type TemplateKey, entryKey } from "./layout.ts";
import type { Reading } from "./merge.ts";
import type { PrinterWrite, Refusal, WriteStep, WriteTarget } from "./write-port.ts";

/** What the write procedure's view is made of. */
export interface WriteTargetOptions {
  readonly session: DeviceSession;
  /** The mapping in force; a read in between may find that it changed. */
  readonly mapping: () => CompiledMapping | undefined;
  readonly snapshot: () => Snapshot;
  readonly keyOf: (path: string) => TemplateKey | undefined;
  /** A fresh reading of these classes; not yet taken into the snapshot. */
  readonly read: (classes: readonly PollClass[]) => Promise<Reading>;
  readonly undoFailed: WriteTarget["undoFailed"];
}

/** The write procedure's view of one printer, for the length of one conversation. */
export function createWriteTarget(options: WriteTargetOptions): WriteTarget {
  return {
    objection: (write) => objection(write, options),
    plan: (writes) => plan(writes, options),
    readValues: (paths) => readValues(paths, options),
    perform: ({ write }) => perform(write, options.session),
    isWritten: ({ path, value }, found) => {
      const template = options.keyOf(path)?.template ?? path;
      return options.mapping()?.isWritten(template, value, found) ?? value === found;
    },
    undoFailed: options.undoFailed,
  };
}

/** @throws {ProxierError} of the mapping, or `fleet.unknown-path` */
function plan(
  writes: readonly PrinterWrite[],
  { mapping, keyOf }: WriteTargetOptions,
): readonly WriteStep[] {
  const assignments = writes.map(({ path, value }) => {
    const key = keyOf(path);
    if (key === undefined) throw new FleetError("fleet.unknown-path", `${path} is not there now`);
    return { ...key, value };
  });
  const steps = mapping()?.writePlan(assignments) ?? [];
  return steps.map(({ covers, ...step }) => ({
    ...step,
    paths: covers.flatMap((position) => writes[position]?.path ?? []),
  }));
}

function objection(
  { path, value }: PrinterWrite,
  options: WriteTargetOptions,
): Refusal | undefined {
  const { shape } = options.snapshot();
  const position = shape.indexOf.get(path);
  const definition = parameterAt(options.keyOf(path)?.template ?? "");
  if (position === undefined || definition === undefined)
    return { reason: "this printer has no such value" };
  if (shape.writable[position] !== true)
    return { reason: "this printer does not allow setting it" };
  const check = checkValue(definition, value);
  if (!check.ok) return { reason: check.text, isInvalidValue: true };
  try {
    plan([{ path, value }], options);
    return undefined;
  } catch (error) {
    if (!(error instanceof ProxierError)) throw error;
    const isInvalidValue = error.code === "mapping.bad-value";
    return { reason: error.message, ...(isInvalidValue ? { isInvalidValue } : {}) };
  }
}

/** An agent that fails at several assignments in one SET may manage them one by one; taken back as a whole all the same. */
async function perform(write: DeviceWrite, session: DeviceSession): Promise<void> {
  try {
    await session.write(write);
  } catch (error) {
    if (write.driver !== "snmp" || write.writes.length < 2 || !isTooMuchAtOnce(error)) throw error;
    for (const single of write.writes) await session.write({ driver: "snmp", writes: [single] });
  }
}

function isTooMuchAtOnce(error: unknown): boolean {
  if (!(error instanceof SnmpWriteError)) return false;
  return error.status === "tooBig" || error.status === "genErr";
}

async function readValues(
  paths: readonly string[],
  options: WriteTargetOptions,
): Promise<ReadonlyMap<string, ModelValue>> {
  if (paths.length === 0) return new Map();
  const { shape } = options.snapshot();
  const classOf = (path: string): PollClass | undefined =>
    shape.pollClasses[shape.indexOf.get(path) ?? -1];
  const wanted = [...new Set(paths.map(classOf))].filter((pollClass) => pollClass !== undefined);
  const { evaluation, incomplete } = await options.read(wanted);
  const values = new Map(evaluation.parameters.map((found) => [entryKey(found), found.value]));
  return new Map(
    paths.flatMap((path) => {
      const key = options.keyOf(path);
      const value = key === undefined ? undefined : values.get(entryKey(key));
      if (value !== undefined) return [[path, value] as const];
      const pollClass = classOf(path);
      const isUntold = evaluation.untold?.has(key?.template ?? "") === true;
      if (isUntold || (pollClass !== undefined && incomplete.has(pollClass))) throw notRead(path);
      return [];
    }),
  );
}

/** Silence is not absence: what the printer has there now nobody knows. */
function notRead(path: string): SouthboundError {
  const code = "southbound.not-read";
  return new SouthboundError(`${path} could not be read`, { code, retryable: true });
}
