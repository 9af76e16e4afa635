import { CliError, exitCode } from "./exit.ts";

/** A whole number given on the command line. @throws {CliError} naming the option and its bounds */
export function wholeNumber(text: string, option: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new CliError(
    `${option} takes a whole number from ${least} to ${most}, not ${text}`,
    exitCode.usage,
  );
}
