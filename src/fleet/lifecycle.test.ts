import { describe, expect, it } from "vitest";
import {
  type LifecycleEvent,
  type LifecycleState,
  initialState,
  keptState,
  reachabilityOf,
  transition,
} from "./lifecycle.ts";

const states: readonly LifecycleState[] = [
  "pending",
  "online",
  "doubtful",
  "unreachable",
  "retired",
];
const after = (...events: LifecycleEvent[]): LifecycleState =>
  events.reduce<LifecycleState>(transition, "online");

describe("lifecycle of a printer", () => {
  it("does not call a printer unreachable for one lost answer", () => {
    expect(reachabilityOf(after("silent"))).toBe("Online");
    expect(reachabilityOf(after("silent", "silent"))).toBe("Unreachable");
    expect(after("silent", "answered", "silent")).toBe("doubtful");
  });

  it("leaves the address at once when another machine answers there", () => {
    expect(after("displaced")).toBe("unreachable");
  });

  it("comes back with the first answer", () => {
    expect(after("silent", "silent", "answered")).toBe("online");
  });

  it("keeps a retired printer retired whatever it answers", () => {
    expect(after("retired", "answered", "silent", "displaced")).toBe("retired");
    expect(after("retired", "approved")).toBe("online");
  });

  it("does not poll its way out of waiting for approval", () => {
    expect(transition("pending", "answered")).toBe("pending");
    expect(transition("pending", "approved")).toBe("online");
  });

  it("is presented after a restart as it was before", () => {
    for (const state of states) {
      const restarted = initialState(keptState(state));
      expect(keptState(restarted)).toEqual(keptState(state));
      expect(reachabilityOf(restarted)).toBe(reachabilityOf(state));
    }
  });
});
