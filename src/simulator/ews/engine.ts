import type { Clock } from "../../shared/clock.ts";
import { FailureBoard, type Language } from "./failures.ts";
import { EwsSessions, OneTimeTokens, PasswordGate, type SessionRules } from "./sessions.ts";
import { printerSettings } from "./printer-settings.ts";
import { preferredLanguage } from "./setting.ts";
import { type ApplyOutcome, SettingsStore } from "./settings-store.ts";
import type { EwsRequest } from "./web-message.ts";

/** Who may log in. */
export interface EwsCredential {
  readonly username: string;
  readonly password: string;
}

/** What all styles share. */
export interface EwsEngineOptions {
  readonly clock: Clock;
  /** `admin` and `initpass` by default. */
  readonly credential?: EwsCredential;
  /** Language of the pages for browsers that ask for none the printer has. */
  readonly language?: Language;
  /** Cuts the network of the printer for a while, once the answer is out. */
  readonly restartNetwork: (awayMs: number) => void;
}

/** What became of a form: as {@link ApplyOutcome}, or the printer is busy, or took too long. */
export type FormOutcome = ApplyOutcome | { readonly outcome: "busy" | "timeout" };

const defaultSessionMs = 300_000;

/** The printer behind the pages: settings, who is logged in, what goes wrong. */
export class EwsEngine {
  readonly clock: Clock;
  readonly credential: EwsCredential;
  readonly failures = new FailureBoard();
  readonly settings: SettingsStore;
  readonly restartNetwork: (awayMs: number) => void;
  readonly #language: Language;

  constructor(options: EwsEngineOptions) {
    this.clock = options.clock;
    this.credential = options.credential ?? { username: "admin", password: "initpass" };
    this.settings = new SettingsStore(printerSettings, this.failures);
    this.restartNetwork = options.restartNetwork;
    this.#language = options.language ?? "en";
  }

  /** A place for sessions after the maker's rules. */
  sessions(rules: Partial<SessionRules> = {}): EwsSessions {
    const complete = { lifetimeMs: defaultSessionMs, ...rules };
    return new EwsSessions(complete, this.clock, this.failures);
  }

  oneTimeTokens(): OneTimeTokens {
    return new OneTimeTokens(this.failures);
  }

  /** The administrator's password, with the maker's lock-out if there is one. */
  passwordGate(lockout?: { readonly attempts: number; readonly forMs: number }): PasswordGate {
    return new PasswordGate(this.credential.password, this.clock, lockout);
  }

  /** The language a page is written in. */
  languageFor(request: EwsRequest): Language {
    const forced = this.failures.find("language", request)?.language;
    return forced ?? preferredLanguage(request.headers["accept-language"]) ?? this.#language;
  }

  /** Whether the page is built in the new way. */
  isRebuilt(request: EwsRequest): boolean {
    return this.failures.find("rebuilt", request) !== undefined;
  }

  /** Makes the changes of one post, unless the printer is busy or too slow. */
  apply(changes: ReadonlyMap<string, string>, request: EwsRequest): FormOutcome {
    if (this.failures.meet("busy", request) !== undefined) return { outcome: "busy" };
    if (this.failures.meet("timeout", request) !== undefined) return { outcome: "timeout" };
    return this.settings.apply(changes);
  }
}
