/**
 * Child of `crash.test.ts`: commits numbered changes for ever and names each one on standard output once its promise
 * has resolved. Several lanes run at once, so that a kill finds groups of changes half done.
 *
 * @see crash.test.ts for what must hold after a kill
 */
import { systemClock } from "../../src/shared/clock.ts";
import { openStore } from "../../src/store/store.ts";
import { shapeOf, snapshotOf } from "./shapes.ts";

const [dataDir = "", firstText = "1", lanesText = "4"] = process.argv.slice(2);
const lanes = Number(lanesText);
const shape = shapeOf("crash", ["Counter", "Text"]);
const store = await openStore({ dataDir, clock: systemClock });

/** One change of each kind; `number` is never used twice. */
async function commitNumber(lane: number, number: number): Promise<void> {
  await store.endpoints.commit(`lane ${lane}`, {
    addEvents: [{ eventCode: "4 VALUE CHANGE", commandKey: String(number) }],
    setSettings: new Map([["last", String(number)]]),
  });
  await store.printers.assignInstances(`lane ${lane}`, "Row", [String(number)]);
  await store.printers.saveSnapshot(
    `lane ${lane}`,
    snapshotOf(shape, [number, "x".repeat(2_000)], { counters: number }),
    [{ path: "Counter", value: number }],
    { readAtMs: number, counters: { number } },
  );
}

async function runLane(lane: number): Promise<never> {
  for (let number = Number(firstText) + lane; ; number += lanes) {
    await commitNumber(lane, number);
    process.stdout.write(`${number}\n`);
  }
}

process.stdout.write("ready\n");
await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane)));
