import type { CancelTimer, Clock } from "../shared/clock.ts";
import { type SnmpValue, snmpSyntax } from "../southbound/driver.ts";
import type { MibView } from "./mib-view.ts";

const sysUpTime = "1.3.6.1.2.1.1.3.0";
/** RFC 3805: counted since the printer was switched on. */
const prtMarkerPowerOnCount = "1.3.6.1.2.1.43.10.2.1.5";
const hrSystemUptime = "1.3.6.1.2.1.25.1.1.0";
/** TimeTicks count hundredths of a second modulo 2^32 (RFC 2578 §7.1.8). */
const timeTicksModulus = 0x1_0000_0000;
const msPerTick = 10;

/** Whether an agent is switched on, and the uptimes that go with it. */
export class AgentPower {
  readonly #clock: Clock;
  readonly #onBoot: () => void;
  #isOn = true;
  #startedAtMs: number;
  #isRecordedBoot = true;
  #cancelRestart: CancelTimer | undefined;
  readonly #mibs: MibView[] = [];

  constructor(clock: Clock, onBoot: () => void) {
    this.#clock = clock;
    this.#onBoot = onBoot;
    this.#startedAtMs = clock.nowMs();
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  off(): void {
    this.#cancelRestart?.();
    this.#cancelRestart = undefined;
    this.#isOn = false;
  }

  /** Switches on after `off`; uptimes begin at 0. Does nothing when it is on already. */
  on(): void {
    if (this.#isOn) return;
    this.#cancelRestart = undefined;
    this.#isOn = true;
    this.#isRecordedBoot = false;
    this.#startedAtMs = this.#clock.nowMs();
    for (const mib of this.#mibs)
      for (const [row, { syntax }] of mib.column(prtMarkerPowerOnCount))
        mib.set(`${prtMarkerPowerOnCount}.${row}`, { syntax, value: 0 });
    this.#onBoot();
  }

  /** Goes silent and comes back by itself. */
  restart(silentMs: number): void {
    this.off();
    this.#cancelRestart = this.#clock.after(silentMs, () => {
      this.on();
    });
  }

  /** Makes the uptimes of `mib` advance with the clock, from the recorded ones until the first restart. */
  drive(mib: MibView): void {
    this.#mibs.push(mib);
    for (const oid of [sysUpTime, hrSystemUptime]) {
      const recorded = mib.recording.get(oid);
      if (recorded === undefined) continue;
      mib.set(oid, () => this.#uptime(Number(recorded.value)));
    }
  }

  #uptime(recordedTicks: number): SnmpValue {
    const elapsed = Math.floor((this.#clock.nowMs() - this.#startedAtMs) / msPerTick);
    const ticks = elapsed + (this.#isRecordedBoot ? recordedTicks : 0);
    return { syntax: snmpSyntax.timeTicks, value: ticks % timeTicksModulus };
  }
}
