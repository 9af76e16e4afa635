import type { DecodedMessage, EventEntry } from "../../cwmp/soap/message.ts";

/** Events that announce a request of the CPE in the same session (TR-069a6 §3.7.1.5). */
const announced: Readonly<Record<string, string>> = {
  "5 KICKED": "Kicked",
  "7 TRANSFER COMPLETE": "TransferComplete",
  "9 REQUEST DOWNLOAD": "RequestDownload",
  "10 AUTONOMOUS TRANSFER COMPLETE": "AutonomousTransferComplete",
  "11 DU STATE CHANGE COMPLETE": "DUStateChangeComplete",
  "12 AUTONOMOUS DU STATE CHANGE COMPLETE": "AutonomousDUStateChangeComplete",
};
const orders: ReadonlySet<string> = new Set(["M Download", "M ScheduleDownload", "M Upload"]);

interface Debt {
  readonly method: string;
  readonly commandKey: string | undefined;
}

function debtOf({ eventCode, commandKey }: EventEntry): Debt | undefined {
  if (orders.has(eventCode)) return { method: "TransferComplete", commandKey };
  if (eventCode === "M ChangeDUState") return { method: "DUStateChangeComplete", commandKey };
  const method = announced[eventCode];
  return method === undefined || isPerOrder(method) ? undefined : { method, commandKey: undefined };
}

/** What the events of an Inform make the CPE owe: it must have said all of it before it gives the word to the ACS. */
export class EventDebts {
  /** Without a CommandKey: any request of that method will do. */
  readonly #owed: Debt[] = [];

  /** @param isTaken whether the ACS takes requests of that method: nobody owes what would be refused */
  constructor(events: readonly EventEntry[], isTaken: (method: string) => boolean) {
    for (const event of events) {
      const debt = debtOf(event);
      if (debt !== undefined && isTaken(debt.method)) this.#owed.push(debt);
    }
  }

  /** A request was answered with a fault: what depends on it is left for another session. */
  forgive(): void {
    this.#owed.length = 0;
  }

  /** Notes a request of the CPE. */
  pay(message: DecodedMessage): void {
    const key = "commandKey" in message ? message.commandKey : undefined;
    const index = this.#owed.findIndex(
      ({ method, commandKey }) =>
        method === message.method && (commandKey === undefined || commandKey === key),
    );
    if (index >= 0) this.#owed.splice(index, 1);
  }

  /** What is still owed, one text each. */
  open(): readonly string[] {
    return this.#owed.map(({ method, commandKey }) =>
      commandKey === undefined
        ? `${method} did not follow its event`
        : `${method} with CommandKey "${commandKey}" did not follow its event`,
    );
  }
}

/** One for each order of the ACS, which its M events list, rather than one for the event. */
function isPerOrder(method: string): boolean {
  return method === "TransferComplete" || method === "DUStateChangeComplete";
}
