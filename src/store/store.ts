import type { Shape } from "../model/snapshot.ts";
import type { Clock } from "../shared/clock.ts";
import { AuditLog } from "./audit-log.ts";
import { type DataDir, claimDataDir } from "./data-dir.ts";
import { EndpointRepository } from "./endpoint-repository.ts";
import { asStoreError } from "./errors.ts";
import { EventLog } from "./event-log.ts";
import { GroupCommit } from "./group-commit.ts";
import { InstanceNumbers } from "./instance-numbers.ts";
import { createDb } from "./kysely.ts";
import {
  type MaintenanceReport,
  type Retention,
  defaultRetention,
  maintain,
} from "./maintenance.ts";
import { MeterRepository } from "./meter-chain.ts";
import { migrate } from "./migrations.ts";
import { PresentationRepository } from "./presentation-repository.ts";
import { PrinterMemory } from "./printer-memory.ts";
import { PrinterRepository } from "./printer-repository.ts";
import { type PrinterStorage, createPrinterStorage } from "./printer-storage.ts";
import type { SecretBox } from "./secret-box.ts";
import { Settings } from "./settings.ts";
import { SnapshotRepository } from "./snapshot-repository.ts";
import { type SqliteFile, openSqliteFile } from "./sqlite-file.ts";
import { TransferRepository } from "./transfer-repository.ts";
import { WriteJournal } from "./write-journal.ts";

/** What the store needs to know. */
export interface StoreOptions {
  /** Created with mode 0700 when missing. */
  readonly dataDir: string;
  readonly clock: Clock;
  /** Replaces a shape read from disk by the equal one the model already holds; the shape itself unless told. */
  readonly internShape?: (shape: Shape) => Shape;
  readonly retention?: Partial<Retention>;
  /** The database is never grown beyond this; a write that would fails with `store.disk-full`. */
  readonly maxDatabaseBytes?: number;
}

/** Everything the service keeps. Each repository method resolves when its data is on disk. */
export interface Store {
  /** Implements `EndpointStore` of the CWMP room. */
  readonly endpoints: EndpointRepository;
  /** Implements `TransferStore` of the CWMP room. */
  readonly transfers: TransferRepository;
  /** Implements `PrinterStore` of the fleet. */
  readonly printers: PrinterStorage;
  readonly snapshots: SnapshotRepository;
  readonly meters: MeterRepository;
  readonly instances: InstanceNumbers;
  readonly events: EventLog;
  readonly audit: AuditLog;
  readonly settings: Settings;
  /** Implements `CommandStore` of the presentation. */
  readonly presentation: PresentationRepository;
  /** Thins what is older than the retention. Run it once a day. */
  maintain(): Promise<MaintenanceReport>;
  /** Finishes what was asked for, closes the database and gives the directory back. */
  close(): Promise<void>;
}

const busyTimeoutMs = 2_000;

const keyCheckPlace = "the key check";

/**
 * Opens the store in `dataDir`, creating it the first time and bringing an older one up to date.
 *
 * @throws {StoreError} `store.locked` (another process), `store.newer`, `store.corrupt`, `store.wrong-key`,
 * `store.missing-key`, `store.not-accessible`, `store.read-only`, `store.disk-full`; nothing stays open then
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const dataDir = claimDataDir(options.dataDir);
  let file: SqliteFile | undefined;
  try {
    file = openSqliteFile(dataDir.databasePath, {
      busyTimeoutMs,
      maxBytes: options.maxDatabaseBytes,
    });
    migrate(file, dataDir.databasePath, options.clock.nowMs());
    const store = joinRepositories(options, dataDir, file);
    await checkKey(store.settings, dataDir.secrets);
    return store;
  } catch (error) {
    file?.close();
    dataDir.release();
    throw asStoreError(error, dataDir.databasePath);
  }
}

function joinRepositories(options: StoreOptions, dataDir: DataDir, file: SqliteFile): Store {
  const { clock } = options;
  const { secrets } = dataDir;
  const writer = new GroupCommit(createDb(file), file.inTransaction, dataDir.databasePath);
  const instances = new InstanceNumbers(writer);
  const snapshots = new SnapshotRepository(writer, options.internShape ?? ((shape) => shape));
  const meters = new MeterRepository(writer);
  const retention = { ...defaultRetention, ...options.retention };
  return {
    endpoints: new EndpointRepository(writer, secrets),
    transfers: new TransferRepository(writer, secrets),
    printers: createPrinterStorage({
      printers: new PrinterRepository(writer),
      journal: new WriteJournal(writer, secrets),
      memory: new PrinterMemory(writer, secrets),
      instances,
      snapshots,
    }),
    snapshots,
    meters,
    instances,
    events: new EventLog(writer, clock),
    audit: new AuditLog(writer, clock),
    settings: new Settings(writer, secrets),
    presentation: new PresentationRepository(writer, secrets),
    maintain: () => maintain(writer, meters, clock, retention),
    async close() {
      await writer.close();
      file.close();
      dataDir.release();
    },
  };
}

/** Tells a key file of another database at start instead of at the first secret. */
async function checkKey(settings: Settings, secrets: SecretBox): Promise<void> {
  const sealed = await settings.getOrCreate("keyCheck", () =>
    secrets.sealText("ok", keyCheckPlace),
  );
  secrets.openText(sealed, keyCheckPlace);
}
