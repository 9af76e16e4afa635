/** Runs one test of the diagnostics room and prints its result as JSON; for runs in another network namespace. */
import { type PingOptions, runPing } from "../../src/diagnostics/ping.ts";
import { type TraceRouteOptions, runTraceRoute } from "../../src/diagnostics/trace-route.ts";
import { systemClock } from "../../src/shared/clock.ts";

const [kind, json = "{}"] = process.argv.slice(2);
const given = JSON.parse(json) as Partial<PingOptions & TraceRouteOptions>;
const common = { host: "", version: "Any", timeoutMs: 1000, blockSize: 38, dscp: 0 } as const;
const signal = new AbortController().signal;

// The clock's timers do not keep a process alive, and here nothing else does.
const alive = setInterval(() => undefined, 1000);
const result =
  kind === "ping"
    ? await runPing({ ...common, repetitions: 1, ...given, clock: systemClock }, signal)
    : await runTraceRoute(
        { ...common, tries: 3, maxHops: 5, ...given, clock: systemClock },
        signal,
      );
clearInterval(alive);
process.stdout.write(JSON.stringify(result));
