import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { endedChildrenCpuMs } from "../support/cpu.ts";

/** The agent the peers walk, and how many varbinds they must find. */
export interface PeerTarget {
  readonly host: string;
  readonly port: number;
  readonly varbinds: number;
  readonly projectRoot: string;
}

const walks = 100;

/** CPU of one `snmpbulkwalk` process, milliseconds; undefined when it is not installed. */
export function bulkwalkCpuMs({ host, port, varbinds }: PeerTarget): number | undefined {
  // No MIB files are loaded and names stay numbers: the fastest it can be.
  const options = ["-v2c", "-cpublic", "-m", "", "-On", "-Cr25", `${host}:${port}`, "1.3.6.1"];
  const trial = spawnSync("snmpbulkwalk", options, { encoding: "utf8" });
  if (trial.error !== undefined) return undefined;
  requireCount("snmpbulkwalk", countVarbinds(trial.stdout), varbinds);
  // Started by a shell, as forking a process of our size would be counted as theirs.
  const loop = 'for n in $(seq "$0"); do snmpbulkwalk "$@" >/dev/null; done';
  return cpuOf("sh", ["-c", loop, String(walks), ...options]) / walks;
}

/** Long octet strings go on in further lines, and the last line says that nothing follows. */
function countVarbinds(output: string): number {
  const isVarbind = (line: string): boolean =>
    line.startsWith(".1.") && !line.includes("No more variables left");
  return output.split("\n").filter(isVarbind).length;
}

/** CPU of one walk by Perl Net::SNMP within one process, milliseconds; undefined when it is not installed. */
export function perlCpuMs({ host, port, varbinds, projectRoot }: PeerTarget): number | undefined {
  if (spawnSync("perl", ["-MNet::SNMP", "-e1"], { stdio: "ignore" }).status !== 0) return undefined;
  const script = join(projectRoot, "bench", "peers", "net-snmp-walk.pl");
  return cpuOf("perl", [script, host, String(port), String(walks), String(varbinds)]) / walks;
}

function cpuOf(command: string, args: readonly string[]): number {
  const beforeMs = endedChildrenCpuMs();
  const { status } = spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`${command} ended with ${String(status)}`);
  return endedChildrenCpuMs() - beforeMs;
}

/** @throws {Error} when a peer did not read what it is compared for */
export function requireCount(peer: string, found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`${peer} read ${found} varbinds instead of ${wanted}`);
}
