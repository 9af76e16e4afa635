import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { transpileProject } from "../store/transpiled-project.ts";
import { FaultWorld, printerId, wanted, writes } from "./fault-world.ts";
import { type Fault, FaultyPrinter, type PrinterSettings } from "./faulty-printer.ts";

const before: PrinterSettings = {
  location: "Room 1",
  contact: "Bob",
  dns: "10.0.0.1",
  mail: "mail.old",
};
const faults: readonly Fault[] = [
  "refuse",
  "busy",
  "lostBefore",
  "lostAfter",
  "cutBefore",
  "cutAfter",
  "bent",
  "silentBefore",
  "silentAfter",
];
/** Those that a printer with good will gets over: it takes the same the next time. */
const passing: readonly Fault[] = [
  "lostBefore",
  "lostAfter",
  "cutBefore",
  "cutAfter",
  "silentBefore",
];
/** On a busy machine an answer may come too late though nobody meant it to. */
const mostAttempts = 20;
const runs = { inProcess: 0, killed: 0 };
const folders: string[] = [];

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "mfpgate-faults-"));
  folders.push(path);
  return path;
}

afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
  process.stdout.write(`write faults: ${runs.inProcess} in process, ${runs.killed} killed\n`);
});

async function startedPrinter(takesSingles = false): Promise<FaultyPrinter> {
  const printer = new FaultyPrinter();
  printer.takesSingles = takesSingles;
  Object.assign(printer.settings, before);
  await printer.start();
  return printer;
}

/** Requests that a write without trouble takes; each of them is where something may go wrong. */
async function requestsOf(world: FaultWorld, printer: FaultyPrinter): Promise<number> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    Object.assign(printer.settings, before);
    printer.arm();
    await world.poll();
    printer.arm();
    const result = await world.fleet.printer(printerId)?.write(writes, { who: "acs" });
    if (result?.outcome === "applied") return printer.count;
  }
  throw new Error("no write went without trouble");
}

/** The last request of a write but those that read it back: the agent in one datagram, and two pages. */
function lastChange(requests: number): number {
  return requests - 3;
}

/** Lets the printer recover and be asked again, until nothing is open any more. */
async function recover(world: FaultWorld, printer: FaultyPrinter): Promise<void> {
  printer.arm();
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    await world.poll();
    if ((await world.store.printers.unfinishedJournal()).length === 0) return;
  }
  throw new Error("a write stays open");
}

/** The last outcome written down for each parameter. */
async function auditedOutcomes(world: FaultWorld): Promise<readonly string[]> {
  const rows = await world.store.audit.query(printerId, 40);
  const last = new Map(rows.map(({ path, outcome }) => [path, outcome]));
  // A refusal tells each parameter its own reason.
  const kinds = writes.map(({ path }) =>
    (last.get(path) ?? "none").replace(/^refused:.*/, "refused"),
  );
  return [...new Set(kinds)];
}

/** The write with these faults: all or nothing on the printer, and the truth told. */
async function runWith(
  faultAt: Readonly<Record<number, Fault>>,
  world: FaultWorld,
  printer: FaultyPrinter,
): Promise<void> {
  Object.assign(printer.settings, before);
  printer.arm();
  await world.poll();
  printer.arm(faultAt);
  const result = await world.fleet.printer(printerId)?.write(writes, { who: "acs" });
  await recover(world, printer);
  const name = `${JSON.stringify(faultAt)}: ${JSON.stringify(result)}`;
  const [outcome, ...others] = await auditedOutcomes(world);
  expect(others, name).toEqual([]);
  if (result?.outcome === "applied") {
    expect(printer.settings, name).toEqual(wanted);
    expect(outcome, name).toBe("applied");
  } else {
    expect(printer.settings, name).toEqual(before);
    expect(result, name).not.toHaveProperty("notUndone");
    expect(outcome, name).toMatch(/^(undone|refused)/);
  }
  expect(world.fleet.printer(printerId)?.quarantine, name).toEqual([]);
  runs.inProcess++;
}

