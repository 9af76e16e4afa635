import { afterEach, beforeEach, expect, it } from "vitest";
import { FleetBench, candidateFor, printerRecording } from "../../test/fleet/fleet-bench.ts";

let bench: FleetBench;
beforeEach(() => {
  bench = new FleetBench();
});
afterEach(async () => {
  await bench.dispose();
});

it("finds many printers at new addresses without waiting for each old address in turn", async () => {
  const recordings = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "0a"].map((n) =>
    printerRecording(`A${n}`, n),
  );
  const before = await Promise.all(recordings.map((recording) => bench.agent(recording)));
  const fleet = await bench.start();
  for (const agent of before) fleet.offer(candidateFor(agent));
  await fleet.settled();
  for (const agent of before) await agent.stop();
  const after = await Promise.all(
    recordings.map((recording) => bench.agent(recording, { host: "127.0.0.9" })),
  );
  const startedAt = performance.now();
  for (const agent of after) fleet.offer(candidateFor(agent));
  await fleet.settled();
  // Each old address is silent for at least 150 ms; one after the other they would take 1,500 ms.
  expect(performance.now() - startedAt).toBeLessThan(1_200);
  expect(fleet.printers().map((printer) => printer.facts().host)).toEqual(
    recordings.map(() => "127.0.0.9"),
  );
  expect(bench.kinds().filter((kind) => kind === "moved")).toHaveLength(recordings.length);
});
