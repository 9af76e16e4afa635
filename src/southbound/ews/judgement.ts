import { compilePattern } from "../../shared/regex.ts";
import type { AnswerTest, Judgement } from "../exchange.ts";
import { findTexts, visibleText } from "./answer-texts.ts";
import type { PageExtractor } from "./page-extractor.ts";
import type { WebAnswer, WebClient } from "./web-client.ts";

/** How a request went; `says` are the page's own words, where it has any to the point. */
export interface Verdict {
  readonly kind: "success" | "busy" | "failure";
  readonly says: string;
}

/** What judging needs. */
export interface JudgementParts {
  readonly client: WebClient;
  readonly extractor: PageExtractor;
}

/** Judges an answer as the mapping says; where it says nothing, the status must do. */
export async function judge(
  answer: WebAnswer,
  judgement: Judgement,
  parts: JudgementParts,
): Promise<Verdict> {
  for (const kind of ["busy", "failure"] as const) {
    for (const test of judgement[kind] ?? []) {
      const { holds, words } = await examine(answer, test, parts);
      if (holds) return { kind, says: words === "" ? visibleText(answer) : words };
    }
  }
  const isGood =
    judgement.success === undefined
      ? answer.status < 400
      : (await examine(answer, judgement.success, parts)).holds;
  if (isGood) return { kind: "success", says: "" };
  const status = answer.status >= 400 ? `HTTP ${answer.status} for ${answer.url.pathname}: ` : "";
  const kind = hadNoTime(answer) ? "busy" : "failure";
  return { kind, says: status + visibleText(answer) };
}

/**
 * Whether the server put us off without looking at what was asked (RFC 9110 §15.5.9, §15.6.3 to 5, RFC 6585 §4). Not 500,
 * which some say to a wrong password.
 */
export function hadNoTime({ status }: Pick<WebAnswer, "status">): boolean {
  return [408, 429, 502, 503, 504].includes(status);
}

/** Whether all that the test names holds, and what it found. */
async function examine(
  answer: WebAnswer,
  test: AnswerTest,
  { client, extractor }: JudgementParts,
): Promise<{ readonly holds: boolean; readonly words: string }> {
  if (!holdsOutside(answer, test, client)) return { holds: false, words: "" };
  const { found, absent } = test;
  const body = test.body === undefined ? undefined : { regex: test.body };
  const texts = await findTexts(extractor, answer, { body, found, absent });
  const of = (key: string): readonly string[] => texts.get(key) ?? [];
  const holds =
    (body === undefined || of("body").length > 0) &&
    (found === undefined || isFound(of("found"), test.equals)) &&
    of("absent").length === 0;
  return { holds, words: [...of("found"), ...of("body")].join(" ") };
}

/** What of the test needs no look into the page. */
function holdsOutside(answer: WebAnswer, test: AnswerTest, client: WebClient): boolean {
  if (test.status !== undefined && !test.status.includes(answer.firstStatus)) return false;
  if (test.cookie !== undefined && (client.cookies.value(test.cookie, answer.url) ?? "") === "")
    return false;
  return test.url === undefined || matches(test.url, answer.url.pathname + answer.url.search);
}

function isFound(found: readonly string[], equals: string | undefined): boolean {
  return equals === undefined ? found.length > 0 : found.includes(equals);
}

function matches(source: string, text: string): boolean {
  const pattern = compilePattern(source);
  // The mapping linter has refused patterns that do not compile.
  return typeof pattern !== "string" && pattern.test(text);
}
