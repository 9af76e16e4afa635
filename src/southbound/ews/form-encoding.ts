import { randomBytes } from "node:crypto";
import { encodeCharset } from "../../shared/iconv.ts";

/** Names and values of a form in the order they are sent; names may repeat. */
export type FormEntries = readonly (readonly [name: string, value: string])[];

/** A body with its content type. */
export interface EncodedBody {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/**
 * `application/x-www-form-urlencoded` as browsers send it (WHATWG URL §5.2): in the character set of the page, in which a
 * character it lacks becomes a numeric reference.
 */
export function encodeUrlForm(entries: FormEntries, charset = "utf-8"): EncodedBody {
  return {
    type: "application/x-www-form-urlencoded",
    bytes: Buffer.from(urlQuery(entries, charset), "latin1"),
  };
}

/** The same as the query of a URL. */
export function urlQuery(entries: FormEntries, charset = "utf-8"): string {
  const percent = (text: string): string => percentEncode(inCharset(normalLines(text), charset));
  return entries.map(([name, value]) => `${percent(name)}=${percent(value)}`).join("&");
}

/** `multipart/form-data` without files (RFC 7578). */
export function encodeMultipart(entries: FormEntries, charset = "utf-8"): EncodedBody {
  const boundary = `----mfpgate${randomBytes(12).toString("hex")}`;
  const parts: Uint8Array[] = [];
  for (const [name, value] of entries) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n`;
    parts.push(inCharset(head, charset), inCharset(normalLines(value), charset), crlf);
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return { type: `multipart/form-data; boundary=${boundary}`, bytes: Buffer.concat(parts) };
}

/** `text/plain` as browsers send it (WHATWG HTML, "plain text form data"); not meant to be taken apart again. */
export function encodeTextForm(entries: FormEntries, charset = "utf-8"): EncodedBody {
  const text = entries.map(([name, value]) => `${name}=${value}\r\n`).join("");
  return { type: "text/plain", bytes: inCharset(text, charset) };
}

const crlf = Buffer.from("\r\n");

/** Line ends of a form are CR LF, whatever the text had (WHATWG HTML, "constructing the entry list"). */
function normalLines(text: string): string {
  return text.replace(/\r\n|\r|\n/g, "\r\n");
}

/** WHATWG HTML, "multipart/form-data encoding algorithm". */
function quoted(name: string): string {
  return name.replace(/\r\n|\r|\n/g, "%0D%0A").replace(/"/g, "%22");
}

function inCharset(text: string, charset: string): Uint8Array {
  if (/^utf-?8$/i.test(charset)) return Buffer.from(text, "utf8");
  const pieces = Array.from(text, (character) => {
    const bytes = encodeCharset(character, charset);
    const isLost = bytes.length === 1 && bytes[0] === 0x3f && character !== "?";
    return isLost ? Buffer.from(`&#${character.codePointAt(0) ?? 0};`) : bytes;
  });
  return Buffer.concat(pieces);
}

/** Octets that stand for themselves in a form (WHATWG URL, application/x-www-form-urlencoded percent-encode set). */
const plainOctet = /[A-Za-z0-9*._-]/;

function percentEncode(bytes: Uint8Array): string {
  let text = "";
  for (const octet of bytes) {
    const character = String.fromCharCode(octet);
    if (plainOctet.test(character)) text += character;
    else if (character === " ") text += "+";
    else text += `%${octet.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return text;
}
