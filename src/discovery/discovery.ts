import type { CancelTimer, Clock } from "../shared/clock.ts";
import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import type { SnmpAccess, SnmpSession } from "../southbound/driver.ts";
import type { Candidate } from "./candidate.ts";
import { type DiscoveryCredential, Refusals } from "./credentials.ts";
import { type SweepProgress, type SweepReport, sweep } from "./snmp-sweep.ts";
import {
  type AskWebServer,
  type ResolveHost,
  type StaticHost,
  type StaticOptions,
  findStatic,
  systemResolver,
} from "./static-candidates.ts";

const log = logger("discovery.discovery");

/** The part of the configuration discovery obeys (`discovery`, `credentials`). */
export interface DiscoveryConfig {
  readonly intervalMs: number;
  readonly static: readonly StaticHost[];
  readonly snmp: {
    readonly ranges: readonly string[];
    readonly exclude: readonly string[];
    readonly port: number;
    readonly packetsPerSecond: number;
  };
  readonly credentials: readonly DiscoveryCredential[];
}

/** What discovery needs of other rooms. */
export interface DiscoveryPorts {
  readonly openSession: (access: SnmpAccess) => SnmpSession;
  readonly askWebServer: AskWebServer;
  readonly clock: Clock;
  /** What was found; the same host again with every run. */
  readonly onCandidate: (candidate: Candidate) => void;
  /** The system's resolver unless told. */
  readonly resolve?: ResolveHost;
}

/** For status displays. */
export interface DiscoveryStatus {
  readonly isRunning: boolean;
  readonly lastRunAtMs: number | undefined;
  /** Candidates of the last run. */
  readonly found: number;
}

/** What one run found. */
export interface DiscoveryRun {
  readonly found: readonly Candidate[];
  /** Undefined when no range is configured. */
  readonly sweep: SweepReport | undefined;
}

/** Configured printers that are switched off are looked for this often, then half as often, up to the interval. */
const firstStaticRetryMs = 60_000;

/** Looks for printers: once at the start, then every interval, and whenever asked to. */
export class Discovery {
  readonly #config: DiscoveryConfig;
  readonly #ports: DiscoveryPorts;
  readonly #refusals = new Refusals();
  readonly #abort = new AbortController();
  #cancelNext: CancelTimer | undefined;
  #cancelRetry: CancelTimer | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #runs = 0;
  #status: Omit<DiscoveryStatus, "isRunning"> = { lastRunAtMs: undefined, found: 0 };

  constructor(config: DiscoveryConfig, ports: DiscoveryPorts) {
    this.#config = config;
    this.#ports = ports;
  }

  /** Starts the first run at once and repeats it. */
  start(): void {
    this.#repeat();
  }

  /** Ends what runs and resolves when it has ended. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#cancelNext?.();
    this.#cancelRetry?.();
    await this.#running;
  }

  status(): DiscoveryStatus {
    return { isRunning: this.#runs > 0, ...this.#status };
  }

  /**
   * One run now: configured hosts and ranges, or `ranges` only. Runs follow each other, never overlap.
   * @throws {DiscoveryError} `discovery.bad-range`, `discovery.socket`
   */
  run(
    ranges?: readonly string[],
    onProgress?: (progress: SweepProgress) => void,
  ): Promise<DiscoveryRun> {
    this.#runs++;
    const run = this.#running.then(async () => {
      try {
        return await this.#run(ranges, onProgress);
      } finally {
        this.#runs--;
      }
    });
    this.#running = run.catch(() => undefined); // the caller gets the error
    return run;
  }

  #repeat(): void {
    const { clock } = this.#ports;
    this.#cancelNext = clock.after(this.#config.intervalMs, () => {
      this.#repeat();
    });
    this.run().catch((error: unknown) => {
      log.error("discovery run failed", { error: errorText(error) });
    });
  }

  async #run(
    ranges: readonly string[] | undefined,
    onProgress: ((progress: SweepProgress) => void) | undefined,
  ): Promise<DiscoveryRun> {
    const found: Candidate[] = [];
    const onCandidate = (candidate: Candidate): void => {
      found.push(candidate);
      this.#ports.onCandidate(candidate);
    };
    if (ranges === undefined) await this.#findStatic(this.#config.static, onCandidate, 1);
    const { snmp, credentials } = this.#config;
    const wanted = ranges ?? snmp.ranges;
    const report =
      wanted.length === 0 || this.#abort.signal.aborted
        ? undefined
        : await sweep({
            ...snmp,
            ranges: wanted,
            credentials,
            openSession: this.#ports.openSession,
            clock: this.#ports.clock,
            onCandidate,
            refusals: this.#refusals,
            signal: this.#abort.signal,
            ...(onProgress === undefined ? {} : { onProgress }),
          });
    this.#status = { lastRunAtMs: this.#ports.clock.nowMs(), found: found.length };
    return { found, sweep: report };
  }

  /** Asks configured hosts, and the silent ones again before the next run. */
  async #findStatic(
    hosts: readonly StaticHost[],
    onCandidate: (candidate: Candidate) => void,
    attempt: number,
  ): Promise<void> {
    this.#cancelRetry?.();
    const silent = await findStatic(hosts, this.#staticOptions(onCandidate));
    const delayMs = firstStaticRetryMs * 2 ** (attempt - 1);
    if (silent.length === 0 || delayMs >= this.#config.intervalMs || this.#abort.signal.aborted)
      return;
    log.info("configured printers did not answer", { hosts: silent.map(({ host }) => host) });
    this.#cancelRetry = this.#ports.clock.after(delayMs, () => {
      const retry = this.#running.then(() =>
        this.#findStatic(silent, this.#ports.onCandidate, attempt + 1),
      );
      this.#running = retry.catch((error: unknown) => {
        log.error("looking for configured printers failed", { error: errorText(error) });
      });
    });
  }

  #staticOptions(onCandidate: (candidate: Candidate) => void): StaticOptions {
    const { openSession, askWebServer, clock, resolve = systemResolver } = this.#ports;
    return {
      credentials: this.#config.credentials,
      refusals: this.#refusals,
      signal: this.#abort.signal,
      openSession,
      askWebServer,
      clock,
      resolve,
      onCandidate,
    };
  }
}
