import type { Store } from "../store/store.ts";

/** Owner under which the proxier's rows about printers get their numbers. */
const owner = "proxier";

/** Tables of the proxier with a row per printer (or per printer's model), by the names they are kept under. */
export type NumberedTable =
  | "VirtualDevice"
  | "EmbeddedDevice"
  | "X_MFPGATE-ORG_MFP"
  | "Host"
  | "X_MFPGATE-ORG_ProxiedDevice"
  | "SupportedDataModel";

/** Instance numbers of the proxier's rows: given once, kept for ever, looked up in memory. */
export class RowNumbers {
  readonly #store: Store;
  readonly #known: Map<string, number>;

  private constructor(store: Store, known: Map<string, number>) {
    this.#store = store;
    this.#known = known;
  }

  static async load(store: Store): Promise<RowNumbers> {
    const all = await store.instances.list(owner);
    return new RowNumbers(
      store,
      new Map(all.map(({ table, rowKey, instance }) => [keyOf(table, rowKey), instance])),
    );
  }

  /** The number of a row, a new one the first time. */
  async of(table: NumberedTable, rowKey: string): Promise<number> {
    const key = keyOf(table, rowKey);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const assigned = (await this.#store.instances.assign(owner, table, [rowKey])).get(rowKey) ?? 0;
    this.#known.set(key, assigned);
    return assigned;
  }
}

function keyOf(table: string, rowKey: string): string {
  return `${table}\n${rowKey}`;
}
