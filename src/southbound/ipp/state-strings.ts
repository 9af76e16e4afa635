/**
 * Fields of one value of printer-supply, printer-input-tray, printer-output-tray, printer-alert or printer-finisher:
 * `type=sheetFeedManual;level=-2;name=Bypass;`, keys in lower case. A part without `=` is passed over. Values are not
 * trimmed of what they mean: `-2` stays `-2`.
 *
 * @see PWG 5100.9 §4 (Printer MIB as IPP attributes)
 */
export function parseStateString(text: string): Readonly<Record<string, string>> {
  const fields = new Map<string, string>();
  for (const pair of text.split(";", maxPairs)) {
    const equals = pair.indexOf("=");
    if (equals <= 0) continue;
    const key = pair.slice(0, equals).trim().toLowerCase();
    if (!fields.has(key)) fields.set(key, pair.slice(equals + 1).trim());
  }
  return Object.fromEntries(fields);
}

const maxPairs = 64;
