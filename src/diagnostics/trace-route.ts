import { Resolver } from "node:dns/promises";
import type { Clock } from "../shared/clock.ts";
import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import {
  type HostAddress,
  type IpVersion,
  interfaceAddress,
  resolveHost,
  sourceAddressTowards,
} from "./addresses.ts";
import { type Failure, failure } from "./outcome.ts";
import { inTime } from "./pause.ts";
import { runProgram } from "./run-program.ts";
import { type TracedHop, readTraceRouteOutput } from "./trace-route-output.ts";

const log = logger("diagnostics.trace-route");

/** What to find the way to, and how (TR-181i2 TraceRoute). */
export interface TraceRouteOptions {
  readonly host: string;
  readonly version: IpVersion;
  /** Probes per hop, 1 to 3. */
  readonly tries: number;
  /** Per probe. */
  readonly timeoutMs: number;
  /** Bytes of data in each probe. */
  readonly blockSize: number;
  /** DiffServ code point, 0 to 63. */
  readonly dscp: number;
  /** 1 to 64. */
  readonly maxHops: number;
  /** Network interface of the box; absent: by the routing table. */
  readonly interfaceName?: string | undefined;
  readonly clock: Clock;
}

/** One hop of a route. */
export interface RouteHop {
  /** Name by reverse lookup, else the address; empty when nobody answered. */
  readonly host: string;
  /** Address, only where `host` is a name. */
  readonly hostAddress: string;
  /** Code of the ICMP answer: 0 time exceeded in transit, 3 port unreachable (the probe arrived), … */
  readonly errorCode: number;
  /** Whole milliseconds, at least 1; 0 where no answer came. */
  readonly timesMs: readonly number[];
}

/** A route, also the part of it that was found when the end was not. */
export type TraceRouteResult =
  | {
      readonly outcome: "complete";
      readonly sourceAddress: string;
      readonly hops: readonly RouteHop[];
      /** Mean time to the host. */
      readonly responseMs: number;
    }
  | (Failure & { readonly hops?: readonly RouteHop[] });

/** ICMP code of "port unreachable", which is how a host answers a probe that arrived (RFC 792). */
const portUnreachable = 3;

/** Names of hops are looked up together and not waited for longer. */
const reverseLookupMs = 3_000;

/** traceroute keeps time in seconds; a longer wait than the longest test makes no difference. */
const longestWaitMs = 600_000;

/**
 * Finds the route to a host with the program `traceroute` (Debian: traceroute), which sends UDP probes and needs no
 * privilege. Probes of one hop go out together, hops one after the other: routers answer bursts with silence.
 */
export async function runTraceRoute(
  options: TraceRouteOptions,
  signal: AbortSignal,
): Promise<TraceRouteResult> {
  const { clock, interfaceName } = options;
  const target = await resolveHost(options, signal);
  if (target === undefined) return failure("CannotResolveHostName");
  const run = await runProgram("traceroute", probeArguments(options, target), signal);
  if (run.outcome === "missing") {
    log.error("the program traceroute is missing; install the package traceroute");
    return failure("Internal");
  }
  if (run.outcome === "cut" || signal.aborted) return failure("Other");
  const traced = readTraceRouteOutput(run.output);
  const last = traced.at(-1);
  if (last === undefined) return withoutRoute(options.host, run.errors);
  const hops = await namedHops(traced, target, clock, signal);
  if (last.address !== target.address)
    return { ...failure(isRefused(last) ? "NoRouteToHost" : "MaxHopCountExceeded"), hops };
  const sourceAddress =
    interfaceName === undefined
      ? await sourceAddressTowards(target)
      : interfaceAddress(interfaceName, target.family);
  return { outcome: "complete", sourceAddress: sourceAddress ?? "", hops, responseMs: mean(last) };
}

function probeArguments(options: TraceRouteOptions, { address, family }: HostAddress): string[] {
  const { tries, timeoutMs, blockSize, dscp, maxHops, interfaceName } = options;
  const waitS = Math.min(timeoutMs, longestWaitMs) / 1000;
  const headers = (family === 4 ? 20 : 40) + 8;
  return [
    `-${family.toString()}`,
    "-n",
    ...["-q", tries.toString(), "-N", tries.toString(), "-m", maxHops.toString()],
    // Without the two zeros a slow hop is given up as soon as its neighbours have answered.
    ...["-w", `${waitS.toString()},0,0`],
    // The code point is the upper six bits of the traffic class.
    ...(dscp > 0 ? ["-t", (dscp << 2).toString()] : []),
    ...(interfaceName === undefined ? [] : ["-i", interfaceName]),
    address,
    (headers + blockSize).toString(),
  ];
}

function withoutRoute(host: string, errors: string): Failure {
  if (/unreachable|no route/i.test(errors)) return failure("NoRouteToHost");
  log.warn("traceroute did not work", { host, text: errors.trim().slice(0, 200) });
  return failure("Other");
}

function isRefused({ unreachableCode }: TracedHop): boolean {
  return unreachableCode !== undefined;
}

function mean({ timesMs }: TracedHop): number {
  const answered = timesMs.filter((time) => time !== undefined);
  const sum = answered.reduce((total, time) => total + time, 0);
  return wholeMs(sum / Math.max(1, answered.length));
}

/** TR-181i2 RTTimes: less than a millisecond is rounded up to one; 0 stands for no answer. */
function wholeMs(timeMs: number | undefined): number {
  return timeMs === undefined ? 0 : Math.max(1, Math.round(timeMs));
}

async function namedHops(
  traced: readonly TracedHop[],
  target: HostAddress,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly RouteHop[]> {
  const addresses = new Set(traced.map(({ address }) => address).filter((text) => text !== ""));
  const names = await reverseNames(addresses, clock, signal);
  return traced.map(({ address, timesMs, unreachableCode }) => {
    const name = names.get(address);
    const arrived = address === target.address ? portUnreachable : 0;
    return {
      host: name ?? address,
      hostAddress: name === undefined ? "" : address,
      errorCode: unreachableCode ?? arrived,
      timesMs: timesMs.map(wholeMs),
    };
  });
}

/** Names of addresses, of those that have one and say so in time. */
async function reverseNames(
  addresses: ReadonlySet<string>,
  clock: Clock,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  const resolver = new Resolver({ timeout: reverseLookupMs, tries: 1 });
  const lookups = [...addresses].map(async (address) => {
    try {
      const [name] = await resolver.reverse(address);
      if (name !== undefined) names.set(address, name.slice(0, 256));
    } catch (error) {
      log.debug("hop without a name", { address, error: errorText(error) });
    }
  });
  await inTime(Promise.all(lookups), { clock, ms: reverseLookupMs, signal });
  resolver.cancel();
  return new Map(names);
}
