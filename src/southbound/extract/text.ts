import { extractLimits } from "./limits.ts";

// eslint-disable-next-line no-control-regex -- control characters count as blanks
const blanks = /[\u0000-\u0020\u007f\s]+/g;
const loneSurrogates = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Blanks (no-break and control characters among them) collapsed into one; the edges keep theirs. */
export function collapseBlanks(text: string): string {
  return text.replace(blanks, " ");
}

/** A text as selectors give it: collapsed, trimmed, cut at the cap, valid Unicode. */
export function tidyText(text: string): string {
  const tidied = collapseBlanks(text).trim().slice(0, extractLimits.textLength);
  return tidied.replace(loneSurrogates, "\ufffd");
}

/**
 * A label as it is compared: without case, width variants, final colons, asterisks and footnote marks. Languages that
 * put marks before the colon (`Pages* :`) come out the same.
 */
export function normalizeLabel(text: string): string {
  let label = tidyText(text.replace(/[¹²³†‡]/g, "*"))
    .normalize("NFKC")
    .toLowerCase();
  for (;;) {
    const shorter = label.replace(/(?:[:*\s]|\*\d{1,2}|\(\*\d{0,2}\))$/, "");
    if (shorter === label) return label;
    label = shorter;
  }
}
