import { randomBytes, scrypt } from "node:crypto";
import type { Clock } from "../../shared/clock.ts";
import type { EwsAccess } from "../driver.ts";
import type { LoginFlow } from "../exchange.ts";
import { EwsAuthError } from "./errors.ts";
import type { EwsMemory } from "./ews-memory.ts";
import { noCredential } from "./given-values.ts";

/** Where nobody knows the maker's rule: the strictest one known (Konica Minolta, three in five minutes). */
const usualLockout: NonNullable<LoginFlow["lockout"]> = { attempts: 3, forMs: 5 * 60 * 1000 };
const mostRefusals = 20;
/** Some 10 ms and 4 MB: it only has to make guessing dear for who steals the store. */
const cost = { N: 4_096 };

/** What a guard is made of. */
export interface PasswordGuardOptions {
  readonly host: string;
  readonly memory: EwsMemory;
  readonly credential: EwsAccess["credential"];
  readonly lockout: LoginFlow["lockout"];
  readonly clock: Clock;
}

/** Sees to it that a refused password is not tried again and that nobody is locked out by us. */
export class PasswordGuard {
  readonly #options: PasswordGuardOptions;

  constructor(options: PasswordGuardOptions) {
    this.#options = options;
  }

  /** To be asked before a password is sent. @throws {EwsAuthError} when it must not be */
  async check(): Promise<void> {
    const { host, memory, credential, clock } = this.#options;
    if (credential === undefined) throw noCredential(host);
    const { refusals } = memory;
    if (refusals === undefined) return;
    if ((await digestOf(credential, refusals.salt)) === refusals.digest) throw refused(host);
    const { attempts, forMs } = this.#lockout;
    const recent = refusals.atMs.filter((atMs) => clock.nowMs() - atMs < forMs);
    // One attempt is left to whoever stands before the printer.
    if (recent.length < Math.max(1, attempts - 1)) return;
    const minutes = Math.ceil(((recent[0] ?? 0) + forMs - clock.nowMs()) / 60_000);
    throw new EwsAuthError(
      "locked-out",
      `${host} refused ${recent.length} passwords; the next one is tried in ${minutes} min, before the printer locks the account`,
    );
  }

  /** The printer refused the password. @returns the error to throw */
  async noteRefused(): Promise<EwsAuthError> {
    const { host, memory, credential, clock } = this.#options;
    if (credential !== undefined) {
      const salt = memory.refusals?.salt ?? randomBytes(16).toString("hex");
      const atMs = [...(memory.refusals?.atMs ?? []), clock.nowMs()].slice(-mostRefusals);
      memory.refusals = { salt, digest: await digestOf(credential, salt), atMs };
    }
    return refused(host);
  }

  /** The printer took the password: its count of wrong ones begins anew. */
  noteTaken(): void {
    this.#options.memory.refusals = undefined;
  }

  get #lockout(): NonNullable<LoginFlow["lockout"]> {
    return this.#options.lockout ?? usualLockout;
  }
}

function refused(host: string): EwsAuthError {
  return new EwsAuthError(
    "password-refused",
    `${host} refused the configured web password; it is not tried again until credentials has another one`,
  );
}

function digestOf(
  { username, password }: NonNullable<EwsAccess["credential"]>,
  salt: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    scrypt(`${username}\n${password}`, salt, 32, cost, (error, key) => {
      if (error === null) resolve(key.toString("hex"));
      else reject(error);
    });
  });
}
