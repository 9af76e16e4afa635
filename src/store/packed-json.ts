import { deflateRawSync, inflateRawSync } from "node:zlib";
import { StoreError } from "./errors.ts";

/** JSON shorter than this is not worth compressing. */
const compressFromBytes = 1_000;

/** Snapshots are a few kilobytes: a small window compresses them as well and is made in half the time. */
const compression = { level: 1, windowBits: 12, memLevel: 6 } as const;

/** First byte of a block. */
const plain = 0;
const deflated = 1;

/** JSON as kept on disk: a mark, then the text, compressed when that pays. */
export function packJson(json: string): Buffer {
  const bytes = Buffer.from(json, "utf8");
  return bytes.length < compressFromBytes
    ? Buffer.concat([Buffer.of(plain), bytes])
    : Buffer.concat([Buffer.of(deflated), deflateRawSync(bytes, compression)]);
}

/** The text of a block; `where` is for the message. @throws {StoreError} `store.corrupt` */
export function unpackJson(block: Buffer, where: string): string {
  try {
    const body = block.subarray(1);
    return (block[0] === plain ? body : inflateRawSync(body)).toString("utf8");
  } catch (error) {
    throw new StoreError("store.corrupt", `${where} is not readable; restore a backup`, error);
  }
}
