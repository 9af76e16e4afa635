import { ProxierError } from "../shared/errors.ts";

/** One mistake in a configuration file. */
export interface ConfigProblem {
  /** As named by the caller. */
  readonly file: string;
  /** Counted from 1; 0 when it is the file as a whole that cannot be read. */
  readonly line: number;
  readonly column: number;
  /** `discovery.snmp.ranges[0]`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong and, after a semicolon, what to do. Never contains a secret. */
  readonly text: string;
}

/** `config.yaml:3:5: acs.url: is missing; …`. */
export function formatProblem({ file, line, column, path, text }: ConfigProblem): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  return `${place}: ${path === "" ? "" : `${path}: `}${text}`;
}

/** A configuration that cannot be used; the message has one line per problem, in the order of the file. */
export class ConfigError extends ProxierError {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], cause?: unknown) {
    super(messageOf(problems), { code: "config.invalid", cause });
    this.problems = problems;
  }
}

/** More lines than a screen has help nobody: a file with so many mistakes is most often another file. */
const mostShown = 20;

function messageOf(problems: readonly ConfigProblem[]): string {
  const lines = problems.slice(0, mostShown).map(formatProblem);
  const more = problems.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}
