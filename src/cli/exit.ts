import { ProxierError } from "../shared/errors.ts";

/** Exit codes of every command. */
export const exitCode = { ok: 0, failed: 1, usage: 2, unreachable: 3 } as const;

/** A command that cannot go on; the message is one line naming what to change. */
export class CliError extends ProxierError {
  override readonly name = "CliError";
  readonly exit: number;

  constructor(message: string, exit: number = exitCode.failed) {
    super(message, { code: `cli.exit-${exit}` });
    this.exit = exit;
  }
}

/** Exit code for anything thrown: mistakes in what was given are usage errors, the rest failed. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CliError) return error.exit;
  if (
    error instanceof ProxierError &&
    /^(config|mapping|cli|simulator\.capture|discovery\.bad-range)(\.|$)/.test(error.code)
  )
    return exitCode.usage;
  return exitCode.failed;
}
