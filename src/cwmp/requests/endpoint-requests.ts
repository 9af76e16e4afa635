import { CpeRequestError } from "./cpe-request-error.ts";
import type { CpeRequest, CpeRequestSource } from "./cpe-requests.ts";
import { DuResults } from "./du-results.ts";
import { type EndpointState, internalSettings } from "../endpoint/endpoint-state.ts";
import type { EventCode } from "../events/events.ts";
import { acsFaults } from "../faults.ts";
import type { CwmpMessage, DecodedMessage, EventEntry, MessageOf } from "../soap/message.ts";
import { StoredRequests } from "./stored-requests.ts";
import {
  autonomousTransferKind,
  mostAutonomousTransfers,
} from "../transfers/autonomous-transfer.ts";

/** Of requests that live in memory only; more are refused. */
const mostAsked = 8;

const none: readonly CpeRequest[] = [];

/** What those hear who wait for an answer that will not come. */
const forgotten: DecodedMessage = {
  method: "Fault",
  code: acsFaults.methodNotSupported,
  text: "the device was reset",
};

/** All requests one endpoint has for its ACS: those of other sources, and those that arise in the endpoint itself. */
export class EndpointRequests {
  readonly results: DuResults;
  readonly #state: EndpointState;
  /** Made when there is something: most endpoints never have any. */
  #autonomous: StoredRequests<MessageOf<"AutonomousTransferComplete">> | undefined;
  #sources: CpeRequestSource[] | undefined;
  #asked: CpeRequest[] | undefined;
  #unsubscribe: (() => void)[] | undefined;
  #onPending: (() => void) | undefined;

  constructor(state: EndpointState) {
    this.#state = state;
    this.results = new DuResults(state);
  }

  /** Begins to call back when something new is pending. */
  start(onPending: () => void): void {
    this.#onPending = onPending;
  }

  stop(): void {
    this.#onPending = undefined;
    this.#letGo();
  }

  /** Forgets sources and requests in memory: the device is reset, and nobody is told of them any more. */
  async clear(): Promise<void> {
    this.#letGo();
    this.#sources = undefined;
    for (const request of [...(this.#asked ?? [])]) await request.settled(forgotten);
    this.#asked = undefined;
  }

  /** Adds a source for the life of the endpoint; adding it again changes nothing. */
  add(source: CpeRequestSource): void {
    this.#sources ??= [];
    if (this.#sources.includes(source)) return;
    this.#sources.push(source);
    this.#unsubscribe ??= [];
    this.#unsubscribe.push(source.onPending(() => this.#onPending?.()));
  }

  /** Tells of a transfer nobody ordered, until the ACS has answered. On disk when it resolves. */
  async announce(message: MessageOf<"AutonomousTransferComplete">): Promise<void> {
    await this.#announcements().add(message, { most: mostAutonomousTransfers });
    this.#onPending?.();
  }

  /** What is to be sent, oldest first of each kind. */
  pending(): readonly CpeRequest[] {
    const stored = [...this.#announced(), ...this.results.pending()];
    if (this.#sources === undefined && this.#asked === undefined) return stored;
    const foreign = (this.#sources ?? []).flatMap((source) => source.pending());
    return [...foreign, ...stored, ...(this.#asked ?? [])];
  }

  /** What Informs carry because of that. */
  events(): readonly EventEntry[] {
    return this.pending().flatMap(({ events }) => events);
  }

  /**
   * Sends a request of somebody who waits for the answer, until the ACS has answered without fault or this process ends.
   * @throws {CpeRequestError} at the first fault, and when too many wait
   */
  ask(message: CwmpMessage, eventCode: EventCode): Promise<DecodedMessage> {
    this.#asked ??= [];
    const asked = this.#asked;
    if (asked.length >= mostAsked) {
      const text = `${mostAsked} requests wait for the ACS already`;
      return Promise.reject(new CpeRequestError(text, "cwmp.too-many-requests"));
    }
    return new Promise((resolve, reject) => {
      const request: CpeRequest = {
        message,
        events: [{ eventCode, commandKey: "" }],
        settled: (answer) => {
          if (answer.method !== "Fault" || answer.code === acsFaults.methodNotSupported) {
            const at = asked.indexOf(request);
            if (at >= 0) asked.splice(at, 1);
          }
          if (answer.method === "Fault") reject(refusalOf(answer));
          else resolve(answer);
          return Promise.resolve();
        },
      };
      asked.push(request);
      this.#onPending?.();
    });
  }

  #announced(): readonly CpeRequest[] {
    const hasAny = this.#state.settings.has(internalSettings.autonomousTransfers);
    return hasAny ? this.#announcements().pending() : none;
  }

  #announcements(): StoredRequests<MessageOf<"AutonomousTransferComplete">> {
    return (this.#autonomous ??= new StoredRequests(this.#state, autonomousTransferKind));
  }

  #letGo(): void {
    for (const unsubscribe of this.#unsubscribe ?? []) unsubscribe();
    this.#unsubscribe = undefined;
  }
}

function refusalOf({
  code,
  text,
}: {
  readonly code: number;
  readonly text: string;
}): CpeRequestError {
  const isUnknown = code === acsFaults.methodNotSupported;
  return new CpeRequestError(
    `the ACS answered ${code} ${text}`,
    isUnknown ? "cwmp.request-unsupported" : "cwmp.request-refused",
  );
}
