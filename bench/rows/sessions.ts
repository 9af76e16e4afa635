import type { AcsScript } from "../helpers/acs.ts";
import type { AgentsConfig } from "../helpers/agents.ts";
import type { Measured, RowEnvironment } from "../row.ts";
import { costOf } from "../support/cpu.ts";
import { Helper } from "../support/helper.ts";
import { agentAddresses } from "../support/loopback.ts";
import { writeFullPrinter } from "../support/recording.ts";
import { Site, shippedMappings } from "../support/site.ts";
import { VirtualDevices } from "../support/virtual-devices.ts";

const deviceCount = 200;
const warmUpRounds = 3;
const rounds = 10;
const namesAsked = 500;
/** GetParameterValues in one session; the session itself is a small part of what is measured then. */
const requestsASession = 10;
const quiet: AcsScript = { requests: 0, names: [] };

/** CWMP sessions of 200 adopted printers through the engine, the store and HTTP; the ACS is another process. */
export async function measure(environment: RowEnvironment): Promise<Measured> {
  const mappings = await shippedMappings(environment);
  const { file: recording } = await writeFullPrinter(environment, mappings, "read");
  const addresses = await agentAddresses(deviceCount);
  const config: AgentsConfig = { recording, addresses };
  const { helper: agents } = await Helper.start("agents", config);
  const { helper: acs, ready } = await Helper.start("acs", {});
  const site = await Site.open(environment);
  try {
    await site.adopt(addresses);
    const devices = await VirtualDevices.show(site, ready["port"] ?? 0);
    const measured = { ...(await measureSessions(devices)), ...(await measureNames(devices, acs)) };
    await devices.stop();
    return measured;
  } finally {
    await site.close();
    await Promise.all([acs.stop(), agents.stop()]);
  }
}

async function measureSessions(devices: VirtualDevices): Promise<Measured> {
  const informRounds = async (count: number): Promise<void> => {
    for (let round = 0; round < count; round++) await devices.informAll();
  };
  await informRounds(warmUpRounds);
  const { cpuMs } = await costOf(() => informRounds(rounds));
  return { sessions: (rounds * deviceCount * 1_000) / cpuMs };
}

async function measureNames(devices: VirtualDevices, acs: Helper): Promise<Measured> {
  const all = devices.endpoints[0]?.tree.parameters([""]) ?? [];
  const names = all.slice(0, namesAsked).map(({ path }) => path);
  await acs.ask({ requests: requestsASession, names } satisfies AcsScript);
  await devices.informAll();
  const { cpuMs } = await costOf(() => devices.informAll());
  const counts = await acs.ask(quiet);
  const requests = 2 * deviceCount * requestsASession;
  if (counts["values"] !== requests * namesAsked)
    throw new Error(`the ACS got ${counts["values"] ?? 0} values in ${requests} answers`);
  return { namesMs: cpuMs / (deviceCount * requestsASession) };
}
