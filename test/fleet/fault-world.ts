import { Fleet } from "../../src/fleet/fleet.ts";
import type { FleetEvent } from "../../src/fleet/fleet-event.ts";
import type { PrinterDrivers, WritePolicy } from "../../src/fleet/ports.ts";
import type { PrinterWrite } from "../../src/fleet/write-port.ts";
import { createPrinterDrivers } from "../../src/main/printer-drivers.ts";
import type { CompiledMapping } from "../../src/mapping/evaluation.ts";
import { ShapeRegistry } from "../../src/model/shapes.ts";
import { type Clock, systemClock } from "../../src/shared/clock.ts";
import type { DeviceAccess } from "../../src/southbound/driver.ts";
import { type Store, openStore } from "../../src/store/store.ts";
import { simpleMappings } from "./simple-mapping.ts";
import { TwoWayMapping } from "./two-way-mapping.ts";

/** Where the printer under test is. */
export interface FaultyPorts {
  /** How long an answer is waited for; 60 ms unless told. */
  readonly timeoutMs?: number;
  /** Undefined: it has no agent. */
  readonly snmpPort: number | undefined;
  readonly ewsPort: number;
}

/** What of the world is another than usual. */
export interface WorldOptions {
  readonly mapping?: () => CompiledMapping;
  readonly policy?: WritePolicy;
}

/** Id the printer of `FaultyPrinter` is adopted under. */
export const printerId = "0017c8-a1";

const dayMs = 86_400_000;
const row = "Device.Services.X_MFPGATE-ORG_MFP.1.";

/** The write under test, as `PrinterSettings` and as the ACS asks for it. */
export const wanted = { location: "Room 2", contact: "Ann", dns: "10.0.0.2", mail: "mail.new" };
export const writes: readonly PrinterWrite[] = [
  { path: `${row}General.SystemLocation`, value: wanted.location },
  { path: `${row}General.OwnerContact`, value: wanted.contact },
  { path: `${row}Network.DNS.PrimaryServer`, value: wanted.dns },
  { path: `${row}Network.SMTP.ServerAddress`, value: wanted.mail },
];

/** Waits for slow printers fifty times as fast, and jumps ahead when told. */
class HastyClock implements Clock {
  #aheadMs = 0;

  nowMs(): number {
    return systemClock.nowMs() + this.#aheadMs;
  }

  after(delayMs: number, run: () => void): () => void {
    return systemClock.after(delayMs / 50, run);
  }

  skip(ms: number): void {
    this.#aheadMs += ms;
  }
}

/** A fleet on a real store over real sockets; nothing is polled but what is asked for. */
export class FaultWorld {
  readonly store: Store;
  readonly fleet: Fleet;
  readonly events: FleetEvent[];
  readonly clock: HastyClock;

  private constructor(store: Store, fleet: Fleet, events: FleetEvent[], clock: HastyClock) {
    this.store = store;
    this.fleet = fleet;
    this.events = events;
    this.clock = clock;
  }

  static async open(
    dataDir: string,
    ports: FaultyPorts,
    { mapping, policy = anything }: WorldOptions = {},
  ): Promise<FaultWorld> {
    const clock = new HastyClock();
    const shapes = new ShapeRegistry();
    const store = await openStore({
      dataDir,
      clock: systemClock,
      internShape: (shape) => shapes.adopt(shape),
    });
    const usual = new TwoWayMapping();
    let mappings = simpleMappings(mapping?.() ?? usual);
    const events: FleetEvent[] = [];
    const fleet = new Fleet(
      {
        store: store.printers,
        mappings: () => {
          const now = mapping?.() ?? usual;
          if (mappings.byName(now.selected.name) !== now) mappings = simpleMappings(now);
          return mappings;
        },
        shapes,
        clock,
        emit: (event) => events.push(event),
        audit: (rows) => store.audit.append(rows),
        writePolicy: policy,
        accessFor: () => accessTo(ports),
        driversFor: forgetfulDrivers,
      },
      {
        periodsMs: {
          status: dayMs,
          supplies: dayMs,
          counters: dayMs,
          settings: dayMs,
          identity: dayMs,
        },
        approval: "auto",
      },
    );
    await fleet.start();
    return new FaultWorld(store, fleet, events, clock);
  }

  async adopt(ports: FaultyPorts): Promise<void> {
    this.fleet.offer({
      access: accessTo(ports),
      credential: ports.snmpPort === undefined ? undefined : "key",
      discoveredBy: "static",
      sysObjectId: undefined,
      sysDescr: undefined,
    });
    await this.fleet.settled();
  }

  /** Value of a parameter of the printer's service object. */
  value(path: string): unknown {
    const snapshot = this.fleet.printer(printerId)?.snapshot();
    return snapshot?.values[snapshot.shape.indexOf.get(row + path) ?? -1];
  }

  kinds(): readonly string[] {
    return this.events.map(({ kind }) => kind);
  }

  /** Reads everything, and ends what was left open. */
  async poll(): Promise<void> {
    await this.fleet.pollNow(printerId);
  }

  async close(): Promise<void> {
    await this.fleet.stop();
    await this.store.close();
  }
}

const anything: WritePolicy = { readOnly: false, mayRestartAt: () => true };

function accessTo({ snmpPort, ewsPort, timeoutMs = 200 }: FaultyPorts): DeviceAccess {
  const host = "127.0.0.1";
  const security = { version: "2c", read: "public", write: "private" } as const;
  const ews = { host, port: ewsPort, scheme: "http", timeoutMs } as const;
  if (snmpPort === undefined) return { host, ews };
  return { host, snmp: { host, port: snmpPort, security, timeoutMs, retries: 0 }, ews };
}

/** What was learned of a printer that failed on purpose would slow down every run after it. */
function forgetfulDrivers(): PrinterDrivers {
  const drivers = createPrinterDrivers({ clock: systemClock });
  return {
    ...drivers,
    open: (access) => createPrinterDrivers({ clock: systemClock }).open(access),
  };
}
