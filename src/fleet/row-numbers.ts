import type { InstanceAssignment, PrinterStore } from "./printer-store.ts";

type AssignInstances = Pick<PrinterStore, "instances" | "assignInstances">;

/**
 * Instance numbers of one printer's table rows, cached. Numbers are given out by the store, once, and never again for
 * another row (TR-069a6 A.2.2.1: instance identifiers must persist).
 */
export class RowNumbers {
  readonly #store: AssignInstances;
  readonly #printerId: string;
  readonly #byTable = new Map<string, Map<string, number>>();

  private constructor(store: AssignInstances, printerId: string) {
    this.#store = store;
    this.#printerId = printerId;
  }

  static async load(store: AssignInstances, printerId: string): Promise<RowNumbers> {
    const numbers = new RowNumbers(store, printerId);
    for (const assignment of await store.instances(printerId)) numbers.#remember(assignment);
    return numbers;
  }

  get(table: string, rowKey: string): number | undefined {
    return this.#byTable.get(table)?.get(rowKey);
  }

  /** The row an instance number stands for; linear, for loading and for writes. */
  rowKey(table: string, instance: number): string | undefined {
    for (const [rowKey, number] of this.#byTable.get(table) ?? [])
      if (number === instance) return rowKey;
    return undefined;
  }

  /** Makes sure every row has a number; goes to the store only for rows never seen. */
  async ensure(table: string, rowKeys: readonly string[]): Promise<void> {
    const known = this.#byTable.get(table);
    if (rowKeys.every((rowKey) => known?.has(rowKey) === true)) return;
    const assigned = await this.#store.assignInstances(this.#printerId, table, rowKeys);
    for (const [rowKey, instance] of assigned) this.#remember({ table, rowKey, instance });
  }

  #remember(assignment: InstanceAssignment): void {
    const rows = this.#byTable.get(assignment.table) ?? new Map<string, number>();
    rows.set(assignment.rowKey, assignment.instance);
    this.#byTable.set(assignment.table, rows);
  }
}
