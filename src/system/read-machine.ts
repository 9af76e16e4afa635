import { readdir, stat, statfs } from "node:fs/promises";
import { arch, freemem, hostname, networkInterfaces, totalmem } from "node:os";
import { join } from "node:path";
import { parseZoneRule } from "./zone-rule.ts";
import { type Memory, parseMeminfo } from "./memory.ts";
import {
  type InterfaceFile,
  type NetworkInterface,
  describeInterface,
  interfaceFiles,
  parseInterfaceCounters,
} from "./network-interfaces.ts";
import {
  parseTimeServers,
  timeServerFiles,
  timeSyncFolder,
  timeSyncedFile,
} from "./network-time.ts";
import { type ProcessInfo, parseProcess, withDescendants } from "./processes.ts";
import { type ProcessorTime, countProcessors, parseProcessorTime } from "./processor.ts";
import { parseNameServers } from "./resolver.ts";
import { type Route, parseRoutes } from "./routes.ts";
import { isAbsence, readBytes, readText } from "./text-file.ts";

/** What the machine is at one moment. What cannot be learnt is undefined or empty. */
export interface Machine {
  readonly hostName: string;
  readonly memory: Memory;
  /** The file system of the data directory. */
  readonly persistent: Memory | undefined;
  readonly processorTime: ProcessorTime | undefined;
  readonly processors: number;
  /** As Node names it: `x64`, `arm64`, … */
  readonly architecture: string;
  /** This one and what it started. */
  readonly processes: readonly ProcessInfo[];
  readonly interfaces: readonly NetworkInterface[];
  readonly routes: readonly Route[];
  readonly nameServers: readonly string[];
  readonly timeServers: readonly string[];
  /** Whether the clock is set by a time server; undefined when nobody tells. */
  readonly isTimeSynchronized: boolean | undefined;
  /** POSIX rule of the local time zone. */
  readonly zoneRule: string | undefined;
}

/** Reads the machine afresh. */
export type ReadMachine = () => Promise<Machine>;

const mostProcesses = 4_096;
const mostInterfaces = 64;
const netFolder = "/sys/class/net";

/** Reads the Linux machine this process runs on. @param dataDir whose file system counts as persistent memory */
export function machineReader(dataDir: string): ReadMachine {
  return async () => {
    const [meminfo, processorText, cpuinfo, routes, resolver, zone] = await Promise.all([
      readText("/proc/meminfo"),
      readText("/proc/stat"),
      readText("/proc/cpuinfo"),
      readText("/proc/net/route"),
      readText("/etc/resolv.conf"),
      readBytes("/etc/localtime"),
    ]);
    return {
      hostName: hostname(),
      memory: parseMeminfo(meminfo ?? "") ?? memoryByNode(),
      persistent: await fileSystem(dataDir),
      processorTime: parseProcessorTime(processorText ?? ""),
      processors: countProcessors(cpuinfo ?? ""),
      architecture: arch(),
      processes: await readProcesses(),
      interfaces: await readInterfaces(),
      routes: parseRoutes(routes ?? ""),
      nameServers: parseNameServers(resolver ?? ""),
      timeServers: await readTimeServers(),
      isTimeSynchronized: await readTimeState(),
      zoneRule: zone === undefined ? undefined : parseZoneRule(zone),
    };
  };
}

function memoryByNode(): Memory {
  return { totalKiB: Math.floor(totalmem() / 1024), freeKiB: Math.floor(freemem() / 1024) };
}

async function fileSystem(folder: string): Promise<Memory | undefined> {
  const found = await unlessAbsent(statfs(folder));
  if (found === undefined) return undefined;
  const kiB = (blocks: number): number => Math.floor((blocks * found.bsize) / 1024);
  return { totalKiB: kiB(found.blocks), freeKiB: kiB(found.bavail) };
}

/**
 * The processes of this service. What else runs on the machine is not the ACS's business, and comes and goes so fast that
 * names read a moment ago would no longer be there.
 */
async function readProcesses(): Promise<readonly ProcessInfo[]> {
  const names = (await unlessAbsent(readdir("/proc"))) ?? [];
  const pids = names.filter((name) => /^\d+$/.test(name)).slice(0, mostProcesses);
  const texts = await Promise.all(pids.map((pid) => readText(`/proc/${pid}/stat`)));
  const all = texts
    .flatMap((text) => (text === undefined ? [] : (parseProcess(text) ?? [])))
    .sort((left, right) => left.pid - right.pid);
  return withDescendants(all, process.pid);
}

async function readInterfaces(): Promise<readonly NetworkInterface[]> {
  const counters = parseInterfaceCounters((await readText("/proc/net/dev")) ?? "");
  const addresses = new Map(Object.entries(networkInterfaces()));
  const listed = (await unlessAbsent(readdir(netFolder))) ?? [];
  const names = [...new Set([...listed, ...addresses.keys()])].sort().slice(0, mostInterfaces);
  const all = await Promise.all(
    names.map(async (name) => {
      const own = addresses.get(name) ?? [];
      // Ports of containers and the like have neither hardware nor an address: they are not the box's.
      if (own.length === 0 && !(await exists(join(netFolder, name, "device")))) return [];
      const files = await readInterfaceFiles(name);
      const isVirtual = await isNoWire(name);
      const parts = { files, addresses: own, counters: counters.get(name), isVirtual };
      return [describeInterface(name, parts)];
    }),
  );
  return all.flat();
}

async function readInterfaceFiles(name: string): Promise<Partial<Record<InterfaceFile, string>>> {
  const texts = await Promise.all(
    interfaceFiles.map(
      async (file) => [file, await readText(join(netFolder, name, file))] as const,
    ),
  );
  return Object.fromEntries(texts.filter(([, text]) => text !== undefined));
}

async function isNoWire(name: string): Promise<boolean> {
  const signs = ["wireless", "phy80211", "bridge", "tun_flags", "bonding"];
  const found = await Promise.all(signs.map((sign) => exists(join(netFolder, name, sign))));
  return found.includes(true);
}

async function readTimeServers(): Promise<readonly string[]> {
  const texts = await Promise.all(timeServerFiles.map((file) => readText(file)));
  return [...new Set(texts.flatMap((text) => parseTimeServers(text ?? "")))];
}

async function readTimeState(): Promise<boolean | undefined> {
  if (await exists(timeSyncedFile)) return true;
  return (await exists(timeSyncFolder)) ? false : undefined;
}

async function exists(path: string): Promise<boolean> {
  return (await unlessAbsent(stat(path))) !== undefined;
}

async function unlessAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}
