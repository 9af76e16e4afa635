/** One file transfer the ACS ordered, as it is kept on disk. */

/** The RPC that ordered it; `M <kind>` is its event. */
export type TransferKind = "Download" | "Upload" | "ScheduleDownload";

/** Window modes of ScheduleDownload that are carried out here (TR-069a6 A.4.1.8). */
export const windowModes = ["1 At Any Time", "2 Immediately", "3 When Idle"] as const;
/** One of {@link windowModes}. */
export type WindowMode = (typeof windowModes)[number];

/** When a transfer may begin, epoch milliseconds. Download and Upload have exactly one, an hour long. */
export interface TimeWindow {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly mode: WindowMode;
  /** Further attempts after a failed one. */
  readonly maxRetries: number;
}

/** What was ordered; never changes. */
export interface TransferRequest {
  readonly kind: TransferKind;
  readonly commandKey: string;
  readonly fileType: string;
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Bytes; 0 = not told. */
  readonly fileSize: number;
  readonly targetFileName: string;
  /** In the order of time, not overlapping, never empty. */
  readonly windows: readonly TimeWindow[];
}

/** Where a transfer stands; see `transfer-machine.ts`. */
export type TransferState =
  "waiting" | "transferring" | "applying" | "restarting" | "reporting" | "done";

/** How far it got. */
export interface TransferProgress {
  readonly state: TransferState;
  /** Position of the present window. */
  readonly window: number;
  /** Attempts begun in the present window. */
  readonly attempts: number;
  /** A pause after a failed attempt lasts until then; 0 = none. */
  readonly notBeforeMs: number;
  /** When the first byte was asked for; undefined = never. */
  readonly startedAtMs?: number;
  /** When it was in force (or sent); undefined = not. */
  readonly completedAtMs?: number;
  /** What the ACS will be told, or the cause of the last failed attempt; 0 = no failure. */
  readonly faultCode: number;
  readonly faultString: string;
}

/** A transfer. */
export interface Transfer {
  /** Given by the store, ascending. */
  readonly id: number;
  readonly endpointId: string;
  readonly request: TransferRequest;
  readonly progress: TransferProgress;
}

/** How a transfer begins. */
export const noProgress: TransferProgress = {
  state: "waiting",
  window: 0,
  attempts: 0,
  notBeforeMs: 0,
  faultCode: 0,
  faultString: "",
};

/** Whether the file comes to the device. */
export function isDownload({ kind }: TransferRequest): boolean {
  return kind !== "Upload";
}
