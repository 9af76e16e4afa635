import { Fleet } from "../../src/fleet/fleet.ts";
import type { FleetEvent } from "../../src/fleet/fleet-event.ts";
import type { PrinterDrivers } from "../../src/fleet/ports.ts";
import type { PrinterWrite } from "../../src/fleet/write-port.ts";
import { createPrinterDrivers } from "../../src/main/printer-drivers.ts";
import { ShapeRegistry } from "../../src/model/shapes.ts";
import { type Clock, systemClock } from "../../src/shared/clock.ts";
import type { DeviceAccess } from "../../src/southbound/driver.ts";
import { type Store, openStore } from "../../src/store/store.ts";
import { simpleMappings } from "./simple-mapping.ts";
import { TwoWayMapping } from "./two-way-mapping.ts";

/** Where the printer under test is. */
export interface FaultyPorts {
  readonly snmpPort: number;
  readonly ewsPort: number;
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

/** The fleet waits for slow printers fifty times as fast. */
const hasty: Clock = {
  nowMs: () => systemClock.nowMs(),
  after: (delayMs, run) => systemClock.after(delayMs / 50, run),
};

/** A fleet on a real store over real sockets; nothing is polled but what is asked for. */
export class FaultWorld {
  readonly store: Store;
  readonly fleet: Fleet;
  readonly events: FleetEvent[];

  private constructor(store: Store, fleet: Fleet, events: FleetEvent[]) {
    this.store = store;
    this.fleet = fleet;
    this.events = events;
  }

  static async open(dataDir: string, ports: FaultyPorts): Promise<FaultWorld> {
    const shapes = new ShapeRegistry();
    const store = await openStore({
      dataDir,
      clock: systemClock,
      internShape: (shape) => shapes.adopt(shape),
    });
    const mappings = simpleMappings(new TwoWayMapping());
    const events: FleetEvent[] = [];
    const fleet = new Fleet(
      {
        store: store.printers,
        mappings: () => mappings,
        shapes,
        clock: hasty,
        emit: (event) => events.push(event),
        audit: (rows) => store.audit.append(rows),
        writePolicy: { readOnly: false, mayRestartAt: () => true },
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
    return new FaultWorld(store, fleet, events);
  }

  async adopt(ports: FaultyPorts): Promise<void> {
    this.fleet.offer({
      access: accessTo(ports),
      credential: "key",
      discoveredBy: "snmp",
      sysObjectId: undefined,
      sysDescr: undefined,
    });
    await this.fleet.settled();
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

function accessTo({ snmpPort, ewsPort }: FaultyPorts): DeviceAccess {
  const host = "127.0.0.1";
  const security = { version: "2c", read: "public", write: "private" } as const;
  return {
    host,
    snmp: { host, port: snmpPort, security, timeoutMs: 60, retries: 0 },
    ews: { host, port: ewsPort, scheme: "http", timeoutMs: 60 },
  };
}

/** What was learned of a printer that failed on purpose would slow down every run after it. */
function forgetfulDrivers(): PrinterDrivers {
  const drivers = createPrinterDrivers({ clock: systemClock });
  return {
    ...drivers,
    open: (access) => createPrinterDrivers({ clock: systemClock }).open(access),
  };
}
