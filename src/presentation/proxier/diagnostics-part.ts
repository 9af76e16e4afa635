import { comparePaths } from "../../model/snapshot.ts";
import type { Clock } from "../../shared/clock.ts";
import type { TreePart } from "../composed-tree.ts";
import { buildNodes } from "../nodes.ts";
import type {
  Assignment,
  TreeEvent,
  TreeNode,
  TreeValue,
  TreeWriteResult,
  TreeWriter,
} from "../tree.ts";
import { pingKind, traceRouteKind } from "./diagnostics-ip-kinds.ts";
import { DiagnosticObject } from "./diagnostics-object.ts";
import { nameLookupKind, printerTestKind, selfTestKind } from "./diagnostics-other-kinds.ts";
import type { DiagnosticRunners, DiagnosticSurroundings } from "./diagnostics-ports.ts";
import { downloadKind, uploadKind } from "./diagnostics-transfer-kinds.ts";

/** What the tests of the box are joined to. */
export interface DiagnosticsPartOptions {
  readonly runners: DiagnosticRunners;
  readonly surroundings: DiagnosticSurroundings;
  readonly clock: Clock;
  /** Ends the service, and every run with it. */
  readonly stop: AbortSignal;
}

/** Tests the box runs for the ACS or for somebody on the box, as a part of the proxier's tree. */
export interface DiagnosticsPart extends TreePart {
  /** Ends every run, and forgets arguments and results. */
  reset(): void;
  /** Resolves when no run is under way any more; for an orderly end. */
  settled(): Promise<void>;
}

const ip = "Device.IP.Diagnostics.";

/**
 * Makes the part. Runs asked for by the ACS begin after its session and end with `8 DIAGNOSTICS COMPLETE`; those asked
 * for on the box begin at once and end without an event (TR-181i2 DiagnosticsState, TR-106 §3.3).
 */
export function diagnosticsPart(options: DiagnosticsPartOptions): DiagnosticsPart {
  const { runners, surroundings, clock, stop } = options;
  const changeListeners = new Set<(paths: readonly string[]) => void>();
  const eventListeners = new Set<(eventCode: TreeEvent) => void>();
  const onEnd = (changed: readonly string[], forAcs: boolean): void => {
    for (const listener of changeListeners) listener(changed);
    if (!forAcs) return;
    for (const listener of eventListeners) listener("8 DIAGNOSTICS COMPLETE");
  };
  const kinds = [
    pingKind(runners, surroundings),
    traceRouteKind(runners, surroundings),
    downloadKind(runners, surroundings),
    uploadKind(runners, surroundings),
    nameLookupKind(runners, surroundings),
    printerTestKind(runners, surroundings),
    selfTestKind(runners),
  ];
  const objects = kinds.map((kind) => new DiagnosticObject({ kind, clock, stop, onEnd }));
  const supported = supportedTests(surroundings);
  const flags = [...supported.keys()].map(
    (path) => ({ path, type: "boolean", writable: false }) as const,
  );
  const nodes = buildNodes([...objects.flatMap((object) => object.nodes()), ...flags]);
  const ownerOf = (path: string): DiagnosticObject | undefined =>
    objects.find(({ kind }) => path.startsWith(kind.object));
  return {
    nodes: () => nodes,
    tables: objects.flatMap(({ tables }) => tables),
    typeNodes: () => withSampleRows(nodes, objects),
    get: (path) => supported.get(path) ?? ownerOf(path)?.get(path),
    validate: (assignment) =>
      ownerOf(assignment.path)?.validate(assignment) ?? readOnly(assignment, supported),
    write: (assignments, writer = "acs") => {
      const own = objects.map(
        (object) => [object, assignments.filter(({ path }) => ownerOf(path) === object)] as const,
      );
      return Promise.resolve(writeAll(own, writer));
    },
    onChange: (listener) => {
      changeListeners.add(listener);
      return () => changeListeners.delete(listener);
    },
    onEvent: (listener) => {
      eventListeners.add(listener);
      return () => eventListeners.delete(listener);
    },
    sessionEnded: () => {
      for (const object of objects) object.sessionEnded();
    },
    reset: () => {
      for (const object of objects) object.reset();
    },
    settled: async () => {
      await Promise.all(objects.map((object) => object.settled()));
    },
  };
}

/** Each test with what is to be set of it; nothing is set when one of them lacks something. */
function writeAll(
  own: readonly (readonly [DiagnosticObject, readonly Assignment[]])[],
  writer: TreeWriter,
): TreeWriteResult {
  const faults = own.flatMap(([object, part]) => object.missing(part) ?? []);
  const text = "arguments of a test are missing";
  if (faults.length > 0) return { outcome: "refused", code: 9003, text, faults };
  for (const [object, part] of own) if (part.length > 0) object.write(part, writer);
  return { outcome: "applied" };
}

function readOnly({ path }: Assignment, supported: ReadonlyMap<string, TreeValue>) {
  if (!supported.has(path)) return undefined;
  return { path, code: 9008, text: "cannot be set on this device" } as const;
}

/** `Device.IP.Diagnostics.` itself: which tests the box can run. */
function supportedTests({ hasPing, hasTraceRoute }: DiagnosticSurroundings) {
  const flags = {
    Ping: hasPing,
    TraceRoute: hasTraceRoute,
    DownloadDiagnostics: true,
    UploadDiagnostics: true,
  };
  const values = Object.entries(flags).flatMap(([test, isSupported]) =>
    ["IPv4", "IPv6"].map((version): TreeValue => {
      const path = `${ip}${version}${test}Supported`;
      return { path, type: "boolean", value: isSupported ? "true" : "false" };
    }),
  );
  return new Map(values.map((value) => [value.path, value]));
}

function withSampleRows(
  nodes: readonly TreeNode[],
  objects: readonly DiagnosticObject[],
): readonly TreeNode[] {
  const rows = objects.flatMap((object) => object.sampleRow());
  return [...nodes, ...rows].sort((left, right) => comparePaths(left.path, right.path));
}
