import { join } from "node:path";
import type { Candidate } from "../../src/discovery/candidate.ts";
import { Fleet } from "../../src/fleet/fleet.ts";
import type { Printer } from "../../src/fleet/printer.ts";
import { createPrinterDrivers } from "../../src/main/printer-drivers.ts";
import { type LoadedMappings, loadMappings } from "../../src/mapping/load.ts";
import { ShapeRegistry } from "../../src/model/shapes.ts";
import { systemClock } from "../../src/shared/clock.ts";
import type { SimulatedAddress } from "../../src/simulator/printer-fleet.ts";
import type { DeviceAccess } from "../../src/southbound/driver.ts";
import { type Store, openStore } from "../../src/store/store.ts";
import type { RowEnvironment } from "../row.ts";

const dayMs = 86_400_000;

/** Nothing is due by itself while something is measured. */
export const periodsMs = {
  status: dayMs,
  supplies: dayMs,
  counters: dayMs,
  settings: dayMs,
  identity: dayMs,
} as const;

const security = { version: "2c", read: "public", write: "private" } as const;
export const credential = "public/private";

/** Reads the shipped mapping files. */
export function shippedMappings({ projectRoot }: RowEnvironment): Promise<LoadedMappings> {
  return loadMappings([join(projectRoot, "mappings")]);
}

/** Store, mappings and fleet joined as `main.ts` joins them. */
export class Site {
  readonly store: Store;
  readonly fleet: Fleet;

  private constructor(store: Store, fleet: Fleet) {
    this.store = store;
    this.fleet = fleet;
  }

  /** Opens (or reopens) the store below the scratch folder and starts the fleet on it. */
  static async open(environment: RowEnvironment): Promise<Site> {
    const mappings = await shippedMappings(environment);
    const shapes = new ShapeRegistry();
    const store = await openBenchStore(environment, shapes);
    const fleet = new Fleet(
      {
        store: store.printers,
        mappings: () => mappings,
        shapes,
        driversFor: () => createPrinterDrivers({ clock: systemClock }),
        accessFor: ({ host, snmpPort = 161 }) => accessTo(host, snmpPort),
        writePolicy: { readOnly: false, mayRestartAt: () => true },
        audit: (rows) => store.audit.append(rows),
        clock: systemClock,
        emit: ({ kind, device, text }) => {
          store.events.append({ device, kind, text }).catch(fail);
        },
      },
      { periodsMs, approval: "auto" },
    );
    await fleet.start();
    return new Site(store, fleet);
  }

  /** Has the agents at these addresses adopted. @throws {Error} when not all of them are */
  async adopt(addresses: readonly SimulatedAddress[]): Promise<readonly Printer[]> {
    for (const { host, port } of addresses) this.fleet.offer(candidateAt(host, port));
    await this.fleet.settled();
    const printers = this.fleet.printers();
    if (printers.length !== addresses.length)
      throw new Error(`${printers.length} of ${addresses.length} agents were adopted`);
    return printers;
  }

  /** Reads every printer once, all poll classes. */
  async refreshAll(): Promise<void> {
    await Promise.all(this.fleet.printers().map(({ id }) => this.fleet.pollNow(id)));
  }

  async close(): Promise<void> {
    await this.fleet.stop();
    await this.store.close();
  }
}

/** The store of this measurement. */
export function openBenchStore(
  { scratch }: RowEnvironment,
  shapes = new ShapeRegistry(),
): Promise<Store> {
  return openStore({
    dataDir: join(scratch, "data"),
    clock: systemClock,
    internShape: (shape) => shapes.adopt(shape),
  });
}

function candidateAt(host: string, port: number): Candidate {
  return {
    access: accessTo(host, port),
    credential,
    discoveredBy: "static",
    sysObjectId: undefined,
    sysDescr: undefined,
  };
}

function accessTo(host: string, port: number): DeviceAccess {
  return { host, snmp: { host, port, security } };
}

/** A measurement in which something could not be written is none. */
function fail(error: unknown): never {
  throw error;
}
