import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../shared/clock.ts";
import type { AcsAuthenticator } from "./acs-authenticator.ts";
import { type CpeMessage, readCpeMessage } from "./acs-messages.ts";
import { type AcsReply, AcsSession } from "./acs-session.ts";
import type { EnvelopeCapture } from "./capture.ts";
import type { ServedAcs } from "./acs-port.ts";
import type { FaultInjector, InjectedFault, MessageKind } from "./fault-injection.ts";
import { sendReply } from "./faulty-reply.ts";
import { checkEnvelope, checkHeaders } from "./message-checks.ts";

/** What the CWMP end of the test ACS is made of. */
export interface CwmpEndpointOptions {
  readonly acs: ServedAcs;
  readonly clock: Clock;
  readonly faults: FaultInjector;
  readonly capture: EnvelopeCapture | undefined;
  readonly authenticator: AcsAuthenticator | undefined;
  readonly sessionTimeoutMs: number;
  /** Answers compressed to CPEs that compress. */
  readonly compress: boolean;
}

interface OpenSession {
  readonly session: AcsSession;
  readonly cookie: string;
  cancelTimeout: () => void;
  /** How the CPE compresses, once it did. */
  coding: "gzip" | "deflate" | undefined;
}

/** Sessions by cookie: finds the session of each POST, lets it answer, and spoils the answer when told to. */
export class CwmpEndpointServer {
  readonly #options: CwmpEndpointOptions;
  readonly #sessions = new Map<string, OpenSession>();
  /** Device → its open session: a device has one at a time. */
  readonly #byDevice = new Map<string, OpenSession>();

  constructor(options: CwmpEndpointOptions) {
    this.#options = options;
  }

