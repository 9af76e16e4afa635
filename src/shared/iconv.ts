import iconv from "iconv-lite";

/** Decodes octets by the name iconv-lite knows the character set by. Unknown octets become U+FFFD. */
export function decodeCharset(bytes: Uint8Array, name: string): string {
  return iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), name);
}

/** Whether iconv-lite has the character set. */
export function isKnownCharset(name: string): boolean {
  return iconv.encodingExists(name);
}

/** Encodes text; characters the set lacks become `?`. */
export function encodeCharset(text: string, name: string): Uint8Array {
  return iconv.encode(text, name);
}
