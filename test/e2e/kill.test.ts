import { afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  inSequence,
  readTree,
  takeOverConnectionRequests,
  watchActively,
} from "../../src/simulator/acs/session-script.ts";
import { setUp } from "../support/command.ts";
import type { Daemon } from "../support/daemon.ts";
import { Random, seedOf } from "../support/random.ts";
import { Site } from "../support/site.ts";
import { waitUntil } from "../support/wait-until.ts";
import { ManagedDevice } from "./managed-device.ts";
import { SessionLog } from "./session-log.ts";

const kills = 50;
const service = "Device.Services.X_MFPGATE-ORG_MFP.1.";
const recordings = ["kyocera-ecosys-m6690cidn", "hp-color-laserjet-mfp-m4790dw", "oki-mc890"];
/** Every so many kills everything is checked in peace. */
const calmEvery = 10;
/** The longest a session may take to see the kill coming. */
const longestLifeMs = 4_000;

const sites: Site[] = [];
afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.stop()));
});

describe("kill -9 during sessions", () => {
  beforeAll(setUp);

  it(`loses and doubles nothing the ACS was told, over ${kills} kills`, async () => {
    const seed = seedOf("kill");
    // Most of the time is the start of the service; two boxes side by side use both cores of a small machine.
    const halves = [
      { seed, firstPrinter: "127.21.0.1" },
      { seed: seed + 1, firstPrinter: "127.22.0.1" },
    ];
    await Promise.all(halves.map((half) => killRepeatedly(kills / 2, half)));
  });
});

async function killRepeatedly(
  times: number,
  { seed, firstPrinter }: { readonly seed: number; readonly firstPrinter: string },
): Promise<void> {
  const log = new SessionLog();
  const takeOver = takeOverConnectionRequests(() => "connection-request-password");
  const watch = watchActively((path) => path === `${service}General.State`);
  const site = await Site.open({
    recordings,
    firstPrinter,
    acs: { scripts: [inSequence(log.script, takeOver, readTree(), watch)] },
    printers: { restartMs: 300 },
  });
  sites.push(site);
  const run = new KillRun(site, log, new Random(seed));
  await run.adopt();
  const before = await run.numbering();

  for (let kill = 1; kill <= times; kill++) {
    await run.liveAndDie();
    if (kill % calmEvery === 0) await run.calm();
  }

  await run.calm();
  expect(await run.numbering()).toEqual(before);
  run.checkEvents();
  expect(run.problems()).toEqual([]);
  await run.endInOrder();
  process.stdout.write(`${run.summary()}\n`);
}

/** One service, its printers and its ACS over many lives of the process. */
class KillRun {
  readonly #site: Site;
  readonly #log: SessionLog;
  readonly #random: Random;
  #devices: readonly ManagedDevice[] = [];
  #daemon: Daemon | undefined;
  #starts = 0;

  constructor(around: Site, log: SessionLog, random: Random) {
    this.#site = around;
    this.#log = log;
    this.#random = random;
  }

