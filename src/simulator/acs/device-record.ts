import type { DeviceId } from "../../cwmp/endpoint-store.ts";
import type { DecodedMessage, MessageOf } from "../../cwmp/soap/message.ts";
import type { ParameterAssignment } from "../../cwmp/parameter-tree.ts";
import type { AcsRequest, RpcOutcome } from "./acs-messages.ts";
import { BoundedLog } from "./bounded-log.ts";

/** What the ACS knows of one parameter. Members are absent until the CPE said them. */
export interface KnownParameter {
  readonly value?: string;
  /** Without prefix: `string`, `unsignedInt`, … */
  readonly type?: string;
  readonly writable?: boolean;
  /** When the value arrived, epoch milliseconds. */
  readonly readAtMs?: number;
}

/** An event the CPE reported. */
export interface EventRecord {
  readonly atMs: number;
  readonly eventCode: string;
  readonly commandKey: string;
}

/** An RPC the ACS called. `outcome` is a method name, a fault, or why it was lost. */
export interface RpcRecord {
  readonly atMs: number;
  readonly method: AcsRequest["method"];
  readonly summary: string;
  readonly durationMs: number;
  readonly outcome: RpcOutcome["outcome"];
  readonly detail: string;
}

/** A session, open while `endedAtMs` is absent. */
export interface SessionRecord {
  readonly startedAtMs: number;
  readonly events: readonly string[];
  readonly retryCount: number;
  endedAtMs?: number;
  /** Why it did not end properly. */
  problem?: string;
}

/** A request the CPE made of the ACS, apart from Informs. */
export interface CpeRequestRecord {
  readonly atMs: number;
  readonly message: DecodedMessage;
}

/** An RPC waiting for a session. */
export interface PendingRpc {
  readonly request: AcsRequest;
  readonly settle: (outcome: RpcOutcome) => void;
}

const informParameterName = /^Device\.ManagementServer\.InformParameter\.\d+\.ParameterName$/;

const mostParameters = 50_000;
const mostPending = 1_000;

/** Everything the test ACS knows about one CPE. Logs keep the newest entries only. */
export class DeviceRecord {
  readonly id: string;
  readonly deviceId: DeviceId;
  readonly firstSeenAtMs: number;
  lastInformAtMs: number;
  informCount = 0;
  /** As set by the ACS; a connection request needs them. */
  connectionRequestCredentials:
    { readonly username: string; readonly password: string } | undefined;
  /** When the whole tree was last read. */
  treeReadAtMs: number | undefined;
  /** Outcome of the last thing asked for on the page. */
  notice = "";
  /** An answer was spoilt since its last good session, so that it may be retrying for good reason. */
  isDisturbed = false;
  /** Rises with every change of `parameters`. */
  revision = 0;
  readonly parameters = new Map<string, KnownParameter>();
  readonly events = new BoundedLog<EventRecord>(100);
  readonly rpcs = new BoundedLog<RpcRecord>(200);
  readonly sessions = new BoundedLog<SessionRecord>(50);
  readonly requests = new BoundedLog<CpeRequestRecord>(100);
  readonly violations = new BoundedLog<string>(100);
  readonly #queue: PendingRpc[] = [];

  constructor(deviceId: DeviceId, nowMs: number) {
    this.id = deviceKey(deviceId);
    this.deviceId = deviceId;
    this.firstSeenAtMs = nowMs;
    this.lastInformAtMs = nowMs;
  }

  /** Last known value of a parameter. */
  value(path: string): string | undefined {
    return this.parameters.get(path)?.value;
  }

  /** What became of the transfer ordered under this CommandKey; undefined until the CPE told. */
  transferResult(commandKey: string): MessageOf<"TransferComplete"> | undefined {
    for (const { message } of this.requests.all()) {
      if (message.method === "TransferComplete" && message.commandKey === commandKey)
        return message;
    }
    return undefined;
  }

  /** Whether the last session ended well and nothing was spoilt since: the next one is no retry then. */
  get hasSucceeded(): boolean {
    const last = this.sessions.last();
    return !this.isDisturbed && last?.endedAtMs !== undefined && last.problem === undefined;
  }

  /** Whether the ACS has asked for this parameter in every Inform. */
  isInformParameter(path: string): boolean {
    return [...this.parameters].some(
      ([name, { value }]) => informParameterName.test(name) && value === path,
    );
  }

  /** RPCs waiting for the next session. */
  get pendingCount(): number {
    return this.#queue.length;
  }

  /** Adds an RPC; the promise settles when its session is over at the latest. */
  enqueue(request: AcsRequest): {
    readonly outcome: Promise<RpcOutcome>;
    readonly cancel: () => void;
  } {
    if (this.#queue.length >= mostPending) throw new Error(`${this.id}: ${mostPending} RPCs wait`);
    let pending: PendingRpc | undefined;
    const outcome = new Promise<RpcOutcome>((settle) => {
      pending = { request, settle };
      this.#queue.push(pending);
    });
    const cancel = (): void => {
      const index = pending === undefined ? -1 : this.#queue.indexOf(pending);
      if (index >= 0) this.#queue.splice(index, 1);
    };
    return { outcome, cancel };
  }

  /** Takes the oldest waiting RPC. */
  dequeue(): PendingRpc | undefined {
    return this.#queue.shift();
  }

  /** Notes an Inform: events, session, parameters. */
  noteInform(inform: MessageOf<"Inform">, nowMs: number): SessionRecord {
    this.lastInformAtMs = nowMs;
    this.informCount += 1;
    for (const event of inform.events) this.events.push({ atMs: nowMs, ...event });
    this.noteValues(inform.parameters, nowMs);
    const session = {
      startedAtMs: nowMs,
      events: inform.events.map(({ eventCode }) => eventCode),
      retryCount: inform.retryCount,
    };
    this.sessions.push(session);
    return session;
  }

  /** Notes values the CPE reported. */
  noteValues(values: readonly ParameterAssignment[], nowMs: number): void {
    for (const { path, value, type } of values) {
      this.#update(path, { value, readAtMs: nowMs, ...(type === undefined ? {} : { type }) });
    }
  }

  /** Notes what is below `path` (everything for ""); parameters no longer there are forgotten. */
  noteNames(path: string, names: MessageOf<"GetParameterNamesResponse">["names"]): void {
    const present = new Set(names.map((name) => name.path));
    this.revision += 1;
    for (const known of this.parameters.keys()) {
      if (known.startsWith(path) && !present.has(known)) this.parameters.delete(known);
    }
    for (const name of names) this.#update(name.path, { writable: name.writable });
  }

  #update(path: string, change: KnownParameter): void {
    const known = this.parameters.get(path);
    if (known === undefined && this.parameters.size >= mostParameters) return;
    this.revision += 1;
    this.parameters.set(path, { ...known, ...change });
  }
}

/** The identity as a key, in the form GenieACS uses: parts escaped and joined by `-`. */
export function deviceKey({ oui, productClass, serialNumber }: DeviceId): string {
  const parts = productClass === "" ? [oui, serialNumber] : [oui, productClass, serialNumber];
  return parts.map(escapePart).join("-");
}

function escapePart(text: string): string {
  return encodeURIComponent(text).replace(
    /[-.!~*'()]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
