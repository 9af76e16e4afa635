import { expect, it } from "vitest";
import { RoundTrip } from "./round-trip.ts";

it("waits as configured until it has measured, then as long as the printer needs", () => {
  const roundTrip = new RoundTrip(2_000);
  expect(roundTrip.timeoutMs(0)).toBe(2_000);
  for (let n = 0; n < 20; n++) roundTrip.add(200);
  expect(roundTrip.timeoutMs(0)).toBe(500);
  for (let n = 0; n < 20; n++) roundTrip.add(n % 2 === 0 ? 100 : 900);
  expect(roundTrip.timeoutMs(0)).toBeGreaterThan(900);
  expect(roundTrip.timeoutMs(0)).toBeLessThanOrEqual(2_000);
});

it("waits longer for each further attempt", () => {
  const roundTrip = new RoundTrip(1_000);
  expect([0, 1, 2].map((attempt) => roundTrip.timeoutMs(attempt))).toEqual([1_000, 1_500, 2_250]);
  expect(roundTrip.timeoutMs(50)).toBe(20_000);
});
