import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { registerSecret } from "../shared/redact.ts";
import { StoreError } from "./errors.ts";

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** Encrypts small secrets at rest (AES-256-GCM) with the key beside the database. */
export class SecretBox {
  readonly #key: Buffer;

  /** @throws {StoreError} `store.wrong-key` when `key` is not 32 bytes */
  constructor(key: Buffer) {
    if (key.length !== keyBytes)
      throw new StoreError(
        "store.wrong-key",
        `the key file holds ${key.length} bytes instead of ${keyBytes}; restore it from the backup`,
      );
    this.#key = key;
  }

  static newKey(): Buffer {
    return randomBytes(keyBytes);
  }

  /** Encrypts a secret and registers it with the redactor; see `sealText`. */
  seal(secret: string, place: string): string {
    registerSecret(secret);
    return this.sealText(secret, place);
  }

  /** Opens a secret and registers it with the redactor; see `openText`. */
  open(sealed: string, place: string): string {
    const secret = this.openText(sealed, place);
    registerSecret(secret);
    return secret;
  }

  /** Encrypts text that holds secrets among other things. `place` names where it is kept; the result opens only there. */
  sealText(text: string, place: string): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce).setAAD(Buffer.from(place));
    const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64");
  }

  /** @throws {StoreError} `store.wrong-key` when sealed with another key, for another place, or altered */
  openText(sealed: string, place: string): string {
    const bytes = Buffer.from(sealed, "base64");
    const nonce = bytes.subarray(0, nonceBytes);
    const tag = bytes.subarray(nonceBytes, nonceBytes + tagBytes);
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#key, nonce)
        .setAAD(Buffer.from(place))
        .setAuthTag(tag);
      const body = decipher.update(bytes.subarray(nonceBytes + tagBytes));
      return Buffer.concat([body, decipher.final()]).toString("utf8");
    } catch (error) {
      throw new StoreError(
        "store.wrong-key",
        `secret kept for ${place} does not open with this key file; restore the key file that belongs to the database`,
        error,
      );
    }
  }
}

/** Names whose values are encrypted: `Password`, `ConnectionRequestPassword`, `api.token`, … but not `ParameterKey`. */
export function isSecretName(name: string): boolean {
  return /(password|passphrase|secret|token|community)$/i.test(name);
}
