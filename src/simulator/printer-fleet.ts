import { basename } from "node:path";
import type { Clock } from "../shared/clock.ts";
import { type SnmpV3Security, type SnmpValue, snmpSyntax } from "../southbound/driver.ts";
import { PrinterAgeing } from "./ageing.ts";
import { readCapture } from "./capture.ts";
import { giveCopyIdentity } from "./copy-identity.ts";
import { capturedSite, hasWebPages } from "./ews/captured-site.ts";
import type { EwsStyle } from "./ews/ews-site.ts";
import { EwsSimulator, type EwsSimulatorOptions } from "./ews/ews-simulator.ts";
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
  /** How web pages are served; over http on free ports by default. */
  readonly web?: Pick<EwsSimulatorOptions, "https" | "port" | "securePort" | "credential"> & {
    /** Pages of printers whose capture has none, by the name of the recording. */
    readonly styleOf?: (recording: string) => EwsStyle | undefined;
  };
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
  /** Its web server, when the capture has pages. */
  readonly web: EwsSimulator | undefined;

  constructor(name: string, agent: SnmpAgent, web?: EwsSimulator) {
    this.name = name;
    this.agent = agent;
    this.web = web;
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

/** A simulated printer of which nothing but web pages was captured. */
export interface SimulatedWebPrinter {
  readonly name: string;
  readonly web: EwsSimulator;
}

/** Running simulated printers. */
export interface SimulatedFleet {
  readonly printers: readonly SimulatedPrinter[];
  readonly webPrinters: readonly SimulatedWebPrinter[];
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
  const sources = await Promise.all(options.recordings.map(loadFromCapture));
  const all = Array.from({ length: count }, (_, n) => createPrinter(n, sources, options));
  const stop = async (): Promise<void> => {
    await Promise.all(all.flatMap(partsOf).map((part) => part.stop()));
  };
  const started = await Promise.allSettled(all.flatMap(partsOf).map((part) => part.start()));
  const failed = started.find((result) => result.status === "rejected");
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  const printers = all.filter((printer) => printer instanceof SimulatedPrinter);
  const webPrinters = all.flatMap((printer) =>
    printer instanceof SimulatedPrinter ? [] : [printer],
  );
  return { printers, webPrinters, stop };
}

type AnyPrinter = SimulatedPrinter | SimulatedWebPrinter;

/** The servers of a printer. */
function partsOf(
  printer: AnyPrinter,
): readonly { start(): Promise<void>; stop(): Promise<void> }[] {
  const { web } = printer;
  const agents = printer instanceof SimulatedPrinter ? [printer.agent] : [];
  return web === undefined ? agents : [...agents, web];
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

/** What one capture gives to simulate; at least one of the two. */
interface PrinterSource {
  readonly name: string;
  readonly recording: Recording | undefined;
  readonly pages: EwsStyle | undefined;
}

async function loadFromCapture(path: string): Promise<PrinterSource> {
  const capture = await readCapture(path);
  const part = capture.parts.find(({ kind }) => kind === "snmprec");
  const recording = part === undefined ? undefined : await loadRecording(part.file);
  const pages = hasWebPages(capture) ? await capturedSite(capture) : undefined;
  if (recording === undefined && pages === undefined)
    throw new CaptureError(`capture ${path} holds no .snmprec and no web pages to replay`);
  return { name: recording?.name ?? basename(capture.path), recording, pages };
}

function createPrinter(
  n: number,
  sources: readonly PrinterSource[],
  options: SimulatedPrintersOptions,
): AnyPrinter {
  const source = sources[n % sources.length];
  if (source === undefined) throw new CaptureError("no recording to simulate");
  const copy = Math.floor(n / sources.length);
  const name = copy === 0 ? source.name : `${source.name}-${copy + 1}`;
  const { recording, pages = options.web?.styleOf?.(source.name) } = source;
  const web = pages === undefined ? undefined : createWebServer(n, pages, options);
  if (recording !== undefined) {
    const agent = new SnmpAgent({ ...agentOptions(n, options), recording });
    giveCopyIdentity(agent.mib, copy);
    return new SimulatedPrinter(name, agent, web);
  }
  if (web === undefined) throw new CaptureError(`nothing of ${name} to simulate`);
  return { name, web };
}

function createWebServer(
  n: number,
  style: EwsStyle,
  { addresses, clock, web = {} }: SimulatedPrintersOptions,
): EwsSimulator {
  const { https, port, securePort, credential } = web;
  const host = addresses?.[n]?.host;
  // Printers with addresses of their own share a port; on one address each needs another.
  const shift = addresses === undefined ? n : 0;
  return new EwsSimulator({
    style,
    clock,
    ...(host === undefined ? {} : { host }),
    ...(https === undefined ? {} : { https }),
    ...(credential === undefined ? {} : { credential }),
    ...(port === undefined ? {} : { port: port + shift }),
    ...(securePort === undefined ? {} : { securePort: securePort + shift }),
  });
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
