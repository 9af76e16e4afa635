import type { ParameterType } from "../model/definition.ts";
import { type PollClass, type Shape, pollClasses as allPollClasses } from "../model/snapshot.ts";
import { StoreError } from "./errors.ts";
import { isRecord, isStrings, parseStored } from "./json.ts";
import type { Tables } from "./kysely.ts";
import { packJson, unpackJson } from "./packed-json.ts";

const parameterTypes: readonly string[] = [
  "string",
  "int",
  "unsignedInt",
  "long",
  "unsignedLong",
  "boolean",
  "dateTime",
] satisfies ParameterType[];

/** Content of a shape as kept; `writable` is a text of 0 and 1. */
interface ShapeContent {
  readonly paths: readonly string[];
  readonly types: readonly ParameterType[];
  readonly pollClasses: readonly PollClass[];
  readonly writable: string;
}

/** The row of a shape. */
export function shapeToRow({ id, paths, types, pollClasses, writable }: Shape): Tables["shapes"] {
  const content: ShapeContent = {
    paths,
    types,
    pollClasses,
    writable: writable.map((flag) => (flag ? "1" : "0")).join(""),
  };
  return { id, content: packJson(JSON.stringify(content)) };
}

/** The shape of a row. @throws {StoreError} `store.corrupt` when its lists do not belong together */
export function shapeFromRow(row: Tables["shapes"]): Shape {
  const where = `shape ${row.id}`;
  const content = parseStored(unpackJson(row.content, where), where, isShapeContent);
  const { paths, types, pollClasses, writable } = content;
  if ([types, pollClasses, writable].some(({ length }) => length !== paths.length))
    throw new StoreError("store.corrupt", `${where} has lists of unequal length; restore a backup`);
  return {
    id: row.id,
    paths,
    types,
    pollClasses,
    writable: paths.map((_path, index) => writable[index] === "1"),
    indexOf: new Map(paths.map((path, index) => [path, index])),
  };
}

function isShapeContent(value: unknown): value is ShapeContent {
  return (
    isRecord(value) &&
    isStrings(value["paths"]) &&
    isParameterTypes(value["types"]) &&
    isPollClasses(value["pollClasses"]) &&
    typeof value["writable"] === "string"
  );
}

function isParameterTypes(value: unknown): value is readonly ParameterType[] {
  return isStrings(value) && value.every((item) => parameterTypes.includes(item));
}

function isPollClasses(value: unknown): value is readonly PollClass[] {
  const known: readonly string[] = allPollClasses;
  return isStrings(value) && value.every((item) => known.includes(item));
}
