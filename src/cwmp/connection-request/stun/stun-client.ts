import type { CancelTimer, Clock } from "../../../shared/clock.ts";
import { errorText } from "../../../shared/errors.ts";
import { logger } from "../../../shared/log.ts";
import { type UdpAddress, authorityOf, isSameAddress } from "./address.ts";
import type { BindingAnswer, BindingRequest } from "./binding.ts";
import {
  type BindingLifetime,
  type KeepAliveBounds,
  keepAliveBounds,
  keepAlivePeriodMs,
  lost,
  survived,
  trialMs,
  untestedLifetime,
} from "./binding-lifetime.ts";
import { type BindingInput, type BindingState, nextBindingStep } from "./binding-machine.ts";
import { Exchange, bindingSchedule, testSchedule } from "./exchange.ts";

const log = logger("cwmp.connection-request.stun.stun-client");

const firstWaitMs = 15_000;
const longestWaitMs = 600_000;
const unauthorized = 401;

/** `Device.ManagementServer.STUN*`. */
export interface StunSettings {
  readonly isEnabled: boolean;
  readonly host: string;
  readonly port: number;
  /** Empty: nothing is ever signed. */
  readonly username: string;
  readonly password: string;
  readonly minimumKeepAliveS: number;
  /** -1: no maximum. */
  readonly maximumKeepAliveS: number;
}

/** The way out. */
export interface StunNetwork {
  /** Sends from the port that takes connection requests. Losses are the caller's to bear, as always with UDP. */
  send(bytes: Buffer, to: UdpAddress): void;
  /** Opens another port for a test. */
  openSecondary(onDatagram: (bytes: Buffer, from: UdpAddress) => void): SecondaryPort;
  /** Literal address of the server. Rejects when the name has none. */
  lookup(host: string): Promise<string>;
  /** Address a datagram from the primary port to `to` has when it leaves this box. */
  localAddress(to: UdpAddress): Promise<UdpAddress>;
}

/** A port of its own for one test. */
export interface SecondaryPort {
  send(bytes: Buffer, to: UdpAddress): void;
  close(): void;
}

/** What the outside sees of the port that takes connection requests. */
export interface Binding {
  readonly address: UdpAddress;
  /** The address is not the box's own. */
  readonly isNat: boolean;
}

/** What the client is joined to. */
export interface StunClientOptions {
  readonly clock: Clock;
  readonly network: StunNetwork;
  /** In [0, 1). */
  readonly random: () => number;
  /** As it was when the process ended; holds until the server says otherwise, or STUN is off. */
  readonly lastBinding?: Binding | undefined;
  /** Called when the binding became known, changed, or does not count any more. */
  readonly onBinding: (binding: Binding | undefined) => void;
}

/**
 * Finds out by which address the port for connection requests is seen behind NAT, and keeps that binding alive.
 * @see TR-069a6 Annex G.2.1, RFC 3489 §9
 */
export class StunClient {
  readonly #options: StunClientOptions;
  #settings: StunSettings | undefined;
  #state: BindingState = "off";
  #binding: Binding | undefined;
  #lifetime: BindingLifetime = untestedLifetime;
  #server: UdpAddress | undefined;
  #local: UdpAddress | undefined;
  #exchange: Exchange | undefined;
  #secondary: SecondaryPort | undefined;
  #cancelTimer: CancelTimer | undefined;
  #mustSign = false;
  #lastTrafficMs: number;
  /** Idle time of the binding when the last request was sent. */
  #idleMs = 0;
  /** Idle time being tried; lost unless an answer says otherwise. */
  #trialMs: number | undefined;
  #isLossSuspected = false;
  #failures = 0;
  /** Answers to what was begun before are not for what is under way now. */
  #turn = 0;

  constructor(options: StunClientOptions) {
    this.#options = options;
    this.#binding = options.lastBinding;
    this.#lastTrafficMs = options.clock.nowMs();
  }

