import type { Clock } from "../../shared/clock.ts";
import { logger } from "../../shared/log.ts";
import { acsFaults } from "../faults.ts";
import { decodeLargeEnvelope } from "../soap/decode.ts";
import { encodeEnvelope } from "../soap/encode.ts";
import {
  type CwmpHeader,
  type CwmpMessage,
  type CwmpNamespace,
  type DecodedEnvelope,
  type DecodedMessage,
} from "../soap/message.ts";
import type { XmlLimits } from "../soap/xml-reader.ts";
import type { AcsConnection, AcsResponse } from "../transport.ts";
import {
  type CwmpVersion,
  type SessionDialect,
  negotiatedNamespace,
  negotiatedVersion,
  inNamespace,
} from "./dialect.ts";
import { SessionError } from "./errors.ts";
import { type SessionInput, type SessionState, nextStep } from "./session-machine.ts";

const log = logger("cwmp.session.session");

/** What a session needs of the endpoint it speaks for. */
export interface SessionHost {
  readonly endpointId: string;
  /** The Inform of this session; asked once. */
  inform(): CwmpMessage;
  /** The InformResponse arrived. Whatever it settles is durable when this resolves. */
  informDelivered(version: CwmpVersion): Promise<void>;
  /** The next request of the CPE to the ACS, until {@link requestSettled}; undefined when there is none. */
  pendingRequest(): CwmpMessage | undefined;
  /** The ACS answered {@link pendingRequest}, possibly with a fault. */
  requestSettled(answer: DecodedMessage): Promise<void>;
  /** Answers a request of the ACS. Never rejects. */
  answer(request: DecodedMessage): Promise<CwmpMessage>;
}

/** Bounds of one session, against an ACS that never ends. */
export interface SessionLimits {
  readonly maxAnswers: number;
  readonly maxDurationMs: number;
  readonly xml: XmlLimits | undefined;
}

/** GenieACS destroys a socket after 300 s whatever it is doing. */
export const defaultSessionLimits: SessionLimits = {
  maxAnswers: 1_000,
  maxDurationMs: 290_000,
  xml: undefined,
};

/** How often a request is repeated after fault 8005. */
const mostRepeats = 3;
/** How many empty POSTs in a row are sent while the ACS holds requests. */
const mostHeldTurns = 10;

/** Everything one session is run with. */
export interface SessionOptions {
  readonly connection: AcsConnection;
  readonly clock: Clock;
  readonly dialect: SessionDialect;
  readonly limits: SessionLimits;
}

/** What a successful session amounted to. */
export interface SessionReport {
  /** Requests of the ACS that were answered. */
  readonly answers: number;
}

/**
 * Runs one session from Inform to the last empty answer. Does not close the connection.
 * @throws {AcsTransportError} HTTP failed
 * @throws {SoapDecodeError} an answer could not be read
 * @throws {SessionError} the ACS broke the rules, refused the Inform or went on too long
 * @see TR-069a6 §3.7.1, §3.7.2
 */
export async function runSession(
  host: SessionHost,
  options: SessionOptions,
): Promise<SessionReport> {
  return new Session(host, options).run();
}

/** One answer, sorted into the terms of the session machine. */
interface Received {
  readonly input: SessionInput;
  readonly envelope: DecodedEnvelope | undefined;
}

class Session {
  readonly #host: SessionHost;
  readonly #options: SessionOptions;
  readonly #deadlineMs: number;
  #namespace: CwmpNamespace;
  #state: SessionState = "informing";
  #lastId = 0;
  /** The request of ours that waits for its response: its method, and as sent. */
  #requested = "";
  #outstanding = "";
  #isHeld = false;
  #wasHeld = false;
  #repeats = 0;
  #heldTurns = 0;
  #answers = 0;

  constructor(host: SessionHost, options: SessionOptions) {
    this.#host = host;
    this.#options = options;
    this.#namespace = options.dialect.namespace;
    this.#deadlineMs = options.clock.nowMs() + options.limits.maxDurationMs;
  }

  async run(): Promise<SessionReport> {
    let received = await this.#sort(await this.#sendInform());
    for (;;) {
      await this.#settle(received);
      const { state, action } = nextStep(this.#state, received.input, {
        holdRequests: this.#isHeld,
        wasHeld: this.#wasHeld,
        hasRequests: this.#host.pendingRequest() !== undefined,
        repeatsLeft: mostRepeats - this.#repeats,
        answersLeft: this.#options.limits.maxAnswers - this.#answers,
        heldLeft: mostHeldTurns - this.#heldTurns,
      });
      if (action === "end") return { answers: this.#answers };
      if (action === "fail") throw this.#failure(received);
      this.#state = state;
      received = await this.#sort(await this.#act(action, received));
    }
  }

