import type { ParameterDefinition } from "../../model/definition.ts";
import { logger } from "../../shared/log.ts";
import { assignmentFault } from "../assignment.ts";
import { ColumnTable, textColumn } from "../column-table.ts";
import type { TreePart } from "../composed-tree.ts";
import type { PrinterView } from "../printer-view.ts";
import { type Rows, parseRowPath } from "../rows.ts";
import { storedWrite } from "../stored-write.ts";
import type { Assignment, TreeWriteResult } from "../tree.ts";

const log = logger("presentation.proxier.proxied-device-table");

const server = "Device.ManagementServer.";
const table = `${server}X_MFPGATE-ORG_ProxiedDevice.`;

/** How a printer is shown; `Auto` leaves it to the rules of the configuration. */
const presentationWords = ["Virtual", "Embedded", "None", "Auto"] as const;
/** One of {@link presentationWords}. */
export type PresentationWord = (typeof presentationWords)[number];

/** One printer the box looks after, and the say the ACS has in how it is shown. */
export interface ProxiedDevice {
  readonly view: PrinterView;
  /** As asked for by the ACS or the operator. */
  presentation(): PresentationWord;
  /** As it is. */
  presentedAs(): Exclude<PresentationWord, "Auto">;
  /** Resolves when the choice is on disk and the printer is shown so. */
  choose(presentation: PresentationWord): Promise<void>;
}

const presentationDefinition: ParameterDefinition = {
  name: "Presentation",
  type: "string",
  access: "readWrite",
  description: "How the printer is shown.",
  enumeration: presentationWords,
};

/**
 * `Device.ManagementServer.X_MFPGATE-ORG_ProxiedDevice.`: every printer the box looks after, however it is shown, with a
 * parameter by which the ACS changes that.
 */
export function proxiedDevicePart(rows: Rows<ProxiedDevice>): TreePart {
  const columns = new ColumnTable<ProxiedDevice>({
    path: table,
    count: `${server}X_MFPGATE-ORG_ProxiedDeviceNumberOfEntries`,
    rows,
    columns: [
      textColumn("Manufacturer", ({ view }) => view.identity.manufacturer),
      textColumn("ModelName", ({ view }) => view.identity.productClass),
      { ...textColumn("Presentation", (device) => device.presentation()), writable: true },
      textColumn("PresentedAs", (device) => device.presentedAs()),
      textColumn("ProxiedDeviceID", ({ view }) => view.id),
      textColumn("SerialNumber", ({ view }) => view.identity.serialNumber),
    ],
  });
  /** Being set by the ACS, to which they are no news. */
  const underWay = new Set<string>();
  return {
    tables: columns.tables,
    nodes: () => columns.nodes(),
    typeNodes: () => columns.typeNodes(),
    get: (path) => columns.get(path),
    onChange: (listener) =>
      columns.onChange((paths) => {
        listener(paths.filter((path) => !underWay.has(path)));
      }),
    validate: (assignment) =>
      assignmentFault(assignment, {
        definition: presentationDefinition,
        writable: assignment.path.endsWith(".Presentation"),
      }),
    write: async (assignments) => {
      for (const { path } of assignments) underWay.add(path);
      try {
        return await choose(assignments, rows);
      } finally {
        for (const { path } of assignments) underWay.delete(path);
      }
    },
  };
}

function choose(
  assignments: readonly Assignment[],
  rows: Rows<ProxiedDevice>,
): Promise<TreeWriteResult> {
  return storedWrite("the presentation", async () => {
    const before: { readonly row: ProxiedDevice; readonly word: PresentationWord }[] = [];
    try {
      for (const { path, value } of assignments) {
        const row = rows.get(parseRowPath(table, path)?.instance ?? 0);
        const word = presentationWords.find((candidate) => candidate === value);
        if (row === undefined || word === undefined) continue;
        before.unshift({ row, word: row.presentation() });
        await row.choose(word);
      }
    } catch (error) {
      await chooseAgain(before);
      throw error;
    }
  });
}

/** What one choice refused must not leave the others behind. */
async function chooseAgain(
  before: readonly { readonly row: ProxiedDevice; readonly word: PresentationWord }[],
): Promise<void> {
  for (const { row, word } of before) {
    try {
      await row.choose(word);
    } catch (error) {
      log.error("presentation not put back after a failed write", { device: row.view.id, error });
    }
  }
}
