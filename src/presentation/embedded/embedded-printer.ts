import { toPath } from "../../model/model.ts";
import { valueAt } from "../../model/shapes.ts";
import { toWire } from "../../model/values.ts";
import { errorText } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";
import { type PlacedPrinter } from "../proxier/placed-printer.ts";
import type { PrinterView, PrinterWrite } from "../printer-view.ts";
import type {
  Assignment,
  AssignmentFault,
  ProvisioningCode,
  TreeNode,
  TreeValue,
  TreeWriter,
} from "../tree.ts";
import type { VirtualEnvironment } from "../virtual/context.ts";
import { definitionAt } from "../virtual/layout.ts";
import { VirtualTree } from "../virtual/virtual-tree.ts";
import { modelWrites, splitWrites } from "../virtual/write.ts";
import type { CommandQueue, WriteReceipt } from "./command-queue.ts";

const log = logger("presentation.embedded.embedded-printer");

/** What an embedded printer is made of. */
export interface EmbeddedPrinterOptions extends PlacedPrinter {
  /** Its row in `Device.Services.X_MFPGATE-ORG_MFP.{i}.`. */
  readonly serviceRow: number;
  readonly commands: CommandQueue;
  readonly environment: VirtualEnvironment;
}

/** `Device.Services.X_MFPGATE-ORG_MFP.1.`, where all of a printer stands on a virtual device. */
const virtualRow = toPath("");

/** An embedded printer has no `DeviceInfo` of its own. */
const noProvisioningCode: ProvisioningCode = {
  get: () => "",
  set: () => Promise.reject(new RangeError("an embedded printer has no provisioning code")),
};

// One list for all printers of a kind, as there is one for all virtual devices of it.
const serviceNodes = new WeakMap<readonly TreeNode[], readonly TreeNode[]>();

/**
 * One printer as a row of the service object in the proxier's model. It is the service object of the same printer's
 * virtual device, so both show the same by construction; only writes differ, which wait for a printer that is away.
 * Paths here are relative to the row (`Supply.3.CurrentLevel`).
 */
export class EmbeddedPrinter implements PlacedPrinter {
  readonly view: PrinterView;
  readonly hostRow: number;
  readonly serviceRow: number;
  readonly commands: CommandQueue;
  readonly #tree: VirtualTree;
  /** Settings of mfpgate's own being set, which are no news. */
  #setting: ReadonlySet<string> = new Set();

  constructor({ view, hostRow, serviceRow, commands, environment }: EmbeddedPrinterOptions) {
    this.view = view;
    this.hostRow = hostRow;
    this.serviceRow = serviceRow;
    this.commands = commands;
    this.#tree = new VirtualTree({ view, environment, provisioningCode: noProvisioningCode });
  }

  /** Everything below the row; the same array for all printers of a kind. */
  nodes(): readonly TreeNode[] {
    const all = this.#tree.nodes();
    let nodes = serviceNodes.get(all);
    if (nodes === undefined) {
      nodes = all
        .filter(({ path }) => path.startsWith(virtualRow) && path.length > virtualRow.length)
        .map((node) => ({ ...node, path: node.path.slice(virtualRow.length) }));
      serviceNodes.set(all, nodes);
    }
    return nodes;
  }

  /** Nodes as on the printer's virtual device, for its device type. */
  typeNodes(): readonly TreeNode[] {
    return this.#tree.nodes();
  }

  /** The value promised to the ACS, or else the printer's. */
  get(name: string): TreeValue | undefined {
    const found = this.#tree.get(virtualRow + name);
    if (found === undefined) return undefined;
    const pending = this.commands.pendingValue(found.path);
    if (pending === undefined || definitionAt(found.path)?.hidden === true) return found;
    return { ...found, value: toWire(pending, found.type) };
  }

  refresh(names: readonly string[], deadlineMs: number): Promise<void> {
    return this.#tree.refresh(
      names.map((name) => virtualRow + name),
      deadlineMs,
    );
  }

  validate(assignment: Assignment): AssignmentFault | undefined {
    return this.#tree.validate({ ...assignment, path: virtualRow + assignment.path });
  }

  /** Writes what was validated; the paths of failures are relative to the row. */
  async write(assignments: readonly Assignment[], who: TreeWriter = "acs"): Promise<WriteReceipt> {
    const absolute = assignments.map(({ path, value }) => ({ path: virtualRow + path, value }));
    const writes = modelWrites(absolute);
    if (typeof writes === "string")
      return {
        outcome: "failed",
        failures: [{ path: relative(writes), reason: "is no value for it" }],
      };
    const receipt = await this.#write(writes, who);
    if (receipt.outcome !== "failed") return receipt;
    const failures = receipt.failures.map(({ path, ...why }) => ({ path: relative(path), ...why }));
    const notUndone = receipt.notUndone?.map(relative);
    return { ...receipt, failures, ...(notUndone === undefined ? {} : { notUndone }) };
  }

  /**
   * How mfpgate talks to the printer is set at once and last, whatever waits for the printer: it may be what keeps the
   * printer away.
   */
  async #write(writes: readonly PrinterWrite[], who: TreeWriter): Promise<WriteReceipt> {
    const { interaction, ofPrinter } = splitWrites(writes);
    if (interaction.length === 0) return this.commands.write(ofPrinter, who);
    const own = this.view.interaction;
    const failures = own.objections(interaction);
    if (failures.length > 0) {
      await own.noteRefusal(interaction, failures, { who });
      return { outcome: "failed", failures };
    }
    const receipt = ofPrinter.length === 0 ? nothing : await this.commands.write(ofPrinter, who);
    if (!("undo" in receipt)) return receipt;
    this.#setting = new Set(interaction.map(({ path }) => path));
    try {
      const set = await own.set(interaction, { who });
      if (set.outcome === "applied") return { ...receipt, undo: inTurn(set.undo, receipt.undo) };
      await receipt.undo();
      return set;
    } catch (error) {
      log.error("settings not stored", { device: this.view.id, error });
      await receipt.undo();
      const reason = `could not be stored: ${errorText(error)}`;
      return { outcome: "failed", failures: interaction.map(({ path }) => ({ path, reason })) };
    } finally {
      this.#setting = new Set();
    }
  }

  /** Tells the names of parameters that changed, other than by the write of the ACS itself. */
  onChange(listener: (names: readonly string[]) => void): () => void {
    const tell = (paths: readonly string[]): void => {
      const names = paths.filter((path) => path.startsWith(virtualRow)).map(relative);
      if (names.length > 0) listener(names);
    };
    const unsubscribers = [
      this.#tree.onChange((paths) => {
        tell(paths.filter((path) => !this.#isOwnWrite(path)));
      }),
      this.commands.onChange(tell),
    ];
    return () => {
      for (const unsubscribe of unsubscribers) unsubscribe();
    };
  }

  #isOwnWrite(path: string): boolean {
    if (this.#setting.has(path)) return true;
    return this.commands.isWriting(path, valueAt(this.view.snapshot(), path));
  }
}

/** Of a write that concerns only how mfpgate talks to the printer. */
const nothing: WriteReceipt = { outcome: "applied", undo: () => Promise.resolve() };

function inTurn(first: () => Promise<void>, second: () => Promise<void>): () => Promise<void> {
  return async () => {
    try {
      await first();
    } finally {
      await second();
    }
  };
}

function relative(path: string): string {
  return path.slice(virtualRow.length);
}
