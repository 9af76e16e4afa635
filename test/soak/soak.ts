import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { EndpointManager } from "../../src/cwmp/endpoint/endpoint-manager.ts";
import { createAcsClient } from "../../src/cwmp/http/acs-client.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { type Store, openStore } from "../../src/store/store.ts";
import { boxDefaults } from "../cwmp/endpoint-harness.ts";
import { MemoryTree } from "../cwmp/memory-tree.ts";
import type { SoakOrder, SoakReport } from "./acs-process.ts";

interface Settings {
  readonly devices: number;
  readonly minutes: number;
  readonly intervalS: number;
}

/** Memory after a collection of garbage, bytes. */
interface Memory {
  readonly heap: number;
  readonly rss: number;
}

const mebibyte = 1024 * 1024;
/** What the heap may grow from the first measurement to the last. */
const mostHeapGrowth = 3 * mebibyte;
/** The same of the process, which also holds what the heap needs between two collections. */
const mostRssGrowth = 24 * mebibyte;

function settingsFrom(argv: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      devices: { type: "string", default: "1000" },
      minutes: { type: "string", default: "10" },
      interval: { type: "string", default: "5" },
    },
  });
  const settings = {
    devices: Number(values.devices),
    minutes: Number(values.minutes),
    intervalS: Number(values.interval),
  };
  if (Object.values(settings).some((number) => !(number > 0))) {
    throw new Error("--devices, --minutes and --interval take numbers above 0");
  }
  return settings;
}

async function soak(settings: Settings): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "mfpgate-soak-data-"));
  const acs = fork(new URL("./acs-process.js", import.meta.url), [], { execArgv: [] });
  try {
    const [{ url }] = (await once(acs, "message")) as [{ readonly url: string }];
    const store = await openStore({ dataDir: join(folder, "data"), clock: systemClock });
    try {
      return await informFor(settings, { acs, url, store });
    } finally {
      await store.close();
    }
  } finally {
    acs.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Stage {
  readonly acs: ChildProcess;
  readonly url: string;
  readonly store: Store;
}

async function informFor(
  { devices, minutes, intervalS }: Settings,
  { acs, url, store }: Stage,
): Promise<readonly string[]> {
  const failures: string[] = [];
  const manager = new EndpointManager({
    clock: systemClock,
    transport: createAcsClient({ clock: systemClock }),
    store: store.endpoints,
    onSession: ({ endpointId, errorCode }) => {
      if (errorCode === undefined) return;
      const reason = manager.get(endpointId)?.status().lastError?.text ?? "";
      failures.push(`${errorCode} (${reason})`);
    },
  });
  await addEndpoints(manager, { devices, intervalS, url });
  await manager.start();
  // Everybody has said BOOTSTRAP and found its phase.
  await passed((devices / 100) * 1_000 + 2 * intervalS * 1_000);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  order(acs, { order: "begin" });
  const totalMs = minutes * 60_000;
  const settlingMs = Math.min(60_000, totalMs / 4);
  await passed(settlingMs);
  const first = memory();
  tell(`after ${settlingMs / 1_000} s: heap ${mib(first.heap)}, RSS ${mib(first.rss)}`);
  await passed(totalMs - settlingMs);
  const report = await reportOf(acs, intervalS);
  delay.disable();
  const last = memory();
  const failed = [...failures]; // what stopping cuts off is no failure
  await manager.stop();
  tell(`at the end: heap ${mib(last.heap)}, RSS ${mib(last.rss)}`);
  tell(
    `${report.devices} devices, ${report.informs} periodic Informs, missed ${report.missed}, doubled ` +
      `${report.doubled}, farthest from its moment ${report.latestMs} ms; failed sessions ${failed.length}; ` +
      `event loop p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, longest ${(delay.max / 1e6).toFixed(1)} ms`,
  );
  return problemsOf(report, { devices, failures: failed, first, last });
}

function problemsOf(
  report: SoakReport,
  {
    devices,
    failures,
    first,
    last,
  }: {
    readonly devices: number;
    readonly failures: readonly string[];
    readonly first: Memory;
    readonly last: Memory;
  },
): readonly string[] {
  const checks: readonly (readonly [boolean, string])[] = [
    [report.devices === devices, `${devices - report.devices} devices never informed`],
    [report.missed === 0, `${report.missed} Informs missed`],
    [report.doubled === 0, `${report.doubled} Informs doubled`],
    [failures.length === 0, `sessions failed: ${failures.slice(0, 5).join(", ")}`],
    [report.failedSessions === 0, `the ACS saw ${report.failedSessions} sessions fail`],
    [report.violations.length === 0, `rules broken: ${report.violations.join("; ")}`],
    [last.heap - first.heap < mostHeapGrowth, `heap grew by ${mib(last.heap - first.heap)}`],
    [last.rss - first.rss < mostRssGrowth, `RSS grew by ${mib(last.rss - first.rss)}`],
  ];
  return checks.filter(([isGood]) => !isGood).map(([, text]) => text);
}

async function addEndpoints(
  manager: EndpointManager,
  { devices, intervalS, url }: { devices: number; intervalS: number; url: string },
): Promise<void> {
  for (let index = 0; index < devices; index += 1) {
    const serialNumber = `SOAK-${index}`;
    await manager.add({
      endpointId: serialNumber,
      deviceId: { manufacturer: "Soak", oui: "00005E", productClass: "Laser", serialNumber },
      tree: new MemoryTree(),
      actions: {},
      defaults: {
        ...boxDefaults,
        ...{ url, periodicInformEnable: true, periodicInformIntervalS: intervalS },
      },
      bootsWithProcess: false,
      isReachable: () => true,
      connectionRequestUrl: () => `http://127.0.0.1:7547/cr/${index}`,
    });
  }
}

async function reportOf(acs: ChildProcess, intervalS: number): Promise<SoakReport> {
  const answer = once(acs, "message") as Promise<[SoakReport]>;
  order(acs, { order: "end", intervalMs: intervalS * 1_000 });
  const [report] = await answer;
  return report;
}

function order(acs: ChildProcess, message: SoakOrder): void {
  acs.send(message);
}

function memory(): Memory {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, rss };
}

function mib(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}

function tell(line: string): void {
  process.stdout.write(`soak: ${line}\n`);
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const settings = settingsFrom(process.argv.slice(2));
tell(
  `${settings.devices} devices, ${settings.minutes} min, an Inform every ${settings.intervalS} s`,
);
const problems = await soak(settings);
for (const problem of problems) tell(`FAILED: ${problem}`);
if (problems.length === 0) tell("passed");
process.exitCode = problems.length === 0 ? 0 : 1;
