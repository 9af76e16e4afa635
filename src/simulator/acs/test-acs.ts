import type { MessageOf } from "../../cwmp/soap/message.ts";
import { type Clock, systemClock } from "../../shared/clock.ts";
import { ProxierError, errorText } from "../../shared/errors.ts";
import type { AcsRequest, RpcOutcome } from "./acs-messages.ts";
import type { ConnectionRequestResult, ServedAcs, TestAcs, Violation } from "./acs-port.ts";
import type { AcsVersionBehaviour } from "./acs-version.ts";
import { BoundedLog } from "./bounded-log.ts";
import { sendConnectionRequest } from "./connection-request-sender.ts";
import type { CpeRequestPolicy } from "./cpe-requests.ts";
import { type CwmpServerOptions, startCwmpServer } from "./cwmp-server.ts";
import { DeviceRecord, deviceKey } from "./device-record.ts";
import { FileShelf } from "./file-shelf.ts";
import { FaultInjector, type FaultRule } from "./fault-injection.ts";
import type { SessionScript } from "./session-script.ts";

/** How a test ACS is set up. */
export interface TestAcsOptions extends Omit<CwmpServerOptions, "acs" | "clock" | "faults"> {
  readonly clock?: Clock;
  /** What happens in every session; nothing by default, see `session-script.ts`. */
  readonly scripts?: readonly SessionScript[];
  /** How it deals with versions of CWMP; default: it speaks them all. */
  readonly version?: AcsVersionBehaviour;
  /** What it says to requests of CPEs; default: it knows them all. */
  readonly cpeRequests?: CpeRequestPolicy;
  /** How long a CPE has from an accepted connection request to its Inform (default 4 s, as GenieACS). */
  readonly connectionRequestWaitMs?: number;
}

/** What was waited for did not happen. */
export class WaitTimeout extends ProxierError {
  override readonly name = "WaitTimeout";

  constructor(timeoutMs: number) {
    super(`nothing came within ${timeoutMs} ms`, { code: "simulator.acs-wait", retryable: true });
  }
}

/** Starts a small real ACS. @throws when the port cannot be opened */
export async function startTestAcs(options: TestAcsOptions = {}): Promise<TestAcs> {
  const acs = new Acs(options);
  await acs.start();
  return acs;
}

const mostDevices = 20_000;

class Acs implements ServedAcs {
  url = "";
  pageUrl = "";
  readonly files = new FileShelf(() => new URL(this.pageUrl).origin);
  readonly scripts: readonly SessionScript[];
  readonly version: AcsVersionBehaviour;
  readonly cpeRequests: CpeRequestPolicy;
  readonly #options: TestAcsOptions;
  readonly #clock: Clock;
  readonly #devices = new Map<string, DeviceRecord>();
  readonly #faults = new FaultInjector();
  readonly #violations = new BoundedLog<Violation>(1_000);
  readonly #waiting = new Set<() => void>();
  #stopServer: () => Promise<void> = () => Promise.resolve();

  constructor(options: TestAcsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.scripts = options.scripts ?? [];
    this.version = options.version ?? {};
    this.cpeRequests = options.cpeRequests ?? {};
  }

  async start(): Promise<void> {
    const server = await startCwmpServer({
      ...this.#options,
      acs: this,
      clock: this.#clock,
      faults: this.#faults,
    });
    this.#stopServer = server.stop;
    this.url = `${server.origin}/acs`;
    this.pageUrl = `${server.origin}/`;
  }

  stop(): Promise<void> {
    return this.#stopServer();
  }

