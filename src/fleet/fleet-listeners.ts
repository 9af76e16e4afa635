import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";

const log = logger("fleet.fleet-listeners");

/** What happens to printers as a whole. */
export type FleetTopic = "adopted" | "retired" | "removed";

/** Listeners by topic. One that throws is logged and does not keep the others from hearing. */
export class FleetListeners<Subject> {
  readonly #listeners: Readonly<Record<FleetTopic, Set<(subject: Subject) => void>>> = {
    adopted: new Set(),
    retired: new Set(),
    removed: new Set(),
  };

  /** Returns a function that ends it. */
  on(topic: FleetTopic, listener: (subject: Subject) => void): () => void {
    this.#listeners[topic].add(listener);
    return () => this.#listeners[topic].delete(listener);
  }

  tell(topic: FleetTopic, subject: Subject): void {
    for (const listener of this.#listeners[topic])
      try {
        listener(subject);
      } catch (error) {
        log.error("listener failed", { topic, error: errorText(error) });
      }
  }
}
