import type { Clock } from "../../shared/clock.ts";
import { HttpAuthentication } from "../../shared/http/digest-client.ts";
import { logger } from "../../shared/log.ts";
import type { EwsAccess } from "../driver.ts";
import type { LoginFlow } from "../exchange.ts";
import {
  EwsAbortedError,
  type EwsAuthError,
  EwsError,
  EwsProtocolError,
  EwsRefusedError,
  EwsTimeoutError,
  EwsUnreachableError,
} from "./errors.ts";
import type { EwsMemory } from "./ews-memory.ts";
import type { EwsNotice } from "./notice.ts";
import { PasswordGuard } from "./password-guard.ts";
import type { WebAnswer } from "./web-client.ts";

const log = logger("southbound.ews.login");

/** Runs the steps of a login or logout; implemented by the exchange runner. */
export interface StepRunner {
  /** Whether user name or password went into a request since the last call. */
  takeCredentialUse(): boolean;
  run(steps: NonNullable<LoginFlow["steps"]>, signal: AbortSignal | undefined): Promise<void>;
}

/** What a login is made of. */
export interface LoginOptions {
  readonly host: string;
  readonly flow: LoginFlow;
  readonly credential: EwsAccess["credential"];
  readonly memory: EwsMemory;
  readonly clock: Clock;
  readonly runner: StepRunner;
  readonly notice: (notice: EwsNotice) => void;
}

/** `unsure`: the printer may have let us in, but its answer did not arrive. */
type LoginState = "out" | "entering" | "in" | "unsure" | "failed";

/**
 * One login in one conversation: tried once, never with a password known to be wrong, left again in any case.
 */
export class Login {
  readonly #options: LoginOptions;
  readonly #guard: PasswordGuard;
  readonly #challenges: HttpAuthentication;
  #state: LoginState = "out";
  #wasPasswordSent = false;
  #error: unknown;

  constructor(options: LoginOptions) {
    this.#options = options;
    const { host, flow, memory, credential, clock } = options;
    this.#guard = new PasswordGuard({ host, memory, credential, lockout: flow.lockout, clock });
    // A server that offers digest gets digest, whatever the mapping says.
    this.#challenges = new HttpAuthentication(credential, { allowBasic: flow.kind === "basic" });
  }

  get isIn(): boolean {
    return this.#state === "in";
  }

  get isEntering(): boolean {
    return this.#state === "entering";
  }

  /** `Authorization` for a request, once the server has asked for it. */
  authorization(method: string, url: URL): string | undefined {
    return this.#challenges.header(method, url.pathname + url.search);
  }

  /**
   * Logs in, if that has not happened. Basic and digest wait for the server to ask.
   * @throws {EwsAuthError}; {EwsBusyError}; whatever the exchange throws
   */
  async enter(signal: AbortSignal | undefined): Promise<void> {
    if (this.#state === "in" || this.#state === "entering") return;
    if (this.#state !== "out") throw this.#error;
    try {
      await this.#guard.check();
      if (this.#options.flow.kind === "steps") await this.#runSteps(signal);
    } catch (error) {
      this.#error = error;
      this.#state = this.#wasPasswordSent && isLost(error) ? "unsure" : "failed";
      throw error;
    }
  }

  /**
   * The server refused a request for want of a login.
   * @returns whether to send it again
   * @throws {EwsAuthError} when the password is wrong or must not be tried
   */
  async refused(answer: WebAnswer, isRepeated: boolean, signal?: AbortSignal): Promise<boolean> {
    if (this.#options.flow.kind === "steps") return this.#refusedSteps(isRepeated, signal);
    if (answer.status !== 401) return false;
    await this.enter(signal);
    if (!isRepeated) this.#challenges.beginRequest();
    switch (this.#challenges.challenged(answer.headers.get("www-authenticate"))) {
      case "retry":
        return true;
      case "wrong-credentials":
        this.#error = await this.#passwordRefused();
        this.#state = "failed";
        throw this.#error;
      case "no-credentials":
      case "no-usable-scheme":
        return false;
    }
  }

  /** A request repeated with an answer to the challenge was not refused again. */
  accepted(): void {
    if (this.#options.flow.kind === "steps" || this.#state === "in") return;
    this.#state = "in";
    this.#guard.noteTaken();
  }

  /** Logs out where somebody may be logged in. Never throws: a session left open is logged. */
  async leave(): Promise<void> {
    const { flow, runner, host } = this.#options;
    const mayBeIn = this.#state === "in" || this.#state === "unsure";
    if (!mayBeIn || flow.logout === undefined) return;
    try {
      await runner.run(flow.logout, undefined);
    } catch (error) {
      if (!(error instanceof EwsError)) throw error;
      log.warn("logout failed", { device: host, error });
    } finally {
      this.#state = "out";
    }
  }

  async #refusedSteps(isRepeated: boolean, signal: AbortSignal | undefined): Promise<boolean> {
    if (isRepeated || this.#state === "in" || this.#state === "entering") return false;
    await this.enter(signal);
    return true;
  }

  async #runSteps(signal: AbortSignal | undefined): Promise<void> {
    const { flow, runner } = this.#options;
    this.#state = "entering";
    runner.takeCredentialUse();
    try {
      await runner.run(flow.steps ?? [], signal);
    } catch (error) {
      this.#wasPasswordSent = runner.takeCredentialUse();
      // A page that cannot be judged after the password was sent counts as a refusal: better once too few than locked.
      if (this.#wasPasswordSent && isRefusal(error)) throw await this.#passwordRefused();
      throw error;
    }
    this.#state = "in";
    this.#guard.noteTaken();
  }

  async #passwordRefused(): Promise<EwsAuthError> {
    const error = await this.#guard.noteRefused();
    this.#options.notice({ kind: "password-refused", text: error.message });
    return error;
  }
}

/** Whether the printer may have done what was asked without our hearing of it. */
function isLost(error: unknown): boolean {
  return (
    error instanceof EwsTimeoutError ||
    error instanceof EwsUnreachableError ||
    error instanceof EwsAbortedError
  );
}

function isRefusal(error: unknown): boolean {
  return error instanceof EwsRefusedError || error instanceof EwsProtocolError;
}
