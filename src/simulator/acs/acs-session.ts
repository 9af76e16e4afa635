import { randomBytes } from "node:crypto";
import type { CwmpNamespace, DecodedEnvelope, MessageOf } from "../../cwmp/soap/message.ts";
import type { XmlElement } from "../../cwmp/soap/xml-reader.ts";
import { errorText } from "../../shared/errors.ts";
import {
  type AcsRequest,
  type CpeMessage,
  type RpcOutcome,
  describeRequest,
  writeAcsEnvelope,
} from "./acs-messages.ts";
import { type AcsVersionBehaviour, answerNamespace, negotiate } from "./acs-version.ts";
import { type CpeRequestPolicy, answerCpeRequest, requestName } from "./cpe-requests.ts";
import { EventDebts } from "./event-debts.ts";
import { applyOutcome, describeOutcome, toOutcome } from "./rpc-outcome.ts";
import type { DeviceRecord, PendingRpc, SessionRecord } from "./device-record.ts";
import type { InjectedFault } from "./fault-injection.ts";
import { checkInform } from "./inform-checks.ts";
import { checkResponse } from "./response-checks.ts";
import type { SessionScript } from "./session-script.ts";

/** What a session asks of the ACS around it. */
export interface SessionHost {
  nowMs(): number;
  /** The record of a device, made on first contact. */
  recordOf(inform: MessageOf<"Inform">): DeviceRecord;
  /** The key of the device that informs. */
  idOf(inform: MessageOf<"Inform">): string;
  readonly scripts: readonly SessionScript[];
  readonly version: AcsVersionBehaviour;
  readonly cpeRequests: CpeRequestPolicy;
  /** Something the CPE did wrong. */
  violation(device: DeviceRecord | undefined, text: string): void;
}

/** What goes back to the CPE. 204 ends the session well, 400 ends it badly. */
export interface AcsReply {
  readonly status: 200 | 204 | 400;
  readonly body: string;
}

/** An Inform and what stands around it. */
interface ReceivedInform {
  readonly envelope: DecodedEnvelope;
  readonly root: XmlElement;
  /** The ID of the answer. */
  readonly sentId: string;
  readonly isHold: boolean;
}

/** Where a session stands (TR-069a6 §3.7.2): before Inform, CPE's turn, ACS's turn, over. */
type Phase = "inform" | "cpe" | "acs" | "ended";

const noContent: AcsReply = { status: 204, body: "" };

/** The ACS side of one CWMP session: feed it each POST in order, send what it returns. */
export class AcsSession {
  readonly #host: SessionHost;
  #phase: Phase = "inform";
  #device: DeviceRecord | undefined;
  #record: SessionRecord | undefined;
  #namespace: CwmpNamespace = answerNamespace(undefined);
  /** `holding`: told the CPE to hold; `release`: it must come back after an empty answer. */
  #hold: "none" | "holding" | "release" = "none";
  #outstanding: (PendingRpc & { readonly id: string; readonly sentAtMs: number }) | undefined;
  readonly #calls: PendingRpc[] = [];
  #debts = new EventDebts([], () => false);
  #runningScripts = 0;
  #wake: (() => void) | undefined;

  constructor(host: SessionHost) {
    this.#host = host;
  }

  /** The device, once it has informed. */
  get device(): DeviceRecord | undefined {
    return this.#device;
  }

  /** Whether nothing more can come of this session. */
  get isOver(): boolean {
    return this.#phase === "ended";
  }

  /** Handles one POST. Resolves late only while a script thinks. */
  async receive(message: CpeMessage, fault: InjectedFault | undefined): Promise<AcsReply> {
    switch (message.kind) {
      case "malformed":
        return this.#refuse(`malformed message: ${message.reason}`);
      case "empty":
        return await this.#receiveEmpty();
      case "envelope":
        return await this.#receiveEnvelope(message.envelope, message.root, fault);
    }
  }