  /** Undefined while nothing is known, and while STUN is off. */
  get binding(): Binding | undefined {
    return this.#binding;
  }

  /** Puts settings in force at once; the same ones again change nothing. */
  configure(settings: StunSettings): void {
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return;
    this.#settings = settings;
    this.#lifetime = untestedLifetime;
    this.#mustSign = false;
    this.#failures = 0;
    this.#isLossSuspected = false;
    this.#happened(settings.isEnabled ? "configured" : "disabled");
  }

  /** Ends at once. The binding is not taken back: it may well stand when the process comes again. */
  stop(): void {
    this.#endTurn();
    this.#settings = undefined;
    this.#state = "off";
  }

  /** Takes what arrived at the primary port; anything that answers no request of ours is ignored. */
  receive(datagram: Buffer, from: UdpAddress): void {
    const answer = this.#exchange?.answerIn(datagram, from);
    if (answer === undefined) return;
    if (this.#state === "testing") this.#happened("reflected");
    else this.#happened(this.#meaningOf(answer));
  }

  /** Something else went through the binding, so that it was not idle until now. */
  noteTraffic(): void {
    this.#lastTrafficMs = this.#options.clock.nowMs();
  }

  #happened(input: BindingInput): void {
    const before = this.#state;
    const { state, action } = nextBindingStep(before, input, {
      hasCredentials: this.#settings?.username !== undefined && this.#settings.username !== "",
      isSigned: this.#exchange?.isSigned === true,
      isTrial: this.#trialMs !== undefined,
    });
    if (action === "ignore") return;
    log.debug("binding", { before, input, action });
    this.#learn(before, input);
    this.#endTurn();
    this.#state = state;
    switch (action) {
      case "ask":
        this.#ask(false);
        return;
      case "announce":
        this.#ask(true);
        return;
      case "sign":
        this.#mustSign = true;
        this.#ask(state === "announcing");
        return;
      case "test":
        this.#test();
        return;
      case "rest":
        this.#rest();
        return;
      case "wait":
        this.#wait(input);
        return;
      case "stop":
        this.#publish(undefined);
    }
  }

