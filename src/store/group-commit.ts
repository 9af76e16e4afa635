import { StoreError, asStoreError } from "./errors.ts";
import { type Db, type Tx, inTransaction, run } from "./kysely.ts";

/** Reads and writes of one caller; all of it commits or none. May run twice, so it must not change anything but the database. */
export type Work<Result> = (tx: Tx) => Promise<Result>;

/** Runs work on the one connection of the store. */
export interface Transactor {
  /** Resolves when what `work` wrote is on disk. @throws {StoreError} or what `work` threw; then nothing was changed */
  transact<Result>(work: Work<Result>): Promise<Result>;
}

interface Job {
  /** Does the work; returns what hands its result to the caller once it is on disk. */
  readonly perform: (tx: Tx) => Promise<() => void>;
  readonly reject: (error: unknown) => void;
}

type Outcome =
  | { readonly job: Job; readonly deliver: () => void }
  | { readonly job: Job; readonly error: unknown };

/** Jobs per transaction: bounds how long one group keeps the event loop busy (a job takes about 0.1 ms). */
const groupLimit = 64;

/** Jobs waiting at most; a start-up that loads 10,000 endpoints at once must fit. */
const queueLimit = 100_000;

/**
 * The single writer. Everything asked for in one turn of the event loop shares a transaction, hence one disk sync; when
 * idle a job starts in the same turn. No timer is involved: while a sync blocks, the next group gathers by itself.
 */
export class GroupCommit implements Transactor {
  readonly #db: Db;
  readonly #isInTransaction: () => boolean;
  readonly #path: string;
  readonly #queue: Job[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  /** `isInTransaction` asks the connection below `db`; `path` is for messages. */
  constructor(db: Db, isInTransaction: () => boolean, path: string) {
    this.#db = db;
    this.#isInTransaction = isInTransaction;
    this.#path = path;
  }

  transact<Result>(work: Work<Result>): Promise<Result> {
    if (this.#closed) return Promise.reject(closedError(this.#path));
    if (this.#queue.length >= queueLimit) return Promise.reject(overloadedError(this.#path));
    return new Promise<Result>((resolve, reject) => {
      const perform = async (tx: Tx): Promise<() => void> => {
        const result = await work(tx);
        return () => {
          resolve(result);
        };
      };
      this.#queue.push({ perform, reject });
      this.#running ??= this.#drain();
    });
  }

  /** Lets what was asked for finish and refuses everything after. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #drain(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        await nextTurn();
        await this.#commit(this.#queue.splice(0, groupLimit));
      }
    } finally {
      this.#running = undefined;
    }
  }

  /** Commits a group; when the transaction as a whole is lost, each job gets one of its own. */
  async #commit(group: readonly Job[]): Promise<void> {
    try {
      settle(await this.#attempt(group), this.#path);
    } catch (error) {
      if (group.length === 1) {
        group[0]?.reject(asStoreError(error, this.#path));
        return;
      }
      for (const job of group) await this.#commit([job]);
    }
  }

  #attempt(group: readonly Job[]): Promise<readonly Outcome[]> {
    return inTransaction(this.#db, this.#isInTransaction, async (tx) => {
      const [only] = group;
      if (group.length === 1 && only !== undefined)
        return [{ job: only, deliver: await only.perform(tx) }];
      const outcomes: Outcome[] = [];
      for (const job of group) outcomes.push(await runGuarded(tx, job));
      return outcomes;
    });
  }
}

/** Runs one job of several behind a savepoint, so that its failure takes only its own writes back. */
async function runGuarded(tx: Tx, job: Job): Promise<Outcome> {
  await run(tx, "SAVEPOINT job");
  try {
    const deliver = await job.perform(tx);
    await run(tx, "RELEASE job");
    return { job, deliver };
  } catch (error) {
    await run(tx, "ROLLBACK TO job");
    await run(tx, "RELEASE job");
    return { job, error };
  }
}

function settle(outcomes: readonly Outcome[], path: string): void {
  for (const outcome of outcomes) {
    if ("error" in outcome) outcome.job.reject(asStoreError(outcome.error, path));
    else outcome.deliver();
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function closedError(path: string): StoreError {
  return new StoreError("store.closed", `${path}: the store is closed`);
}

function overloadedError(path: string): StoreError {
  return new StoreError(
    "store.overloaded",
    `${path}: ${queueLimit} changes wait already; the disk is too slow for this fleet`,
  );
}
