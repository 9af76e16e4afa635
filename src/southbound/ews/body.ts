import type { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createInflate } from "node:zlib";
import { EwsProtocolError } from "./errors.ts";

/** Pages of printers are below 100 kB; configuration exports reach some MB. */
export const mostBodyBytes = 8 * 1024 * 1024;

/** What is read, and how. */
export interface BodyOptions {
  /** For messages. */
  readonly server: string;
  /** `Content-Encoding` of the answer. */
  readonly encoding: string | undefined;
  /** Called for every piece that arrives. */
  readonly onPiece: () => void;
}

/**
 * Reads a body to its end, decompressed. Whatever grows beyond {@link mostBodyBytes}, before or after decompression,
 * is cut off and its connection ended.
 * @throws {EwsProtocolError} `ews.too-large`, `ews.malformed`; errors of the stream as they come
 */
export async function readBody(stream: Readable, options: BodyOptions): Promise<Uint8Array> {
  const { server, onPiece } = options;
  const chunks: Buffer[] = [];
  const count = counter(server);
  const countDecoded = counter(server);
  const arriving = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      onPiece();
      count(chunk);
      yield chunk;
    }
  };
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      countDecoded(chunk);
      chunks.push(chunk);
    }
  };
  const decoder = decoderFor(options.encoding);
  if (decoder === "unknown") {
    stream.destroy();
    throw new EwsProtocolError("malformed", `${server} compresses as nobody asked for`);
  }
  if (decoder === undefined) await pipeline(stream, arriving, collect);
  else await pipeline(stream, arriving, decoder, collect);
  return Buffer.concat(chunks);
}

function counter(server: string): (chunk: Buffer) => void {
  let total = 0;
  return (chunk) => {
    total += chunk.length;
    if (total > mostBodyBytes)
      throw new EwsProtocolError("too-large", `${server} sends a page of more than 8 MB`);
  };
}

/** Only gzip is asked for; deflate comes all the same. */
function decoderFor(encoding: string | undefined): Transform | "unknown" | undefined {
  switch ((encoding ?? "").trim().toLowerCase()) {
    case "":
    case "identity":
      return undefined;
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    default:
      return "unknown";
  }
}
