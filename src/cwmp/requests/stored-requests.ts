import { randomUUID } from "node:crypto";
import { logger } from "../../shared/log.ts";
import type { CpeRequest } from "./cpe-requests.ts";
import type { EndpointState } from "../endpoint/endpoint-state.ts";
import { acsFaults } from "../faults.ts";
import { hasMembers, storedList, withList } from "../endpoint/stored-list.ts";

const log = logger("cwmp.requests.stored-requests");

/** What one kind of stored request is. */
export interface StoredRequestKind<Item> {
  /** Name of the setting that keeps the items. */
  readonly setting: string;
  isItem(value: unknown): value is Item;
  /** How the ACS is told of an item. */
  toldBy(item: Item): Pick<CpeRequest, "message" | "events">;
}

interface Stored<Item> {
  /** Never used again, so that a request is not taken for that of an item since forgotten. */
  readonly id: string;
  readonly item: Item;
}

const none: readonly CpeRequest[] = [];

/** Things the ACS is to be told, on disk from the moment they count until it has answered. */
export class StoredRequests<Item> {
  readonly #state: EndpointState;
  readonly #kind: StoredRequestKind<Item>;
  /** By id; a request is the same object until it is settled. */
  #requests: Map<string, CpeRequest> | undefined;
  /** The change under way: each begins with what the one before left. */
  #changing: Promise<void> | undefined;

  constructor(state: EndpointState, kind: StoredRequestKind<Item>) {
    this.#state = state;
    this.#kind = kind;
  }

  /** How many are still to be told. */
  get count(): number {
    return this.#stored().length;
  }

  /** Adds an item; on disk when it resolves. With `most` as many are kept, and the oldest goes. */
  add(item: Item, { id = newRequestId(), most = Infinity } = {}): Promise<void> {
    if (this.count >= most) {
      const fields = { device: this.#state.endpointId, what: this.#kind.setting, most };
      log.warn("too much waits for the ACS, the oldest is dropped", fields);
    }
    return this.#change((stored) => [...stored, { id, item }].slice(-most));
  }

  /** One request per item that is not `held`, oldest first. */
  pending(held?: ReadonlySet<string>): readonly CpeRequest[] {
    if (!this.#state.settings.has(this.#kind.setting)) return none;
    const known = this.#requests;
    // Made anew, so that what was forgotten otherwise (a reset, another ACS) is forgotten here too.
    const requests = new Map(
      this.#stored().map((stored) => [stored.id, known?.get(stored.id) ?? this.#requestOf(stored)]),
    );
    this.#requests = requests;
    return [...requests].flatMap(([id, request]) => (held?.has(id) === true ? [] : [request]));
  }

  #requestOf({ id, item }: Stored<Item>): CpeRequest {
    return {
      ...this.#kind.toldBy(item),
      settled: async (answer) => {
        // An ACS that does not know the method never will; any other fault leaves it for the next session.
        if (answer.method === "Fault" && answer.code !== acsFaults.methodNotSupported) return;
        await this.#change((stored) => stored.filter((other) => other.id !== id));
      },
    };
  }

  #change(change: (stored: readonly Stored<Item>[]) => readonly Stored<Item>[]): Promise<void> {
    const { setting } = this.#kind;
    const changed = (this.#changing ?? Promise.resolve()).then(() =>
      this.#state.commit(withList(setting, change(this.#stored()))),
    );
    this.#changing = changed.catch(() => undefined); // told to whoever asked
    return changed;
  }

  #stored(): readonly Stored<Item>[] {
    return storedList(
      this.#state,
      this.#kind.setting,
      (value): value is Stored<Item> =>
        hasMembers(value, { id: "string" }) && "item" in value && this.#kind.isItem(value.item),
    );
  }
}

/** An id for {@link StoredRequests.add}, for whoever has to know it beforehand. */
export function newRequestId(): string {
  return randomUUID();
}
