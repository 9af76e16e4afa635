import { describe, expect, it } from "vitest";
import type { PollClass } from "../model/snapshot.ts";
import { ManualClock } from "../shared/manual-clock.ts";
import { FleetError } from "./errors.ts";
import { PollScheduler, type PollSchedulerOptions } from "./poll-scheduler.ts";

const periodsMs = {
  status: 60_000,
  supplies: 300_000,
  counters: 900_000,
  settings: 3_600_000,
  identity: 86_400_000,
};
const minuteMs = 60_000;

interface Poll {
  readonly id: string;
  readonly classes: readonly PollClass[];
  readonly atMs: number;
}

/** A scheduler whose polls are recorded and take `durationMs`; `silent` names printers that do not answer. */
function bench(options: Partial<PollSchedulerOptions> & { durationMs?: number } = {}) {
  const clock = new ManualClock(0);
  const polls: Poll[] = [];
  const silent = new Set<string>();
  let running = 0;
  const peak = { running: 0 };
  const scheduler = new PollScheduler({
    clock,
    periodsMs,
    run: async (id, classes) => {
      polls.push({ id, classes, atMs: clock.nowMs() });
      peak.running = Math.max(peak.running, ++running);
      if (options.durationMs !== undefined)
        await new Promise<void>((resolve) => clock.after(options.durationMs ?? 0, resolve));
      running--;
      return !silent.has(id);
    },
    ...options,
  });
  const of = (id: string): Poll[] => polls.filter((poll) => poll.id === id);
  return { clock, scheduler, polls, silent, peak, of };
}

