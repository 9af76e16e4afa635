import { type Cipher, createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const block = 8;

/** A ScopedPDU encrypted by DES, with the salt that goes into msgPrivacyParameters. */
export interface DesEncrypted {
  readonly cipherText: Buffer;
  readonly salt: Buffer;
}

/**
 * CBC-DES of RFC 3414 §8 on any Node: OpenSSL 3 keeps single DES in its legacy provider, but triple DES with one key
 * three times is the same cipher.
 *
 * @param localizedKey 16 octets: 8 of key, 8 of pre-IV
 */
export function encryptDes(plain: Uint8Array, localizedKey: Uint8Array): DesEncrypted {
  const salt = randomBytes(block);
  const cipher: Cipher = createCipheriv(
    "des-ede3-cbc",
    tripled(localizedKey),
    iv(localizedKey, salt),
  );
  cipher.setAutoPadding(false);
  // §8.1.1.2: padded to the block; what the padding holds does not matter.
  const padding = Buffer.alloc(-plain.length & (block - 1));
  return {
    cipherText: Buffer.concat([cipher.update(plain), cipher.update(padding), cipher.final()]),
    salt,
  };
}

/** The inverse; the padding stays. @throws {Error} when the cipher text is no multiple of 8 octets */
export function decryptDes(
  cipherText: Uint8Array,
  localizedKey: Uint8Array,
  salt: Uint8Array,
): Buffer {
  const decipher = createDecipheriv("des-ede3-cbc", tripled(localizedKey), iv(localizedKey, salt));
  decipher.setAutoPadding(false);
  return Buffer.concat([decipher.update(cipherText), decipher.final()]);
}

function tripled(localizedKey: Uint8Array): Buffer {
  const key = localizedKey.subarray(0, block);
  return Buffer.concat([key, key, key]);
}

/** §8.1.1.1: the pre-IV, exclusive-or the salt. */
function iv(localizedKey: Uint8Array, salt: Uint8Array): Uint8Array {
  return Uint8Array.from(
    { length: block },
    (_, n) => (localizedKey[block + n] ?? 0) ^ (salt[n] ?? 0),
  );
}
