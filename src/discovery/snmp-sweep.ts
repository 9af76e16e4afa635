import { randomInt } from "node:crypto";
import type { RemoteInfo } from "node:dgram";
import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import type { SnmpAccess, SnmpSession } from "../southbound/driver.ts";
import { AddressSpace, formatAddress, parseAddress } from "./address-space.ts";
import { askHost } from "./ask-host.ts";
import type { Candidate } from "./candidate.ts";
import { type DiscoveryCredential, Refusals, credentialsFor, isFor } from "./credentials.ts";
import { EngineProbe } from "./engine-probe.ts";
import { Pacer } from "./pacer.ts";
import { CommunityProbe, type Probe } from "./community-probe.ts";
import { shuffled } from "./shuffled.ts";
import { SweepSocket } from "./sweep-socket.ts";

const log = logger("discovery.snmp-sweep");

/** How long answers to the last packet of a pass are waited for, unless told. */
const defaultAnswerWaitMs = 800;
/** Up to this many addresses, silent ones are asked a second time; in larger sweeps the next run does that. */
const mostAskedTwice = 4_096;
/** SNMPv3 agents interviewed at the same time. */
const interviewers = 16;
const progressEveryMs = 250;

/** How far a sweep has come. */
export interface SweepProgress {
  /** Packets sent so far, and how many are planned at most. */
  readonly sent: number;
  readonly total: number;
  /** Printers. */
  readonly found: number;
}

/** What is swept, how fast, and who is told. */
export interface SweepOptions {
  /** CIDR ranges, IPv4. */
  readonly ranges: readonly string[];
  readonly exclude?: readonly string[];
  readonly port: number;
  readonly packetsPerSecond: number;
  /** Tried in this order; each only on hosts that have not answered an earlier one. */
  readonly credentials: readonly DiscoveryCredential[];
  readonly openSession: (access: SnmpAccess) => SnmpSession;
  readonly clock: Clock;
  readonly onCandidate: (candidate: Candidate) => void;
  readonly onProgress?: (progress: SweepProgress) => void;
  readonly refusals?: Refusals;
  /** How long answers to the last packet of a pass are waited for; 800 ms unless told. */
  readonly answerWaitMs?: number;
  readonly signal?: AbortSignal;
}

/** What a sweep came to. */
export interface SweepReport {
  readonly addresses: number;
  readonly sent: number;
  /** Hosts with an SNMP agent that let us in. */
  readonly answered: number;
  /** Printers among them. */
  readonly found: number;
  /** Packets the system could not send. */
  readonly failed: number;
  readonly durationMs: number;
}

/**
 * Asks every address of the ranges over one socket, paced and scattered, for what makes a printer. Candidates are given
 * out as they answer. An abort ends it early; what was found until then counts.
 * @throws {DiscoveryError} `discovery.bad-range`, `discovery.socket`
 */
export async function sweep(options: SweepOptions): Promise<SweepReport> {
  const space = new AddressSpace(options.ranges, options.exclude);
  const run = new SweepRun(options, space);
  return run.run();
}

/** One sweep under way. */
class SweepRun {
  readonly #options: SweepOptions;
  readonly #space: AddressSpace;
  readonly #refusals: Refusals;
  readonly #answered = new Set<number>();
  readonly #v3Agents = new Set<number>();
  /** Further packets of hosts that need more than one question; they go out before new addresses. */
  readonly #followUps: { readonly bytes: Uint8Array; readonly host: string }[] = [];
  #probe: Probe | undefined;
  #sent = 0;
  #found = 0;
  #total = 0;
  #reportedAtMs = 0;

  constructor(options: SweepOptions, space: AddressSpace) {
    this.#options = options;
    this.#space = space;
    this.#refusals = options.refusals ?? new Refusals();
  }

