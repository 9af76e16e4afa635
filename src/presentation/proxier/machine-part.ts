import type { Clock } from "../../shared/clock.ts";
import { logger } from "../../shared/log.ts";
import type { TreePart } from "../composed-tree.ts";
import type { TreeNode } from "../tree.ts";
import { deviceEntries } from "./device-entries.ts";
import type { Entry } from "./entries.ts";
import { entryNodes, entryValue } from "./entry-part.ts";
import type { LeaseView, MachineState, MachineView, RowNumbers } from "./machine-view.ts";
import { type NumberedInterface, networkEntries } from "./network-entries.ts";
import {
  dnsEntries,
  routeKey,
  routingEntries,
  timeEntries,
  userInterfaceEntries,
} from "./service-entries.ts";

const log = logger("presentation.proxier.machine-part");

/** What the part is made of. */
export interface MachinePartOptions {
  readonly machine: MachineView;
  readonly clock: Clock;
  readonly numbers: RowNumbers;
  readonly lease: () => LeaseView;
  /** Local time with offset at an instant (`2026-03-01T12:00:00+01:00`). */
  readonly localTime: (atMs: number) => string;
}

interface Content {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly nodes: readonly TreeNode[];
}

/** What the box is, whatever runs on it: memory, processes, processors, interfaces, routes, resolver, clock. */
export async function machinePart(options: MachinePartOptions): Promise<TreePart> {
  const { machine } = options;
  let content = await contentOf(options, undefined);
  let building = Promise.resolve();
  const listeners = new Set<(paths: readonly string[]) => void>();
  const rebuild = async (): Promise<void> => {
    const before = content;
    content = await contentOf(options, before);
    const paths = difference(before, content);
    if (paths.length > 0) for (const listener of listeners) listener(paths);
  };
  machine.onChange(() => {
    building = building.then(rebuild).catch((error: unknown) => {
      log.error("rows of the machine could not be numbered", { error });
    });
  });
  return {
    nodes: () => content.nodes,
    get: (path) => {
      const entry = content.entries.get(path);
      return entry === undefined ? undefined : entryValue(entry);
    },
    refresh: async (paths) => {
      if (!paths.some((path) => isMeant(path, content))) return;
      await machine.refresh();
      await building;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function isMeant(path: string, { entries }: Content): boolean {
  return path === "" || path.endsWith(".") || entries.has(path);
}

async function contentOf(
  options: MachinePartOptions,
  before: Content | undefined,
): Promise<Content> {
  const entries = new Map((await entriesOf(options)).map((entry) => [entry.path, entry]));
  const isSameShape =
    before?.entries.size === entries.size &&
    [...entries.keys()].every((path) => before.entries.has(path));
  const nodes = isSameShape ? before.nodes : entryNodes(entries.values());
  return { entries, nodes };
}

async function entriesOf(options: MachinePartOptions): Promise<readonly Entry[]> {
  const { machine, numbers, clock, localTime } = options;
  const { state } = machine;
  const lease = options.lease();
  const interfaces = await numberedInterfaces(state, numbers);
  const routeNumbers = await numbers.assign("IPv4Forwarding", state.routes.map(routeKey));
  const routes = state.routes.map(
    (route) => [routeNumbers.get(routeKey(route)) ?? 0, route] as const,
  );
  return [
    ...deviceEntries(state),
    ...networkEntries(state, interfaces, lease),
    ...routingEntries(routes, interfaces),
    ...dnsEntries(state, lease),
    ...timeEntries(state, () => localTime(clock.nowMs())),
    ...userInterfaceEntries,
  ];
}

async function numberedInterfaces(
  { interfaces }: MachineState,
  numbers: RowNumbers,
): Promise<readonly NumberedInterface[]> {
  const assigned = await numbers.assign(
    "Interface",
    interfaces.map(({ name }) => name),
  );
  return interfaces.map((one) => [assigned.get(one.name) ?? 0, one] as const);
}

/** Paths that came, went or have another value; what is worked out when asked for is no news. */
function difference(before: Content, after: Content): readonly string[] {
  const changed = [...after.entries].filter(([path, { value }]) => {
    const known = before.entries.get(path)?.value;
    return typeof value === "string" && known !== value;
  });
  const gone = [...before.entries.keys()].filter((path) => !after.entries.has(path));
  return [...changed.map(([path]) => path), ...gone];
}
