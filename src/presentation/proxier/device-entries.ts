import { type Entry, inOrder, known, table, text, volatile, whole } from "./entries.ts";
import type { MachineState } from "./machine-view.ts";

const deviceInfo = "Device.DeviceInfo.";

/** Node's name of an architecture → that of TR-181, which knows some of them only. */
const architectures: Readonly<Record<string, string>> = {
  x64: "x86_64",
  ia32: "i386",
  arm: "arm",
  arm64: "arm",
  mips: "mipseb",
  mipsel: "mipsel",
  ppc: "powerpc",
  ppc64: "powerpc",
};

/** `DeviceInfo.{HostName, MemoryStatus, ProcessStatus, Processor}` of the machine. */
export function deviceEntries(machine: MachineState): readonly Entry[] {
  return [
    text(`${deviceInfo}HostName`, machine.hostName, 255),
    ...memoryEntries(machine),
    ...processEntries(machine),
    ...table({
      table: `${deviceInfo}Processor.`,
      rows: inOrder(Array.from({ length: Math.max(1, machine.processors) })),
      entries: (base) => [text(`${base}Architecture`, architectureOf(machine.architecture))],
    }),
  ];
}

function memoryEntries({ memory, persistent }: MachineState): readonly Entry[] {
  const base = `${deviceInfo}MemoryStatus.`;
  return [
    whole(`${base}Total`, memory.totalKiB),
    volatile(whole(`${base}Free`, memory.freeKiB)),
    ...known(persistent, ({ totalKiB }) => whole(`${base}TotalPersistent`, totalKiB)),
    ...known(persistent, ({ freeKiB }) => volatile(whole(`${base}FreePersistent`, freeKiB))),
  ];
}

/** A process has its process id for row number: both are its own as long as it lives. */
function processEntries({ cpuPercent, processes }: MachineState): readonly Entry[] {
  const status = `${deviceInfo}ProcessStatus.`;
  return [
    ...known(cpuPercent, (percent) => volatile(whole(`${status}CPUUsage`, percent))),
    ...table({
      table: `${status}Process.`,
      rows: processes.map((process) => [process.pid, process] as const),
      entries: (base, process) => [
        whole(`${base}PID`, process.pid),
        text(`${base}Command`, process.command, 256),
        volatile(whole(`${base}Size`, process.sizeKiB)),
        whole(`${base}Priority`, process.priority),
        volatile(whole(`${base}CPUTime`, process.cpuTimeMs)),
        volatile(text(`${base}State`, process.state)),
      ],
    }),
  ];
}

/** What TR-181 has no word for gets one of ours (TR-106a15 §3.3). */
function architectureOf(architecture: string): string {
  return architectures[architecture] ?? `X_MFPGATE-ORG_${architecture}`.slice(0, 31);
}