async function withWorld(
  takesSingles: boolean,
  task: (world: FaultWorld, printer: FaultyPrinter) => Promise<void>,
): Promise<void> {
  const printer = await startedPrinter(takesSingles);
  const world = await FaultWorld.open(folder(), printer);
  await world.adopt(printer);
  await task(world, printer);
  await world.close();
  printer.stop();
}

describe.concurrent("a write of four parameters over SNMP and web pages", () => {
  for (const takesSingles of [false, true])
    it(
      `is all there or not at all, whatever fails when${takesSingles ? ", with one SET each" : ""}`,
      { timeout: 120_000 },
      () =>
        withWorld(takesSingles, async (world, printer) => {
          const requests = await requestsOf(world, printer);
          for (const fault of takesSingles ? passing : faults)
            for (let at = 1; at <= requests; at++) await runWith({ [at]: fault }, world, printer);
        }),
    );

  it("is taken back whatever fails while it is taken back", { timeout: 120_000 }, () =>
    withWorld(false, async (world, printer) => {
      const requests = await requestsOf(world, printer);
      // Of the last change another value is made: all others are to be taken back.
      const bent = lastChange(requests);
      for (const fault of passing)
        for (let at = bent + 1; at <= bent + requests; at++)
          await runWith({ [bent]: "bent", [at]: fault }, world, printer);
    }),
  );
});

describe("a process killed while it writes", () => {
  let script = "";
  let template = "";
  let requests = 0;

  beforeAll(() => {
    const project = folder();
    transpileProject(["src", "test/fleet", "test/snmp"], project);
    script = join(project, "test/fleet/write-child.js");
  }, 60_000);

  /** Kills the process at a request; true when the write was over before. */
  async function killAt(
    printer: FaultyPrinter,
    dataDir: string,
    at: number,
    moment: "before" | "after",
  ): Promise<string | undefined> {
    const args = [script, dataDir, String(printer.snmpPort), String(printer.ewsPort)];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "pipe"] });
    let complaints = "";
    let result: string | undefined;
    child.stderr.on("data", (data: Buffer) => (complaints += data.toString()));
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line === "ready") {
        printer.arm();
        printer.onRequest = (number, now) => {
          if (number === at && now === moment) child.kill("SIGKILL");
        };
        child.stdin.write("write\n");
      } else if (!line.startsWith("{")) {
        result = line;
        child.kill("SIGKILL");
      }
    });
    const signal = await new Promise((resolve) => {
      child.on("close", (_, by) => {
        resolve(by);
      });
    });
    printer.onRequest = () => undefined;
    if (signal !== "SIGKILL") throw new Error(`the child ended by itself: ${complaints}`);
    return result;
  }

  async function killAndRecover(
    printer: FaultyPrinter,
    at: number,
    moment: "before" | "after",
  ): Promise<void> {
    Object.assign(printer.settings, before);
    const dataDir = folder();
    cpSync(template, dataDir, { recursive: true });
    const result = await killAt(printer, dataDir, at, moment);
    const world = await FaultWorld.open(dataDir, printer);
    await recover(world, printer);
    await world.close();
    const name = `killed ${moment} request ${at}`;
    if (result === "applied") expect(printer.settings, name).toEqual(wanted);
    else expect([before, wanted], name).toContainEqual(printer.settings);
    runs.killed++;
  }

  /** One after the other with one printer; the kills with odd numbers, or those with even ones. */
  async function lane(rest: 0 | 1, prepared: FaultyPrinter | undefined): Promise<void> {
    const printer = prepared ?? (await startedPrinter());
    for (let kill = 0; kill < 2 * requests; kill++) {
      const moment = kill < requests ? "before" : "after";
      if (kill % 2 === rest) await killAndRecover(printer, 1 + (kill % requests), moment);
    }
    printer.stop();
  }

  it(
    "leaves everything as before or as asked once the next one has seen the printer",
    { timeout: 120_000 },
    async () => {
      const printer = await startedPrinter();
      template = folder();
      const first = await FaultWorld.open(template, printer);
      await first.adopt(printer);
      requests = await requestsOf(first, printer);
      await first.close();
      await Promise.all([lane(0, printer), lane(1, undefined)]);
    },
  );
});

it("was tried often enough", () => {
  expect(runs.inProcess + runs.killed).toBeGreaterThanOrEqual(200);
});
