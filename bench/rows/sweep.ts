import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AddressSpace, formatAddress } from "../../src/discovery/address-space.ts";
import { sweep } from "../../src/discovery/snmp-sweep.ts";
import { systemClock } from "../../src/shared/clock.ts";
import type { SimulatedAddress } from "../../src/simulator/printer-fleet.ts";
import { openSnmpSession } from "../../src/southbound/snmp/open-session.ts";
import type { AgentsConfig } from "../helpers/agents.ts";
import type { Measured, RowEnvironment } from "../row.ts";
import { costOf, endedChildrenCpuMs } from "../support/cpu.ts";
import { Helper } from "../support/helper.ts";
import { freeUdpPort } from "../support/loopback.ts";
import { recordingPath } from "../support/recording.ts";

const range = "127.30.0.0/16";
/** onesixtyone waits a millisecond after each packet: a whole /16 would take minutes. */
const peerRange = "127.30.0.0/20";
const packetsPerSecond = 10_000;
const agentCount = 300;
const credentials = [{ key: "public", security: { version: "2c", read: "public" } }] as const;

/** Sweeps a /16 of loopback addresses in which 300 printers answer. */
export async function measure(environment: RowEnvironment): Promise<Measured> {
  const port = await freeUdpPort();
  const config: AgentsConfig = {
    recording: recordingPath(environment),
    addresses: scattered(port),
  };
  const { helper } = await Helper.start("agents", config);
  try {
    return {
      ...(await measureOurs(port, config.addresses)),
      ...(await measurePeer(environment, port)),
    };
  } finally {
    await helper.stop();
  }
}

async function measureOurs(port: number, agents: readonly SimulatedAddress[]): Promise<Measured> {
  const found = new Set<string>();
  let sent = 0;
  const { cpuMs, wallMs } = await costOf(async () => {
    const report = await sweep({
      ranges: [range],
      port,
      packetsPerSecond,
      credentials,
      openSession: (access) => openSnmpSession(access),
      clock: systemClock,
      onCandidate: ({ access }) => found.add(access.host),
    });
    sent = report.sent;
  });
  return {
    wallS: wallMs / 1_000,
    cpuUs: (cpuMs * 1_000) / sent,
    rssMb: process.resourceUsage().maxRSS / 1_024,
    missed: agents.filter(({ host }) => !found.has(host)).length,
  };
}

/** All over the range, as printers are. */
function scattered(port: number): readonly SimulatedAddress[] {
  const space = new AddressSpace([range]);
  const step = Math.floor(space.size / agentCount);
  return Array.from({ length: agentCount }, (_, n) => ({
    host: formatAddress(space.at(n * step) ?? 0),
    port,
  }));
}

/** CPU of onesixtyone over part of the range; nothing when it is not installed. */
async function measurePeer({ scratch }: RowEnvironment, port: number): Promise<Measured> {
  const space = new AddressSpace([peerRange]);
  const hosts = Array.from({ length: space.size }, (_, n) => formatAddress(space.at(n) ?? 0));
  const file = join(scratch, "hosts");
  await writeFile(file, `${hosts.join("\n")}\n`);
  const cpuBeforeMs = endedChildrenCpuMs();
  const startedMs = performance.now();
  const { error } = spawnSync("onesixtyone", ["-i", file, "-p", String(port), "-w", "1"], {
    stdio: "ignore",
  });
  if (error !== undefined) return {};
  const wholeRange = new AddressSpace([range]).size / space.size;
  return {
    peerCpuUs: ((endedChildrenCpuMs() - cpuBeforeMs) * 1_000) / space.size,
    peerWallS: ((performance.now() - startedMs) / 1_000) * wholeRange,
  };
}
