import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Candidate } from "../../src/discovery/candidate.ts";
import type { FleetEvent } from "../../src/fleet/fleet-event.ts";
import { Fleet, type FleetConfig } from "../../src/fleet/fleet.ts";
import type { FleetPorts, PrinterDrivers } from "../../src/fleet/ports.ts";
import { type DriverParts, createPrinterDrivers } from "../../src/main/printer-drivers.ts";
import type { CompiledMapping } from "../../src/mapping/evaluation.ts";
import { ShapeRegistry } from "../../src/model/shapes.ts";
import { type Clock, systemClock } from "../../src/shared/clock.ts";
import { ManualClock } from "../../src/shared/manual-clock.ts";
import { Recording } from "../../src/simulator/recording.ts";
import { SnmpAgent, type SnmpAgentOptions } from "../../src/simulator/snmp-agent.ts";
import type { DeviceAccess } from "../../src/southbound/driver.ts";
import { parseSnmprec } from "../../src/southbound/snmp/snmprec.ts";
import { type Store, openStore } from "../../src/store/store.ts";
import { SimpleMapping, simpleMappings } from "./simple-mapping.ts";

export const minuteMs = 60_000;
export const serviceRow = "Device.Services.X_MFPGATE-ORG_MFP.1.";

const periodsMs = {
  status: minuteMs,
  supplies: 5 * minuteMs,
  counters: 15 * minuteMs,
  settings: 60 * minuteMs,
  identity: 24 * 60 * minuteMs,
};

/** A small printer with serial number `serial` and a MAC ending in `mac`. */
export function printerRecording(serial: string, mac = "01"): Recording {
  const lines = [
    "1.3.6.1.2.1.1.1.0|4|Acme Laser 500",
    "1.3.6.1.2.1.1.3.0|67|8640000",
    "1.3.6.1.2.1.1.4.0|4|Bob",
    "1.3.6.1.2.1.1.5.0|4|printer",
    "1.3.6.1.2.1.1.6.0|4|Room 1",
    `1.3.6.1.2.1.2.2.1.6.1|4x|0017c80000${mac}`,
    "1.3.6.1.2.1.43.5.1.1.3.1|2|3",
    ...(serial === "" ? [] : [`1.3.6.1.2.1.43.5.1.1.17.1|4|${serial}`]),
    "1.3.6.1.2.1.43.10.2.1.4.1.1|65|1000",
    "1.3.6.1.2.1.43.11.1.1.6.1.1|4|Black Toner",
    "1.3.6.1.2.1.43.11.1.1.6.1.4|4|Waste Box",
    "1.3.6.1.2.1.43.11.1.1.9.1.1|2|80",
    "1.3.6.1.2.1.43.11.1.1.9.1.4|2|-3",
  ];
  return new Recording(serial, parseSnmprec(lines.join("\n")).varbinds);
}

/** A fleet on a real store, talking to simulated agents; time moves by hand, answers come in real time. */
export class FleetBench {
  readonly clock = new ManualClock();
  readonly events: FleetEvent[] = [];
  mapping: CompiledMapping = new SimpleMapping();
  #mappings = simpleMappings(this.mapping);
  readonly #agents: SnmpAgent[] = [];
  #dataDir = "";
  #store: Store | undefined;
  #fleet: Fleet | undefined;

  get fleet(): Fleet {
    if (this.#fleet === undefined) throw new Error("start the bench first");
    return this.#fleet;
  }

  get store(): Store {
    if (this.#store === undefined) throw new Error("start the bench first");
    return this.#store;
  }

  /** Starts a fleet on what the previous one left on disk. `ports` replaces single ports. */
  async start(config: Partial<FleetConfig> = {}, ports: Partial<FleetPorts> = {}): Promise<Fleet> {
    if (this.#dataDir === "") this.#dataDir = await mkdtemp(join(tmpdir(), "mfpgate-fleet-"));
    const shapes = new ShapeRegistry();
    this.#store = await openStore({
      dataDir: this.#dataDir,
      clock: this.clock,
      internShape: (shape) => shapes.adopt(shape),
    });
    const answering: Clock = {
      nowMs: () => this.clock.nowMs(),
      after: (delayMs, run) => systemClock.after(delayMs, run),
    };
    this.#fleet = new Fleet(
      {
        store: this.#store.printers,
        mappings: () => this.#mappings,
        shapes,
        clock: this.clock,
        emit: (event) => this.events.push(event),
        accessFor: ({ host, snmpPort, credential }) => access(host, snmpPort, credential),
        driversFor: (kept, tell) => impatientDrivers({ clock: answering, kept, tell }),
        writePolicy: { readOnly: false, mayRestartAt: () => true },
        audit: (rows) => this.store.audit.append(rows),
        ...ports,
      },
      { periodsMs, approval: "auto", ...config },
    );
    await this.#fleet.start();
    return this.#fleet;
  }

  /** Ends fleet and store, as a restart of the service does. */
  async stop(): Promise<void> {
    await this.#fleet?.stop();
    await this.#store?.close();
    this.#fleet = undefined;
    this.#store = undefined;
  }

  async dispose(): Promise<void> {
    await this.stop();
    for (const agent of this.#agents) await agent.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  async agent(recording: Recording, options: Partial<SnmpAgentOptions> = {}): Promise<SnmpAgent> {
    const agent = new SnmpAgent({ recording, clock: this.clock, ...options });
    await agent.start();
    this.#agents.push(agent);
    return agent;
  }

  /** Offers an agent to the fleet and waits for what comes of it. */
  async discover(agent: SnmpAgent, credential = "public/private"): Promise<void> {
    this.fleet.offer(candidateFor(agent, credential));
    await this.fleet.settled();
  }

  /** Other mapping files. */
  useMapping(mapping: CompiledMapping): void {
    this.mapping = mapping;
    this.#mappings = simpleMappings(mapping);
  }

  kinds(): string[] {
    return this.events.map(({ kind }) => kind);
  }

  /** Value of a parameter of the service object. */
  value(id: string, path: string): unknown {
    const snapshot = this.fleet.printer(id)?.snapshot();
    return snapshot?.values[snapshot.shape.indexOf.get(serviceRow + path) ?? -1];
  }
}

export function candidateFor(agent: SnmpAgent, credential = "public/private"): Candidate {
  const to = access(agent.host, agent.port, credential);
  if (to === undefined) throw new Error(`no such credential: ${credential}`);
  return {
    access: to,
    credential,
    discoveredBy: "snmp",
    sysObjectId: undefined,
    sysDescr: undefined,
  };
}

/** Drivers that give up soon. */
function impatientDrivers(parts: DriverParts): PrinterDrivers {
  const drivers = createPrinterDrivers(parts);
  const hurry = ({ host, snmp }: DeviceAccess): DeviceAccess =>
    snmp === undefined ? { host } : { host, snmp: { ...snmp, timeoutMs: 150, retries: 0 } };
  return { ...drivers, open: (to) => drivers.open(hurry(to)) };
}

function access(host: string, port = 161, credential = ""): DeviceAccess | undefined {
  const [read, write] = credential.split("/");
  if (read === undefined || read === "") return undefined;
  const security = { version: "2c", read, ...(write === undefined ? {} : { write }) } as const;
  return { host, snmp: { host, port, security } };
}
