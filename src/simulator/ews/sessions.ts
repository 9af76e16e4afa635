import { randomBytes } from "node:crypto";
import type { Clock } from "../../shared/clock.ts";
import type { FailureBoard } from "./failures.ts";

/** How a maker keeps sessions. */
export interface SessionRules {
  /** A session nobody uses ends after this. */
  readonly lifetimeMs: number;
  /** How many at once; further logins are refused. */
  readonly limit?: number;
}

const mostSessions = 100;

/** Sessions of a simulated web server, by the secret in the browser's cookie. */
export class EwsSessions {
  readonly #rules: SessionRules;
  readonly #clock: Clock;
  readonly #failures: FailureBoard;
  readonly #usedAtMs = new Map<string, number>();
  readonly #notes = new Map<string, string>();

  constructor(rules: SessionRules, clock: Clock, failures: FailureBoard) {
    this.#rules = rules;
    this.#clock = clock;
    this.#failures = failures;
  }

  /** Opens a session; undefined when there are as many as the maker allows. */
  open(id = randomBytes(12).toString("hex")): string | undefined {
    this.#forgetOld();
    const limit = Math.min(this.#rules.limit ?? mostSessions, mostSessions);
    if (this.#usedAtMs.size >= limit && !this.#usedAtMs.has(id)) return undefined;
    this.#usedAtMs.set(id, this.#clock.nowMs());
    return id;
  }

  /** Whether the session is alive; using it keeps it so. */
  isOpen(id: string | undefined): boolean {
    this.#forgetOld();
    if (id === undefined || !this.#usedAtMs.has(id)) return false;
    if (this.#failures.meet("sessionExpired") !== undefined) {
      this.close(id);
      return false;
    }
    this.#usedAtMs.set(id, this.#clock.nowMs());
    return true;
  }

  close(id: string | undefined): void {
    if (id === undefined) return;
    this.#usedAtMs.delete(id);
    this.#notes.delete(id);
  }

  /** Keeps a text with an open session: the page it is at. */
  note(id: string, text: string): void {
    if (this.#usedAtMs.has(id)) this.#notes.set(id, text);
  }

  noteOf(id: string): string | undefined {
    return this.#notes.get(id);
  }

  /** Sessions alive now. */
  get count(): number {
    this.#forgetOld();
    return this.#usedAtMs.size;
  }

  #forgetOld(): void {
    const oldestMs = this.#clock.nowMs() - this.#rules.lifetimeMs;
    for (const [id, usedAtMs] of this.#usedAtMs) if (usedAtMs <= oldestMs) this.close(id);
  }
}

/** Tokens that are good for one post each. */
export class OneTimeTokens {
  readonly #failures: FailureBoard;
  readonly #open = new Set<string>();

  constructor(failures: FailureBoard) {
    this.#failures = failures;
  }

  /** A new token; beyond a hundred the oldest are no longer good. */
  issue(): string {
    const token = randomBytes(8).toString("hex");
    this.#open.add(token);
    const [oldest] = this.#open;
    if (this.#open.size > mostSessions && oldest !== undefined) this.#open.delete(oldest);
    return token;
  }

  /** Whether the token was good; it is no longer. */
  spend(token: string | null | undefined): boolean {
    const wasOpen = this.#open.delete(token ?? "");
    return wasOpen && this.#failures.meet("tokenExpired") === undefined;
  }
}

/** Whether a password gets in. `locked`: nothing does for now, not even the right one. */
export type PasswordVerdict = "accepted" | "refused" | "locked";

/** The administrator's password, and the maker's lock-out. */
export class PasswordGate {
  readonly #password: string;
  readonly #clock: Clock;
  readonly #lockout: { readonly attempts: number; readonly forMs: number } | undefined;
  #wrongInARow = 0;
  #lockedUntilMs = 0;

  constructor(
    password: string,
    clock: Clock,
    lockout?: { readonly attempts: number; readonly forMs: number },
  ) {
    this.#password = password;
    this.#clock = clock;
    this.#lockout = lockout;
  }

  /** Judges one attempt. */
  try(password: string | null | undefined): PasswordVerdict {
    if (this.#clock.nowMs() < this.#lockedUntilMs) return "locked";
    if (password === this.#password) {
      this.#wrongInARow = 0;
      return "accepted";
    }
    this.#wrongInARow += 1;
    if (this.#lockout === undefined || this.#wrongInARow < this.#lockout.attempts) return "refused";
    this.#wrongInARow = 0;
    this.#lockedUntilMs = this.#clock.nowMs() + this.#lockout.forMs;
    return "locked";
  }
}
