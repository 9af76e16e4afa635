import type { AcsRequest, RpcOutcome } from "../../src/simulator/acs/acs-messages.ts";
import type { TestAcs } from "../../src/simulator/acs/acs-port.ts";
import type { DeviceRecord } from "../../src/simulator/acs/device-record.ts";
import type { SimulatedPrinter } from "../../src/simulator/printer-fleet.ts";
import { Ledger } from "../support/ledger.ts";
import type { Random } from "../support/random.ts";

const service = "Device.Services.X_MFPGATE-ORG_MFP.1.";
const parameterKey = "Device.ManagementServer.ParameterKey";
const interval = "Device.ManagementServer.PeriodicInformInterval";
const provisioningCode = "Device.DeviceInfo.ProvisioningCode";
const location = `${service}General.SystemLocation`;
const sysLocation = "1.3.6.1.2.1.1.6.0";
const watchable = [`${service}General.ConsoleText`, `${service}General.SystemName`];
/** Restarts closer together cannot be told apart by sysUpTime, whose tolerance is 30 s. */
const restartGapMs = 45_000;

/** One device under management of the ACS, with everything the ACS knows it wrote. */
export class ManagedDevice {
  readonly record: DeviceRecord;
  readonly ledger: Ledger;
  /** CommandKeys of Reboots that were answered. */
  readonly reboots: string[] = [];
  /** Reboots that may have reached the device. */
  rebootsAsked = 0;
  /** RPCs that were answered, and all. */
  answered = 0;
  asked = 0;
  readonly #acs: TestAcs;
  readonly #random: Random;
  readonly #printer: SimulatedPrinter | undefined;
  readonly #writable: readonly string[];
  /** ParameterKey → the paths set together with it. */
  readonly #batches = new Map<string, readonly string[]>();
  #number = 0;
  #rebootedAtMs = -Infinity;