  /** Answers one POST of a CPE. */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    body: { readonly text: string; readonly coding: "gzip" | "deflate" | undefined },
  ): Promise<void> {
    const { acs, authenticator, capture, faults, clock, compress } = this.#options;
    if (authenticator?.admit(request, response) === false) return;
    const message = readCpeMessage(body.text);
    const kind = kindOf(message);
    capture?.add("cpe", nameOf(message), body.text);
    const open = this.#sessionOf(request, kind);
    const deviceId = deviceOf(message, acs) ?? open?.session.device?.id;
    const fault = faults.take(kind, deviceId);
    const isBlind = fault?.kind === "status" || fault?.kind === "redirect";
    const reply = isBlind
      ? { status: 204 as const, body: "" }
      : await this.#receive(open, message, request, response, fault);
    if (fault !== undefined) this.#markDisturbed(deviceId);
    capture?.add("acs", "reply", reply.status === 200 ? reply.body : "");
    await sendReply(response, reply, {
      fault,
      clock,
      coding: compress ? this.#codingOf(open, body.coding) : undefined,
    });
    acs.changed();
  }

  /** Ends every session. */
  stop(): void {
    for (const open of this.#sessions.values()) this.#abandon(open, "the ACS was stopped");
  }

  async #receive(
    open: OpenSession | undefined,
    message: CpeMessage,
    request: IncomingMessage,
    response: ServerResponse,
    fault: InjectedFault | undefined,
  ): Promise<AcsReply> {
    const { acs } = this.#options;
    const isInform = kindOf(message) === "Inform";
    if (open === undefined && !isInform) {
      for (const problem of problemsOf(request, message)) acs.violation(undefined, problem);
      const problem = strayProblem(message);
      acs.violation(undefined, problem);
      return { status: 400, body: problem };
    }
    const current = open ?? this.#newSession();
    if (isInform) this.#replacePrevious(message, current);
    this.#rearm(current);
    const reply = await current.session.receive(message, fault);
    for (const problem of problemsOf(request, message)) {
      acs.violation(current.session.device, problem);
    }
    if (isInform && reply.status === 200 && open === undefined) this.#admit(current, response);
    if (current.session.isOver) this.#forget(current);
    return reply;
  }

  /** A CPE that compressed once in the session understands compressed answers to empty POSTs too. */
  #codingOf(open: OpenSession | undefined, coding: OpenSession["coding"]): OpenSession["coding"] {
    if (open === undefined) return coding;
    open.coding ??= coding;
    return open.coding;
  }

  #markDisturbed(deviceId: string | undefined): void {
    const device = deviceId === undefined ? undefined : this.#options.acs.device(deviceId);
    if (device !== undefined) device.isDisturbed = true;
  }

  #sessionOf(request: IncomingMessage, kind: MessageKind): OpenSession | undefined {
    const cookie = /(?:^|;\s*)session=([0-9a-f]{16})(?:;|$)/.exec(
      request.headers.cookie ?? "",
    )?.[1];
    const open = cookie === undefined ? undefined : this.#sessions.get(cookie);
    if (cookie !== undefined && open === undefined && kind === "Inform") {
      this.#options.acs.violation(undefined, "cookie of an earlier session sent with an Inform");
    }
    return open;
  }

  #newSession(): OpenSession {
    return {
      session: new AcsSession(this.#options.acs),
      cookie: randomBytes(8).toString("hex"),
      cancelTimeout: () => undefined,
      coding: undefined,
    };
  }

  /** From the InformResponse on the session is known by its cookie. */
  #admit(open: OpenSession, response: ServerResponse): void {
    const { device } = open.session;
    if (device === undefined) return;
    this.#sessions.set(open.cookie, open);
    this.#byDevice.set(device.id, open);
    response.setHeader("Set-Cookie", `session=${open.cookie}`);
  }

  /** A CPE that informs again has given its last session up. */
  #replacePrevious(message: CpeMessage, current: OpenSession): void {
    const id = deviceOf(message, this.#options.acs);
    const previous = id === undefined ? undefined : this.#byDevice.get(id);
    if (previous !== undefined && previous !== current) {
      this.#abandon(previous, "the device began another session");
    }
  }

  #rearm(open: OpenSession): void {
    const { clock, sessionTimeoutMs, acs } = this.#options;
    open.cancelTimeout();
    open.cancelTimeout = clock.after(sessionTimeoutMs, () => {
      this.#abandon(open, `no message within ${sessionTimeoutMs / 1_000} s`);
      acs.changed();
    });
  }

  #abandon(open: OpenSession, reason: string): void {
    open.session.abandon(reason);
    this.#forget(open);
  }

  #forget(open: OpenSession): void {
    open.cancelTimeout();
    this.#sessions.delete(open.cookie);
    const id = open.session.device?.id ?? "";
    if (this.#byDevice.get(id) === open) this.#byDevice.delete(id);
  }
}

function problemsOf(request: IncomingMessage, message: CpeMessage): readonly string[] {
  const problems = checkHeaders(request.headers, message.kind === "empty");
  if (message.kind !== "envelope") return problems;
  return [...problems, ...checkEnvelope(message.root, message.envelope)];
}

function strayProblem(message: CpeMessage): string {
  if (message.kind === "malformed") return `malformed message: ${message.reason}`;
  const what = message.kind === "empty" ? "empty POST" : nameOf(message);
  return `${what} outside a session (cookie missing or unknown)`;
}

function kindOf(message: CpeMessage): MessageKind {
  if (message.kind === "empty") return "empty";
  return nameOf(message) === "Inform" ? "Inform" : "other";
}

function nameOf(message: CpeMessage): string {
  if (message.kind !== "envelope") return message.kind;
  const { message: content } = message.envelope;
  return content.method === "Unknown" ? content.requested : content.method;
}

/** The device an Inform comes from; undefined for every other message. */
function deviceOf(message: CpeMessage, acs: ServedAcs): string | undefined {
  if (message.kind !== "envelope" || message.envelope.message.method !== "Inform") return undefined;
  return acs.idOf(message.envelope.message);
}
