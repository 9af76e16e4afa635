import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/shared/clock.ts";
import { type Store, openStore } from "../../src/store/store.ts";
import { temporaryDir } from "./temporary-store.ts";
import { transpileProject } from "./transpiled-project.ts";

const kills = 50;
const lanes = 4;

/** Numbers from 0 up to but not including 1, the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** When to kill: so long after the child began, or after it has acknowledged something (on a busy machine, too). */
interface Moment {
  readonly after: "start" | "acknowledgement";
  readonly delayMs: number;
}

/** Runs `script` from `first` on, kills it at `moment`, returns the numbers it acknowledged. */
function runAndKill(
  script: string,
  dataDir: string,
  first: number,
  moment: Moment,
): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const args = [script, dataDir, String(first), String(lanes)];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    const acknowledged: number[] = [];
    let complaints = "";
    child.stderr.on("data", (data: Buffer) => (complaints += data.toString()));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const isStart = line === "ready";
      if (!isStart) acknowledged.push(Number(line));
      const isDue = moment.after === "start" ? isStart : acknowledged.length === 1;
      if (isDue) setTimeout(() => child.kill("SIGKILL"), moment.delayMs);
    });
    child.on("close", (_code, signal) => {
      if (signal === "SIGKILL") resolve(acknowledged);
      else reject(new Error(`the child ended by itself: ${complaints}`));
    });
  });
}

/** What the store holds of one lane, each list in ascending order. */
async function contentOf(store: Store, lane: number) {
  const id = `lane ${lane}`;
  const { events, settings } = await store.endpoints.load(id);
  const instances = await store.printers.instances(id);
  const meters = await store.meters.readings(id, 0);
  return {
    events: events.map(({ commandKey }) => Number(commandKey)),
    last: Number(settings.get("last") ?? 0),
    instances: instances.map(({ rowKey }) => Number(rowKey)).sort((a, b) => a - b),
    numbers: instances.map(({ instance }) => instance).sort((a, b) => a - b),
    meters: meters.map(({ readAtMs }) => readAtMs),
    snapshot: Number((await store.printers.loadSnapshot(id))?.values[0] ?? 0),
    chain: await store.meters.verify(id),
  };
}

/** Kills the loop again and again over one data directory, then checks everything it acknowledged. */
async function killRepeatedly(script: string, times: number, random: () => number): Promise<void> {
  const dataDir = temporaryDir();
  const acknowledged: number[] = [];
  let first = 1;
  for (let kill = 0; kill < times; kill++) {
    const after = kill % 3 === 0 ? "start" : "acknowledgement";
    const moment: Moment = { after, delayMs: random() * 40 };
    acknowledged.push(...(await runAndKill(script, dataDir, first, moment)));
    // Past everything the child may have begun, so that no number is committed twice; lane 0 gets 1, 5, 9, …
    const highest = acknowledged.reduce((a, b) => Math.max(a, b), first);
    first = Math.ceil(highest / lanes + 10) * lanes + 1;
  }
  expect(acknowledged.length).toBeGreaterThan(times / 2);
  const store = await openStore({ dataDir, clock: systemClock });
  for (let lane = 0; lane < lanes; lane++) await checkLane(store, lane, acknowledged);
  await store.close();
}

describe("kill -9", () => {
  it(
    `loses and doubles nothing acknowledged, over ${kills} kills at random moments`,
    { timeout: 120_000 },
    async () => {
      const seed = Number(process.env["MFPGATE_TEST_SEED"] ?? Math.floor(Math.random() * 1e9));
      process.stdout.write(`crash test: MFPGATE_TEST_SEED=${seed}\n`);
      const project = temporaryDir();
      transpileProject(["src/store", "src/model", "src/shared", "test/store"], project);
      const script = join(project, "test/store/commit-loop.js");
      // Most of the time is the children's start; two at once use both cores of a small machine.
      await Promise.all(
        [seed, seed + 1].map((each) => killRepeatedly(script, kills / 2, randomNumbers(each))),
      );
    },
  );
});

async function checkLane(store: Store, lane: number, acknowledged: readonly number[]) {
  const content = await contentOf(store, lane);
  const mine = acknowledged.filter((number) => (number - 1) % lanes === lane);
  for (const list of [content.events, content.instances, content.meters]) {
    expect(new Set(list).size, "nothing doubled").toBe(list.length);
    expect(list).toEqual(expect.arrayContaining(mine));
  }
  expect(content.numbers, "instance numbers without gap").toEqual(
    content.instances.map((_number, index) => index + 1),
  );
  // A change is all there or not at all: the event and the setting of one commit agree.
  expect(content.last).toBe(content.events.at(-1));
  expect(content.snapshot).toBe(content.meters.at(-1));
  expect(content.chain).toMatchObject({ intact: true, readings: content.meters.length });
}
