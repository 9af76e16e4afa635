// \r is written as a reference, since a parser turns a literal one into \n (XML 1.0 §2.11).
const special = /[&<>"\r]/g;
const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

// Everything outside the production Char of XML 1.0 §2.2. Without the u flag surrogates are seen one by one, so pairs
// are spared by looking around.
const illegal =
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

// One test for the common case: plain printable ASCII without anything special needs no copy.
const plain = /^[\t\n !#-%'-;=?-~]*$/;

/** Text as element content or attribute value: escaped, characters illegal in XML 1.0 removed, never CDATA. */
export function escapeXml(text: string): string {
  if (plain.test(text)) return text;
  return stripIllegal(text).replace(special, (character) => references[character] ?? character);
}

/** `text` without the characters that XML 1.0 cannot carry, not even escaped. */
export function stripIllegal(text: string): string {
  return text.replace(illegal, "");
}
