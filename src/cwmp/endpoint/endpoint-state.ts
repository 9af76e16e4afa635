import { retentionOf } from "../events/events.ts";
import type { EndpointChange, EndpointStore, StoredAttribute } from "../endpoint-store.ts";
import type { EventEntry } from "../soap/message.ts";

/** One undelivered event. Without an id it lives in memory only. */
export interface LiveEvent extends EventEntry {
  readonly id: number | undefined;
}

/** Names of settings that are the engine's own; they begin with a lower-case letter, those of the data model do not. */
export const internalSettings = {
  /** ACS URL that has answered a `0 BOOTSTRAP`. */
  bootstrappedUrl: "bootstrappedUrl",
  /** Present once the first `1 BOOT` of this endpoint was queued. */
  isKnown: "isKnown",
  /** UDP connection requests accepted last; see `connection-request/udp/replay-guard.ts`. */
  replayGuard: "replayGuard",
  /** JSON of `PendingReboot[]`. */
  reboots: "reboots",
  /** Present while a FactoryReset is promised. */
  factoryReset: "factoryReset",
  /** JSON of `ScheduledInform[]`. */
  scheduledInforms: "scheduledInforms",
  /** Epoch milliseconds; present while DelayReboot counts. */
  delayedRebootAtMs: "delayedRebootAtMs",
  /** ACS URL, line feed, optional methods that ACS lists. */
  acsMethods: "acsMethods",
  /** Results of ChangeDUState still to be told; see `stored-requests.ts`. */
  duResults: "duResults",
  /** Transfers nobody ordered still to be told; see `stored-requests.ts`. */
  autonomousTransfers: "autonomousTransfers",
} as const;

/** What an endpoint keeps across restarts, in memory as on disk. Disk first: memory changes when the commit is durable. */
export class EndpointState {
  readonly endpointId: string;
  readonly #store: EndpointStore;
  #events: LiveEvent[] = [];
  readonly #attributes = new Map<string, StoredAttribute>();
  readonly #pendingChanges = new Set<string>();
  readonly #reported = new Map<string, string>();
  readonly #settings = new Map<string, string>();

  private constructor(store: EndpointStore, endpointId: string) {
    this.#store = store;
    this.endpointId = endpointId;
  }

  /** Reads everything of one endpoint. */
  static async load(store: EndpointStore, endpointId: string): Promise<EndpointState> {
    const stored = await store.load(endpointId);
    const state = new EndpointState(store, endpointId);
    state.#events = [...stored.events];
    state.#apply({
      setAttributes: stored.attributes,
      addPendingChanges: stored.pendingChanges,
      setReported: stored.reported,
      setSettings: stored.settings,
    });
    return state;
  }

  get events(): readonly LiveEvent[] {
    return this.#events;
  }

  get attributes(): ReadonlyMap<string, StoredAttribute> {
    return this.#attributes;
  }

  /** Paths changed since last reported. */
  get pendingChanges(): ReadonlySet<string> {
    return this.#pendingChanges;
  }

  /** Values last reported, of watched parameters. */
  get reported(): ReadonlyMap<string, string> {
    return this.#reported;
  }

  get settings(): ReadonlyMap<string, string> {
    return this.#settings;
  }

  /** Makes a change durable, then visible. Nothing happened when it rejects. An empty change costs nothing. */
  async commit(change: EndpointChange): Promise<void> {
    if (isEmpty(change)) return;
    const ids = await this.#store.commit(this.endpointId, change);
    const removed = new Set(change.removeEvents);
    this.#events = this.#events.filter(({ id }) => id === undefined || !removed.has(id));
    (change.addEvents ?? []).forEach((event, index) => {
      this.#events.push({ ...event, id: ids[index] });
    });
    this.#apply(change);
  }

  /** Adds an event in memory; {@link keepUndelivered} writes it if it could not be delivered. */
  noteEvent(eventCode: string): void {
    if (this.#events.some((event) => event.eventCode === eventCode)) return;
    this.#events.push({ id: undefined, eventCode, commandKey: "" });
  }

  /** Marks watched parameters as changed: in memory at once, so that a session starting now carries them. */
  async markChanged(paths: readonly string[]): Promise<void> {
    const added = paths.filter((path) => !this.#pendingChanges.has(path));
    for (const path of added) this.#pendingChanges.add(path);
    if (added.length > 0) {
      await this.#store.commit(this.endpointId, { addPendingChanges: added });
    }
  }

  /** Drops delivered events and applies what else follows from the delivery, in one commit at most. */
  async acknowledge(delivered: readonly LiveEvent[], change: EndpointChange): Promise<void> {
    const gone = new Set(delivered);
    this.#events = this.#events.filter((event) => !gone.has(event));
    const removeEvents = idsOf(delivered);
    await this.commit({ ...change, ...(removeEvents.length > 0 ? { removeEvents } : {}) });
  }

  /** After a failed session: forgets what is not retried, writes down what was in memory only. */
  async keepUndelivered(): Promise<void> {
    const kept = this.#events.filter(({ eventCode }) => retentionOf(eventCode) !== "drop");
    const unwritten = kept.filter(({ id }) => id === undefined);
    this.#events = kept.filter(({ id }) => id !== undefined);
    try {
      await this.commit({
        addEvents: unwritten.map(({ eventCode, commandKey }) => ({ eventCode, commandKey })),
      });
    } catch (error) {
      this.#events = [...this.#events, ...unwritten]; // still in memory, and tried again after the next failure
      throw error;
    }
  }

  /** Forgets events that live in memory only. */
  dropUnwritten(): void {
    this.#events = this.#events.filter(({ id }) => id !== undefined);
  }

  /** Ids of stored events for which `isMeant` holds. */
  eventIds(isMeant: (event: LiveEvent) => boolean): readonly number[] {
    return idsOf(this.#events.filter(isMeant));
  }

  /** Deletes everything of this endpoint from the store. */
  async forget(): Promise<void> {
    await this.#store.remove(this.endpointId);
  }

  #apply(change: EndpointChange): void {
    deleteAll(this.#attributes, change.removeAttributes);
    deleteAll(this.#reported, change.removeReported);
    deleteAll(this.#pendingChanges, change.removePendingChanges);
    for (const attribute of change.setAttributes ?? []) {
      this.#attributes.set(attribute.path, attribute);
    }
    for (const path of change.addPendingChanges ?? []) this.#pendingChanges.add(path);
    for (const [path, value] of change.setReported ?? []) this.#reported.set(path, value);
    for (const [name, value] of change.setSettings ?? []) {
      if (value === undefined) this.#settings.delete(name);
      else this.#settings.set(name, value);
    }
  }
}

function deleteAll(
  from: { delete(path: string): boolean },
  paths: readonly string[] | undefined = [],
): void {
  for (const path of paths) from.delete(path);
}

function idsOf(events: readonly LiveEvent[]): readonly number[] {
  return events.flatMap(({ id }) => (id === undefined ? [] : [id]));
}

function isEmpty(change: EndpointChange): boolean {
  return Object.values(change).every((part: readonly unknown[] | ReadonlyMap<string, unknown>) =>
    "size" in part ? part.size === 0 : part.length === 0,
  );
}
