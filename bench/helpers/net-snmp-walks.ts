import { createSocket } from "node:dgram";
import netSnmp, { type NetSnmpSession, type NetSnmpVarbind } from "net-snmp";
import type { SimulatedAddress } from "../../src/simulator/printer-fleet.ts";
import { requireCount } from "../peers/programs.ts";
import { costOf } from "../support/cpu.ts";
import { serve } from "../support/helper.ts";

/** Agents to walk, and how many varbinds each has. */
export interface NetSnmpConfig {
  readonly addresses: readonly SimulatedAddress[];
  readonly varbinds: number;
}

const warmUpRounds = 3;
const rounds = 8;
const maxRepetitions = 25;
/** Type of a varbind after the last one (RFC 3416 endOfMibView). */
const endOfMibView = 130;

/** Walks agents with the net-snmp package alone; ready when done, with the CPU time of one walk. */
serve(async (config) => {
  const { addresses, varbinds } = config as NetSnmpConfig;
  const walkRounds = async (count: number): Promise<void> => {
    for (let round = 0; round < count; round++)
      for (const address of addresses) requireCount("net-snmp", await walk(address), varbinds);
  };
  await walkRounds(warmUpRounds);
  const { cpuMs } = await costOf(() => walkRounds(rounds));
  return {
    ready: { cpuMs: cpuMs / (rounds * addresses.length) },
    answer: () => Promise.resolve({}),
    stop: () => Promise.resolve(),
  };
});

/** Number of varbinds of an agent. */
async function walk({ host, port }: SimulatedAddress): Promise<number> {
  const session = netSnmp.createSession(host, "public", {
    port,
    transport: "udp4",
    version: netSnmp.Version2c,
    backoff: 1,
    dgramModule: { createSocket },
  });
  try {
    const values = new Map<string, unknown>();
    for (let from: string | undefined = "1.3.6.1"; from !== undefined;) {
      const varbinds: readonly NetSnmpVarbind[] = await bulk(session, from);
      from = undefined;
      for (const { oid, type, value } of varbinds) {
        if (type === endOfMibView) return values.size;
        values.set(oid, value);
        from = oid;
      }
    }
    return values.size;
  } finally {
    session.close();
  }
}

function bulk(session: NetSnmpSession, from: string): Promise<readonly NetSnmpVarbind[]> {
  return new Promise((resolve, reject) => {
    session.getBulk([from], 0, maxRepetitions, (error, result) => {
      if (error !== null) reject(error);
      // One list for each name asked repeatedly.
      else resolve((result as readonly (readonly NetSnmpVarbind[])[])[0] ?? []);
    });
  });
}