  #sendInform(): Promise<AcsResponse> {
    const { sessionTimeoutS, supportedVersions } = this.#options.dialect;
    return this.#sendRequest(this.#host.inform(), {
      ...(sessionTimeoutS === undefined ? {} : { sessionTimeoutS }),
      ...(supportedVersions === undefined ? {} : { supportedVersions }),
    });
  }

  async #act(
    action: "repeat" | "sendRequest" | "sendEmpty" | "holdOn" | "answer",
    { envelope }: Received,
  ): Promise<AcsResponse> {
    switch (action) {
      case "repeat":
        this.#repeats += 1;
        return this.#post(this.#outstanding);
      case "sendRequest": {
        const request = this.#host.pendingRequest();
        return request === undefined ? this.#post(undefined) : this.#sendRequest(request, {});
      }
      case "sendEmpty":
        return this.#post(undefined);
      case "holdOn":
        this.#heldTurns += 1;
        return this.#post(undefined);
      case "answer":
        this.#heldTurns = 0;
        this.#answers += 1;
        return this.#post(envelope === undefined ? undefined : await this.#answer(envelope));
    }
  }

  #sendRequest(message: CwmpMessage, header: CwmpHeader): Promise<AcsResponse> {
    this.#lastId += 1;
    this.#repeats = 0;
    this.#requested = message.method;
    this.#outstanding = encodeEnvelope({
      namespace: this.#namespace,
      header: { id: String(this.#lastId), ...header },
      message: inNamespace(message, this.#namespace),
    });
    return this.#post(this.#outstanding);
  }

  async #answer({ header, message, notUnderstood }: DecodedEnvelope): Promise<string> {
    const answer: CwmpMessage =
      notUnderstood === undefined
        ? await this.#host.answer(message)
        : {
            method: "Fault",
            code: 9003,
            text: `header ${notUnderstood} is not understood`,
            soapCode: "MustUnderstand",
          };
    log.debug("request answered", {
      device: this.#host.endpointId,
      request: message.method,
      answer: answer.method,
    });
    return encodeEnvelope({
      namespace: this.#namespace,
      header: header.id === undefined ? {} : { id: header.id },
      message: answer,
    });
  }

  #post(body: string | undefined): Promise<AcsResponse> {
    if (this.#options.clock.nowMs() > this.#deadlineMs) {
      const seconds = this.#options.limits.maxDurationMs / 1_000;
      throw new SessionError(`session longer than ${seconds} s`, "cwmp.session-limit");
    }
    return this.#options.connection.post(body);
  }

  async #sort({ body }: AcsResponse): Promise<Received> {
    if (body === undefined || body.trim() === "") return { input: "empty", envelope: undefined };
    const envelope = await decodeLargeEnvelope(body, this.#options.limits.xml);
    // Absent means released (TR-069a6 §3.4.7), so every envelope decides anew.
    this.#isHeld = envelope.header.holdRequests === true;
    this.#wasHeld ||= this.#isHeld;
    return { input: this.#inputOf(envelope), envelope };
  }

  #inputOf({ header, message }: DecodedEnvelope): SessionInput {
    const { method } = message;
    if (method === "Fault") {
      // An ACS that asks for the same again and again has refused it.
      const mayRepeat = message.code === acsFaults.retryRequest && this.#repeats < mostRepeats;
      return mayRepeat ? "retryRequest" : "fault";
    }
    const name = "requested" in message ? message.requested : method;
    if (!name.endsWith("Response")) return "request";
    // Some ACSs leave the ID out; a wrong one belongs to somebody else's request.
    if (header.id !== undefined && header.id !== String(this.#lastId)) return "unexpected";
    if (name !== `${this.#requested}Response`) return "unexpected";
    return method === "InformResponse" ? "informResponse" : "response";
  }

  /** Tells the host what its Inform or request came to, before anything else is sent. */
  async #settle({ input, envelope }: Received): Promise<void> {
    if (envelope === undefined) return;
    if (this.#state === "informing" && input === "informResponse") {
      const { header, namespace } = envelope;
      this.#namespace = negotiatedNamespace(header.useVersion, namespace, this.#namespace);
      await this.#host.informDelivered(negotiatedVersion(header.useVersion, namespace));
    }
    if (this.#state === "requesting" && (input === "response" || input === "fault")) {
      await this.#host.requestSettled(envelope.message);
    }
  }

  #failure({ input, envelope }: Received): SessionError {
    const message = envelope?.message;
    if (this.#state === "informing" && message?.method === "Fault") {
      const { code, text } = message;
      const reason = `ACS refused the Inform: ${code} ${text}`;
      return new SessionError(reason, "cwmp.inform-refused", code);
    }
    const isLimit = input === "request" || (input === "empty" && this.#isHeld);
    if (this.#state === "listening" && isLimit) {
      return new SessionError("ACS does not end the session", "cwmp.session-limit");
    }
    const what = message === undefined ? "an empty answer" : describe(message);
    return new SessionError(`${what} while ${this.#state}`, "cwmp.unexpected-message");
  }
}

function describe(message: DecodedMessage): string {
  if (message.method === "Fault") return `fault ${message.code} ${message.text}`;
  return "requested" in message ? message.requested : message.method;
}
