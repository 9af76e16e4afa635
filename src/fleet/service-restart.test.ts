import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FleetBench, printerRecording } from "../../test/fleet/fleet-bench.ts";
import { waitUntil } from "../../test/support/wait-until.ts";

const id = "0017c8-a1";

let bench: FleetBench;
beforeEach(() => {
  bench = new FleetBench();
});
afterEach(async () => {
  await bench.dispose();
});

describe("a printer over a restart of the service", () => {
  it("shows the last values at once after a restart, with the printer switched off", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    await bench.start();
    await bench.discover(agent);
    agent.power.off();
    await bench.stop();
    const fleet = await bench.start();
    expect(fleet.printers()).toHaveLength(1);
    expect(bench.value(id, "Supply.1.Description")).toBe("Black Toner");
    expect(bench.value(id, "SupplyNumberOfEntries")).toBe(2);
    await fleet.pollNow(id);
    await fleet.pollNow(id);
    expect(fleet.status().printers.unreachable).toBe(1);
  });

  it("is not said to be online after a restart of the service while it is off, and soon after it is back", async () => {
    const agent = await bench.agent(printerRecording("A1"));
    const fleet = await bench.start();
    await bench.discover(agent);
    agent.power.off();
    await fleet.pollNow(id);
    await fleet.pollNow(id);
    // Before the end: the process may be killed.
    expect(await bench.store.printers.list()).toMatchObject([{ isUnreachable: true }]);
    await bench.stop();
    const restarted = await bench.start();
    expect(restarted.printer(id)?.facts().reachability).toBe("Unreachable");
    agent.power.on();
    await bench.clock.advance(11_000);
    await waitUntil(
      "the printer is online",
      () => restarted.printer(id)?.facts().reachability === "Online",
    );
    await waitUntil("that is on disk", async () =>
      (await bench.store.printers.list()).every(({ isUnreachable }) => !isUnreachable),
    );
  });
});
