import type { DeviceRecord, EventRecord } from "../../src/simulator/acs/device-record.ts";
import type { SessionScript } from "../../src/simulator/acs/session-script.ts";

/** An Inform the ACS received. */
interface Received {
  readonly device: DeviceRecord;
  readonly events: readonly EventRecord[];
  /** The device answered an RPC afterwards, so it knows that its Inform arrived. */
  isDelivered: boolean;
}

/** Every Inform of a run with its events, to find what is missing or came twice. */
export class SessionLog {
  readonly #received: Received[] = [];

  /** Calls one RPC in each session, whose answer proves that the Inform counts as delivered. */
  readonly script: SessionScript = async ({ device, events, call }) => {
    const entry = {
      device,
      events: device.events.all().slice(-events.length),
      isDelivered: false,
    };
    this.#received.push(entry);
    const { outcome } = await call({ method: "GetRPCMethods" });
    entry.isDelivered = outcome !== "lost";
  };

  /** How many Informs of a device carried the event; `delivered` counts only those it knows to have arrived. */
  count(device: DeviceRecord, eventCode: string, commandKey = ""): Counts {
    const carrying = this.#received.filter(
      (entry) =>
        entry.device === device &&
        entry.events.some((e) => e.eventCode === eventCode && e.commandKey === commandKey),
    );
    return {
      sent: carrying.length,
      delivered: carrying.filter(({ isDelivered }) => isDelivered).length,
    };
  }

  get informs(): number {
    return this.#received.length;
  }
}

/** See {@link SessionLog.count}. */
export interface Counts {
  readonly sent: number;
  readonly delivered: number;
}