  devices(): readonly DeviceRecord[] {
    return [...this.#devices.values()];
  }

  device(id: string): DeviceRecord | undefined {
    return this.#devices.get(id);
  }

  queue(id: string, request: AcsRequest): Promise<RpcOutcome> {
    return this.#known(id).enqueue(request).outcome;
  }

  async execute(id: string, request: AcsRequest): Promise<RpcOutcome> {
    const { outcome, cancel } = this.#known(id).enqueue(request);
    const result = await this.connectionRequest(id);
    if (result.problem === undefined) return await outcome;
    cancel();
    return { outcome: "lost", reason: result.problem };
  }

  setParameterValues(id: string, values: Readonly<Record<string, string>>): Promise<RpcOutcome> {
    const device = this.#known(id);
    const parameters = Object.entries(values).map(([path, value]) => ({
      path,
      value,
      type: device.parameters.get(path)?.type ?? "string",
    }));
    return this.execute(id, { method: "SetParameterValues", parameters, parameterKey: "" });
  }

  getParameterValues(id: string, paths: readonly string[]): Promise<RpcOutcome> {
    return this.execute(id, { method: "GetParameterValues", paths });
  }

  async connectionRequest(id: string): Promise<ConnectionRequestResult> {
    const device = this.#known(id);
    const url = device.value("Device.ManagementServer.ConnectionRequestURL") ?? "";
    const credentials = device.connectionRequestCredentials;
    if (url === "" || credentials === undefined) {
      return { status: 0, problem: "its connection request URL or credentials are not known" };
    }
    const informsBefore = device.informCount;
    let status: number;
    try {
      status = await sendConnectionRequest({ url, ...credentials, timeoutMs: 5_000 });
    } catch (error) {
      return { status: 0, problem: `connection request failed: ${errorText(error)}` };
    }
    if (status !== 200 && status !== 204) return { status, problem: refusalText(status) };
    return await this.#waitForInform(device, informsBefore, status);
  }

  inject(rule: FaultRule): () => void {
    return this.#faults.add(rule);
  }

  violations(): readonly Violation[] {
    return this.#violations.all();
  }

  async waitFor<Result>(check: () => Result | undefined, timeoutMs: number): Promise<Result> {
    const now = check();
    if (now !== undefined) return now;
    return await new Promise<Result>((resolve, reject) => {
      const finish = (): void => {
        this.#waiting.delete(ask);
        cancel();
      };
      const ask = (): void => {
        const result = check();
        if (result === undefined) return;
        finish();
        resolve(result);
      };
      const cancel = this.#clock.after(timeoutMs, () => {
        finish();
        reject(new WaitTimeout(timeoutMs));
      });
      this.#waiting.add(ask);
    });
  }

  // SessionHost

  nowMs(): number {
    return this.#clock.nowMs();
  }

  idOf({ deviceId }: MessageOf<"Inform">): string {
    return deviceKey(deviceId);
  }

  recordOf({ deviceId }: MessageOf<"Inform">): DeviceRecord {
    const id = deviceKey(deviceId);
    const known = this.#devices.get(id);
    if (known !== undefined) return known;
    if (this.#devices.size >= mostDevices) throw new Error(`more than ${mostDevices} devices`);
    const record = new DeviceRecord(deviceId, this.nowMs());
    this.#devices.set(id, record);
    return record;
  }

  violation(device: DeviceRecord | undefined, text: string): void {
    device?.violations.push(text);
    this.#violations.push({ deviceId: device?.id, text });
  }

  changed(): void {
    for (const ask of this.#waiting) ask();
  }

  #known(id: string): DeviceRecord {
    const device = this.#devices.get(id);
    if (device === undefined) throw new Error(`no device ${id} has informed this ACS`);
    return device;
  }

  async #waitForInform(
    device: DeviceRecord,
    informsBefore: number,
    status: number,
  ): Promise<ConnectionRequestResult> {
    const startedAtMs = this.nowMs();
    const waitMs = this.#options.connectionRequestWaitMs ?? 4_000;
    try {
      await this.waitFor(() => (device.informCount > informsBefore ? true : undefined), waitMs);
      return { status, informAfterMs: this.nowMs() - startedAtMs };
    } catch (error) {
      if (!(error instanceof WaitTimeout)) throw error;
      return { status, problem: `accepted, but no session within ${waitMs} ms` };
    }
  }
}

function refusalText(status: number): string {
  if (status === 503) return "the device is off line or busy (HTTP 503)";
  if (status === 401) return "the device refuses the connection request credentials (HTTP 401)";
  return `the device answered the connection request with HTTP ${status}`;
}
