import type { Printer } from "../../src/fleet/printer.ts";
import type { SimulatedAddress } from "../../src/simulator/printer-fleet.ts";
import type { AgentsConfig, PrintJob } from "../helpers/agents.ts";
import type { NetSnmpConfig } from "../helpers/net-snmp-walks.ts";
import { type PeerTarget, bulkwalkCpuMs, perlCpuMs } from "../peers/programs.ts";
import type { Measured, RowEnvironment } from "../row.ts";
import { costOf } from "../support/cpu.ts";
import { Helper } from "../support/helper.ts";
import { agentAddresses } from "../support/loopback.ts";
import { refreshVarbinds, writeRefreshRecording } from "../support/recording.ts";
import { Site, shippedMappings } from "../support/site.ts";

const printerCount = 64;
const warmUpRounds = 8;
const rounds = 20;
const job: PrintJob = { pages: 7 };

/** Refreshes printers whose counters and levels move, and has the peers walk the same agents. */
export async function measure(environment: RowEnvironment): Promise<Measured> {
  const recording = await writeRefreshRecording(environment, await shippedMappings(environment));
  const addresses = await agentAddresses(printerCount);
  const config: AgentsConfig = { recording, addresses };
  const { helper: agents } = await Helper.start("agents", config);
  try {
    const ours = await measureOurs(environment, addresses, agents);
    const peers = await measurePeers(environment, addresses);
    const { ours: rate } = ours;
    return {
      ...ours,
      ...peers,
      ...(peers.bulkwalk === undefined ? {} : { overBulkwalk: rate / peers.bulkwalk }),
      ...(peers.perl === undefined ? {} : { overPerl: rate / peers.perl }),
    };
  } finally {
    await agents.stop();
  }
}

async function measureOurs(
  environment: RowEnvironment,
  addresses: readonly SimulatedAddress[],
  agents: Helper,
): Promise<{ readonly ours: number; readonly unchanged: number }> {
  const site = await Site.open(environment);
  try {
    const printers = await site.adopt(addresses);
    const changes = countChanges(printers);
    await refreshRounds(site, warmUpRounds, agents);
    changes.reset();
    const oursMs = await refreshRounds(site, rounds, agents);
    if (changes.count() !== printerCount * rounds)
      throw new Error(`${changes.count()} of ${printerCount * rounds} refreshes brought news`);
    const held = printers.flatMap(({ quarantine }) => quarantine);
    if (held.length > 0) throw new Error(`held back: ${String(held[0]?.path)}`);
    const unchangedMs = await refreshRounds(site, rounds, undefined);
    const count = printerCount * rounds * 1_000;
    return { ours: count / oursMs, unchanged: count / unchangedMs };
  } finally {
    await site.close();
  }
}

/** CPU time of refreshing every printer so many times; before each round `agents` print. */
async function refreshRounds(
  site: Site,
  count: number,
  agents: Helper | undefined,
): Promise<number> {
  let totalMs = 0;
  for (let round = 0; round < count; round++) {
    await agents?.ask(job);
    const { cpuMs } = await costOf(() => site.refreshAll());
    totalMs += cpuMs;
  }
  return totalMs;
}

/** Counts refreshes that brought changed values. */
function countChanges(printers: readonly Printer[]): { reset(): void; count(): number } {
  let count = 0;
  for (const printer of printers)
    printer.onChange(({ values }) => {
      if (values.length > 0) count++;
    });
  return {
    reset: () => {
      count = 0;
    },
    count: () => count,
  };
}

interface Peers {
  readonly netSnmp: number;
  readonly bulkwalk?: number;
  readonly perl?: number;
}

async function measurePeers(
  { projectRoot }: RowEnvironment,
  addresses: readonly SimulatedAddress[],
): Promise<Peers> {
  const [first = { host: "", port: 0 }] = addresses;
  const target: PeerTarget = { ...first, varbinds: refreshVarbinds, projectRoot };
  const bulkwalkMs = bulkwalkCpuMs(target);
  const perlMs = perlCpuMs(target);
  const config: NetSnmpConfig = { addresses, varbinds: refreshVarbinds };
  const { helper, ready } = await Helper.start("net-snmp-walks", config);
  await helper.stop();
  return {
    netSnmp: 1_000 / (ready["cpuMs"] ?? Number.NaN),
    ...(bulkwalkMs === undefined ? {} : { bulkwalk: 1_000 / bulkwalkMs }),
    ...(perlMs === undefined ? {} : { perl: 1_000 / perlMs }),
  };
}
