import { CliError, exitCode } from "./exit.ts";

/**
 * Words of the form NAME=VALUE. A name given twice has two values, and it is not for us to choose (TR-069a6 A.3.2.1
 * refuses it as well).
 *
 * @param form what a word should look like, for the message
 * @throws {CliError} naming the word
 */
export function assignments(
  words: readonly string[],
  form: string,
): Readonly<Record<string, string>> {
  const values = new Map<string, string>();
  for (const word of words) {
    const at = word.indexOf("=");
    if (at < 1) throw new CliError(`${word} is not ${form}`, exitCode.usage);
    const name = word.slice(0, at);
    if (values.has(name))
      throw new CliError(`${name} is given twice; give it one value`, exitCode.usage);
    values.set(name, word.slice(at + 1));
  }
  return Object.fromEntries(values);
}
