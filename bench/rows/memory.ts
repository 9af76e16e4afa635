import type { AgentsConfig } from "../helpers/agents.ts";
import type { SeedConfig } from "../helpers/seed.ts";
import type { Measured, RowEnvironment } from "../row.ts";
import { costOf, restingMemoryBytes } from "../support/cpu.ts";
import { Helper } from "../support/helper.ts";
import { agentAddresses } from "../support/loopback.ts";
import { recordingPath } from "../support/recording.ts";
import { Site } from "../support/site.ts";
import { VirtualDevices } from "../support/virtual-devices.ts";

const deviceCount = 10_000;

/**
 * Starts on the store of a box with 10,000 printers, as after a restart. Every printer answers a poll of its state and
 * every device has had its sessions with the ACS when memory is read.
 */
export async function measure(environment: RowEnvironment): Promise<Measured> {
  const addresses = await agentAddresses(deviceCount);
  const seeding: SeedConfig = { environment, addresses };
  const { helper: seed } = await Helper.start("seed", seeding);
  await seed.stop();
  const printers: AgentsConfig = { recording: recordingPath(environment), addresses };
  const { helper: agents } = await Helper.start("agents", printers);
  const { helper: acs, ready } = await Helper.start("acs", {});
  try {
    return await measureMemory(environment, ready["port"] ?? 0);
  } finally {
    await Promise.all([acs.stop(), agents.stop()]);
  }
}

async function measureMemory(environment: RowEnvironment, acsPort: number): Promise<Measured> {
  const beforeBytes = restingMemoryBytes();
  let site: Site | undefined;
  const start = await costOf(async () => {
    site = await Site.open(environment);
  });
  if (site === undefined) throw new Error("the site did not open");
  const { fleet } = site;
  const printers = fleet.printers();
  const devices = await VirtualDevices.show(site, acsPort);
  await Promise.all(printers.map(({ id }) => fleet.pollNow(id, ["status"])));
  const online = printers.filter(({ state }) => state === "online").length;
  if (online !== deviceCount) throw new Error(`${online} of ${deviceCount} printers answered`);
  await devices.informAll();
  const restBytes = restingMemoryBytes();
  const parameters = devices.endpoints[0]?.tree.parameters([""]).length ?? 0;
  await devices.stop();
  await site.close();
  return {
    parameters,
    restMb: restBytes / 1e6,
    deviceKb: (restBytes - beforeBytes) / deviceCount / 1e3,
    peakMb: (process.resourceUsage().maxRSS * 1_024) / 1e6,
    startS: start.cpuMs / 1_000,
  };
}
