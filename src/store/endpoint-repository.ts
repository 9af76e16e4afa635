import type { Transactor } from "./group-commit.ts";
import { isStrings, parseStored } from "./json.ts";
import { type Tx, run } from "./kysely.ts";
import { type SecretBox, isSecretName } from "./secret-box.ts";

/** Row types as CWMP states them (`cwmp/endpoint-store.ts`); equal structurally, checked in `ports.test.ts`. */
export interface EndpointAttribute {
  readonly path: string;
  readonly notification: number;
  readonly accessList: readonly string[];
}

/** Everything of one endpoint. */
export interface EndpointState {
  /** Oldest first. */
  readonly events: readonly {
    readonly id: number;
    readonly eventCode: string;
    readonly commandKey: string;
  }[];
  readonly attributes: readonly EndpointAttribute[];
  readonly pendingChanges: readonly string[];
  readonly reported: ReadonlyMap<string, string>;
  readonly settings: ReadonlyMap<string, string>;
}

/** One atomic change; what is absent stays. */
export interface EndpointStateChange {
  readonly addEvents?: readonly { readonly eventCode: string; readonly commandKey: string }[];
  readonly removeEvents?: readonly number[];
  readonly setAttributes?: readonly EndpointAttribute[];
  readonly removeAttributes?: readonly string[];
  readonly addPendingChanges?: readonly string[];
  readonly removePendingChanges?: readonly string[];
  readonly setReported?: ReadonlyMap<string, string>;
  readonly removeReported?: readonly string[];
  readonly setSettings?: ReadonlyMap<string, string | undefined>;
}

/** State of CWMP endpoints: events, attributes, what was reported, settings. Passwords are encrypted. */
export class EndpointRepository {
  readonly #transactor: Transactor;
  readonly #secrets: SecretBox;

  constructor(transactor: Transactor, secrets: SecretBox) {
    this.#transactor = transactor;
    this.#secrets = secrets;
  }

  /** Everything of one endpoint; empty for one never seen. */
  load(endpointId: string): Promise<EndpointState> {
    return this.#transactor.transact(async (tx) => ({
      events: await loadEvents(tx, endpointId),
      attributes: await loadAttributes(tx, endpointId),
      pendingChanges: await loadPending(tx, endpointId),
      reported: await loadReported(tx, endpointId),
      settings: await this.#loadSettings(tx, endpointId),
    }));
  }

  /** Applies all of `change` or nothing; resolves, with the ids of `addEvents` in order, when it is on disk. */
  commit(endpointId: string, change: EndpointStateChange): Promise<readonly number[]> {
    return this.#transactor.transact(async (tx) => {
      const ids = await changeEvents(tx, endpointId, change);
      await changeAttributes(tx, endpointId, change);
      await changePending(tx, endpointId, change);
      await changeReported(tx, endpointId, change);
      for (const [name, value] of change.setSettings ?? [])
        await this.#setSetting(tx, endpointId, name, value);
      return ids;
    });
  }

  /** Forgets an endpoint. */
  remove(endpointId: string): Promise<void> {
    return this.#transactor.transact(async (tx) => {
      await tx.deleteFrom("endpoint_events").where("endpoint", "=", endpointId).execute();
      await tx.deleteFrom("endpoint_attributes").where("endpoint", "=", endpointId).execute();
      await tx.deleteFrom("endpoint_pending").where("endpoint", "=", endpointId).execute();
      await tx.deleteFrom("endpoint_reported").where("endpoint", "=", endpointId).execute();
      await tx.deleteFrom("endpoint_settings").where("endpoint", "=", endpointId).execute();
      await tx.deleteFrom("transfers").where("endpoint", "=", endpointId).execute();
    });
  }

  async #loadSettings(tx: Tx, endpoint: string): Promise<ReadonlyMap<string, string>> {
    const rows = await run<{ name: string; value: string; sealed: number }>(
      tx,
      "SELECT name, value, sealed FROM endpoint_settings WHERE endpoint = ?",
      [endpoint],
    );
    return new Map(
      rows.map(({ name, value, sealed }) => [
        name,
        sealed === 1 ? this.#secrets.open(value, place(endpoint, name)) : value,
      ]),
    );
  }

  async #setSetting(
    tx: Tx,
    endpoint: string,
    name: string,
    value: string | undefined,
  ): Promise<void> {
    if (value === undefined) {
      await run(tx, "DELETE FROM endpoint_settings WHERE endpoint = ? AND name = ?", [
        endpoint,
        name,
      ]);
      return;
    }
    const isSecret = isSecretName(name);
    const kept = isSecret ? this.#secrets.seal(value, place(endpoint, name)) : value;
    await run(
      tx,
      "INSERT INTO endpoint_settings (endpoint, name, value, sealed) VALUES (?, ?, ?, ?) " +
        "ON CONFLICT (endpoint, name) DO UPDATE SET value = excluded.value, sealed = excluded.sealed",
      [endpoint, name, kept, isSecret ? 1 : 0],
    );
  }
}

