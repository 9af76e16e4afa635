import { logger } from "../../shared/log.ts";
import { isEventName } from "../events/events.ts";
import { device2 } from "../root-model.ts";
import { longestPath, splitPath } from "../tree/paths.ts";
import { type ValueCheck, checkBoolean } from "../value-check.ts";
import type { TableDefinition } from "./table.ts";

const log = logger("cwmp.management-server.inform-parameters");

/** Parameters the rows together may add to one Inform. */
const mostInformed = 1_000;

const forced: ReadonlySet<string> = new Set(device2.forcedInform);

/** A path or a pattern with `*` for instances; whether it names anything is asked when an Inform is made. */
const checkParameterName: ValueCheck = (text) => {
  if (text === "") return { value: text };
  if (text.length > longestPath) return { reason: `is longer than ${longestPath} characters` };
  const segments = splitPath(text);
  if (segments === undefined || text === "Device." || !text.startsWith("Device.")) {
    return { reason: "is no path of a parameter" };
  }
  const misplaced = segments.some(
    ({ kind }, index) => kind !== "name" && segments[index - 1]?.kind !== "name",
  );
  if (misplaced || segments[1]?.kind !== "name") {
    return { reason: "has a wildcard or an instance where none can be" };
  }
  return forced.has(text) ? { reason: "is in every Inform anyhow" } : { value: text };
};

/** Codes of any events but `4 VALUE CHANGE` (TR-181i2 EventList). */
const checkEventList: ValueCheck = (text) => {
  if (text.length > 1_024) return { reason: "is longer than 1024 characters" };
  const wrong = listedEvents(text).find((code) => code === "4 VALUE CHANGE" || !isEventName(code));
  return wrong === undefined ? { value: text } : { reason: `names ${wrong}` };
};

/** TR-181i2 2.17 `Device.ManagementServer.InformParameter.{i}.`: what else Informs carry. */
export const informParameterTable = {
  path: "Device.ManagementServer.InformParameter.",
  setting: "informParameters",
  columns: {
    Enable: { type: "boolean", initial: "false", check: checkBoolean },
    EventList: { type: "string", initial: "", check: checkEventList },
    ParameterName: { type: "string", initial: "", check: checkParameterName },
  },
  mostRows: 64,
  unique: "ParameterName",
} as const satisfies TableDefinition;

/** What is asked of the tree of an endpoint. */
interface InformedTree {
  readonly ownTables: {
    numbers(table: TableDefinition): readonly number[];
    text(table: TableDefinition, row: number, column: string): string;
  };
  matching(pattern: string): readonly string[];
}

/**
 * What the rows add to an Inform with these events, beside what it carries anyhow; patterns that match nothing add
 * nothing.
 */
export function informedPaths(
  tree: InformedTree,
  eventCodes: readonly string[],
): readonly string[] {
  const { ownTables } = tree;
  const text = (row: number, column: keyof typeof informParameterTable.columns): string =>
    ownTables.text(informParameterTable, row, column);
  const rows = ownTables
    .numbers(informParameterTable)
    .filter((row) => text(row, "Enable") === "true" && text(row, "ParameterName") !== "")
    .filter((row) => isForEvents(text(row, "EventList"), eventCodes));
  if (rows.length === 0) return [];
  const paths = rows.flatMap((row) => tree.matching(text(row, "ParameterName")));
  if (paths.length > mostInformed)
    log.warn("InformParameter names too much", { left: mostInformed });
  return paths.slice(0, mostInformed);
}

/** Whether a row with this EventList adds to an Inform that carries these events. */
function isForEvents(eventList: string, eventCodes: readonly string[]): boolean {
  const listed = listedEvents(eventList);
  return eventCodes.some((code) =>
    listed.length === 0 ? code !== "4 VALUE CHANGE" : listed.includes(code),
  );
}

/** Items may have their blanks percent-encoded (TR-106a15 §3.2.3); what ACSs send has them plain. */
function listedEvents(text: string): readonly string[] {
  return text
    .split(",")
    .map((item) => item.trim().replace(/%20/g, " "))
    .filter((item) => item !== "");
}
