import type { Store } from "../store/store.ts";

/** Somebody who keeps what the ACS set on the box. Resetting twice does no harm. */
export interface Resettable {
  /** As the configuration says again, in memory and on disk. */
  reset(): Promise<void> | void;
}

/**
 * FactoryReset of the box: what the ACS set outside the CWMP engine goes, part by part; the engine forgets the rest, and calls
 * this again at the next start when the process dies in between. Readings, printers, identities, numbers of rows and the
 * list of events are no settings and stay (docs/factory-reset.md).
 */
export function boxFactoryReset(
  parts: readonly Resettable[],
  events: Pick<Store["events"], "append">,
): () => Promise<void> {
  return async () => {
    for (const part of parts) await part.reset();
    await events.append({ kind: "box.reset", text: "reset to factory settings by the ACS" });
  };
}
