import { PjlDecodeError } from "./errors.ts";

/** A setting as `INFO VARIABLES` or `INFO CONFIG` tells it. */
export interface PjlVariable {
  readonly value: string;
  readonly kind: "enumerated" | "range";
  /** What it may be, for `enumerated`. */
  readonly choices?: readonly string[];
  readonly lower?: string;
  readonly upper?: string;
  readonly readOnly: boolean;
}

/** One answer in the form mappings select in. Names are upper case, as PJL has them: `LPARM:PCL FONTNUMBER`. */
export interface PjlDocument {
  /** `INFO CONFIG`; empty when the printer did not repeat the command. */
  readonly command: string;
  /** `INFO ID`: what stands between the quotes. */
  readonly id?: string;
  /** Every `NAME=VALUE`, unquoted and trimmed. */
  readonly values: Readonly<Record<string, string>>;
  /** Those that tell what they may be. */
  readonly variables: Readonly<Record<string, PjlVariable>>;
  /** `IN TRAYS [2 ENUMERATED]` and the names below. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

/** `INFO VARIABLES` of a big device has some 20 KB. */
const maxCharacters = 512 * 1024;

/** Universal exit language, which begins and ends a PJL job. */
const universalExit = "\u001b%-12345X";
const formFeed = "\f";
const commandMark = "@PJL ";

/**
 * Splits what came from the printer into answers: each begins with `@PJL …` and ends with a form feed, and both may be
 * missing. Line ends may be CR LF, LF or CR.
 *
 * @throws {PjlDecodeError} when the text is longer than 512 K characters
 * @see HP PJL Technical Reference, "Status Readback Commands"
 */
export function parsePjlAnswers(text: string): readonly PjlDocument[] {
  if (text.length > maxCharacters)
    throw new PjlDecodeError(
      `a PJL answer of ${text.length} characters is longer than ${maxCharacters}`,
    );
  const answers: PjlDocument[] = [];
  for (const page of text.replaceAll(universalExit, formFeed).split(formFeed)) {
    const lines = page.split(/\r\n|\n|\r/).filter((line) => line.trim() !== "");
    for (const block of blocksOf(lines)) answers.push(parseBlock(block));
  }
  return answers;
}

/**
 * The answer to one command.
 *
 * @param command `INFO CONFIG`, with or without `@PJL`; without it the first answer counts. It names an answer in which
 *   the printer did not repeat the command.
 * @throws {PjlDecodeError} when there is none
 */
export function pjlDocument(text: string, command?: string): PjlDocument {
  const wanted = command === undefined ? undefined : commandName(command);
  const answers = parsePjlAnswers(text);
  const isWanted = (answer: PjlDocument): boolean =>
    wanted === undefined || answer.command === wanted;
  const found = answers.find(isWanted) ?? answers.find((answer) => answer.command === "");
  if (found === undefined)
    throw new PjlDecodeError(`no PJL answer${wanted === undefined ? "" : ` to ${wanted}`}`);
  return found.command === "" && wanted !== undefined ? { ...found, command: wanted } : found;
}

/** `@PJL  info config` → `INFO CONFIG`. */
export function commandName(command: string): string {
  const words = command.trim().toUpperCase().split(/\s+/);
  return (words[0] === "@PJL" ? words.slice(1) : words).join(" ");
}

/** A printer that forgets form feeds begins the next answer by its command. */
function blocksOf(lines: readonly string[]): readonly (readonly string[])[] {
  const blocks: string[][] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    if (last === undefined || line.startsWith(commandMark)) blocks.push([line]);
    else last.push(line);
  }
  return blocks;
}

function parseBlock(lines: readonly string[]): PjlDocument {
  const [first = "", ...rest] = lines;
  const isCommand = first.startsWith(commandMark);
  const command = isCommand ? commandName(first) : "";
  const answer = new AnswerBuilder();
  for (const line of isCommand ? rest : lines) answer.add(line);
  return answer.build(command);
}

/** `NAME=VALUE [3 RANGE READONLY]`, in parts. The value may be quoted and empty. */
interface Statement {
  readonly name: string;
  readonly value: string | undefined;
  readonly declared: Declaration | undefined;
}

