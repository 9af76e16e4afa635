/** One challenge of `WWW-Authenticate`, or the one set of credentials of `Authorization`. */
export interface AuthEntry {
  /** Lower case: `digest`, `basic`, … */
  readonly scheme: string;
  /** Names in lower case; the first of a repeated name wins. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Longer headers are cut: no honest challenge comes near, and the rest of the line costs nothing. */
const longestHeader = 8_192;
const mostEntries = 8;
const mostParameters = 24;
const longestValue = 1_024;

/**
 * A token, alone (a scheme) or with `=` and a quoted or bare value (a parameter). Alternatives never overlap, so
 * matching is linear in the header's length.
 */
const itemPattern = /[\s,]*([^\s,="]+)(?:[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[^])*)"|([^\s,]*)))?/y;

/**
 * Parses `WWW-Authenticate` (several challenges, several header lines joined by commas) or `Authorization`.
 * Never throws: junk yields fewer entries. A token68 (`Basic dXNlcg==`) leaves no useful parameter.
 * @see RFC 7235 §2.1, §4.1
 */
export function parseAuthHeader(header: string): readonly AuthEntry[] {
  const text = header.slice(0, longestHeader);
  const entries: { scheme: string; parameters: Map<string, string> }[] = [];
  itemPattern.lastIndex = 0;
  for (let item = itemPattern.exec(text); item !== null; item = itemPattern.exec(text)) {
    const [, name = "", quoted, bare] = item;
    const value = quoted === undefined ? bare : quoted.replace(/\\([^])/g, "$1");
    if (value === undefined) {
      if (entries.length === mostEntries) break;
      entries.push({ scheme: name.toLowerCase(), parameters: new Map() });
    } else {
      addParameter(entries.at(-1)?.parameters, name.toLowerCase(), value);
    }
  }
  return entries;
}

function addParameter(
  parameters: Map<string, string> | undefined,
  name: string,
  value: string,
): void {
  if (parameters === undefined || parameters.size >= mostParameters) return;
  if (value.length > longestValue || parameters.has(name)) return;
  parameters.set(name, value);
}

/**
 * Quotes a header value. Text beyond Latin-1 becomes UTF-8 bytes (RFC 7616 §4), as Node's header strings carry bytes.
 * The caller has refused control characters ({@link isHeaderSafe}).
 */
export function quoteHeaderValue(value: string): string {
  const bytes = Buffer.from(value, "utf8").toString("latin1");
  return `"${bytes.replace(/["\\]/g, "\\$&")}"`;
}

/** Whether `value` can stand in a header at all: control characters would split the request. */
export function isHeaderSafe(value: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  return !/[\u0000-\u001f\u007f]/.test(value);
}
