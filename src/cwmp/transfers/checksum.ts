import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { TransferError } from "./transfer-error.ts";

/** A checksum the server told. */
export interface Checksum {
  readonly algorithm: "md5" | "sha1" | "sha256" | "sha512";
  readonly base64: string;
}

const algorithms: Readonly<Record<string, Checksum["algorithm"]>> = {
  md5: "md5",
  sha: "sha1",
  "sha-256": "sha256",
  "sha-512": "sha512",
};

/**
 * Checksums of the whole file among the headers of a response: `Repr-Digest` (RFC 9530 §3), `Digest` (RFC 3230), and with
 * a complete response also `Content-Digest` (RFC 9530 §2) and `Content-MD5` (RFC 1864), which are of this message only.
 */
export function checksumsIn(
  headers: IncomingHttpHeaders,
  isComplete: boolean,
): readonly Checksum[] {
  const found = [
    ...structured(headers["repr-digest"]),
    ...instanceDigests(headers["digest"]),
    ...(isComplete ? structured(headers["content-digest"]) : []),
  ];
  const md5 = headers["content-md5"];
  if (isComplete && typeof md5 === "string") found.push({ algorithm: "md5", base64: md5.trim() });
  return found;
}

/** `sha-256=:BASE64:, md5=:BASE64:` */
function structured(header: string | string[] | undefined): Checksum[] {
  return pairs(header, /^\s*([\w-]+)\s*=\s*:([A-Za-z0-9+/=]*):/);
}

/** `SHA-256=BASE64,md5=BASE64` */
function instanceDigests(header: string | string[] | undefined): Checksum[] {
  return pairs(header, /^\s*([\w-]+)\s*=\s*([A-Za-z0-9+/=]+)\s*$/);
}

function pairs(header: string | string[] | undefined, form: RegExp): Checksum[] {
  const text = Array.isArray(header) ? header.join(",") : (header ?? "");
  return text.split(",").flatMap((part) => {
    const [, name = "", base64 = ""] = form.exec(part) ?? [];
    const algorithm = algorithms[name.toLowerCase()];
    return algorithm === undefined ? [] : [{ algorithm, base64 }];
  });
}

/** Compares a file with what the server told of it. @throws {TransferError} 9018 when they differ */
export async function verifyChecksums(path: string, checksums: readonly Checksum[]): Promise<void> {
  for (const { algorithm, base64 } of checksums) {
    const hash = createHash(algorithm);
    for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
    const actual = hash.digest();
    if (!actual.equals(Buffer.from(base64, "base64")))
      throw new TransferError(9018, `its ${algorithm} is not the one the server told`, {
        retryable: true,
      });
  }
}
