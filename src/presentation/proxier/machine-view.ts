/** The machine the proxier runs on, as its own model shows it; the system room tells. Nothing here waits. */
export interface MachineView {
  readonly state: MachineState;
  /** Resolves when the state is fresh; never rejects. */
  refresh(): Promise<void>;
  /** Called after each reading. Returns the unsubscribe function. */
  onChange(listener: () => void): () => void;
}

/** One reading of the machine. What is not known is undefined or empty. */
export interface MachineState {
  readonly hostName: string;
  readonly memory: MachineMemory;
  readonly persistent: MachineMemory | undefined;
  readonly cpuPercent: number | undefined;
  readonly processors: number;
  /** As Node names it: `x64`, `arm64`, … */
  readonly architecture: string;
  readonly processes: readonly MachineProcess[];
  readonly interfaces: readonly MachineInterface[];
  readonly routes: readonly MachineRoute[];
  /** IP addresses of the name servers asked, first choice first. */
  readonly nameServers: readonly string[];
  readonly timeServers: readonly string[];
  readonly isTimeSynchronized: boolean | undefined;
  /** POSIX rule of the local time zone. */
  readonly zoneRule: string | undefined;
}

/** Sizes in KiB. */
export interface MachineMemory {
  readonly totalKiB: number;
  readonly freeKiB: number;
}

/** One process; `state` and `priority` as TR-181 has them. */
export interface MachineProcess {
  readonly pid: number;
  readonly command: string;
  readonly sizeKiB: number;
  readonly priority: number;
  readonly cpuTimeMs: number;
  readonly state: string;
}

/** One network interface; `status` in the words of TR-181. */
export interface MachineInterface {
  readonly name: string;
  readonly isLoopback: boolean;
  readonly isEthernet: boolean;
  readonly isEnabled: boolean;
  readonly status: string;
  readonly macAddress: string | undefined;
  readonly mtu: number | undefined;
  readonly speedMbps: number | undefined;
  readonly counters: MachineCounters | undefined;
  readonly addresses: readonly {
    readonly address: string;
    readonly netmask: string;
    readonly family: "IPv4" | "IPv6";
  }[];
}

/** Decimal digits. */
export interface MachineCounters {
  readonly bytesReceived: string;
  readonly packetsReceived: string;
  readonly errorsReceived: string;
  readonly discardsReceived: string;
  readonly multicastReceived: string;
  readonly bytesSent: string;
  readonly packetsSent: string;
  readonly errorsSent: string;
  readonly discardsSent: string;
}

/** One IPv4 route; an empty gateway stands for a connected network. */
export interface MachineRoute {
  readonly interfaceName: string;
  readonly destination: string;
  readonly mask: string;
  readonly gateway: string;
  readonly metric: number;
}

/** What DHCP gave the machine; empty when it has no lease that can be read. */
export interface LeaseView {
  readonly addresses: readonly string[];
  readonly nameServers: readonly string[];
}

/** Numbers of rows by their key, kept for ever and never given to another row. */
export interface RowNumbers {
  assign(table: string, keys: readonly string[]): Promise<ReadonlyMap<string, number>>;
}
