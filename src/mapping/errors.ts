import { ProxierError } from "../shared/errors.ts";

/** One thing wrong with a mapping file, and what to do about it. */
export interface MappingProblem {
  readonly severity: "error" | "warning";
  /** Stable and dotted: `mapping.unknown-key`. */
  readonly code: string;
  /** Path of the file as it was given to the loader. */
  readonly file: string;
  /** 1-based; 0 when the file as a whole is meant. */
  readonly line: number;
  /** Keys from the top of the file: `parameters › Counters.Impressions › from › 0`. */
  readonly path: string;
  readonly message: string;
  /** What to change. */
  readonly remedy: string;
}

/** `mappings/vendor/acme/a.yaml:12: parameters › X: there is no such parameter; remove it`. */
export function formatProblem(problem: MappingProblem): string {
  const { file, line, path, message, remedy } = problem;
  const where = line > 0 ? `${file}:${line}` : file;
  return `${where}: ${path === "" ? "" : `${path}: `}${message}; ${remedy}`;
}

/** A mapping that cannot be used, or a write it cannot make. Never retryable: the file or the value must change. */
export class MappingError extends ProxierError {
  override readonly name = "MappingError";
  /** Everything found wrong, the first of which is in the message; empty for errors outside files. */
  readonly problems: readonly MappingProblem[];

  constructor(message: string, code: string, problems: readonly MappingProblem[] = []) {
    super(message, { code });
    this.problems = problems;
  }
}

/** The error for a non-empty list of problems; its message is the first one, in one line. */
export function problemsError(problems: readonly MappingProblem[]): MappingError {
  const [first, ...others] = problems;
  if (first === undefined) return new MappingError("broken mapping", "mapping.invalid");
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return new MappingError(formatProblem(first) + more, first.code, problems);
}
