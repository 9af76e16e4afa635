import type { EwsEngine } from "./engine.ts";
import type { EwsHandler, EwsRoutes } from "./web-message.ts";

/** The pages of one simulated web server. */
export interface EwsSite {
  readonly routes: EwsRoutes;
  /** What the maker answers to unknown paths, when it is more than a bare 404. */
  readonly notFound?: EwsHandler;
}

/** How one maker's web server behaves: given settings, sessions and failures, it makes the pages. */
export type EwsStyle = (engine: EwsEngine) => EwsSite;