describe("poll scheduler", () => {
  it("reads every class in its period, and status most often", async () => {
    const { clock, scheduler, of } = bench();
    scheduler.add("a", {});
    scheduler.start();
    await clock.advance(60 * minuteMs);
    const count = (wanted: PollClass) =>
      of("a").filter(({ classes }) => classes.includes(wanted)).length;
    expect(count("status")).toBeGreaterThanOrEqual(57);
    expect(count("status")).toBeLessThanOrEqual(66);
    expect(count("supplies")).toBeGreaterThanOrEqual(12);
    expect(count("supplies")).toBeLessThanOrEqual(15);
    expect(count("counters")).toBeLessThanOrEqual(6);
    expect(count("identity")).toBe(1);
    await scheduler.stop();
  });

  it("honours a period of one second", async () => {
    const { clock, scheduler, of } = bench({
      periodsMs: { ...periodsMs, status: 1_000 },
    });
    scheduler.add("a", {});
    scheduler.start();
    await clock.advance(minuteMs);
    expect(of("a").length).toBeGreaterThan(45);
    await scheduler.stop();
  });

  it("reads a printer that has periods of its own in those, from when they are set", async () => {
    const { clock, scheduler, of } = bench();
    scheduler.add("fast", {}, { ...periodsMs, status: 10_000 });
    scheduler.add("slow", {});
    scheduler.start();
    await clock.advance(10 * minuteMs);
    expect(of("fast").length).toBeGreaterThan(55);
    expect(of("slow").length).toBeLessThan(16);
    scheduler.setPeriods("fast", periodsMs);
    scheduler.setPeriods("slow", { ...periodsMs, status: 10_000 });
    await clock.advance(minuteMs); // what was due before
    const before = [of("fast").length, of("slow").length] as const;
    await clock.advance(10 * minuteMs);
    expect(of("fast").length - before[0]).toBeLessThan(16);
    expect(of("slow").length - before[1]).toBeGreaterThan(55);
    await scheduler.stop();
  });

  it("spreads printers over the period, the same way after a restart", async () => {
    const firstPolls = async () => {
      const { clock, scheduler, polls } = bench();
      for (let number = 0; number < 50; number++) scheduler.add(`p${number}`, {});
      scheduler.start();
      await clock.advance(10_000);
      await scheduler.stop();
      return polls.map(({ id, atMs }) => `${id}@${atMs}`);
    };
    const polls = await firstPolls();
    expect(polls).toHaveLength(50);
    expect(new Set(polls.map((poll) => poll.split("@")[1])).size).toBeGreaterThan(45);
    expect(await firstPolls()).toEqual(polls);
  });

  it("does not read again after a restart what is still fresh, except the state", async () => {
    const { clock, scheduler, of } = bench();
    clock.after(0, () => undefined);
    await clock.advance(minuteMs);
    scheduler.add("a", { status: 0, supplies: 0, counters: 0, settings: 0, identity: 0 });
    scheduler.start();
    await clock.advance(15_000);
    expect(of("a").map(({ classes }) => classes)).toEqual([["status"]]);
    await scheduler.stop();
  });

  it("reads at most the allowed number of printers at a time and loses none", async () => {
    const { clock, scheduler, polls, peak } = bench({ concurrency: 4, durationMs: 500 });
    for (let number = 0; number < 60; number++) scheduler.add(`p${number}`, {});
    scheduler.start();
    await clock.advance(20_000);
    expect(peak.running).toBe(4);
    expect(new Set(polls.map(({ id }) => id)).size).toBe(60);
    await scheduler.stop();
  });

  it("merges polls that come late instead of queueing them twice", async () => {
    const { clock, scheduler, of } = bench({ durationMs: 5 * minuteMs });
    scheduler.add("a", {});
    scheduler.start();
    await clock.advance(31 * minuteMs);
    expect(of("a").length).toBeLessThanOrEqual(7);
    expect(scheduler.status().queued).toBeLessThanOrEqual(1);
    const stopped = scheduler.stop();
    await clock.advance(10 * minuteMs);
    await stopped;
  });

  it("leaves silent printers alone for longer and longer, asking for the state only", async () => {
    const { clock, scheduler, silent, of } = bench();
    silent.add("a");
    scheduler.add("a", {});
    scheduler.start();
    await clock.advance(60 * minuteMs);
    const times = of("a").map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    expect(gaps[0]).toBeLessThan(6_000);
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(300_000);
    expect(times.length).toBeLessThan(20);
    expect(
      of("a")
        .slice(1)
        .every(({ classes }) => classes.join() === "status"),
    ).toBe(true);
    silent.delete("a");
    await clock.advance(6 * minuteMs);
    expect(of("a").at(-1)?.classes ?? of("a").at(-2)?.classes).toBeDefined();
    expect(of("a").some(({ classes, atMs }) => atMs > 60 * minuteMs && classes.length > 1)).toBe(
      true,
    );
    await scheduler.stop();
  });

  it("lets asked-for reads overtake, even when all places are taken", async () => {
    const { clock, scheduler, polls } = bench({
      concurrency: 1,
      urgentExtra: 1,
      durationMs: 1_000,
    });
    for (let number = 0; number < 20; number++) scheduler.add(`p${number}`, {});
    scheduler.start();
    await clock.advance(11_000);
    const behind = scheduler.status().queued;
    expect(behind).toBeGreaterThan(3);
    const started = polls.length;
    const read = scheduler.pollNow("p19", ["supplies"]);
    expect(polls[started]).toMatchObject({ id: "p19" });
    expect(polls[started]?.classes).toContain("supplies");
    await clock.advance(1_000);
    await read;
    const stopped = scheduler.stop();
    await clock.advance(2_000);
    await stopped;
  });

  it("answers callers who ask while a poll of that printer is running with a fresh one", async () => {
    const { clock, scheduler, of } = bench({ durationMs: 1_000 });
    scheduler.add("a", {});
    scheduler.start();
    const first = scheduler.pollNow("a", ["status"]);
    const second = scheduler.pollNow("a", ["supplies"]);
    const third = scheduler.pollNow("a", ["supplies"]);
    await clock.advance(2_000);
    await Promise.all([first, second, third]);
    expect(
      of("a")
        .slice(0, 2)
        .map(({ classes }) => classes.join()),
    ).toEqual(["status", "supplies"]);
    const stopped = scheduler.stop();
    await clock.advance(1_000);
    await stopped;
  });

  it("goes on after a poll that failed for a fault of ours", async () => {
    let polls = 0;
    const { clock, scheduler } = bench({
      run: () => {
        polls++;
        return Promise.reject(new Error("bug"));
      },
    });
    scheduler.add("a", {});
    scheduler.start();
    await clock.advance(10 * minuteMs);
    expect(polls).toBeGreaterThan(8);
    expect(polls).toBeLessThan(16);
    await scheduler.stop();
  });

  it("is quiet after it was stopped, and turns callers away", async () => {
    const { clock, scheduler, polls } = bench();
    scheduler.add("a", {});
    scheduler.start();
    await clock.advance(minuteMs);
    await scheduler.stop();
    const before = polls.length;
    await clock.advance(60 * minuteMs);
    expect(polls.length).toBe(before);
    await expect(scheduler.pollNow("a")).rejects.toThrow(FleetError);
    await expect(scheduler.pollNow("nobody")).rejects.toMatchObject({
      code: "fleet.unknown-printer",
    });
  });

  it("forgets a printer that was removed while it was being read", async () => {
    const { clock, scheduler, of } = bench({ durationMs: 1_000 });
    scheduler.add("a", {});
    scheduler.start();
    const read = scheduler.pollNow("a");
    scheduler.remove("a");
    await clock.advance(minuteMs);
    await read;
    expect(of("a")).toHaveLength(1);
    expect(scheduler.status()).toEqual({ printers: 0, queued: 0, running: 0 });
    await scheduler.stop();
  });
});
