import { decodeCharset } from "../shared/iconv.ts";

/**
 * IANA MIBenum (prtLocalizationCharacterSet) → name of the character set. 3 (US-ASCII) is missing on purpose: printers
 * that declare it and send other octets mean Latin-1.
 */
export const charsetNames: Readonly<Record<number, string>> = {
  4: "iso-8859-1",
  5: "iso-8859-2",
  6: "iso-8859-3",
  7: "iso-8859-4",
  8: "iso-8859-5",
  9: "iso-8859-6",
  10: "iso-8859-7",
  11: "iso-8859-8",
  12: "iso-8859-9",
  13: "iso-8859-10",
  17: "shift_jis",
  18: "euc-jp",
  38: "euc-kr",
  106: "utf-8",
  109: "iso-8859-13",
  110: "iso-8859-14",
  111: "iso-8859-15",
  112: "iso-8859-16",
  113: "gbk",
  114: "gb18030",
  1013: "utf-16be",
  1014: "utf-16le",
  1015: "utf-16",
  2004: "hp-roman8",
  2009: "cp850",
  2010: "cp852",
  2011: "cp437",
  2024: "windows-31j",
  2025: "gb2312",
  2026: "big5",
  2027: "macintosh",
  2046: "cp855",
  2047: "cp857",
  2049: "cp861",
  2050: "cp863",
  2054: "cp869",
  2084: "koi8-r",
  2086: "cp866",
  2088: "koi8-u",
  2109: "windows-874",
  2250: "windows-1250",
  2251: "windows-1251",
  2252: "windows-1252",
  2253: "windows-1253",
  2254: "windows-1254",
  2255: "windows-1255",
  2256: "windows-1256",
  2257: "windows-1257",
  2258: "windows-1258",
  2259: "tis-620",
};

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Longer strings exist only in error; they are cut. */
const longestText = 65_536;

/**
 * Text of an OCTET STRING: UTF-8 where it is valid UTF-8 (declared character sets are often wrong), else the declared
 * character set, else Latin-1. Trailing NULs, edge blanks and characters XML 1.0 cannot hold are removed.
 *
 * @param charset IANA MIBenum the printer declares for the current localization
 */
export function decodeText(bytes: Uint8Array, charset: number | undefined): string {
  let end = Math.min(bytes.length, longestText);
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  let isPlain = true;
  for (let index = 0; index < end; index++) {
    const octet = bytes[index] ?? 0;
    if (octet < 0x20 || octet > 0x7e) {
      isPlain = false;
      break;
    }
  }
  if (isPlain) return trimBlanks(asciiText(bytes, end));
  return trimBlanks(removeIllegal(decodeOctets(bytes.subarray(0, end), charset)));
}

function asciiText(bytes: Uint8Array, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, end).toString("latin1");
}

function decodeOctets(bytes: Uint8Array, charset: number | undefined): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    // Not UTF-8: the only error a fatal decoder has.
    if (!(error instanceof TypeError)) throw error;
  }
  const name = charset === undefined ? undefined : charsetNames[charset];
  if (name !== undefined && name !== "utf-8") {
    const text = decodeCharset(bytes, name);
    // What the declared character set does not have was written in another one.
    if (!text.includes("\ufffd")) return text;
  }
  return decodeCharset(bytes, "iso-8859-1");
}

/** Edge blanks only, so that Latin-1's no-break space at an edge goes as well. */
function trimBlanks(text: string): string {
  return text.trim();
}

/** XML 1.0 §2.2 Char: tab, line feed, carriage return, and everything from U+0020 but surrogates, U+FFFE, U+FFFF. */
function removeIllegal(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    "",
  );
}
