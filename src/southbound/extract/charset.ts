import { decodeCharset, isKnownCharset } from "../../shared/iconv.ts";
import type { RawDocument } from "./raw-document.ts";

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/** How far into a page its character set is looked for; the HTML Standard says 1,024, printers are wordier. */
const longestHead = 4_096;

/** Text of a document, by {@link documentCharset}. */
export function decodeDocument(raw: RawDocument): string {
  return decodeCharset(raw.bytes, documentCharset(raw));
}

/**
 * Character set of a document, as iconv-lite names it. It is told by the byte order mark, the header, the XML
 * declaration or `meta`; else it is UTF-8 where that is valid, else windows-1252 (HTML Standard §13.2.3.2).
 */
export function documentCharset({ bytes, contentType }: RawDocument): string {
  const told = byteOrderMark(bytes) ?? charsetOfType(contentType) ?? charsetInside(bytes);
  if (told !== undefined) return told;
  try {
    strictUtf8.decode(bytes);
    return "utf-8";
  } catch (error) {
    // Not UTF-8: the only error a fatal decoder has.
    if (!(error instanceof TypeError)) throw error;
    return "windows-1252";
  }
}

function byteOrderMark([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return undefined;
}

const charsetParameter = /charset\s{0,8}=\s{0,8}["']?([\w:.+-]{1,40})/i;

function charsetOfType(contentType: string | undefined): string | undefined {
  const name = charsetParameter.exec(contentType ?? "")?.[1];
  return name === undefined ? undefined : usableCharset(name);
}

/** What an XML declaration or a `meta` near the beginning says. */
function charsetInside(bytes: Uint8Array): string | undefined {
  const head = decodeCharset(bytes.subarray(0, longestHead), "latin1");
  const declared = /^\s{0,99}<\?xml[^>]{0,200}?\sencoding\s{0,8}=\s{0,8}["']([\w:.-]{1,40})/i.exec(
    head,
  );
  if (declared?.[1] !== undefined) return asMeta(declared[1]);
  for (const [tag] of head.matchAll(/<meta\s[^>]{0,300}/gi)) {
    const name = charsetParameter.exec(tag)?.[1];
    if (name !== undefined) return asMeta(name);
  }
  return undefined;
}

/** A page that could be read up to its `meta` is not UTF-16, whatever that says (HTML Standard §13.2.3.2). */
function asMeta(name: string): string | undefined {
  return /^utf-?16/i.test(name) ? "utf-8" : usableCharset(name);
}

/** Labels of the Encoding Standard that mean another character set than they say, and names iconv-lite lacks. */
const meant: Readonly<Record<string, string>> = {
  "iso-8859-1": "windows-1252",
  iso8859_1: "windows-1252",
  latin1: "windows-1252",
  "us-ascii": "windows-1252",
  ascii: "windows-1252",
  "iso-8859-9": "windows-1254",
  "x-sjis": "shift_jis",
  "windows-31j": "cp932",
  gb2312: "gbk",
  "ks_c_5601-1987": "cp949",
};

function usableCharset(name: string): string | undefined {
  const lower = name.toLowerCase();
  const known = meant[lower] ?? lower;
  return isKnownCharset(known) ? known : undefined;
}
