/**
 * Where a printer stands. `doubtful` is still presented as reachable: one lost packet is not an outage
 * (facts on field complaints: printers left "unavailable" after one lost datagram).
 */
export type LifecycleState = "pending" | "online" | "doubtful" | "unreachable" | "retired";

/** What can happen to a printer as a whole; `displaced`: another machine answers at its address. */
export type LifecycleEvent = "approved" | "answered" | "silent" | "displaced" | "retired";

/** What the data model calls the state (`Proxy.Reachability`). */
export type Reachability = "Online" | "Asleep" | "Unreachable" | "Retired";

const table: Readonly<
  Record<LifecycleState, Readonly<Partial<Record<LifecycleEvent, LifecycleState>>>>
> = {
  pending: { approved: "online", retired: "retired" },
  online: { silent: "doubtful", displaced: "unreachable", retired: "retired" },
  doubtful: {
    answered: "online",
    silent: "unreachable",
    displaced: "unreachable",
    retired: "retired",
  },
  unreachable: { answered: "online", retired: "retired" },
  retired: { approved: "online" },
};

/** The next state; events that mean nothing in a state leave it as it is. Pure. */
export function transition(state: LifecycleState, event: LifecycleEvent): LifecycleState {
  return table[state][event] ?? state;
}

/** What an ACS is told. A printer awaiting approval is not presented at all; asked anyway, it is unreachable. */
export function reachabilityOf(state: LifecycleState): Reachability {
  switch (state) {
    case "online":
    case "doubtful":
      return "Online";
    case "pending":
    case "unreachable":
      return "Unreachable";
    case "retired":
      return "Retired";
  }
}

/** What is kept of a state on disk. */
export interface KeptState {
  readonly state: "pending" | "active" | "retired";
  readonly isUnreachable: boolean;
}

/** The part of the state that is kept on disk; a printer in doubt gets another chance after a start. */
export function keptState(state: LifecycleState): KeptState {
  switch (state) {
    case "pending":
    case "retired":
      return { state, isUnreachable: false };
    case "online":
    case "doubtful":
      return { state: "active", isUnreachable: false };
    case "unreachable":
      return { state: "active", isUnreachable: true };
  }
}

/** The state a printer starts in: as it was left, so that an ACS is not told of printers that are off as online. */
export function initialState({ state, isUnreachable }: KeptState): LifecycleState {
  if (state !== "active") return state;
  return isUnreachable ? "unreachable" : "online";
}
