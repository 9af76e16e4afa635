import { createHash } from "node:crypto";
import { SnmpEncodeError } from "./errors.ts";

/** Authentication protocols of USM: RFC 3414 (md5, sha) and RFC 7860 (the SHA-2 ones). */
export const authProtocols = {
  md5: { hash: "md5", keyLength: 16, digestLength: 12 },
  sha: { hash: "sha1", keyLength: 20, digestLength: 12 },
  sha224: { hash: "sha224", keyLength: 28, digestLength: 16 },
  sha256: { hash: "sha256", keyLength: 32, digestLength: 24 },
  sha384: { hash: "sha384", keyLength: 48, digestLength: 32 },
  sha512: { hash: "sha512", keyLength: 64, digestLength: 48 },
} as const;
/** One of {@link authProtocols}. */
export type AuthProtocol = keyof typeof authProtocols;

/**
 * Privacy protocols and the key octets they take: DES (RFC 3414 §8), AES-128 (RFC 3826), AES-256 with the key stretched
 * after draft-blumenthal-aes-usm-04 (`b`) or draft-reeder-snmpv3-usm-3desede-00 (`r`).
 */
const privacyKeyLength = { des: 16, aes: 16, aes256b: 32, aes256r: 32 } as const;
/** One of {@link privacyKeyLength}. */
export type PrivacyProtocol = keyof typeof privacyKeyLength;

/** RFC 3414 §11.2: shorter pass phrases are not to be accepted. */
const shortestPassphrase = 8;

/** RFC 3414 A.2: the pass phrase is repeated to this many octets before it is hashed. */
const stretchedLength = 1_048_576;

/** One pass phrase serves many engines, and hashing a megabyte takes milliseconds. */
const masterKeyCacheSize = 256;
const masterKeys = new Map<string, Buffer>();

/**
 * The key of `passphrase` at one engine (RFC 3414 A.2), which also is the authentication key.
 *
 * @throws {SnmpEncodeError} when the pass phrase is shorter than 8 octets
 */
export function localizeKey(
  protocol: AuthProtocol,
  passphrase: string,
  engineId: Uint8Array,
): Buffer {
  return localize(protocol, masterKey(protocol, Buffer.from(passphrase, "utf8")), engineId);
}

/** The localized privacy key, as long as `privacy` needs. @throws {SnmpEncodeError} as `localizeKey` */
export function localizePrivacyKey(
  options: { readonly auth: AuthProtocol; readonly privacy: PrivacyProtocol },
  passphrase: string,
  engineId: Uint8Array,
): Buffer {
  const { auth, privacy } = options;
  let key = localizeKey(auth, passphrase, engineId);
  let last = key;
  while (key.length < privacyKeyLength[privacy]) {
    last =
      privacy === "aes256r"
        ? localize(auth, masterKey(auth, last), engineId)
        : createHash(authProtocols[auth].hash).update(key).digest();
    key = Buffer.concat([key, last]);
  }
  return key.subarray(0, privacyKeyLength[privacy]);
}

function localize(protocol: AuthProtocol, master: Buffer, engineId: Uint8Array): Buffer {
  return createHash(authProtocols[protocol].hash)
    .update(master)
    .update(engineId)
    .update(master)
    .digest();
}

function masterKey(protocol: AuthProtocol, passphrase: Buffer): Buffer {
  if (passphrase.length < shortestPassphrase)
    throw new SnmpEncodeError(
      `SNMPv3 pass phrases need at least ${shortestPassphrase} characters (RFC 3414 §11.2)`,
    );
  const name = `${protocol}:${passphrase.toString("latin1")}`;
  const known = masterKeys.get(name);
  if (known !== undefined) return known;
  const key = createHash(authProtocols[protocol].hash)
    .update(Buffer.alloc(stretchedLength, passphrase))
    .digest();
  if (masterKeys.size >= masterKeyCacheSize) masterKeys.clear();
  masterKeys.set(name, key);
  return key;
}
