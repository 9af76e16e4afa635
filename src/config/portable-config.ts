import { isRecord } from "../shared/json.ts";
import { redact } from "../shared/redact.ts";
import { ConfigError } from "./errors.ts";
import { visitKnown } from "./schema-tree.ts";
import { type ConfigPath, readYaml, replaceTexts, writeYaml } from "./yaml-source.ts";

/**
 * The configuration as it may leave the box and come back: no secret in it, each replaced by `${secret:PATH}`, which on the
 * way back means "the value this key has on the box".
 */

/** The word that has mfpgate make a secret of its own. A community is hidden even when it is `private`: it opens a printer. */
const ownMaking = "auto";
const placeholder = /(?<!\$)\$\{(?:env|file):[^}]*\}/g;
const secretReference = /^\$\{secret:([^}]+)\}$/;

/**
 * The same configuration without secrets, as YAML. Comments are left out: they may hold an old password. Placeholders
 * (`${env:…}`, `${file:…}`) stay, they tell only where a secret is.
 *
 * @throws {ConfigError} when the text is not YAML
 */
export function withoutSecrets(text: string, file: string): string {
  const value = yamlValue(text, file);
  const hidden = new Set<string>();
  visitKnown(value, (path, part, node) => {
    if (typeof part !== "string" || part === ownMaking) return;
    const isSecret = node.secret === true && part.replace(placeholder, "") !== "";
    // A URL may carry a password, `acs.tls.key` a whole private key.
    if (isSecret || redact(part) !== part || part.includes("PRIVATE KEY"))
      hidden.add(pathText(path));
  });
  return writeYaml(masked(value, [], hidden));
}

/**
 * Puts the secrets of the configuration in force back into one that left the box by {@link withoutSecrets}.
 *
 * @throws {ConfigError} when the text is not YAML, refers to a secret the box does not have or where it does not belong, or
 * asks for variables or files that the configuration in force does not ask for: who sends a configuration must not read
 * the box by it
 */
export function withSecretsOf(current: string, text: string, file: string): string {
  const known = yamlValue(current, file);
  const allowed = placeholdersIn(known);
  const wrong: string[] = [];
  const secrets = new Map<string, string>();
  visitTexts(yamlValue(text, file), [], (path, value) => {
    for (const found of value.match(placeholder) ?? [])
      if (!allowed.has(found))
        wrong.push(`${found} is not in the configuration in force; add it on the box itself`);
    const [, named] = secretReference.exec(value) ?? [];
    if (named === undefined) return;
    const secret = valueAt(known, named);
    // Elsewhere a secret might be shown: a password as user name, a community as name of the device.
    if (keyOf(named) !== keyOf(pathText(path)))
      wrong.push(`${value} stands at ${pathText(path)}; write it where it belongs only`);
    else if (secret === undefined) wrong.push(`${value} names a key without value on the box`);
    else secrets.set(value, secret);
  });
  if (wrong.length > 0) throw new ConfigError(wrong.map((problem) => mistake(file, problem)));
  return secrets.size === 0 ? text : replaceTexts(text, (value) => secrets.get(value) ?? value);
}

/** The key whatever the position in a list: entries may be moved. */
function keyOf(path: string): string {
  return path
    .split(".")
    .map((name) => (/^\d+$/.test(name) ? "*" : name))
    .join(".");
}

function visitTexts(
  value: unknown,
  path: ConfigPath,
  visit: (path: ConfigPath, text: string) => void,
): void {
  if (typeof value === "string") visit(path, value);
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) visitTexts(item, [...path, index], visit);
  else if (isRecord(value))
    for (const [name, part] of Object.entries(value)) visitTexts(part, [...path, name], visit);
}

/** Of the values, not of the text: YAML has escapes that would hide one. */
function placeholdersIn(value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  visitTexts(value, [], (_path, text) => {
    for (const name of text.match(placeholder) ?? []) found.add(name);
  });
  return found;
}

function masked(value: unknown, path: ConfigPath, hidden: ReadonlySet<string>): unknown {
  if (Array.isArray(value))
    return value.map((item: unknown, index) => masked(item, [...path, index], hidden));
  if (isRecord(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [name, masked(part, [...path, name], hidden)]),
    );
  return hidden.has(pathText(path)) ? `\${secret:${pathText(path)}}` : value;
}

function valueAt(value: unknown, path: string): string | undefined {
  const found = path.split(".").reduce<unknown>((part, name) => {
    if (Array.isArray(part)) return part[Number(name)];
    return isRecord(part) && Object.hasOwn(part, name) ? part[name] : undefined;
  }, value);
  return typeof found === "string" ? found : undefined;
}

/** `credentials.0.snmp.write` */
function pathText(path: ConfigPath): string {
  return path.join(".");
}

function yamlValue(text: string, file: string): unknown {
  const source = readYaml(text);
  if ("value" in source) return source.value;
  throw new ConfigError(source.map((problem) => ({ file, path: "", ...problem })));
}

function mistake(file: string, text: string): ConfigError["problems"][number] {
  return { file, line: 0, column: 0, path: "", text };
}
