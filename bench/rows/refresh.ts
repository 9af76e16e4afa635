import type { Printer } from "../../src/fleet/printer.ts";
import type { SimulatedAddress } from "../../src/simulator/printer-fleet.ts";
import type { AgentsConfig, PrintJob } from "../helpers/agents.ts";
import type { NetSnmpConfig } from "../helpers/net-snmp-walks.ts";
import { type PeerTarget, bulkwalkCpuMs, perlCpuMs } from "../peers/programs.ts";
import type { Measured, RowEnvironment } from "../row.ts";
import { costOf } from "../support/cpu.ts";
import { Helper } from "../support/helper.ts";
import { agentAddresses } from "../support/loopback.ts";
import { fullVarbinds, writeFullPrinter } from "../support/recording.ts";
import { Site, shippedMappings } from "../support/site.ts";

const printerCount = 64;
/** Adoption and these bring the code to the speed it has in a service that runs for weeks. */
const warmUpRounds = 12;
const rounds = 20;
const job: PrintJob = { pages: 2 };

/**
 * Refreshes printers whose counters and levels move, and has the peers walk the same agents: first printers as they are,
 * then such of which everything is read.
 */
export async function measure(environment: RowEnvironment): Promise<Measured> {
  const mappings = await shippedMappings(environment);
  const usual = await writeFullPrinter(environment, mappings, "all");
  const dense = await writeFullPrinter(environment, mappings, "read");
  const first = await withAgents(usual.file, async (agents, addresses) => {
    const peers = await measurePeers(environment, addresses);
    return { ...peers, ...(await measureOurs(within(environment, "usual"), addresses, agents)) };
  });
  const second = await withAgents(dense.file, (agents, addresses) =>
    measureOurs(within(environment, "dense"), addresses, agents),
  );
  const { ours, unchanged, netSnmp, bulkwalk, perl } = first;
  return {
    ours,
    unchanged,
    dense: second.ours,
    read: usual.read,
    netSnmp,
    ...(bulkwalk === undefined
      ? {}
      : { bulkwalk, overBulkwalk: ours / bulkwalk, denseOverBulkwalk: second.ours / bulkwalk }),
    ...(perl === undefined
      ? {}
      : { perl, overPerl: ours / perl, denseOverPerl: second.ours / perl }),
  };
}

/** The same environment with a store of its own. */
function within(environment: RowEnvironment, folder: string): RowEnvironment {
  return { ...environment, scratch: `${environment.scratch}/${folder}` };
}

async function withAgents<Result>(
  recording: string,
  work: (agents: Helper, addresses: readonly SimulatedAddress[]) => Promise<Result>,
): Promise<Result> {
  const addresses = await agentAddresses(printerCount);
  const config: AgentsConfig = { recording, addresses };
  const { helper } = await Helper.start("agents", config);
  try {
    return await work(helper, addresses);
  } finally {
    await helper.stop();
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
  /** Absent: not installed. */
  readonly bulkwalk?: number;
  readonly perl?: number;
}

async function measurePeers(
  { projectRoot }: RowEnvironment,
  addresses: readonly SimulatedAddress[],
): Promise<Peers> {
  const [first = { host: "", port: 0 }] = addresses;
  const target: PeerTarget = { ...first, varbinds: fullVarbinds, projectRoot };
  const bulkwalkMs = bulkwalkCpuMs(target);
  const perlMs = perlCpuMs(target);
  const config: NetSnmpConfig = { addresses, varbinds: fullVarbinds };
  const { helper, ready } = await Helper.start("net-snmp-walks", config);
  await helper.stop();
  return {
    netSnmp: 1_000 / (ready["cpuMs"] ?? Number.NaN),
    ...(bulkwalkMs === undefined ? {} : { bulkwalk: 1_000 / bulkwalkMs }),
    ...(perlMs === undefined ? {} : { perl: 1_000 / perlMs }),
  };
}