  /** @param printer undefined for the proxier */
  constructor(acs: TestAcs, record: DeviceRecord, random: Random, printer?: SimulatedPrinter) {
    this.#acs = acs;
    this.record = record;
    this.#random = random;
    this.#printer = printer;
    this.#writable = [interval, provisioningCode, ...(printer === undefined ? [] : [location])];
    const attributes = printer === undefined ? [] : watchable.map((path) => [`@${path}`, "0"]);
    const values = [parameterKey, ...this.#writable].map((path) => [
      path,
      record.value(path) ?? "",
    ]);
    const initial = Object.fromEntries([...values, ...attributes]) as Record<string, string>;
    this.ledger = new Ledger(record.id, initial);
  }

  /** What the printer really is; undefined for the proxier. */
  get trueState(): string | undefined {
    if (this.#printer === undefined) return undefined;
    return this.#printer.ageing.isStopped ? "Stopped" : "Idle";
  }

  /** Whether the ACS was told the state by the device itself. */
  isStateKnown(): boolean {
    const state = this.trueState;
    return state === undefined || this.record.value(`${service}General.State`) === state;
  }

  /** Something happens to the printer. */
  toggleJam(): void {
    if (this.#printer?.ageing.isStopped === true) this.#printer.clearJam();
    else this.#printer?.jam();
  }

  /** Asks for a session with one to three random RPCs; settles when all came to something. */
  async work(): Promise<void> {
    const count = this.#random.whole(1, 3);
    const begun: Promise<void>[] = [];
    for (let n = 1; n < count; n++) begun.push(this.#randomRpc("queue"));
    begun.push(this.#randomRpc("execute"));
    await Promise.all(begun);
  }

  /** Reads everything in the ledger; false when the session did not come about. */
  async verify(): Promise<boolean> {
    const [values, attributes] = [this.#readValues("queue"), this.#readAttributes("execute")];
    return (await attributes) && (await values);
  }

  /** What the printer itself has. */
  checkPrinter(): void {
    const value = this.#printer?.agent.mib.get(sysLocation)?.value;
    if (value instanceof Uint8Array)
      this.ledger.check(location, Buffer.from(value).toString("utf8"), "the printer");
  }

  async #randomRpc(how: "queue" | "execute"): Promise<void> {
    const dice = this.#random.next();
    if (dice < 0.5) await this.#set(how);
    else if (dice < 0.7 && this.#printer !== undefined) await this.#setAttribute(how);
    else if (dice < 0.85) await this.#readValues(how);
    else if (dice < 0.93) await this.#readAttributes(how);
    else await this.#reboot(how);
  }

  async #set(how: "queue" | "execute"): Promise<void> {
    this.#number += 1;
    const key = `key ${this.#number}`;
    const chosen = this.#writable.filter(() => this.#random.next() < 0.6);
    const values = Object.fromEntries(chosen.map((path) => [path, this.#valueFor(path)]));
    this.#batches.set(key, chosen);
    const write = this.ledger.begin({ ...values, [parameterKey]: key });
    const parameters = Object.entries(values).map(([path, value]) => ({
      path,
      value,
      type: path === interval ? "unsignedInt" : "string",
    }));
    const request = { method: "SetParameterValues", parameters, parameterKey: key } as const;
    const { outcome } = await this.#ask(how, request);
    if (outcome === "response") this.ledger.confirm(write);
  }

  /** Rises with each write, so that an older value is known for what it is. */
  #valueFor(path: string): string {
    return path === interval ? String(36_000 + this.#number) : `value ${this.#number}`;
  }

  async #setAttribute(how: "queue" | "execute"): Promise<void> {
    const path = this.#random.of(watchable);
    const notification = this.#random.whole(0, 2);
    const write = this.ledger.begin({ [`@${path}`]: String(notification) });
    const attributes = [{ path, notification }];
    const { outcome } = await this.#ask(how, { method: "SetParameterAttributes", attributes });
    if (outcome === "response") this.ledger.confirm(write);
    if (outcome === "fault") this.ledger.problems.push(`${this.record.id}: attribute refused`);
  }

  async #readValues(how: "queue" | "execute"): Promise<boolean> {
    const paths = [parameterKey, ...this.#writable];
    const answer = await this.#ask(how, { method: "GetParameterValues", paths });
    if (answer.outcome !== "response" || !("parameters" in answer.message)) return false;
    const values = new Map(answer.message.parameters.map(({ path, value }) => [path, value]));
    // The location is what was last read of the printer, which may be older than the last lost write.
    for (const path of paths)
      if (path !== location) this.ledger.check(path, values.get(path) ?? "(none)", "the device");
    this.#checkBatch(values);
    return true;
  }

  /** The ParameterKey of a SetParameterValues promises that all of it is in force. */
  #checkBatch(values: ReadonlyMap<string, string>): void {
    const key = values.get(parameterKey) ?? "";
    for (const path of this.#batches.get(key) ?? []) {
      const isOlder = numberIn(values.get(path)) % 36_000 < numberIn(key);
      if (isOlder)
        this.ledger.problems.push(
          `${this.record.id}: ${key} is set but ${path} is still ${values.get(path) ?? "(none)"}`,
        );
    }
  }

  async #readAttributes(how: "queue" | "execute"): Promise<boolean> {
    if (this.#printer === undefined) return this.#readValues(how);
    const answer = await this.#ask(how, { method: "GetParameterAttributes", paths: watchable });
    if (answer.outcome !== "response" || !("attributes" in answer.message)) return false;
    for (const { path, notification } of answer.message.attributes)
      this.ledger.check(`@${path}`, String(notification), "the device");
    return true;
  }

  async #reboot(how: "queue" | "execute"): Promise<void> {
    const isTooEarly = performance.now() - this.#rebootedAtMs < restartGapMs;
    if (isTooEarly) {
      await this.#readValues(how);
      return;
    }
    this.#rebootedAtMs = performance.now();
    this.rebootsAsked += 1;
    const commandKey = `reboot ${this.rebootsAsked}`;
    const { outcome } = await this.#ask(how, { method: "Reboot", commandKey });
    if (outcome === "response") this.reboots.push(commandKey);
  }

  async #ask(how: "queue" | "execute", request: AcsRequest): Promise<RpcOutcome> {
    this.asked += 1;
    const answer = await this.#acs[how](this.record.id, request);
    if (answer.outcome !== "lost") this.answered += 1;
    return answer;
  }
}

function numberIn(text = ""): number {
  return Number(/\d+/.exec(text)?.[0] ?? 0);
}
