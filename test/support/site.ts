import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/shared/clock.ts";
import type { TestAcs } from "../../src/simulator/acs/acs-port.ts";
import { type TestAcsOptions, startTestAcs } from "../../src/simulator/acs/test-acs.ts";
import {
  type SimulatedFleet,
  type SimulatedPrinter,
  type SimulatedPrintersOptions,
  loopbackAddresses,
  startSimulatedPrinters,
} from "../../src/simulator/printer-fleet.ts";
import { projectRoot } from "./command.ts";
import { Daemon } from "./daemon.ts";

/** What stands at a site. */
export interface SiteOptions {
  /** Names of the project's own recordings; none: a site without printers. */
  readonly recordings: readonly string[];
  /** First address of the printers on loopback; sites running side by side need different ones. */
  readonly firstPrinter?: string;
  readonly acs?: TestAcsOptions;
  readonly printers?: Partial<SimulatedPrintersOptions>;
  /** Keeps every envelope, see {@link Site.envelopes}. */
  readonly isCaptured?: boolean;
  readonly apiToken?: string;
}

/** Keys of the configuration that replace those of the site. */
export type ConfigOverrides = Readonly<Record<string, unknown>>;

/** One message as it went over the wire. */
export interface Envelope {
  readonly from: "cpe" | "acs";
  readonly text: string;
}

/** Everything around the service, in this process: printers, ACS, a folder with the configuration. */
export class Site {
  readonly folder: string;
  readonly acs: TestAcs;
  readonly printers: readonly SimulatedPrinter[];
  readonly apiToken: string;
  readonly apiPort: number;
  readonly connectionRequestPort: number;
  readonly #fleet: SimulatedFleet;
  readonly #daemons: Daemon[] = [];

  private constructor(
    folder: string,
    around: { acs: TestAcs; fleet: SimulatedFleet; apiToken: string },
    ports: readonly number[],
  ) {
    this.folder = folder;
    this.apiToken = around.apiToken;
    this.acs = around.acs;
    this.#fleet = around.fleet;
    this.printers = around.fleet.printers;
    [this.apiPort = 0, this.connectionRequestPort = 0] = ports;
  }

  static async open(options: SiteOptions): Promise<Site> {
    const folder = mkdtempSync(join(tmpdir(), "mfpgate-e2e-"));
    const fleet = await startPrinters(options);
    const capture = options.isCaptured === true ? { captureDir: join(folder, "soap") } : {};
    const acs = await startTestAcs({ ...options.acs, ...capture });
    const { apiToken = "e2e-api-token" } = options;
    return new Site(folder, { acs, fleet, apiToken }, [await freePort(), await freePort()]);
  }

  /** Writes a configuration with short periods and all printers as static entries; returns its file. */
  configure(overrides: ConfigOverrides = {}, name = "config.yaml"): string {
    const file = join(this.folder, name);
    writeFileSync(file, JSON.stringify({ ...this.#config(), ...overrides }, undefined, 1));
    return file;
  }

  /** Starts the service on a configuration file; ended with the site at the latest. */
  async start(configFile = this.configure()): Promise<Daemon> {
    const daemon = new Daemon(configFile, this.apiToken);
    this.#daemons.push(daemon);
    await daemon.runs();
    return daemon;
  }

  /** What went over the wire so far, in order. */
  envelopes(): readonly Envelope[] {
    const folder = join(this.folder, "soap");
    return readdirSync(folder)
      .sort()
      .map((name) => ({
        from: name.includes("-cpe-") ? "cpe" : "acs",
        text: readFileSync(join(folder, name), "utf8"),
      }));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#daemons.map((daemon) => daemon.kill()));
    await this.acs.stop();
    await this.#fleet.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #config(): ConfigOverrides {
    return {
      proxier: { manufacturer: "e2e", oui: "00005E", productClass: "mfpgate", serialNumber: "E2E" },
      dataDir: "./data",
      acs: { url: this.acs.url, periodicInform: "1h" },
      connectionRequest: { listen: `127.0.0.1:${this.connectionRequestPort}` },
      discovery: {
        interval: "1h",
        static: this.printers.map(({ host, port }) => ({ host, snmp: { port } })),
      },
      credentials: [{ snmp: { version: "2c", read: "public", write: "private" } }],
      polling: { status: "1s", supplies: "5s", counters: "5s", settings: "5s", identity: "1h" },
      api: { listen: `127.0.0.1:${this.apiPort}`, token: this.apiToken },
      log: { level: "info", format: "json" },
    };
  }
}

async function startPrinters(options: SiteOptions): Promise<SimulatedFleet> {
  const { recordings, firstPrinter = "127.20.0.1" } = options;
  if (recordings.length === 0)
    return { printers: [], webPrinters: [], stop: () => Promise.resolve() };
  return startSimulatedPrinters({
    recordings: recordings.map((name) => join(projectRoot, "recordings", `${name}.snmprec`)),
    addresses: loopbackAddresses(recordings.length, 0, firstPrinter),
    clock: systemClock,
    ...options.printers,
  });
}

/** A TCP port of 127.0.0.1 that nobody listens on. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
