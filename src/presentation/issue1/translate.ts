import type { ParameterType } from "../../model/definition.ts";
import type { TreeNode, TreeTable, TreeValue } from "../tree.ts";
import { issue1Names, movedPaths } from "./names.ts";

const services = "Device.Services.";

/** Below every root: the service object, and what we add to the root and to the standard's objects. */
function isTheSame(path: string): boolean {
  return path === "" || path.startsWith(services) || ours.test(path);
}

const ours = /^Device\.((ManagementServer|DeviceInfo)\.)?X_MFPGATE-ORG_/;
const traceRoute = "Device.LAN.TraceRouteDiagnostics.";

/** Path of Issue 2 as Issue 1 has it; undefined when it has no such thing. */
export function toIssue1(path: string): string | undefined {
  if (isTheSame(path)) return path;
  const moved = rename(
    movedPaths.reduce((known, [from, to]) => replacePrefix(known, from, to), path),
    hopNames,
  );
  return issue1Names.has(templateOf(moved)) ? moved : undefined;
}

/** The way back; a path that Issue 1 does not have is no path of Issue 2 either. */
export function toIssue2(path: string): string | undefined {
  if (isTheSame(path)) return path;
  if (!issue1Names.has(templateOf(path))) return undefined;
  const renamed = rename(path, inverse(hopNames));
  return movedPaths.reduce((known, [to, from]) => replacePrefix(known, from, to), renamed);
}

/** Nodes of a tree of Issue 2, without those Issue 1 does not have. Not sorted. */
export function nodesOfIssue1(nodes: readonly TreeNode[]): readonly TreeNode[] {
  return nodes.flatMap((node) => {
    const path = toIssue1(node.path);
    if (path === undefined) return [];
    const { type } = node;
    return [{ ...node, path, ...(type === undefined ? {} : { type: typeAt(path, type) }) }];
  });
}

/** A table whose rows are not nodes; undefined when Issue 1 does not have it. */
export function tableOfIssue1(table: TreeTable): TreeTable | undefined {
  const path = toIssue1(table.path);
  if (path === undefined) return undefined;
  if (isTheSame(path)) return table;
  const rows = new WeakMap<readonly TreeNode[], readonly TreeNode[]>();
  return {
    ...table,
    path,
    instances: () => table.instances(),
    row: (instance) => {
      const inner = table.row(instance);
      if (inner === undefined) return undefined;
      const known = rows.get(inner);
      if (known !== undefined) return known;
      const base = `${table.path}1.`;
      const outerBase = `${path}1.`.length;
      const outer = nodesOfIssue1(inner.map((node) => ({ ...node, path: base + node.path }))).map(
        (node) => ({ ...node, path: node.path.slice(outerBase) }),
      );
      rows.set(inner, outer);
      return outer;
    },
  };
}

/** A value under its name of Issue 1, in the type and words that Issue 1 has for it. */
export function valueOfIssue1({ type, value }: TreeValue, path: string): TreeValue {
  const outerType = typeAt(path, type);
  return { path, type: outerType, value: inWordsOfIssue1(path, cap(value, type, outerType)) };
}

const largestInt = 0xffff_ffff;

/** Counters of TR-143 have 32 bits there; one that is larger stays at the largest (no turning over unseen). */
function typeAt(path: string, type: ParameterType): ParameterType {
  return type === "unsignedLong" && !path.startsWith(services) ? "unsignedInt" : type;
}

function cap(value: string, from: ParameterType, to: ParameterType): string {
  return from === to ? value : Math.min(Number(value), largestInt).toString();
}

/** States of Issue 2 that Issue 1 has another word for, by the object. */
const stateWords: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "Device.DownloadDiagnostics.": transferWords(),
  "Device.UploadDiagnostics.": transferWords(),
  "Device.LAN.IPPingDiagnostics.": { Error: "Error_Other", Error_NoRouteToHost: "Error_Other" },
  [traceRoute]: { Error: "Error_Other", Error_NoRouteToHost: "Error_Other" },
};

function transferWords(): Readonly<Record<string, string>> {
  const noConnection = "Error_InitConnectionFailed";
  return {
    Complete: "Completed",
    Error_CannotResolveHostName: noConnection,
    Error_NoRouteToHost: noConnection,
    Error_Internal: noConnection,
    Error_Other: noConnection,
  };
}

function inWordsOfIssue1(path: string, value: string): string {
  if (!path.endsWith(".DiagnosticsState")) return value;
  return stateWords[path.slice(0, -"DiagnosticsState".length)]?.[value] ?? value;
}

type Names = readonly (readonly [from: string, to: string])[];

/** Full names, rows as `{i}`. */
const hopNames: Names = [
  [`${traceRoute}RouteHopsNumberOfEntries`, `${traceRoute}NumberOfRouteHops`],
  [`${traceRoute}RouteHops.{i}.Host`, `${traceRoute}RouteHops.{i}.HopHost`],
];

function inverse(names: Names): Names {
  return names.map(([from, to]) => [to, from]);
}

function rename(path: string, names: Names): string {
  if (!path.startsWith(traceRoute)) return path;
  const found = names.find(([from]) => from === templateOf(path));
  if (found === undefined) return path;
  const name = found[1].slice(found[1].lastIndexOf(".") + 1);
  return path.slice(0, path.lastIndexOf(".") + 1) + name;
}

function replacePrefix(path: string, from: string, to: string): string {
  return path.startsWith(from) ? to + path.slice(from.length) : path;
}

function templateOf(path: string): string {
  return path.replace(/\.\d+(?=\.)/g, ".{i}");
}
