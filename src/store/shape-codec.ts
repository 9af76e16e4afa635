import type { ParameterType } from "../model/definition.ts";
import { type PollClass, type Shape, pollClasses } from "../model/snapshot.ts";
import { StoreError } from "./errors.ts";
import { isStrings, parseStored } from "./json.ts";
import type { Tables } from "./kysely.ts";

const parameterTypes: readonly string[] = [
  "string",
  "int",
  "unsignedInt",
  "long",
  "unsignedLong",
  "boolean",
  "dateTime",
] satisfies ParameterType[];

/** The row of a shape; `writable` is a string of 0 and 1. */
export function shapeToRow(shape: Shape): Tables["shapes"] {
  return {
    id: shape.id,
    paths_json: JSON.stringify(shape.paths),
    types_json: JSON.stringify(shape.types),
    poll_classes_json: JSON.stringify(shape.pollClasses),
    writable_json: JSON.stringify(shape.writable.map((flag) => (flag ? "1" : "0")).join("")),
  };
}

/** The shape of a row. @throws {StoreError} `store.corrupt` when its lists do not belong together */
export function shapeFromRow(row: Tables["shapes"]): Shape {
  const where = `shape ${row.id}`;
  const paths = parseStored(row.paths_json, where, isStrings);
  const types = parseStored(row.types_json, where, isParameterTypes);
  const classes = parseStored(row.poll_classes_json, where, isPollClasses);
  const flags = parseStored(row.writable_json, where, (value) => typeof value === "string");
  if ([types.length, classes.length, flags.length].some((length) => length !== paths.length))
    throw new StoreError("store.corrupt", `${where} has lists of unequal length; restore a backup`);
  return {
    id: row.id,
    paths,
    types,
    pollClasses: classes,
    writable: paths.map((_path, index) => flags[index] === "1"),
    indexOf: new Map(paths.map((path, index) => [path, index])),
  };
}

function isParameterTypes(value: unknown): value is readonly ParameterType[] {
  return isStrings(value) && value.every((item) => parameterTypes.includes(item));
}

function isPollClasses(value: unknown): value is readonly PollClass[] {
  const known: readonly string[] = pollClasses;
  return isStrings(value) && value.every((item) => known.includes(item));
}
