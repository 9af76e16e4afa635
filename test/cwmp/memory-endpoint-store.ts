import type {
  EndpointChange,
  EndpointStore,
  PendingEvent,
  StoredAttribute,
  StoredEndpoint,
} from "../../src/cwmp/endpoint-store.ts";

interface Kept {
  events: PendingEvent[];
  attributes: Map<string, StoredAttribute>;
  pendingChanges: Set<string>;
  reported: Map<string, string>;
  settings: Map<string, string>;
}

/** A complete EndpointStore that keeps everything in maps: what a "disk" is to tests that restart an endpoint. */
export class MemoryEndpointStore implements EndpointStore {
  /** Commits so far, for tests that count them. */
  commits = 0;
  /** While true, every commit rejects as a full disk would make it. */
  isFull = false;
  readonly #kept = new Map<string, Kept>();
  #lastId = 0;

  load(endpointId: string): Promise<StoredEndpoint> {
    const kept = this.#of(endpointId);
    return Promise.resolve({
      events: [...kept.events],
      attributes: [...kept.attributes.values()],
      pendingChanges: [...kept.pendingChanges],
      reported: new Map(kept.reported),
      settings: new Map(kept.settings),
    });
  }

  commit(endpointId: string, change: EndpointChange): Promise<readonly number[]> {
    if (this.isFull) return Promise.reject(new Error("disk full"));
    this.commits += 1;
    const kept = this.#of(endpointId);
    kept.events = kept.events.filter(({ id }) => change.removeEvents?.includes(id) !== true);
    const added = (change.addEvents ?? []).map((event) => ({ ...event, id: ++this.#lastId }));
    kept.events.push(...added);
    deleteAll(kept.attributes, change.removeAttributes);
    deleteAll(kept.reported, change.removeReported);
    deleteAll(kept.pendingChanges, change.removePendingChanges);
    for (const attribute of change.setAttributes ?? []) {
      kept.attributes.set(attribute.path, attribute);
    }
    for (const path of change.addPendingChanges ?? []) kept.pendingChanges.add(path);
    for (const [path, value] of change.setReported ?? []) kept.reported.set(path, value);
    for (const [name, value] of change.setSettings ?? []) {
      if (value === undefined) kept.settings.delete(name);
      else kept.settings.set(name, value);
    }
    return Promise.resolve(added.map(({ id }) => id));
  }

  remove(endpointId: string): Promise<void> {
    this.#kept.delete(endpointId);
    return Promise.resolve();
  }

  #of(endpointId: string): Kept {
    let kept = this.#kept.get(endpointId);
    if (kept === undefined) {
      kept = {
        events: [],
        attributes: new Map(),
        pendingChanges: new Set(),
        reported: new Map(),
        settings: new Map(),
      };
      this.#kept.set(endpointId, kept);
    }
    return kept;
  }
}

function deleteAll(
  from: { delete(path: string): boolean },
  paths: readonly string[] | undefined = [],
): void {
  for (const path of paths) from.delete(path);
}
