import { createInterface } from "node:readline";
import { FaultWorld, printerId, writes } from "./fault-world.ts";

/** Writes to the printer once its parent says so, in a process that may be killed at any moment. */
const [dataDir = "", snmpPort = "", ewsPort = ""] = process.argv.slice(2);
const ports = { snmpPort: Number(snmpPort), ewsPort: Number(ewsPort) };
const world = await FaultWorld.open(dataDir, ports);
await world.poll();
process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) {
  if (line !== "write") continue;
  const result = await world.fleet.printer(printerId)?.write(writes, { who: "acs" });
  process.stdout.write(`${result?.outcome ?? "gone"}\n`);
}