  async run(): Promise<SweepReport> {
    const { port, clock, credentials } = this.#options;
    const startedAtMs = clock.nowMs();
    const communities = credentials.filter(({ security }) => security.version !== "3");
    const users = credentials.filter(({ security }) => security.version === "3");
    const attempts = this.#space.size <= mostAskedTwice ? 2 : 1;
    const passes = communities.length + (users.length > 0 ? 1 : 0);
    this.#total = passes * attempts * this.#space.size;
    const socket = await SweepSocket.open(port, (bytes, peer) => {
      this.#receive(bytes, peer);
    });
    try {
      for (const credential of communities)
        await this.#askAll(socket, this.#communityProbe(credential), attempts, [credential]);
      if (users.length > 0) {
        await this.#askAll(socket, this.#engineProbe(), attempts, users);
        await this.#interviewAll(users);
      }
    } finally {
      socket.close();
    }
    this.#report(true);
    const durationMs = clock.nowMs() - startedAtMs;
    const report = { ...this.#counts(), failed: socket.failed, durationMs };
    log.info("sweep finished", { ranges: this.#options.ranges, ...report });
    return report;
  }

  #counts(): Pick<SweepReport, "addresses" | "sent" | "answered" | "found"> {
    const answered = this.#answered.size;
    return { addresses: this.#space.size, sent: this.#sent, answered, found: this.#found };
  }

  #communityProbe(credential: DiscoveryCredential): Probe {
    return new CommunityProbe({
      credential,
      requestId: randomInt(2 ** 24, 2 ** 30),
      onHost: (address) => this.#answered.add(address),
      onPrinter: (address, about) => {
        const host = formatAddress(address);
        const snmp = { host, port: this.#options.port, security: credential.security };
        this.#offer({
          access: { host, snmp },
          credential: credential.key,
          discoveredBy: "snmp",
          ...about,
        });
      },
      askMore: (bytes, address) => {
        this.#followUps.push({ bytes, host: formatAddress(address) });
      },
    });
  }

  #engineProbe(): Probe {
    return new EngineProbe(randomInt(2 ** 24, 2 ** 30), (address) => this.#v3Agents.add(address));
  }

  /** One credential over all addresses that are silent so far. */
  async #askAll(
    socket: SweepSocket,
    probe: Probe,
    attempts: number,
    credentials: readonly DiscoveryCredential[],
  ): Promise<void> {
    this.#probe = probe;
    for (let attempt = 0; attempt < attempts && !this.#isAborted; attempt++)
      await this.#pass(socket, probe, credentials);
    probe.conclude();
  }

  /** Sends to every silent address and waits for the last answers. */
  async #pass(
    socket: SweepSocket,
    probe: Probe,
    credentials: readonly DiscoveryCredential[],
  ): Promise<void> {
    const { clock, packetsPerSecond, signal } = this.#options;
    const { answerWaitMs = defaultAnswerWaitMs } = this.#options;
    const numbers = shuffled(this.#space.size, randomInt(2 ** 30));
    await new Promise<void>((resolve) => {
      let lastSentAtMs: number | undefined;
      const send = (): boolean => {
        const followUp = this.#followUps.shift();
        if (followUp === undefined) {
          const address = this.#nextAddress(numbers, credentials);
          if (address === undefined) {
            lastSentAtMs ??= clock.nowMs();
            return finishIfDone();
          }
          socket.send(probe.bytes, formatAddress(address));
        } else {
          socket.send(followUp.bytes, followUp.host);
          lastSentAtMs = undefined;
        }
        this.#sent++;
        return true;
      };
      const finishIfDone = (): false => {
        const isOver = lastSentAtMs !== undefined && clock.nowMs() - lastSentAtMs >= answerWaitMs;
        if (isOver || this.#isEverybodyHeard) end();
        return false;
      };
      const end = (): void => {
        pacer.stop();
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const isCongested = (): boolean => {
        this.#report(false);
        return socket.isCongested;
      };
      const pacer = new Pacer({ clock, packetsPerSecond, send, isCongested });
      signal?.addEventListener("abort", end);
      pacer.start();
    });
  }

  get #isAborted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  get #isEverybodyHeard(): boolean {
    return this.#answered.size === this.#space.size && this.#probe?.isWaiting !== true;
  }

  #nextAddress(
    numbers: Generator<number, void>,
    credentials: readonly DiscoveryCredential[],
  ): number | undefined {
    for (let next = numbers.next(); next.done !== true; next = numbers.next()) {
      const address = this.#space.at(next.value);
      if (address === undefined || this.#answered.has(address)) continue;
      if (this.#v3Agents.has(address)) continue;
      if (credentials.some((credential) => isFor(credential, address))) return address;
    }
    return undefined;
  }

  #receive(bytes: Uint8Array, peer: RemoteInfo): void {
    const address = parseAddress(peer.address);
    if (address === undefined || peer.port !== this.#options.port || !this.#space.has(address))
      return;
    this.#probe?.receive(bytes, address);
  }

  /** SNMPv3 hides everything behind a user: those agents are asked in a session each. */
  async #interviewAll(users: readonly DiscoveryCredential[]): Promise<void> {
    const { port, openSession, clock, signal } = this.#options;
    const waiting = [...this.#v3Agents].map(formatAddress);
    const interview = async (): Promise<void> => {
      for (let host = waiting.pop(); host !== undefined; host = waiting.pop()) {
        const candidate = await askHost(host, credentialsFor(users, host), {
          port,
          openSession,
          clock,
          refusals: this.#refusals,
          discoveredBy: "snmp",
          isTrusted: false,
          ...(signal === undefined ? {} : { signal }),
        });
        if (candidate === undefined) continue;
        this.#answered.add(parseAddress(host) ?? 0);
        this.#offer(candidate);
      }
    };
    await Promise.all(Array.from({ length: interviewers }, interview));
  }

  #offer(candidate: Candidate): void {
    this.#found++;
    this.#options.onCandidate(candidate);
  }

  #report(isLast: boolean): void {
    const { onProgress, clock } = this.#options;
    const nowMs = clock.nowMs();
    if (onProgress === undefined || (!isLast && nowMs - this.#reportedAtMs < progressEveryMs))
      return;
    this.#reportedAtMs = nowMs;
    const total = isLast ? this.#sent : this.#total;
    onProgress({ sent: this.#sent, total, found: this.#found });
  }
}
