import { logger } from "../../shared/log.ts";
import { acsSupport, methodsLearned } from "./acs-methods.ts";
import type { CpeRequest } from "./cpe-requests.ts";
import type { EndpointState } from "../endpoint/endpoint-state.ts";
import { acsFaults } from "../faults.ts";
import { type CwmpVersion, hasRequest } from "../session/dialect.ts";
import type { CwmpMessage, DecodedMessage } from "../soap/message.ts";

const log = logger("cwmp.requests.request-turns");

/** What the turns of one session are taken for. */
export interface RequestTurnsOptions {
  readonly state: EndpointState;
  readonly acsUrl: string;
  pending(): readonly CpeRequest[];
}

/** How an ACS answers that has not got a method, said by us for a method it does not list. */
const notListed: DecodedMessage = {
  method: "Fault",
  code: acsFaults.methodNotSupported,
  text: "not listed by GetRPCMethods",
};

/**
 * The requests of the CPE within one session, one after the other. Before the first optional one the ACS is asked what it
 * takes, once per URL; what it faulted is left for another session, and so is what the version spoken does not have.
 */
export class RequestTurns {
  readonly #options: RequestTurnsOptions;
  /** What the events of the Inform announce; whatever arises later waits for the next session's. */
  #announced: readonly CpeRequest[] = [];
  /** Not to be sent again in this session. */
  readonly #done = new Set<CpeRequest>();
  /** The ACS would not say what it takes, so it is not asked again in this session. */
  #isListRefused = false;
  #version: CwmpVersion = "1.0";
  #outstanding: CpeRequest | "GetRPCMethods" | undefined;

  constructor(options: RequestTurnsOptions) {
    this.#options = options;
  }

  /** The next request, the same one until {@link settled}. */
  next(): CwmpMessage | undefined {
    this.#outstanding ??= this.#choose();
    if (this.#outstanding === "GetRPCMethods") return { method: "GetRPCMethods" };
    return this.#outstanding?.message;
  }

  /** The ACS answered {@link next}. Never rejects: what cannot be written down is sent again in another session. */
  async settled(answer: DecodedMessage): Promise<void> {
    const outstanding = this.#outstanding;
    this.#outstanding = undefined;
    if (outstanding === undefined) return;
    if (outstanding === "GetRPCMethods") await this.#learn(answer);
    else await this.#settle(outstanding, answer);
  }

  /** The Inform is being made: what is pending now goes out in this session (TR-069a6 §3.7.1.5, events 5, 7, 9 to 12). */
  announce(): void {
    this.#announced = this.#options.pending();
  }

  /** The Inform was answered: gives up requests the ACS is known not to take. Never rejects. */
  async begin(version: CwmpVersion): Promise<void> {
    this.#version = version;
    await this.#dropUnlisted();
  }

  async #dropUnlisted(): Promise<void> {
    const { state, acsUrl } = this.#options;
    for (const request of this.#pending()) {
      if (acsSupport(state, acsUrl, request.message.method) !== "missing") continue;
      if (!this.#done.has(request)) await this.#settle(request, notListed);
    }
  }

  #choose(): CpeRequest | "GetRPCMethods" | undefined {
    const { state, acsUrl } = this.#options;
    for (const request of this.#pending()) {
      const { method } = request.message;
      if (this.#done.has(request) || !hasRequest(this.#version, method)) continue;
      const support = acsSupport(state, acsUrl, method);
      if (support === "listed") return request;
      if (support === "unknown" && !this.#isListRefused) return "GetRPCMethods";
    }
    return undefined;
  }

  #pending(): readonly CpeRequest[] {
    if (this.#announced.length === 0) return this.#announced;
    const stillPending = new Set(this.#options.pending());
    return this.#announced.filter((request) => stillPending.has(request));
  }

  async #learn(answer: DecodedMessage): Promise<void> {
    const { state, acsUrl } = this.#options;
    const methods = methodsOf(answer);
    this.#isListRefused = true;
    if (methods === undefined) return;
    try {
      await state.commit(methodsLearned(acsUrl, methods));
    } catch (error) {
      log.error("methods of the ACS cannot be written down", { device: state.endpointId, error });
    }
    await this.#dropUnlisted();
  }

  async #settle(request: CpeRequest, answer: DecodedMessage): Promise<void> {
    const { method } = request.message;
    const device = this.#options.state.endpointId;
    this.#done.add(request);
    if (answer.method === "Fault") {
      log.warn("request refused by the ACS", { device, method, code: answer.code });
    }
    try {
      await request.settled(answer);
    } catch (error) {
      log.error("answer of the ACS cannot be written down", { device, method, error });
    }
  }
}

/** What the ACS lists; undefined when it does not say. */
function methodsOf(answer: DecodedMessage): readonly string[] | undefined {
  if (answer.method === "GetRPCMethodsResponse") return answer.methods;
  const hasNone = answer.method === "Fault" && answer.code === acsFaults.methodNotSupported;
  return hasNone ? [] : undefined;
}
