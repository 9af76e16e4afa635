/** Long spellings of the keys of an IEEE 1284 device id, and what else makers write for them (MANUFACTURE: OKI MC873). */
const shortKeys: Readonly<Record<string, string>> = {
  MANUFACTURER: "MFG",
  MANUFACTURE: "MFG",
  MODEL: "MDL",
  "COMMAND SET": "CMD",
  COMMANDSET: "CMD",
  CLASS: "CLS",
  DESCRIPTION: "DES",
  SERIALNUMBER: "SN",
  "SERIAL NUMBER": "SN",
  SERN: "SN",
  SER: "SN",
};

/** The short form of a key, in upper case. */
export function deviceIdKey(written: string): string {
  const key = written.trim().toUpperCase();
  return shortKeys[key] ?? key;
}

/** Device ids are some 100 to 400 characters. */
const maxPairs = 64;

/**
 * Fields of an IEEE 1284 device id (`MFG:HP;MDL:Officejet;SN:…;`) by upper-case short key. The first of two equal keys
 * counts; a text without any `key:` gives no fields.
 */
export function parseDeviceId(text: string): Readonly<Record<string, string>> {
  const fields = new Map<string, string>();
  for (const pair of text.split(";", maxPairs)) {
    const colon = pair.indexOf(":");
    if (colon <= 0) continue;
    const key = deviceIdKey(pair.slice(0, colon));
    const value = pair.slice(colon + 1).trim();
    if (value !== "" && !fields.has(key)) fields.set(key, value);
  }
  return Object.fromEntries(fields);
}

/** Whether a text is a whole device id and not just the command set some printers announce in its place. */
export function isDeviceId(text: string): boolean {
  return /\b(?:MFG|MDL|MANUFACTURER|MODEL):/i.test(text);
}
