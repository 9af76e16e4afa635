import { expect, it } from "vitest";
import { ManualClock } from "../shared/manual-clock.ts";
import { Pacer } from "./pacer.ts";

function pace(packetsPerSecond: number, options: { congestedUntilMs?: number } = {}) {
  const clock = new ManualClock(0);
  const sentAtMs: number[] = [];
  const pacer = new Pacer({
    clock,
    packetsPerSecond,
    send: () => sentAtMs.push(clock.nowMs()) > 0,
    isCongested: () => clock.nowMs() < (options.congestedUntilMs ?? 0),
  });
  pacer.start();
  return { clock, sentAtMs, pacer };
}

it("keeps the rate, spread over the second", async () => {
  const { clock, sentAtMs } = pace(500);
  await clock.advance(2_000);
  expect(sentAtMs).toHaveLength(1_000);
  const busiestTick = Math.max(
    ...sentAtMs.map((atMs) => sentAtMs.filter((t) => t === atMs).length),
  );
  expect(busiestTick).toBeLessThanOrEqual(5);
});

it("keeps a rate below one packet a tick", async () => {
  const { clock, sentAtMs } = pace(3);
  await clock.advance(10_000);
  expect(sentAtMs.length).toBeGreaterThanOrEqual(29);
  expect(sentAtMs.length).toBeLessThanOrEqual(30);
});

it("does not make up for a long congestion with a burst", async () => {
  const { clock, sentAtMs } = pace(1_000, { congestedUntilMs: 900 });
  await clock.advance(1_000);
  expect(sentAtMs.length).toBeLessThanOrEqual(160);
});

it("sends nothing after it was stopped", async () => {
  const { clock, sentAtMs, pacer } = pace(1_000);
  await clock.advance(100);
  pacer.stop();
  const before = sentAtMs.length;
  await clock.advance(1_000);
  expect(sentAtMs).toHaveLength(before);
});
