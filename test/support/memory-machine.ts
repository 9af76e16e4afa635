import type {
  MachineState,
  MachineView,
  RowNumbers,
} from "../../src/presentation/proxier/machine-view.ts";

const counters = {
  bytesReceived: "18446744073709551615",
  packetsReceived: "50928",
  errorsReceived: "3",
  discardsReceived: "1",
  multicastReceived: "9",
  bytesSent: "10184120",
  packetsSent: "70227",
  errorsSent: "0",
  discardsSent: "0",
};

/** A small box with one wired port. */
export const smallMachine: MachineState = {
  hostName: "box",
  memory: { totalKiB: 948_012, freeKiB: 612_340 },
  persistent: { totalKiB: 8_000_000, freeKiB: 4_000_000 },
  cpuPercent: 12,
  processors: 2,
  architecture: "arm64",
  processes: [
    { pid: 1, command: "init", sizeKiB: 12, priority: 20, cpuTimeMs: 50, state: "Sleeping" },
    {
      pid: 812,
      command: "node",
      sizeKiB: 90_000,
      priority: 20,
      cpuTimeMs: 9_000,
      state: "Running",
    },
  ],
  interfaces: [
    {
      name: "eth0",
      isLoopback: false,
      isEthernet: true,
      isEnabled: true,
      status: "Up",
      macAddress: "00:00:5E:00:53:10",
      mtu: 1500,
      speedMbps: 1000,
      counters,
      addresses: [
        { address: "192.0.2.2", netmask: "255.255.255.0", family: "IPv4" },
        { address: "2001:db8::2", netmask: "ffff:ffff:ffff:ffff::", family: "IPv6" },
      ],
    },
    {
      name: "lo",
      isLoopback: true,
      isEthernet: false,
      isEnabled: true,
      status: "Up",
      macAddress: undefined,
      mtu: 65_536,
      speedMbps: undefined,
      counters,
      addresses: [{ address: "127.0.0.1", netmask: "255.0.0.0", family: "IPv4" }],
    },
  ],
  routes: [
    {
      interfaceName: "eth0",
      destination: "0.0.0.0",
      mask: "0.0.0.0",
      gateway: "192.0.2.1",
      metric: 100,
    },
  ],
  nameServers: ["192.0.2.53"],
  timeServers: ["ntp.example.net"],
  isTimeSynchronized: true,
  zoneRule: "CET-1CEST,M3.5.0,M10.5.0/3",
};

/** A machine in memory. */
export class MemoryMachine implements MachineView {
  state: MachineState = smallMachine;
  /** What the next {@link refresh} will read. */
  next: MachineState = smallMachine;
  refreshes = 0;
  readonly #listeners = new Set<() => void>();

  refresh(): Promise<void> {
    this.refreshes += 1;
    this.state = this.next;
    for (const listener of this.#listeners) listener();
    return Promise.resolve();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Row numbers as the store gives them: from 1, never again. */
export class MemoryRowNumbers implements RowNumbers {
  readonly #tables = new Map<string, Map<string, number>>();

  assign(table: string, keys: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = this.#tables.get(table) ?? new Map<string, number>();
    this.#tables.set(table, rows);
    for (const key of keys) rows.set(key, rows.get(key) ?? rows.size + 1);
    return Promise.resolve(rows);
  }
}