  /** Ends the session from outside: time-out, connection gone, another Inform. */
  abandon(reason: string): void {
    if (this.#phase !== "ended") this.#end(reason);
  }

  async #receiveEmpty(): Promise<AcsReply> {
    if (this.#phase === "inform") return this.#refuse("empty POST before an Inform");
    if (this.#outstanding !== undefined) {
      return this.#refuse(
        `empty POST instead of the answer to ${this.#outstanding.request.method}`,
      );
    }
    if (this.#phase === "acs" && this.#hold === "none") {
      return this.#refuse("a second empty POST");
    }
    if (this.#phase === "cpe" && this.#hold === "none") {
      for (const problem of this.#debts.open()) this.#note(problem);
    }
    this.#phase = "acs";
    if (this.#hold === "holding") {
      this.#hold = "release";
      return noContent;
    }
    return await this.#nextReply();
  }

  async #receiveEnvelope(
    envelope: DecodedEnvelope,
    root: XmlElement,
    fault: InjectedFault | undefined,
  ): Promise<AcsReply> {
    const { message } = envelope;
    const isAnswer = message.method.endsWith("Response") || message.method === "Fault";
    if (isAnswer) return await this.#receiveAnswer(envelope);
    if (this.#hold !== "none") this.#note(`request ${message.method} in spite of HoldRequests`);
    const id = envelope.header.id ?? "";
    const sentId = fault?.kind === "wrong-id" ? `${id}-wrong` : id;
    if (fault?.kind === "acs-fault") {
      this.#debts.forgive();
      this.#namespace = answerNamespace(envelope.namespace);
      return this.#envelope(sentId, { method: "Fault", code: fault.code, text: "injected fault" });
    }
    if (message.method === "Inform") {
      return this.#receiveInform(message, {
        envelope,
        root,
        sentId,
        isHold: fault?.kind === "hold-requests",
      });
    }
    return this.#receiveRequest(envelope, sentId);
  }

  #receiveInform(
    inform: MessageOf<"Inform">,
    { envelope, root, sentId, isHold }: ReceivedInform,
  ): AcsReply {
    if (this.#phase !== "inform") return this.#refuse("a second Inform");
    const spoken = answerNamespace(envelope.namespace);
    const agreed = negotiate(envelope, this.#host.version);
    this.#namespace = spoken;
    if (agreed.outcome === "refused") {
      const text = "ACS version incompatible with CPE";
      return this.#envelope(sentId, { method: "Fault", code: agreed.faultCode, text });
    }
    const device = this.#host.recordOf(inform);
    this.#device = device;
    const surroundings = {
      maxEnvelopes: maxEnvelopesOf(root),
      isAskedFor: (path: string) => device.isInformParameter(path),
    };
    for (const problem of checkInform(inform, surroundings)) this.#note(`Inform: ${problem}`);
    if (inform.retryCount > 0 && device.hasSucceeded) {
      this.#note(`Inform: RetryCount ${inform.retryCount} after a session that succeeded`);
    }
    device.isDisturbed = false;
    this.#record = device.noteInform(inform, this.#host.nowMs());
    const { rpcMethods } = this.#host.cpeRequests;
    this.#debts = new EventDebts(inform.events, (name) => rpcMethods?.includes(name) ?? true);
    this.#phase = "cpe";
    if (isHold) this.#hold = "holding";
    this.#startScripts(inform, device);
    const reply = this.#envelope(
      sentId,
      { method: "InformResponse" },
      {
        ...(isHold ? { holdRequests: true } : {}),
        ...(agreed.useVersion === undefined ? {} : { useVersion: agreed.useVersion }),
      },
    );
    this.#namespace = agreed.namespace;
    return reply;
  }

  #receiveRequest({ message, namespace }: DecodedEnvelope, id: string): AcsReply {
    const method = requestName(message);
    if (this.#phase === "inform") return this.#refuse(`${method} before an Inform`);
    if (this.#phase === "acs")
      this.#note(`request ${method} after the empty POST (GenieACS refuses it)`);
    if (namespace !== this.#namespace) this.#note(`namespace changed to ${namespace ?? "none"}`);
    this.#debts.pay(message);
    this.#device?.requests.push({ atMs: this.#host.nowMs(), message });
    return this.#envelope(id, answerCpeRequest(message, this.#host.cpeRequests));
  }

  async #receiveAnswer({ message, header, namespace }: DecodedEnvelope): Promise<AcsReply> {
    const outstanding = this.#outstanding;
    if (outstanding === undefined) return this.#refuse(`${message.method} that nobody asked for`);
    if (header.id !== outstanding.id) {
      return this.#refuse(`ID ${header.id ?? "missing"} instead of ${outstanding.id}`);
    }
    if (namespace !== this.#namespace) this.#note(`namespace changed to ${namespace ?? "none"}`);
    for (const problem of checkResponse(outstanding.request, message)) this.#note(problem);
    this.#settle(toOutcome(outstanding.request, message));
    return await this.#nextReply();
  }

  /** Sends the next RPC, or ends the session. */
  async #nextReply(): Promise<AcsReply> {
    const pending = await this.#nextPending();
    if (this.#phase === "ended") return { status: 400, body: "" };
    if (pending === undefined) {
      this.#end(undefined);
      return noContent;
    }
    this.#hold = "none";
    const id = randomBytes(6).toString("hex");
    this.#outstanding = { ...pending, id, sentAtMs: this.#host.nowMs() };
    return this.#envelope(id, pending.request);
  }

  async #nextPending(): Promise<PendingRpc | undefined> {
    for (;;) {
      const pending = this.#calls.shift() ?? this.#device?.dequeue();
      if (pending !== undefined) return pending;
      if (this.#hold === "release") {
        // The CPE was kept waiting to see that it comes back; any RPC without the header releases it.
        return { request: { method: "GetRPCMethods" }, settle: () => undefined };
      }
      if (this.#runningScripts === 0 || this.#phase === "ended") return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #startScripts(inform: MessageOf<"Inform">, device: DeviceRecord): void {
    const events = inform.events.map(({ eventCode }) => eventCode);
    const call = (request: AcsRequest): Promise<RpcOutcome> => this.#call(request);
    const nowMs = (): number => this.#host.nowMs();
    for (const script of this.#host.scripts) {
      this.#runningScripts += 1;
      script({ device, events, call, nowMs })
        .catch((error: unknown) => {
          device.notice = `script failed: ${errorText(error)}`;
        })
        .finally(() => {
          this.#runningScripts -= 1;
          this.#wake?.();
        });
    }
  }

  #call(request: AcsRequest): Promise<RpcOutcome> {
    if (this.#phase === "ended") {
      return Promise.resolve({ outcome: "lost", reason: "the session is over" });
    }
    return new Promise((settle) => {
      this.#calls.push({ request, settle });
      this.#wake?.();
    });
  }

  #settle(outcome: RpcOutcome): void {
    const outstanding = this.#outstanding;
    if (outstanding === undefined || this.#device === undefined) return;
    this.#outstanding = undefined;
    const { request, sentAtMs, settle } = outstanding;
    const nowMs = this.#host.nowMs();
    applyOutcome(this.#device, request, outcome, nowMs);
    this.#device.rpcs.push({
      atMs: sentAtMs,
      method: request.method,
      summary: describeRequest(request),
      durationMs: nowMs - sentAtMs,
      outcome: outcome.outcome,
      detail: describeOutcome(outcome),
    });
    settle(outcome);
  }

  #refuse(problem: string): AcsReply {
    this.#note(problem);
    this.#end(problem);
    return { status: 400, body: problem };
  }

  #end(problem: string | undefined): void {
    this.#phase = "ended";
    const reason = problem ?? "the session is over";
    this.#settle({ outcome: "lost", reason });
    for (const { settle } of this.#calls.splice(0)) settle({ outcome: "lost", reason });
    if (this.#record !== undefined) {
      this.#record.endedAtMs = this.#host.nowMs();
      if (problem !== undefined) this.#record.problem = problem;
    }
    this.#wake?.();
  }

  #note(problem: string): void {
    this.#host.violation(this.#device, problem);
  }

  #envelope(
    id: string,
    message: Parameters<typeof writeAcsEnvelope>[0]["message"],
    header: { readonly holdRequests?: boolean; readonly useVersion?: string } = {},
  ): AcsReply {
    const body = writeAcsEnvelope({ namespace: this.#namespace, id, message, ...header });
    return { status: 200, body };
  }
}

function maxEnvelopesOf(root: XmlElement): string | undefined {
  const body = root.children.find(({ name }) => name === "Body");
  return body?.children[0]?.children.find(({ name }) => name === "MaxEnvelopes")?.text;
}
