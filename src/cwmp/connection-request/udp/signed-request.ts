import { createHmac, timingSafeEqual } from "node:crypto";

/** A UDP connection request (TR-069a6 Annex G.2.2), percent-decoding done, signature not yet checked. */
export interface SignedRequest {
  /** `ts`: seconds since 1970 by the clock of the ACS. */
  readonly timestampS: number;
  /** `id`: message id; the ACS sends the same message several times. */
  readonly messageId: string;
  /** `un`: ConnectionRequestUsername of the endpoint meant. */
  readonly username: string;
  /** What is signed: `ts`, `id`, `un` and `cn`, one after the other. */
  readonly signedText: string;
  /** `sig`: 20 bytes. */
  readonly signature: Buffer;
}

const mostBytes = 2_048;
const longestValue = 256;
const names = ["ts", "id", "un", "cn", "sig"] as const;
type Name = (typeof names)[number];

/** Undefined for anything that is no whole UDP connection request: method, version, each of the five fields once. */
export function parseSignedRequest(datagram: Buffer): SignedRequest | undefined {
  if (datagram.length > mostBytes) return undefined;
  const text = datagram.toString("utf8");
  const end = text.indexOf("\r\n");
  const [, target] = /^GET (\S+) HTTP\/1\.1$/.exec(text.slice(0, Math.max(0, end))) ?? [];
  const query = target === undefined ? -1 : target.indexOf("?");
  if (target === undefined || query === -1) return undefined;
  const fields = fieldsOf(target.slice(query + 1));
  return fields === undefined ? undefined : requestOf(fields);
}

/** Whether the request was signed with this ConnectionRequestPassword. In constant time. */
export function isSignedWith({ signedText, signature }: SignedRequest, password: string): boolean {
  const right = createHmac("sha1", password).update(signedText).digest();
  return password !== "" && timingSafeEqual(right, signature);
}

function requestOf({ ts, id, un, cn, sig }: Readonly<Record<Name, string>>) {
  if (!/^\d{1,15}$/.test(ts) || !/^[0-9a-f]{40}$/i.test(sig)) return undefined;
  return {
    timestampS: Number(ts),
    messageId: id,
    username: un,
    signedText: ts + id + un + cn,
    signature: Buffer.from(sig, "hex"),
  };
}

/** The five fields; undefined when one is missing, empty, given twice or wrongly encoded. Others are ignored. */
function fieldsOf(query: string): Readonly<Record<Name, string>> | undefined {
  const fields: Partial<Record<Name, string>> = {};
  for (const part of query.split("&")) {
    const equals = part.indexOf("=");
    const name = names.find((known) => known === part.slice(0, Math.max(0, equals)));
    if (name === undefined) continue;
    const value = percentDecoded(part.slice(equals + 1));
    if (value === undefined || value === "" || value.length > longestValue) return undefined;
    if (fields[name] !== undefined) return undefined;
    fields[name] = value;
  }
  return isWhole(fields) ? fields : undefined;
}

function isWhole(fields: Partial<Record<Name, string>>): fields is Readonly<Record<Name, string>> {
  return names.every((name) => fields[name] !== undefined);
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return undefined;
  }
}