interface Declaration {
  readonly count: number;
  readonly kind: "enumerated" | "range";
  readonly readOnly: boolean;
}

interface OpenVariable {
  readonly name: string;
  readonly value: string | undefined;
  readonly declared: Declaration;
  readonly choices: string[];
}

class AnswerBuilder {
  readonly #values = new Map<string, string>();
  readonly #declared: OpenVariable[] = [];
  #id: string | undefined;

  add(line: string): void {
    const open = this.#declared.at(-1);
    if (open !== undefined && isChoiceOf(open, line)) {
      open.choices.push(unquoted(line));
      return;
    }
    const { name, value, declared } = parseStatement(line);
    if (value !== undefined && !this.#values.has(name)) this.#values.set(name, value);
    if (declared !== undefined) this.#declared.push({ name, value, declared, choices: [] });
    else if (value === undefined) this.#id ??= unquoted(line);
  }

  build(command: string): PjlDocument {
    const isVariable = (open: OpenVariable): boolean => open.value !== undefined;
    const lists = this.#declared.filter((open) => !isVariable(open));
    const id = this.#id;
    // A page count, and the answer to INQUIRE, is a line of its own without a name.
    const bare = id !== undefined && /^\d+$/.test(id) && command !== "INFO ID";
    const ownName = command.split(" ").at(-1) ?? "";
    const values = [...this.#values, ...(bare && ownName !== "" ? [[ownName, id] as const] : [])];
    return {
      command,
      ...(id === undefined || bare ? {} : { id }),
      values: Object.fromEntries(values),
      variables: Object.fromEntries(
        this.#declared.filter(isVariable).map((open) => [open.name, toVariable(open)]),
      ),
      lists: Object.fromEntries(lists.map(({ name, choices }) => [name, choices])),
    };
  }
}

/** Choices are indented; where a printer forgot that, they are as many lines as were announced, without `=`. */
function isChoiceOf({ declared, choices }: OpenVariable, line: string): boolean {
  if (/^[ \t]/.test(line)) return !line.includes("=") || choices.length < declared.count;
  return choices.length < declared.count && !/[=[]/.test(line);
}

function toVariable({ value = "", declared, choices }: OpenVariable): PjlVariable {
  const { kind, readOnly } = declared;
  if (kind === "enumerated") return { value, kind, choices, readOnly };
  const [lower, upper] = choices;
  return {
    value,
    kind,
    ...(lower === undefined ? {} : { lower }),
    ...(upper === undefined ? {} : { upper }),
    readOnly,
  };
}

function parseStatement(line: string): Statement {
  const bracket = line.lastIndexOf("[");
  const declared = bracket > 0 ? parseDeclaration(line.slice(bracket)) : undefined;
  const statement = declared === undefined ? line : line.slice(0, bracket);
  const equals = statement.indexOf("=");
  // A quoted id may hold an equals sign: "HP LaserJet 4 (option=2)".
  const isAssignment = equals > 0 && !statement.trimStart().startsWith('"');
  const name = (isAssignment ? statement.slice(0, equals) : statement)
    .trim()
    .toUpperCase()
    .replace(/ ?: ?/, ":");
  return {
    name,
    value: isAssignment ? unquoted(statement.slice(equals + 1)) : undefined,
    declared,
  };
}

/** `[3 ENUMERATED READONLY]`. */
function parseDeclaration(text: string): Declaration | undefined {
  const match = /^\[\s*(\d{1,5})\s+(ENUMERATED|RANGE)\b([^\]]*)\]?\s*$/i.exec(text);
  if (match === null) return undefined;
  const [, count = "0", kind = "", rest = ""] = match;
  return {
    count: Number(count),
    kind: kind.toUpperCase() === "RANGE" ? "range" : "enumerated",
    readOnly: /READONLY/i.test(rest),
  };
}

function unquoted(text: string): string {
  const trimmed = text.trim();
  const inner = /^"(.*)"$/.exec(trimmed)?.[1];
  return (inner ?? trimmed).trim();
}