  #endTurn(): void {
    this.#turn += 1;
    this.#cancelTimer?.();
    this.#exchange?.end();
    this.#exchange = undefined;
    this.#secondary?.close();
    this.#secondary = undefined;
  }

  /** What an answer tells of the gateway. A binding that moved while idle was lost, whatever else caused it. */
  #learn(before: BindingState, input: BindingInput): void {
    if (before === "testing") {
      if (input === "reflected") this.#lifetime = survived(this.#lifetime, this.#idleMs);
      if (input === "returned") this.#lifetime = { ...this.#lifetime, canBeTested: false };
      this.#isLossSuspected = input === "silent";
      return;
    }
    if (before !== "asking" || (input !== "confirmed" && input !== "moved")) return;
    if (input === "moved" || this.#isLossSuspected)
      this.#lifetime = lost(this.#lifetime, this.#trialMs ?? this.#idleMs);
    this.#isLossSuspected = false;
  }

  #meaningOf(answer: BindingAnswer): BindingInput {
    if (answer.kind === "error") {
      const { code, reason } = answer;
      log.debug("binding request refused", { code, reason });
      return code === unauthorized ? "unauthorized" : "refused";
    }
    const { address } = answer;
    const known = this.#binding?.address;
    this.#publish({ address, isNat: !isSameAddress(address, this.#local) });
    return known === undefined || isSameAddress(known, address) ? "confirmed" : "moved";
  }

  #ask(isChanged: boolean): void {
    const turn = this.#turn;
    this.#locate()
      .then(() => {
        if (turn === this.#turn) this.#sendRequest(isChanged);
      })
      .catch((error: unknown) => {
        if (turn !== this.#turn) return;
        log.debug("STUN server not found", { reason: errorText(error) });
        this.#happened("silent");
      });
  }

  /** Looks the server and the box's own address up again each time, as both may move. */
  async #locate(): Promise<void> {
    const { network } = this.#options;
    const { host, port } = this.#settings ?? { host: "", port: 0 };
    const server = { host: await network.lookup(host), port };
    this.#local = await network.localAddress(server);
    this.#server = server;
  }

  #sendRequest(isChanged: boolean): void {
    const { clock, network } = this.#options;
    this.#idleMs = clock.nowMs() - this.#lastTrafficMs;
    this.#begin({ listens: true, isChanged }, bindingSchedule, (bytes, server) => {
      this.noteTraffic();
      network.send(bytes, server);
    });
  }

  #test(): void {
    const { clock, network } = this.#options;
    const responseAddress = this.#binding?.address;
    if (responseAddress === undefined) {
      this.#happened("silent");
      return;
    }
    this.#idleMs = clock.nowMs() - this.#lastTrafficMs;
    const secondary = network.openSecondary((bytes, from) => {
      if (this.#exchange?.answerIn(bytes, from) !== undefined) this.#happened("returned");
    });
    this.#secondary = secondary;
    this.#begin({ responseAddress }, testSchedule, (bytes, server) => {
      secondary.send(bytes, server);
    });
  }

  #begin(
    request: Omit<BindingRequest, "transactionId" | "credentials">,
    schedule: readonly number[],
    send: (bytes: Buffer, server: UdpAddress) => void,
  ): void {
    const server = this.#server;
    if (server === undefined) {
      this.#happened("silent");
      return;
    }
    const { username = "", password = "" } = this.#settings ?? {};
    this.#exchange = new Exchange({
      clock: this.#options.clock,
      server,
      request: this.#mustSign ? { ...request, credentials: { username, password } } : request,
      schedule,
      send: (bytes) => {
        send(bytes, server);
      },
      onSilence: () => {
        this.#happened("silent");
      },
    });
    this.#exchange.start();
  }

  #rest(): void {
    if (this.#failures > 0) log.info("STUN server answers again", { failures: this.#failures });
    this.#failures = 0;
    const bounds = this.#bounds();
    this.#trialMs = trialMs(this.#lifetime, bounds);
    // Spread, so that boxes started together do not ask together.
    const spread = 0.9 + 0.1 * this.#options.random();
    const keepAliveMs = keepAlivePeriodMs(this.#lifetime, bounds) * spread;
    const periodMs = this.#trialMs ?? Math.max(bounds.minimumMs, keepAliveMs);
    log.debug("binding rests", { periodMs, isTrial: this.#trialMs !== undefined });
    this.#due(periodMs);
  }

  #wait(cause: BindingInput): void {
    const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    this.#trialMs = undefined;
    const fields = { server: this.#settings?.host, cause, failures: this.#failures };
    if (this.#failures === 1) log.warn("STUN server gives no address, will retry", fields);
    this.#due(waitMs * (0.5 + 0.5 * this.#options.random()));
  }

  #due(delayMs: number): void {
    this.#cancelTimer = this.#options.clock.after(delayMs, () => {
      this.#happened("due");
    });
  }

  #bounds(): KeepAliveBounds {
    const { minimumKeepAliveS = 0, maximumKeepAliveS = -1 } = this.#settings ?? {};
    return keepAliveBounds(minimumKeepAliveS, maximumKeepAliveS);
  }

  #publish(binding: Binding | undefined): void {
    const before = this.#binding;
    const isSame =
      before === undefined
        ? binding === undefined
        : isSameAddress(before.address, binding?.address) && before.isNat === binding?.isNat;
    if (isSame) return;
    this.#binding = binding;
    log.info("address for UDP connection requests", {
      address: binding === undefined ? "own" : authorityOf(binding.address),
      nat: binding?.isNat === true,
    });
    this.#options.onBinding(binding);
  }
}
