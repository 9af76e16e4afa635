import type { Clock } from "../shared/clock.ts";
import { type SnmpV3Security, type SnmpValue, snmpSyntax } from "../southbound/driver.ts";
import { PrinterAgeing } from "./ageing.ts";
import { readCapture } from "./capture.ts";
import { giveCopyIdentity } from "./copy-identity.ts";
import { CaptureError, type Recording, loadRecording } from "./recording.ts";
import { SnmpAgent } from "./snmp-agent.ts";

const highestPort = 65_535;

/** Where a simulated printer listens. */
export interface SimulatedAddress {
  readonly host: string;
  readonly port: number;
}

/** What to simulate. Without `basePort` or `addresses` every printer gets a free port of 127.0.0.1. */
export interface SimulatedPrintersOptions {
  /** `.snmprec` files or capture folders. */
  readonly recordings: readonly string[];
  /** How many printers; the recordings are taken in turn. One of each by default. */
  readonly count?: number;
  /** Printer n listens on this port + n. */
  readonly basePort?: number;
  /** One for each printer, for instance from `loopbackAddresses`. */
  readonly addresses?: readonly SimulatedAddress[];
  /** `public` and `private` by default. */
  readonly community?: { readonly read?: string; readonly write?: string };
  readonly v3Users?: readonly SnmpV3Security[];
  /** Silence after a reset over SNMP; 5 s by default. */
  readonly restartMs?: number;
  readonly clock: Clock;
}

/** Printers beyond this are a typing mistake rather than a wish. */
const maxPrinters = 10_000;

/** One running simulated printer. */
export class SimulatedPrinter {
  /** Name of the recording, followed by `-2`, `-3`, … for its copies. */
  readonly name: string;
  readonly agent: SnmpAgent;
  /** Prints, jams and ages the printer. */
  readonly ageing: PrinterAgeing;

  constructor(name: string, agent: SnmpAgent) {
    this.name = name;
    this.agent = agent;
    this.ageing = new PrinterAgeing(agent.mib);
  }

  get host(): string {
    return this.agent.host;
  }

  get port(): number {
    return this.agent.port;
  }

  get isOn(): boolean {
    return this.agent.power.isOn;
  }

  /** Changes an instance as if at the panel: text or number take the syntax the instance has. */
  set(oid: string, value: SnmpValue | string | number): void {
    this.agent.mib.set(oid, typeof value === "object" ? value : this.#typed(oid, value));
  }

  print(pages: number, colour?: number): void {
    this.ageing.print(pages, colour);
  }

  jam(): void {
    this.ageing.jam();
  }

  clearJam(): void {
    this.ageing.clearJam();
  }

  powerOff(): void {
    this.agent.power.off();
  }

  powerOn(): void {
    this.agent.power.on();
  }

  #typed(oid: string, value: string | number): SnmpValue {
    const current = this.agent.mib.get(oid)?.syntax;
    if (typeof value === "number") return { syntax: current ?? snmpSyntax.integer, value };
    const isBytes = current === undefined || current === snmpSyntax.octetString;
    return isBytes
      ? { syntax: snmpSyntax.octetString, value: new TextEncoder().encode(value) }
      : { syntax: current, value };
  }
}

/** Running simulated printers. */
export interface SimulatedFleet {
  readonly printers: readonly SimulatedPrinter[];
  stop(): Promise<void>;
}

/**
 * Starts simulated printers. Recordings are parsed once each; copies differ in serial number and MAC addresses.
 *
 * @throws {CaptureError} for an unreadable recording or an address in use; nothing is left running then
 */
export async function startSimulatedPrinters(
  options: SimulatedPrintersOptions,
): Promise<SimulatedFleet> {
  const count = options.count ?? options.recordings.length;
  if (options.recordings.length === 0 || count > maxPrinters)
    throw new CaptureError(`simulate 1 to ${maxPrinters} printers from at least one recording`);
  const recordings = await Promise.all(options.recordings.map(loadFromCapture));
  const printers = Array.from({ length: count }, (_, n) => createPrinter(n, recordings, options));
  const stop = async (): Promise<void> => {
    await Promise.all(printers.map(({ agent }) => agent.stop()));
  };
  const started = await Promise.allSettled(printers.map(({ agent }) => agent.start()));
  const failed = started.find((result) => result.status === "rejected");
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  return { printers, stop };
}

/** `count` addresses of the loopback network from `first` on (127.x.y.z), all with one port. */
export function loopbackAddresses(
  count: number,
  port: number,
  first = "127.10.0.1",
): SimulatedAddress[] {
  const start = first.split(".").reduce((number, octet) => number * 0x100 + Number(octet), 0);
  return Array.from({ length: count }, (_, n) => {
    const octets = [24, 16, 8, 0].map((shift) => ((start + n) >>> shift) & 0xff);
    return { host: octets.join("."), port };
  });
}

async function loadFromCapture(path: string): Promise<Recording> {
  const capture = await readCapture(path);
  const part = capture.parts.find(({ kind }) => kind === "snmprec");
  if (part === undefined) throw new CaptureError(`capture ${path} holds no .snmprec to replay`);
  return loadRecording(part.file);
}

function createPrinter(
  n: number,
  recordings: readonly Recording[],
  options: SimulatedPrintersOptions,
): SimulatedPrinter {
  const recording = recordings[n % recordings.length];
  if (recording === undefined) throw new CaptureError("no recording to simulate");
  const copy = Math.floor(n / recordings.length);
  const agent = new SnmpAgent({ ...agentOptions(n, options), recording });
  giveCopyIdentity(agent.mib, copy);
  return new SimulatedPrinter(copy === 0 ? recording.name : `${recording.name}-${copy + 1}`, agent);
}

function agentOptions(
  n: number,
  options: SimulatedPrintersOptions,
): Omit<ConstructorParameters<typeof SnmpAgent>[0], "recording"> {
  const { addresses, basePort, clock, community, restartMs, v3Users } = options;
  const address = addresses?.[n];
  if (addresses !== undefined && address === undefined)
    throw new CaptureError(`no address for simulated printer ${n + 1}: give one for each`);
  if (basePort !== undefined && basePort + n > highestPort)
    throw new CaptureError(`no port for simulated printer ${n + 1}: begin lower than ${basePort}`);
  return {
    clock,
    ...(address ?? { port: basePort === undefined ? 0 : basePort + n }),
    ...(community?.read === undefined ? {} : { readCommunity: community.read }),
    ...(community?.write === undefined ? {} : { writeCommunity: community.write }),
    ...(v3Users === undefined ? {} : { v3Users }),
    ...(restartMs === undefined ? {} : { restartMs }),
  };
}
