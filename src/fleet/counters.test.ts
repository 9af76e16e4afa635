import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CounterHistory,
  type CounterReading,
  type CounterVerdict,
  judgeCounter,
} from "./counters.ts";

const minuteMs = 60_000;

/** Feeds readings, 15 minutes apart, to a counter accepted at `start`; returns the verdicts. */
function feed(start: number, values: readonly number[], countsPages = true): CounterVerdict[] {
  let history: CounterHistory = {
    accepted: { value: start, atMs: 0 },
    heldBack: undefined,
    countsPages,
  };
  return values.map((value, index) => {
    const reading: CounterReading = { value, atMs: (index + 1) * 15 * minuteMs };
    const verdict = judgeCounter(history, reading);
    history =
      verdict.verdict === "accepted"
        ? { accepted: reading, heldBack: undefined, countsPages }
        : { ...history, heldBack: verdict.heldBack };
    return verdict;
  });
}
const words = (verdicts: readonly CounterVerdict[]): string[] =>
  verdicts.map((verdict) => (verdict.verdict === "accepted" ? verdict.released : "held"));

describe("meters", () => {
  it("takes normal progress and standing still", () => {
    expect(words(feed(1_000, [1_000, 1_420, 16_000]))).toEqual(["no", "no", "no"]);
  });

  it("holds back the 0 of a sleeping printer until the true value is back, however long it lasts", () => {
    expect(words(feed(5_000, [0, 0, 0, 0, 0, 5_010]))).toEqual([
      "held",
      "held",
      "held",
      "held",
      "held",
      "backToNormal",
    ]);
  });

  it("takes the lower level of a changed board once it has counted on", () => {
    expect(words(feed(90_000, [120, 120, 140, 150]))).toEqual(["held", "held", "confirmed", "no"]);
  });

  it("holds back an impossible jump and says from where to where", () => {
    const [verdict] = feed(5_000, [4_294_967_295]);
    expect(verdict).toMatchObject({
      verdict: "heldBack",
      heldBack: { reason: expect.stringContaining("from 5000 to 4294967295") as string },
    });
  });

  it("never confirms readings that contradict each other", () => {
    expect(words(feed(500_000, [10, 7, 9_999_999, 3, 9_999_999, 1]))).not.toContain("confirmed");
  });

  it("allows what was printed while nobody looked", () => {
    const history = { accepted: { value: 0, atMs: 0 }, heldBack: undefined, countsPages: true };
    const twoDays = 2 * 24 * 60 * minuteMs;
    expect(judgeCounter(history, { value: 200_000, atMs: twoDays }).verdict).toBe("accepted");
    expect(judgeCounter(history, { value: 200_000, atMs: minuteMs }).verdict).toBe("heldBack");
  });

  it("takes a Counter32 that starts again at its top for progress", () => {
    expect(words(feed(2 ** 32 - 100, [50]))).toEqual(["no"]);
  });

  it("does not judge the speed of counters that count lengths", () => {
    expect(words(feed(1_000, [9_000_000], false))).toEqual(["no"]);
    expect(words(feed(1_000, [10], false))).toEqual(["held"]);
  });

  it("never lets a value below the accepted one through without three readings", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3_001, max: 1e9 }), fc.nat(), (start, offset) => {
        const lower = offset % start;
        expect(words(feed(start, [lower, lower + 1]))).toEqual(["held", "held"]);
      }),
    );
  });
});
