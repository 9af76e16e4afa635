import type { Selector } from "./documents.ts";
import { parseSelector } from "./extract/selector.ts";

/**
 * What is wrong with a selector: none or several kinds, an unreadable path or pattern, a refinement the kind does not
 * have. Undefined when nothing is. Pure; the one function of a driver that mapping files are checked with.
 */
export function selectorProblem(selector: Selector): string | undefined {
  const parsed = parseSelector(selector);
  return typeof parsed === "string" ? parsed : undefined;
}
