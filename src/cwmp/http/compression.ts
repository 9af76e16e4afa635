import { promisify } from "node:util";
import { deflate, gunzip, gzip, inflate, inflateRaw } from "node:zlib";

/** Content codings of envelopes (TR-069a6 §3.4.7); `Compress` is not offered. */
export type ContentCoding = "gzip" | "deflate";

/** Why a compressed body cannot be used. */
export type CompressionProblem = "unknown" | "damaged" | "too-large";

const encoders = { gzip: promisify(gzip), deflate: promisify(deflate) } as const;
const gunzipAsync = promisify(gunzip);
const inflateAsync = promisify(inflate);
const inflateRawAsync = promisify(inflateRaw);

/**
 * What is so short, or repeats itself more often than this, no ACS sends: a bomb is given up long before it has
 * expanded to the limit of sizes.
 */
const largestRatio = 200;
const anyRatioBelow = 256 * 1024;

/** The body as it goes on the wire. */
export function compress(body: string, coding: ContentCoding): Promise<Buffer> {
  return encoders[coding](body);
}

/**
 * Takes a body as it came; gzip and deflate are understood whether or not they were asked for.
 *
 * @param encoding the `Content-Encoding` header
 * @param largest bytes after decompression
 */
export async function decompress(
  raw: Buffer,
  encoding: string | undefined,
  largest: number,
): Promise<Buffer | { readonly problem: CompressionProblem; readonly cause?: unknown }> {
  const coding = (encoding ?? "").trim().toLowerCase();
  if (coding === "" || coding === "identity" || raw.length === 0) return raw;
  const decode = decoderFor(coding, raw);
  if (decode === undefined) return { problem: "unknown" };
  const maxOutputLength = Math.min(largest, Math.max(anyRatioBelow, raw.length * largestRatio));
  try {
    return await decode(raw, { maxOutputLength });
  } catch (cause) {
    return { problem: cause instanceof RangeError ? "too-large" : "damaged", cause };
  }
}

function decoderFor(coding: string, [first = 0]: Buffer): typeof gunzipAsync | undefined {
  if (coding === "gzip" || coding === "x-gzip") return gunzipAsync;
  if (coding !== "deflate") return undefined;
  // RFC 7230 §4.2.2: zlib format, yet some servers send the bare stream. The low half of its first byte tells.
  return (first & 0x0f) === 8 ? inflateAsync : inflateRawAsync;
}
