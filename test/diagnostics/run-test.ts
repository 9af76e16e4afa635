/** Runs tests of the diagnostics room and prints their results as JSON; for runs in another network namespace. */
import { type PingOptions, runPing } from "../../src/diagnostics/ping.ts";
import { type TraceRouteOptions, runTraceRoute } from "../../src/diagnostics/trace-route.ts";
import { systemClock } from "../../src/shared/clock.ts";

type Given = Partial<PingOptions & TraceRouteOptions>;

const tests = JSON.parse(process.argv[2] ?? "[]") as readonly (readonly [string, Given])[];
const common = { host: "", version: "Any", timeoutMs: 1000, blockSize: 38, dscp: 0 } as const;
const clock = systemClock;
const { signal } = new AbortController();

function run(kind: string, given: Given): Promise<unknown> {
  if (kind === "ping") return runPing({ ...common, repetitions: 1, ...given, clock }, signal);
  return runTraceRoute({ ...common, tries: 3, maxHops: 5, ...given, clock }, signal);
}

// The clock's timers do not keep a process alive, and here nothing else does.
const alive = setInterval(() => undefined, 1000);
const results: unknown[] = [];
for (const [kind, given] of tests) results.push(await run(kind, given));
clearInterval(alive);
process.stdout.write(JSON.stringify(results));