function place(endpoint: string, name: string): string {
  return `endpoint ${endpoint} ${name}`;
}

async function loadEvents(tx: Tx, endpoint: string): Promise<EndpointState["events"]> {
  return run(
    tx,
    'SELECT id, event_code AS "eventCode", command_key AS "commandKey" FROM endpoint_events WHERE endpoint = ? ORDER BY id',
    [endpoint],
  );
}

async function loadAttributes(tx: Tx, endpoint: string): Promise<readonly EndpointAttribute[]> {
  const rows = await run<{ path: string; notification: number; access_list_json: string }>(
    tx,
    "SELECT path, notification, access_list_json FROM endpoint_attributes WHERE endpoint = ? ORDER BY path",
    [endpoint],
  );
  return rows.map(({ path, notification, access_list_json }) => ({
    path,
    notification,
    accessList: parseStored(access_list_json, `access list of ${path}`, isStrings),
  }));
}

async function loadPending(tx: Tx, endpoint: string): Promise<readonly string[]> {
  const rows = await run<{ path: string }>(
    tx,
    "SELECT path FROM endpoint_pending WHERE endpoint = ? ORDER BY path",
    [endpoint],
  );
  return rows.map(({ path }) => path);
}

async function loadReported(tx: Tx, endpoint: string): Promise<ReadonlyMap<string, string>> {
  const rows = await run<{ path: string; value: string }>(
    tx,
    "SELECT path, value FROM endpoint_reported WHERE endpoint = ?",
    [endpoint],
  );
  return new Map(rows.map(({ path, value }) => [path, value]));
}

/** Ids of the events added, in order. */
async function changeEvents(
  tx: Tx,
  endpoint: string,
  { removeEvents = [], addEvents = [] }: EndpointStateChange,
): Promise<readonly number[]> {
  for (const id of removeEvents)
    await run(tx, "DELETE FROM endpoint_events WHERE id = ? AND endpoint = ?", [id, endpoint]);
  const ids: number[] = [];
  for (const event of addEvents) ids.push(await addEvent(tx, endpoint, event));
  return ids;
}

async function changeAttributes(
  tx: Tx,
  endpoint: string,
  { removeAttributes = [], setAttributes = [] }: EndpointStateChange,
): Promise<void> {
  for (const path of removeAttributes)
    await run(tx, "DELETE FROM endpoint_attributes WHERE endpoint = ? AND path = ?", [
      endpoint,
      path,
    ]);
  for (const attribute of setAttributes) await setAttribute(tx, endpoint, attribute);
}

async function changePending(
  tx: Tx,
  endpoint: string,
  { removePendingChanges = [], addPendingChanges = [] }: EndpointStateChange,
): Promise<void> {
  for (const path of removePendingChanges)
    await run(tx, "DELETE FROM endpoint_pending WHERE endpoint = ? AND path = ?", [endpoint, path]);
  for (const path of addPendingChanges)
    await run(
      tx,
      "INSERT INTO endpoint_pending (endpoint, path) VALUES (?, ?) ON CONFLICT DO NOTHING",
      [endpoint, path],
    );
}

async function changeReported(
  tx: Tx,
  endpoint: string,
  { removeReported = [], setReported = new Map() }: EndpointStateChange,
): Promise<void> {
  for (const path of removeReported)
    await run(tx, "DELETE FROM endpoint_reported WHERE endpoint = ? AND path = ?", [
      endpoint,
      path,
    ]);
  for (const [path, value] of setReported)
    await run(
      tx,
      "INSERT INTO endpoint_reported (endpoint, path, value) VALUES (?, ?, ?) " +
        "ON CONFLICT (endpoint, path) DO UPDATE SET value = excluded.value",
      [endpoint, path, value],
    );
}

async function addEvent(
  tx: Tx,
  endpoint: string,
  event: { readonly eventCode: string; readonly commandKey: string },
): Promise<number> {
  const { insertId } = await tx
    .insertInto("endpoint_events")
    .values({ id: null, endpoint, event_code: event.eventCode, command_key: event.commandKey })
    .executeTakeFirstOrThrow();
  return Number(insertId);
}

async function setAttribute(tx: Tx, endpoint: string, attribute: EndpointAttribute): Promise<void> {
  await run(
    tx,
    "INSERT INTO endpoint_attributes (endpoint, path, notification, access_list_json) VALUES (?, ?, ?, ?) " +
      "ON CONFLICT (endpoint, path) DO UPDATE SET notification = excluded.notification, " +
      "access_list_json = excluded.access_list_json",
    [endpoint, attribute.path, attribute.notification, JSON.stringify(attribute.accessList)],
  );
}
