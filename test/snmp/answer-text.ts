import type { SnmpAnswers, SnmpValue } from "../../src/southbound/driver.ts";

/** An answer as a test compares it. */
export function text(answer: SnmpValue | string): string {
  if (typeof answer === "string") return `unavailable: ${answer}`;
  return answer.value instanceof Uint8Array
    ? Buffer.from(answer.value).toString("utf8")
    : String(answer.value);
}

/** Rows of a column as `index=value`, or why there are none. */
export function rows(answers: SnmpAnswers, column: string): string[] | string {
  const answer = answers.snmpColumn(column);
  if (typeof answer === "string") return answer;
  return [...answer].map(([index, value]) => `${index}=${text(value)}`);
}
