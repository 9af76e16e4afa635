import type { AcsRequest, RpcOutcome } from "./acs-messages.ts";
import type { SessionHost } from "./acs-session.ts";
import type { DeviceRecord } from "./device-record.ts";
import type { FileShelf } from "./file-shelf.ts";
import type { FaultRule } from "./fault-injection.ts";

/** Something a CPE did against the rules. */
export interface Violation {
  readonly deviceId: string | undefined;
  readonly text: string;
}

/** What came of a connection request. */
export interface ConnectionRequestResult {
  /** HTTP status of the CPE; 0 when it could not be asked. */
  readonly status: number;
  /** Milliseconds from the answer to the Inform; absent when none came in time. */
  readonly informAfterMs?: number;
  /** Why it failed; absent on success. */
  readonly problem?: string;
}

/** A running test ACS. */
export interface TestAcs {
  /** Where CPEs send their Informs. */
  readonly url: string;
  /** The page for people. */
  readonly pageUrl: string;
  /** What it serves for Download and keeps of Upload. */
  readonly files: FileShelf;
  devices(): readonly DeviceRecord[];
  device(id: string): DeviceRecord | undefined;
  /** Adds an RPC for the device's next session, whenever that is. @throws for an unknown device */
  queue(id: string, request: AcsRequest): Promise<RpcOutcome>;
  /** Asks for a session at once and runs the RPC in it; `lost` when there is none. @throws for an unknown device */
  execute(id: string, request: AcsRequest): Promise<RpcOutcome>;
  /** {@link execute} of SetParameterValues, with the types the device reported. */
  setParameterValues(id: string, values: Readonly<Record<string, string>>): Promise<RpcOutcome>;
  getParameterValues(id: string, paths: readonly string[]): Promise<RpcOutcome>;
  /** Asks for a session and waits for it. @throws for an unknown device */
  connectionRequest(id: string): Promise<ConnectionRequestResult>;
  /** Makes the ACS misbehave; returns what withdraws the rule. */
  inject(rule: FaultRule): () => void;
  /** What all CPEs together did against the rules, oldest first. */
  violations(): readonly Violation[];
  /** Resolves as soon as `check` returns something; asked again after every message. @throws {WaitTimeout} */
  waitFor<Result>(check: () => Result | undefined, timeoutMs: number): Promise<Result>;
  stop(): Promise<void>;
}

/** The ACS as its server sees it. */
export interface ServedAcs extends TestAcs, SessionHost {
  /** Called after every message. */
  changed(): void;
}
