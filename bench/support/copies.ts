import { hasMeterChange, meterReading } from "../../src/fleet/counter-guard.ts";
import { freezeIdentity, printerId } from "../../src/fleet/identity.ts";
import { type LaidOut, type MergeOptions, layOut, merge } from "../../src/fleet/merge.ts";
import type { PrinterStore, StoredPrinter } from "../../src/fleet/printer-store.ts";
import { RowNumbers } from "../../src/fleet/row-numbers.ts";
import type { CompiledMapping } from "../../src/mapping/evaluation.ts";
import { ShapeRegistry, diffSnapshots } from "../../src/model/shapes.ts";
import { pollClasses } from "../../src/model/snapshot.ts";
import { PrinterAgeing } from "../../src/simulator/ageing.ts";
import { giveCopyIdentity } from "../../src/simulator/copy-identity.ts";
import { MibView } from "../../src/simulator/mib-view.ts";
import type { SimulatedAddress } from "../../src/simulator/printer-fleet.ts";
import { type Recording, loadRecording } from "../../src/simulator/recording.ts";
import { RecordedAnswers } from "../../src/southbound/snmp/recorded-answers.ts";
import type { RowEnvironment } from "../row.ts";
import { recordingPath } from "./recording.ts";
import { credential, shippedMappings } from "./site.ts";

/** What a poll hands to `PrinterStore.saveSnapshot`. */
export type SnapshotToSave = Parameters<PrinterStore["saveSnapshot"]>;

/**
 * Printers of one model, each with its own serial number, addresses and names, read and mapped without a network. The
 * simulator's agents number their copies alike.
 */
export class PrinterCopies {
  /** Row keys by table, in the order of their instance numbers. */
  readonly rows: ReadonlyMap<string, readonly string[]>;
  readonly #recording: Recording;
  readonly #mapping: CompiledMapping;
  readonly #merging: MergeOptions;
  /** Copy 0; the others have the same parameters. */
  readonly #first: LaidOut;

  private constructor(parts: {
    readonly recording: Recording;
    readonly mapping: CompiledMapping;
    readonly merging: MergeOptions;
    readonly first: LaidOut;
    readonly rows: ReadonlyMap<string, readonly string[]>;
  }) {
    this.rows = parts.rows;
    this.#recording = parts.recording;
    this.#mapping = parts.mapping;
    this.#merging = parts.merging;
    this.#first = parts.first;
  }

  static async load(environment: RowEnvironment): Promise<PrinterCopies> {
    const mappings = await shippedMappings(environment);
    const recording = await loadRecording(recordingPath(environment));
    const answers = answersOf(new MibView(recording), 0);
    const mapping = mappings.select(answers);
    const rows = new Map<string, readonly string[]>();
    const numbers = await RowNumbers.load(numbering(rows), recording.name);
    const shapes = new ShapeRegistry();
    const merging: MergeOptions = {
      shapes,
      rows: numbers,
      isWritable: (template) => mapping.writable.has(template),
    };
    const first = await merge(layOut([], {}, merging), readingOf(mapping, answers), merging);
    return new PrinterCopies({ recording, mapping, merging, first, rows });
  }

  /** Copy `n`, switched on and unread. */
  copy(n: number): PrinterCopy {
    const mib = new MibView(this.#recording);
    giveCopyIdentity(mib, n);
    return new PrinterCopy(mib, this.#mapping, this.#merging, this.#first);
  }
}

/** One printer. */
export class PrinterCopy {
  readonly #mib: MibView;
  readonly #mapping: CompiledMapping;
  readonly #merging: MergeOptions;
  #known: LaidOut;
  #isRead = false;

  constructor(mib: MibView, mapping: CompiledMapping, merging: MergeOptions, first: LaidOut) {
    this.#mib = mib;
    this.#mapping = mapping;
    this.#merging = merging;
    this.#known = first;
  }

  /** As the fleet would have adopted it. @throws {Error} when it would not */
  adoptedAt({ host, port }: SimulatedAddress, nowMs: number): StoredPrinter {
    const frozen = freezeIdentity(this.#mapping.identity(answersOf(this.#mib, nowMs)));
    if (frozen.outcome === "refused") throw new Error(frozen.reason);
    return {
      ...frozen.identity,
      id: printerId(frozen.identity, () => false),
      host,
      snmpPort: port,
      ews: undefined,
      credential,
      mapping: this.#mapping.selected.name,
      discoveredBy: "snmp",
      state: "active",
      isUnreachable: false,
      lastContactMs: nowMs,
      adoptedAtMs: nowMs,
      upTime: undefined,
    };
  }

  print(pages: number): void {
    new PrinterAgeing(this.#mib).print(pages);
  }

  /** Reads everything; what a poll would save, everything being new the first time. */
  async read(id: string, nowMs: number): Promise<SnapshotToSave> {
    const reading = readingOf(this.#mapping, answersOf(this.#mib, nowMs));
    const { layout, snapshot, changes } = await merge(this.#known, reading, this.#merging);
    this.#known = { layout, snapshot };
    const news = this.#isRead ? changes : diffSnapshots(undefined, snapshot);
    this.#isRead = true;
    const changed = news.map(({ path, after }) => ({ path, value: after }));
    if (!hasMeterChange(news)) return [id, snapshot, changed];
    return [id, snapshot, changed, meterReading(layout, snapshot, nowMs)];
  }
}

function answersOf(mib: MibView, readAtMs: number): RecordedAnswers {
  const varbinds = mib.recording.varbinds.map((varbind) => {
    const value = mib.get(varbind.oid);
    return value === undefined ? varbind : { ...varbind, value };
  });
  return new RecordedAnswers({ varbinds, skipped: [] }, readAtMs);
}

function readingOf(
  mapping: CompiledMapping,
  answers: RecordedAnswers,
): Parameters<typeof merge>[1] {
  return {
    evaluation: mapping.evaluate(answers, pollClasses),
    classes: pollClasses,
    incomplete: new Set(),
    readAtMs: answers.readAtMs,
    isNewMapping: false,
  };
}

/** Numbers rows from 1 and notes them in `given`. */
function numbering(
  given: Map<string, readonly string[]>,
): Pick<PrinterStore, "instances" | "assignInstances"> {
  return {
    instances: () => Promise.resolve([]),
    assignInstances: (_printerId, table, rowKeys) => {
      given.set(table, rowKeys);
      return Promise.resolve(new Map(rowKeys.map((rowKey, n) => [rowKey, n + 1])));
    },
  };
}
