/** The life of the XMPP connection as a table. Pure; the runner is `xmpp-connection.ts`. */

/** `off`: not to be used. `opening`: a stream is being opened. `open`: it stands. `waiting`: to be tried again later. */
export type ConnectionState = "off" | "opening" | "open" | "waiting";

/** What happened. */
export type ConnectionInput =
  /** Settings are in force, for the first time or others. */
  | "configured"
  | "disabled"
  | "opened"
  /** No server let us in. */
  | "failed"
  /** The stream is gone. */
  | "closed"
  /** The time to wait, or to the next sign of life, is over. */
  | "due";

/** What the runner does next; `attend` waits for the next sign of life to be due. */
export type ConnectionAction = "open" | "attend" | "ping" | "wait" | "close" | "ignore";

/** A row of the table. */
export interface ConnectionStep {
  readonly state: ConnectionState;
  readonly action: ConnectionAction;
}

/** What follows when `input` arrives in `state`. */
export function nextConnectionStep(state: ConnectionState, input: ConnectionInput): ConnectionStep {
  if (input === "configured") return { state: "opening", action: "open" };
  if (input === "disabled") return { state: "off", action: "close" };
  switch (state) {
    case "opening":
      if (input === "opened") return { state: "open", action: "attend" };
      return input === "failed" ? { state: "waiting", action: "wait" } : ignored(state);
    case "open":
      if (input === "due") return { state: "open", action: "ping" };
      return input === "closed" ? { state: "waiting", action: "wait" } : ignored(state);
    case "waiting":
      return input === "due" ? { state: "opening", action: "open" } : ignored(state);
    case "off":
      return ignored(state);
  }
}

function ignored(state: ConnectionState): ConnectionStep {
  return { state, action: "ignore" };
}
