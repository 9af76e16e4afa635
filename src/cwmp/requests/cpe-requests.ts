import type { CwmpMessage, DecodedMessage, EventEntry } from "../soap/message.ts";

/** Requests a CPE may send only to an ACS whose GetRPCMethods lists them (all others every ACS must answer). */
export const optionalCpeMethods = [
  "AutonomousTransferComplete",
  "RequestDownload",
  "Kicked",
  "DUStateChangeComplete",
  "AutonomousDUStateChangeComplete",
] as const;
/** One of {@link optionalCpeMethods}. */
export type OptionalCpeMethod = (typeof optionalCpeMethods)[number];

/** One request of the CPE, sent in the first session that has room for it. */
export interface CpeRequest {
  readonly message: CwmpMessage;
  /**
   * What every Inform carries until the request is answered: `7 TRANSFER COMPLETE`, `M Download` with its CommandKey, …
   * They follow from the request and are stored nowhere else, so that neither can be there without the other.
   */
  readonly events: readonly EventEntry[];
  /**
   * The ACS answered: with the response, or with a fault other than 8005 (which repeats the request). Whatever that
   * settles is durable when this resolves. After a fault it is not asked for again within the session. An ACS that does
   * not list an optional method counts as having answered 8000 without being asked.
   */
  settled(answer: DecodedMessage): Promise<void>;
}

/** Somebody who has something to tell the ACS: transfers that ended, a user's kick, a changed deployment unit. */
export interface CpeRequestSource {
  /**
   * What is to be sent, oldest first. What arises after the Inform of a session waits for the next, whose Inform
   * announces it. The same request is the same object until it is settled. Empty costs nothing.
   */
  pending(): readonly CpeRequest[];
  /** Calls back when something new is pending, for which a session is to be opened. Returns the unsubscribe function. */
  onPending(listener: () => void): () => void;
}
