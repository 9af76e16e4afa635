import type { Transactor } from "./group-commit.ts";
import { type Tx, run } from "./kysely.ts";
import { type SecretBox, isSecretName } from "./secret-box.ts";

/**
 * Small values of the service itself: the proxier's serial number when `auto`, the API token, connection-request paths.
 * Names that end in a secret word (`api.token`) are encrypted.
 */
export class Settings {
  readonly #transactor: Transactor;
  readonly #secrets: SecretBox;

  constructor(transactor: Transactor, secrets: SecretBox) {
    this.#transactor = transactor;
    this.#secrets = secrets;
  }

  get(name: string): Promise<string | undefined> {
    return this.#transactor.transact((tx) => this.#load(tx, name));
  }

  set(name: string, value: string): Promise<void> {
    return this.#transactor.transact((tx) => this.#save(tx, name, value));
  }

  /** The value kept, or `create()` kept from now on. */
  getOrCreate(name: string, create: () => string): Promise<string> {
    return this.#transactor.transact(async (tx) => {
      const known = await this.#load(tx, name);
      if (known !== undefined) return known;
      const value = create();
      await this.#save(tx, name, value);
      return value;
    });
  }

  remove(name: string): Promise<void> {
    return this.#transactor.transact(async (tx) => {
      await run(tx, "DELETE FROM settings WHERE name = ?", [name]);
    });
  }

  async #load(tx: Tx, name: string): Promise<string | undefined> {
    const [row] = await run<{ value: string; sealed: number }>(
      tx,
      "SELECT value, sealed FROM settings WHERE name = ?",
      [name],
    );
    if (row === undefined) return undefined;
    return row.sealed === 1 ? this.#secrets.open(row.value, place(name)) : row.value;
  }

  async #save(tx: Tx, name: string, value: string): Promise<void> {
    const isSecret = isSecretName(name);
    const kept = isSecret ? this.#secrets.seal(value, place(name)) : value;
    await run(
      tx,
      "INSERT INTO settings (name, value, sealed) VALUES (?, ?, ?) " +
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value, sealed = excluded.sealed",
      [name, kept, isSecret ? 1 : 0],
    );
  }
}

function place(name: string): string {
  return `setting ${name}`;
}
