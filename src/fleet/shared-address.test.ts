import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FleetBench, candidateFor, printerRecording } from "../../test/fleet/fleet-bench.ts";

const ids = ["0017c8-a1", "0017c8-b2", "0017c8-c3"];
const communities = ["public", "bee", "sea"];

let bench: FleetBench;
beforeEach(() => {
  bench = new FleetBench();
});
afterEach(async () => {
  await bench.dispose();
});

describe("printers behind one address, told apart by community", () => {
  const start = async () => {
    const agent = await bench.agent(printerRecording("A1", "01"), {
      contexts: new Map([
        ["b", printerRecording("B2", "02")],
        ["c", printerRecording("C3", "03")],
      ]),
      communityContexts: new Map([
        ["bee", "b"],
        ["sea", "c"],
      ]),
    });
    const fleet = await bench.start();
    for (const read of communities) fleet.offer(candidateFor(agent, `${read}/private`));
    await fleet.settled();
    return { agent, fleet };
  };
  const reachabilities = () =>
    bench.fleet.printers().map((printer) => printer.facts().reachability);

  it("are all adopted and polled, and none displaces another", async () => {
    const { fleet } = await start();
    expect(fleet.printers().map((printer) => printer.id)).toEqual(ids);
    for (const printer of ids) await fleet.pollNow(printer);
    expect(reachabilities()).toEqual(ids.map(() => "Online"));
    expect(bench.kinds()).toEqual(["adopted", "adopted", "adopted"]);
  });

  it("stay as they are when found again, and after a restart", async () => {
    const { agent } = await start();
    await bench.stop();
    const fleet = await bench.start();
    for (const read of communities) fleet.offer(candidateFor(agent, `${read}/private`));
    await fleet.settled();
    for (const printer of ids) await fleet.pollNow(printer);
    expect(reachabilities()).toEqual(ids.map(() => "Online"));
    expect(bench.kinds()).toEqual(["adopted", "adopted", "adopted"]);
  });
});
