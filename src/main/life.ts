/** What has to be undone at the end of the service, last begun first. */
export class Life {
  readonly #ends: (() => Promise<void> | void)[] = [];

  /** Registers an end; called once. */
  onEnd(end: () => Promise<void> | void): void {
    this.#ends.push(end);
  }

  /** Undoes everything registered so far; a failing end does not keep the others from running. */
  async end(): Promise<void> {
    const failures: unknown[] = [];
    for (const end of this.#ends.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, "the service did not end cleanly");
  }
}
