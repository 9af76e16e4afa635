import { RE2JS, RE2JSException } from "re2js";

/** A compiled pattern; matching takes time linear in the text, whatever the pattern. */
export interface Pattern {
  /** The first group of the first match, the whole match when the pattern has no group, undefined without match. */
  capture(text: string): string | undefined;
  test(text: string): boolean;
  replaceAll(text: string, replacement: string): string;
  /** {@link capture} of every match in a whole document, at most `most`. */
  captureAll(document: string, most: number): readonly string[];
}

/** Texts of printers are short; what is longer is cut before matching. */
const longestSubject = 8_192;
/** Documents are cut here: RE2 in JavaScript takes some 0.1 s for a million characters. */
const longestDocument = 1_048_576;
/** A pattern longer than this is a mistake. */
const longestPattern = 1_000;

/**
 * Compiles RE2 syntax (no look-around, no back-references; `(?i)` at the start ignores case).
 *
 * @returns the pattern, or what is wrong with it as text
 */
export function compilePattern(source: string): Pattern | string {
  if (source.length > longestPattern) return `longer than ${longestPattern} characters`;
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return error.message;
  }
  return {
    capture: (text: string) => {
      const matcher = compiled.matcher(text.slice(0, longestSubject));
      if (!matcher.find()) return undefined;
      return matcher.group(compiled.groupCount() > 0 ? 1 : 0) ?? undefined;
    },
    test: (text: string) => compiled.matcher(text.slice(0, longestSubject)).find(),
    replaceAll: (text: string, replacement: string) =>
      compiled.matcher(text.slice(0, longestSubject)).replaceAll(replacement),
    captureAll: (document: string, most: number) => captureAll(compiled, document, most),
  };
}

function captureAll(compiled: RE2JS, document: string, most: number): readonly string[] {
  const matcher = compiled.matcher(document.slice(0, longestDocument));
  const group = compiled.groupCount() > 0 ? 1 : 0;
  const found: string[] = [];
  while (found.length < most && matcher.find()) {
    const text = matcher.group(group);
    if (text !== null) found.push(text);
  }
  return found;
}
