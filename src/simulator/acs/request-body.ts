import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import { largestCpeMessage } from "./acs-messages.ts";

/** The body of a POST. `coding` is how it was compressed; `problem` says why it could not be read. */
export type RequestBody =
  | { readonly text: string; readonly coding: "gzip" | "deflate" | undefined }
  | { readonly problem: string; readonly status: 400 | 413 | 415 };

const decoders = { gzip: promisify(gunzip), deflate: promisify(inflate) } as const;

/** Reads a body, decompressed where a CPE sends it so (TR-181i2 ManagementServer.HTTPCompression). */
export async function readRequestBody(request: IncomingMessage): Promise<RequestBody> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > largestCpeMessage) return { problem: "body too large", status: 413 };
    parts.push(part);
  }
  const raw = Buffer.concat(parts);
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding === "identity") return { text: raw.toString("utf8"), coding: undefined };
  if (encoding !== "gzip" && encoding !== "deflate") {
    return { problem: `Content-Encoding ${encoding}`, status: 415 };
  }
  try {
    const bytes = await decoders[encoding](raw, { maxOutputLength: largestCpeMessage });
    return { text: bytes.toString("utf8"), coding: encoding };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { problem: `${encoding} body: ${error.message}`, status: 400 };
  }
}
