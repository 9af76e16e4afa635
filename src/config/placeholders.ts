import { errorText } from "../shared/errors.ts";
import { isRecord } from "../shared/json.ts";
import type { ConfigPath } from "./yaml-source.ts";

/** Where placeholders are looked up. */
export interface PlaceholderSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Content of a file named in the configuration; throws when it cannot be read. */
  readonly readFile: (path: string) => string;
}

/** A placeholder without value. */
export interface PlaceholderProblem {
  readonly path: ConfigPath;
  readonly text: string;
}

/**
 * Replaces `${env:NAME}` and `${file:PATH}` in every string; `$${` stands for `${` itself. The end of line at the end of
 * a file is dropped. Keys without value (`tls:` with everything below commented out) are left out as if not written.
 */
export function fillPlaceholders(
  value: unknown,
  sources: PlaceholderSources,
): { readonly value: unknown; readonly problems: readonly PlaceholderProblem[] } {
  const problems: PlaceholderProblem[] = [];
  const fill = (part: unknown, path: ConfigPath): unknown => {
    if (typeof part === "string") return fillText(part, sources, complainAt(path));
    if (Array.isArray(part))
      return part.map((item: unknown, index) => fill(item, [...path, index]));
    if (!isRecord(part)) return part;
    return Object.fromEntries(
      Object.entries(part)
        .filter(([, item]) => item !== null)
        .map(([name, item]) => [name, fill(item, [...path, name])]),
    );
  };
  const complainAt = (path: ConfigPath) => (text: string) => {
    problems.push({ path, text });
  };
  return { value: fill(value, []), problems };
}

function fillText(
  text: string,
  sources: PlaceholderSources,
  complain: (text: string) => void,
): string {
  return text.replace(/\$(\$\{)|\$\{([^}]*)\}/g, (whole, literal?: string, inside?: string) => {
    if (literal !== undefined) return literal;
    const [, kind, name = ""] = /^(env|file):(.+)$/.exec(inside ?? "") ?? [];
    if (kind === "env") return fromEnvironment(name, sources, complain);
    if (kind === "file") return fromFile(name, sources, complain);
    complain(
      "has a placeholder of unknown form; write ${env:NAME} or ${file:PATH}, or $${ for the characters themselves",
    );
    return whole;
  });
}

function fromEnvironment(
  name: string,
  sources: PlaceholderSources,
  complain: (text: string) => void,
): string {
  const value = sources.env[name];
  if (value === undefined)
    complain(`needs the environment variable ${name}, which is not set; set it or write the value`);
  return value ?? "";
}

function fromFile(
  path: string,
  sources: PlaceholderSources,
  complain: (text: string) => void,
): string {
  try {
    return sources.readFile(path).replace(/\r?\n$/, "");
  } catch (error) {
    complain(`needs the file ${path}, which cannot be read (${errorText(error)}); create it`);
    return "";
  }
}