  /** First life: the ACS takes all devices over. */
  async adopt(): Promise<void> {
    const { acs, printers } = this.#site;
    await this.#start();
    const records = await acs.waitFor(() => {
      const settled = acs.devices().filter(({ sessions, treeReadAtMs }) => {
        const last = sessions.last();
        return treeReadAtMs !== undefined && last?.endedAtMs !== undefined && !last.problem;
      });
      return settled.length === printers.length + 1 ? settled : undefined;
    }, 20_000);
    this.#devices = records.map((record) => {
      const serial = Buffer.from(record.deviceId.serialNumber).toString("hex");
      const printer = printers.find(({ agent }) =>
        [...agent.mib.column("1.3.6.1.2.1.43.5.1.1.17").values()].some(
          ({ value }) =>
            value instanceof Uint8Array && Buffer.from(value).toString("hex") === serial,
        ),
      );
      return new ManagedDevice(acs, record, this.#random, printer);
    });
  }

  /** Work until the process is killed at a random message, then the next life begins. */
  async liveAndDie(): Promise<void> {
    const daemon = this.#daemon ?? (await this.#start());
    const killed = this.#killAtRandom(daemon);
    const workers = this.#devices.map((device) => this.#workUntil(device, killed));
    if (this.#random.next() < 0.5) this.#random.of(this.#devices).toggleJam();
    await killed;
    this.#daemon = undefined;
    if (this.#random.next() < 0.3) this.#random.of(this.#devices).toggleJam();
    await Promise.all(workers);
    await this.#start();
  }

  /** Nothing is killed until the ACS knows all that it must know. */
  async calm(): Promise<void> {
    try {
      for (const device of this.#devices) await this.#settle(device);
    } catch (error) {
      const said = this.#daemon?.command.stderr ?? "";
      throw new Error(`not everything is known; the service said:\n${said}`, { cause: error });
    }
  }

  /** Instance numbers with what identifies their rows. */
  async numbering(): Promise<Readonly<Record<string, string | undefined>>> {
    const tables = ["Device.ManagementServer.VirtualDevice.", `${service}Supply.`];
    const numbering: Record<string, string | undefined> = {};
    for (const { record } of this.#devices) {
      const isProxier = record.deviceId.productClass === "mfpgate";
      const table = tables[isProxier ? 0 : 1] ?? "";
      await waitUntil(`${record.id} tells its rows`, async () => {
        const { outcome } = await this.#site.acs.getParameterValues(record.id, [table]);
        return outcome === "response";
      });
      for (const [path, { value }] of record.parameters)
        if (path.startsWith(table) && /\.(SerialNumber|Description)$/.test(path))
          numbering[`${record.id} ${path}`] = value;
    }
    return numbering;
  }

  /** Every event as often as it happened. */
  checkEvents(): void {
    expect(this.#site.acs.devices()).toHaveLength(this.#devices.length);
    for (const { record, reboots, rebootsAsked } of this.#devices) {
      const isProxier = record.deviceId.productClass === "mfpgate";
      const boots = this.#log.count(record, "1 BOOT").delivered;
      expect(this.#log.count(record, "0 BOOTSTRAP"), record.id).toEqual({ sent: 1, delivered: 1 });
      expect(boots, record.id).toBeGreaterThanOrEqual(1);
      // A reboot interrupted between order and note is ordered again.
      expect(boots, record.id).toBeLessThanOrEqual(
        isProxier ? this.#starts + rebootsAsked : 1 + 2 * rebootsAsked,
      );
      for (const commandKey of reboots) {
        const { sent, delivered } = this.#log.count(record, "M Reboot", commandKey);
        expect(sent, `${record.id} ${commandKey}`).toBeGreaterThanOrEqual(1);
        expect(delivered, `${record.id} ${commandKey}`).toBeLessThanOrEqual(1);
      }
    }
  }

  problems(): readonly string[] {
    const violations = this.#site.acs.violations().map(({ text }) => text);
    return [...this.#devices.flatMap(({ ledger }) => ledger.problems), ...violations];
  }

  async endInOrder(): Promise<void> {
    expect(await this.#daemon?.stop()).toMatchObject({ code: 0 });
  }

  summary(): string {
    const sum = (pick: (device: ManagedDevice) => number): number =>
      this.#devices.reduce((total, device) => total + pick(device), 0);
    const asked = sum((device) => device.asked);
    const answered = sum((device) => device.answered);
    const reboots = sum((device) => device.reboots.length);
    return `kill: ${this.#starts} starts, ${this.#log.informs} Informs, ${answered} of ${asked} RPCs answered, ${reboots} reboots`;
  }

  async #start(): Promise<Daemon> {
    this.#starts += 1;
    this.#daemon = await this.#site.start();
    return this.#daemon;
  }

  /** Resolves when the process is dead: within milliseconds of a random message of this life. */
  async #killAtRandom(daemon: Daemon): Promise<void> {
    const messages = Math.ceil(this.#random.next() ** 2 * 150);
    const delayMs = this.#random.next() * 25;
    let seen = 0;
    // Asked once by waitFor itself, then after every message.
    const reached = this.#site.acs.waitFor(
      () => (seen++ >= messages ? true : undefined),
      longestLifeMs,
    );
    await reached.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await daemon.kill();
  }

  /** A turn that the kill interrupts is settled by the device's next session, in the next life. */
  async #workUntil(device: ManagedDevice, killed: Promise<void>): Promise<void> {
    const end = killed.then(() => "killed");
    for (let turn = ""; turn !== "killed";)
      turn = await Promise.race([device.work().then(() => "done"), end]);
  }

  async #settle(device: ManagedDevice): Promise<void> {
    const { id } = device.record;
    const isReported = (): boolean => this.#missingReboots(device).length === 0;
    await waitUntil(`${id} is verified`, () => device.verify(), 20_000);
    await waitUntil(`the ACS learns the state of ${id}`, () => device.isStateKnown(), 20_000);
    await waitUntil(`${id} reports its reboots`, isReported, 20_000);
    device.checkPrinter();
  }

  #missingReboots({ record, reboots }: ManagedDevice): readonly string[] {
    return reboots.filter((key) => this.#log.count(record, "M Reboot", key).sent === 0);
  }
}
