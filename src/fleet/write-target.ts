import type { CompiledMapping } from "../mapping/evaluation.ts";
import type { ModelValue } from "../model/definition.ts";
import { parameterAt } from "../model/model.ts";
import type { PollClass, Snapshot } from "../model/snapshot.ts";
import { checkValue } from "../model/values.ts";
import { ProxierError } from "../shared/errors.ts";
import type { SnmpSession, SnmpWrite } from "../southbound/driver.ts";
import { type TemplateKey, entryKey } from "./layout.ts";
import type { Reading } from "./merge.ts";
import type { PrinterWrite, WriteTarget } from "./write-port.ts";

/** What the write procedure's view is made of. */
export interface WriteTargetOptions {
  readonly session: SnmpSession;
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
    readValues: (paths) => readValues(paths, options),
    set: (writes) => options.session.write(writes.flatMap((write) => compile(write, options))),
    undoFailed: options.undoFailed,
  };
}

function compile({ path, value }: PrinterWrite, options: WriteTargetOptions): SnmpWrite[] {
  const key = options.keyOf(path);
  const mapping = options.mapping();
  if (key === undefined || mapping === undefined) return [];
  return [mapping.write(key.template, key.rowKey, value)];
}

function objection({ path, value }: PrinterWrite, options: WriteTargetOptions): string | undefined {
  const { shape } = options.snapshot();
  const position = shape.indexOf.get(path);
  const definition = parameterAt(options.keyOf(path)?.template ?? "");
  if (position === undefined || definition === undefined) return "this printer has no such value";
  if (shape.writable[position] !== true) return "this printer does not allow setting it";
  const check = checkValue(definition, value);
  if (!check.ok) return check.text;
  try {
    compile({ path, value }, options);
    return undefined;
  } catch (error) {
    if (!(error instanceof ProxierError)) throw error;
    return error.message;
  }
}

async function readValues(
  paths: readonly string[],
  options: WriteTargetOptions,
): Promise<ReadonlyMap<string, ModelValue>> {
  const { shape } = options.snapshot();
  const classes = new Set(paths.map((path) => shape.pollClasses[shape.indexOf.get(path) ?? -1]));
  const wanted = [...classes].filter((pollClass) => pollClass !== undefined);
  const { evaluation } = await options.read(wanted);
  const values = new Map(evaluation.parameters.map((found) => [entryKey(found), found.value]));
  return new Map(
    paths.flatMap((path) => {
      const key = options.keyOf(path);
      const value = key === undefined ? undefined : values.get(entryKey(key));
      return value === undefined ? [] : [[path, value] as const];
    }),
  );
}
