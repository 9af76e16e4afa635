import { expect, it } from "vitest";
import { systemClock } from "../../src/shared/clock.ts";
import { startEwsSimulator } from "../../src/simulator/ews/ews-simulator.ts";
import { ewsStyles } from "../../src/simulator/ews/styles.ts";
import { MappedPrinter } from "./mapped-printer.ts";

const page = { rowKey: undefined } as const;

it("an old Samsung takes name, location and contact in one form, says that its network restarts, and shows them when it is back", async () => {
  const pages = await startEwsSimulator({ style: ewsStyles.samsung, clock: systemClock });
  const options = { mapping: "vendor/samsung/syncthru-html", allowUnverifiedWrites: true };
  const printer = await MappedPrinter.open(pages.host, pages.port, options);
  const assignments = [
    { ...page, template: "General.SystemName", value: "PRN-7" },
    { ...page, template: "General.SystemLocation", value: "Hall 2" },
    { ...page, template: "General.OwnerContact", value: "hotline" },
  ];
  const plan = printer.mapping.writePlan(assignments);
  expect(plan.map(({ restarts, covers }) => [restarts, covers])).toEqual([["network", [0, 1, 2]]]);
  await printer.write(assignments);
  expect(pages.requests.filter(({ request }) => request.method === "POST")).toHaveLength(1);
  const isBack = (): Promise<boolean> =>
    fetch(`${pages.url}/Settings/Protocols/general_protocols.htm`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(isBack, { timeout: 5_000 }).toBe(true);
  expect(await printer.read()).toMatchObject({
    "General.SystemName": "PRN-7",
    "General.SystemLocation": "Hall 2",
    "General.OwnerContact": "hotline",
  });
  await printer.close();
  await pages.stop();
});
