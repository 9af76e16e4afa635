import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import {
  type IpVersion,
  interfaceAddress,
  resolveHost,
  sourceAddressTowards,
} from "./addresses.ts";
import { type Failure, failure } from "./outcome.ts";
import { pause } from "./pause.ts";
import { type EchoOutcome, readPingOutput } from "./ping-output.ts";
import { runProgram } from "./run-program.ts";

const log = logger("diagnostics.ping");

/** What to ping, and how (TR-181i2 IPPing). */
export interface PingOptions {
  readonly host: string;
  readonly version: IpVersion;
  readonly repetitions: number;
  /** Per echo request. */
  readonly timeoutMs: number;
  /** Bytes of data in each request. */
  readonly blockSize: number;
  /** DiffServ code point, 0 to 63. */
  readonly dscp: number;
  /** Network interface of the box; absent: by the routing table. */
  readonly interfaceName?: string | undefined;
  readonly clock: Clock;
}

/** What came of it. Times are 0 without any answer. */
export type PingResult =
  | {
      readonly outcome: "complete";
      /** Address of the box the requests were sent from. */
      readonly sourceAddress: string;
      readonly succeeded: number;
      readonly failed: number;
      readonly averageUs: number;
      readonly minimumUs: number;
      readonly maximumUs: number;
    }
  | Failure;

/** Between two requests at least, so that a small printer is not flooded. */
const spacingMs = 200;

/** ping refuses to wait much longer than half an hour. */
const longestWaitMs = 600_000;

/** ping needs room for a time stamp in the block to measure; smaller blocks are sent as this. */
const smallestBlock = 16;

/**
 * Pings a host with the program `ping` (Debian: iputils-ping), because Node has no raw sockets. One process per
 * request, so that each has its whole timeout and an abort leaves nothing behind.
 */
export async function runPing(options: PingOptions, signal: AbortSignal): Promise<PingResult> {
  const { clock, interfaceName, repetitions } = options;
  const target = await resolveHost(options, signal);
  if (target === undefined) return failure("CannotResolveHostName");
  const args = [...echoArguments(options), `-${target.family.toString()}`, target.address];
  const times = new Times();
  let isUnreachable = false;
  for (let sent = 0; sent < repetitions && !signal.aborted; sent++) {
    if (sent > 0) await pause({ clock, ms: spacingMs, signal });
    const echo = await askOnce(args, signal);
    if (echo.outcome === "missing") return failure("Internal");
    if (echo.outcome === "broken") {
      log.warn("ping did not work", { host: options.host, text: echo.text });
      return failure("Other");
    }
    if (echo.outcome === "answered") times.add(echo.timeUs);
    else isUnreachable ||= echo.outcome === "unreachable";
  }
  if (times.count === 0 && isUnreachable) return failure("NoRouteToHost");
  const sourceAddress =
    interfaceName === undefined
      ? await sourceAddressTowards(target)
      : interfaceAddress(interfaceName, target.family);
  return {
    outcome: "complete",
    sourceAddress: sourceAddress ?? "",
    succeeded: times.count,
    failed: repetitions - times.count,
    ...times.summary(),
  };
}

function echoArguments({ timeoutMs, blockSize, dscp, interfaceName }: PingOptions): string[] {
  const size = Math.max(smallestBlock, blockSize).toString();
  const wait = (Math.min(timeoutMs, longestWaitMs) / 1000).toString();
  const args = ["-n", "-c", "1", "-W", wait, "-s", size];
  // The code point is the upper six bits of the traffic class.
  if (dscp > 0) args.push("-Q", (dscp << 2).toString());
  if (interfaceName !== undefined) args.push("-I", interfaceName);
  return args;
}

async function askOnce(
  args: readonly string[],
  signal: AbortSignal,
): Promise<EchoOutcome | { readonly outcome: "missing" }> {
  const run = await runProgram("ping", args, signal);
  if (run.outcome === "missing") {
    log.error("the program ping is missing; install the package iputils-ping");
    return { outcome: "missing" };
  }
  if (signal.aborted || run.outcome === "cut") return { outcome: "lost" };
  return readPingOutput(run.exitCode, run.output + run.errors);
}

/** Response times, kept as sums: a test may have any number of repetitions. */
class Times {
  count = 0;
  #sumUs = 0;
  #minimumUs = Infinity;
  #maximumUs = 0;

  add(timeUs: number): void {
    this.count += 1;
    this.#sumUs += timeUs;
    this.#minimumUs = Math.min(this.#minimumUs, timeUs);
    this.#maximumUs = Math.max(this.#maximumUs, timeUs);
  }

  summary(): {
    readonly averageUs: number;
    readonly minimumUs: number;
    readonly maximumUs: number;
  } {
    if (this.count === 0) return { averageUs: 0, minimumUs: 0, maximumUs: 0 };
    return {
      averageUs: Math.round(this.#sumUs / this.count),
      minimumUs: this.#minimumUs,
      maximumUs: this.#maximumUs,
    };
  }
}
