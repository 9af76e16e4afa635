import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { errorText } from "../shared/errors.ts";
import { registerSecret } from "../shared/redact.ts";
import { loadCertificates } from "./certificates.ts";
import type { Config } from "./config.ts";
import { ConfigError, type ConfigProblem } from "./errors.ts";
import { type Complaint, explainIssue } from "./explain-issue.ts";
import { fillPlaceholders } from "./placeholders.ts";
import { findSharedPort } from "./listen-places.ts";
import { resolveConfig } from "./resolve.ts";
import { type ParsedConfig, configSchema } from "./schema.ts";
import { visitKnown } from "./schema-tree.ts";
import { findWarnings } from "./warnings.ts";
import { type ConfigPath, type YamlSource, readYaml } from "./yaml-source.ts";

/** Where a configuration text comes from. */
export interface ParseOptions {
  /** Named in messages; relative paths start from its directory. `config.yaml` unless told. */
  readonly file?: string;
  /** Variables for `${env:NAME}`; those of the process unless told. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads a configuration file.
 *
 * @throws {ConfigError} `config.invalid` with all problems of the file
 */
export async function loadConfig(path: string, options: ParseOptions = {}): Promise<Config> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const what = `cannot be read (${errorText(error)}); name an existing file with --config`;
    throw new ConfigError([{ file: path, line: 0, column: 0, path: "", text: what }], error);
  }
  return parseConfig(text, { file: path, ...options });
}

/**
 * Reads configuration text (YAML or JSON). Every secret in it is registered with the redactor before anything else can
 * go wrong.
 *
 * @throws {ConfigError} `config.invalid` with all problems of the text
 */
export function parseConfig(text: string, options: ParseOptions = {}): Config {
  const file = options.file ?? "config.yaml";
  const source = readYaml(text);
  if (!("value" in source))
    throw new ConfigError(source.map((mistake) => ({ file, path: "", ...mistake })));
  const directory = dirname(resolve(file));
  const readNamedFile = (path: string): string => readFileSync(resolve(directory, path), "utf8");
  const filled = fillPlaceholders(source.value, {
    env: options.env ?? process.env,
    readFile: readNamedFile,
  });
  registerSecrets(filled.value);
  const place = (complaints: readonly Complaint[]): readonly ConfigProblem[] =>
    placeInFile(complaints, source, file);

  const { certificates, complaints } = loadCertificates(filled.value, readNamedFile);
  const checked = checkSchema(filled.value);
  const problems = [
    ...filled.problems,
    ...withoutUnfilled([...checked.complaints, ...complaints], filled.problems),
  ];
  if (problems.length > 0 || checked.parsed === undefined) throw new ConfigError(place(problems));
  return {
    ...resolveConfig(checked.parsed, { directory, certificates }),
    file: resolve(file),
    warnings: place(findWarnings(filled.value)),
  };
}

/** A value whose placeholder is missing is not wrong twice. */
function withoutUnfilled(
  complaints: readonly Complaint[],
  unfilled: readonly { readonly path: ConfigPath }[],
): readonly Complaint[] {
  const paths = new Set(unfilled.map(({ path }) => pathText(path)));
  return complaints.filter(({ path }) => !paths.has(pathText(path)));
}

interface Checked {
  readonly parsed?: ParsedConfig;
  readonly complaints: readonly Complaint[];
}

function checkSchema(value: unknown): Checked {
  const result = configSchema.safeParse(value);
  if (result.success)
    return { parsed: result.data, complaints: findSharedPort(result.data, value) };
  return { complaints: result.error.issues.flatMap((issue) => explainIssue(issue, value)) };
}

/** Words every agent knows; blanking them out would make logs unreadable and protect nothing. */
const knownToAll: ReadonlySet<string> = new Set(["auto", "public", "private"]);

function registerSecrets(value: unknown): void {
  visitKnown(value, (_path, part, node) => {
    if (node.secret === true && typeof part === "string" && !knownToAll.has(part))
      registerSecret(part);
  });
}

/** Problems in the order of the file. */
function placeInFile(
  complaints: readonly Complaint[],
  source: YamlSource,
  file: string,
): readonly ConfigProblem[] {
  return complaints
    .map(({ path, atKey, text }) => ({
      file,
      ...(atKey === true ? source.locateKey(path) : source.locate(path)),
      path: pathText(path),
      text,
    }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

/** `discovery.snmp.ranges[0]`. */
function pathText(path: ConfigPath): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === "number") return `${text}[${segment}]`;
    return text === "" ? segment : `${text}.${segment}`;
  }, "");
}
