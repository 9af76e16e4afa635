import { tooBig } from "./extract-error.ts";
import { extractLimits } from "./limits.ts";

/** A token of JavaScript or JSON. */
export interface ScriptToken {
  /** `other`: regular expressions, templates with parts to be worked out, texts without end. */
  readonly kind: "name" | "text" | "number" | "mark" | "other" | "end";
  /** Names and marks as written, texts decoded, numbers as decimal text. */
  readonly text: string;
  /** A line break stands before it, which may end a statement. */
  readonly isOnNewLine: boolean;
}

const nameAt = /[\p{L}\p{Nl}_$][\p{L}\p{N}\p{M}_$\u200c\u200d]*/uy;
const numberAt = /0[xX][\da-fA-F]{1,16}|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
/** Longest first; of operators only those matter that begin with what is looked for (`=`, `+`, `(`). */
const markAt = /===|!==|=>|==|!=|<=|>=|\+=|-=|\+\+|--|&&|\|\||\?\?|\.\.\.|[^\s]/y;
/** Marks that are nothing longer. */
const alone = new Set("{}[](),;:");
/** What begins neither a name nor a number, and is no blank: to look no further. */
const plainMarks = new Set("{}[](),;:<>=!+-*/%&|^~?'\"`@#");
const blanksAt = /[\s\ufeff]+/y;

/** Words after which a slash begins a regular expression, not a division (ECMAScript §12.9.5). */
const beforeOperand = new Set([
  "return",
  "typeof",
  "case",
  "in",
  "of",
  "delete",
  "void",
  "throw",
  "else",
  "do",
]);

/**
 * Tokens of a script, one at a time, in time linear in its length: whatever is left open at the end of the text is
 * looked for once. Texts may hold raw line breaks, as printers write them; `<!--` begins a comment of one line
 * (ECMAScript B.1.1).
 */
export class ScriptTokens {
  readonly #source: string;
  #at = 0;
  #next: ScriptToken | undefined;
  #previous: ScriptToken | undefined;
  /** A regular expression cannot begin before here: the line was looked through in vain. */
  #noPatternBefore = 0;
  #left: number = extractLimits.tokens;

  constructor(source: string) {
    this.#source = source;
  }

  /** @throws {ExtractError} `ews.too-big` */
  peek(): ScriptToken {
    this.#next ??= this.#read();
    return this.#next;
  }

  take(): ScriptToken {
    const token = this.peek();
    this.#next = undefined;
    this.#previous = token;
    return token;
  }

  /** Takes the next token if it is this mark. */
  takeMark(mark: string): boolean {
    const { kind, text } = this.peek();
    if (kind !== "mark" || text !== mark) return false;
    this.take();
    return true;
  }

  #read(): ScriptToken {
    this.#left -= 1;
    if (this.#left < 0) throw tooBig("tokens", extractLimits.tokens);
    const isOnNewLine = this.#skipBlanks();
    const first = this.#source[this.#at];
    if (first === undefined) return { kind: "end", text: "", isOnNewLine };
    if (!alone.has(first)) return { ...this.#longer(first), isOnNewLine };
    this.#at += 1;
    return { kind: "mark", text: first, isOnNewLine };
  }

  #longer(first: string): Pick<ScriptToken, "kind" | "text"> {
    if (first === '"' || first === "'") {
      const text = this.#readText(first);
      return text === undefined ? { kind: "other", text: first } : { kind: "text", text };
    }
    if (first === "`") return this.#readTemplate();
    const name = plainMarks.has(first) ? undefined : this.#match(nameAt);
    if (name !== undefined) return { kind: "name", text: name };
    const number =
      (first >= "0" && first <= "9") || first === "." ? this.#match(numberAt) : undefined;
    if (number !== undefined)
      return { kind: "number", text: /^0x/i.test(number) ? decimal(number) : number };
    if (first === "/" && this.#takePattern()) return { kind: "other", text: first };
    return { kind: "mark", text: this.#match(markAt) ?? first };
  }

  /** Skips blanks and comments; tells whether a line ended. */
  #skipBlanks(): boolean {
    let isOnNewLine = this.#at === 0;
    for (;;) {
      const first = this.#source[this.#at] ?? "";
      const isMark = plainMarks.has(first);
      if (isMark && first !== "/" && first !== "<" && first !== "-") return isOnNewLine;
      const blanks = isMark ? undefined : this.#match(blanksAt);
      if (blanks !== undefined) {
        isOnNewLine ||= /[\r\n\u2028\u2029]/.test(blanks);
      } else if (this.#startsWith("//") || this.#startsWith("<!--")) {
        this.#skipLine();
      } else if (isOnNewLine && this.#startsWith("-->")) {
        this.#skipLine();
      } else if (this.#startsWith("/*")) {
        this.#skipPast("*/");
      } else return isOnNewLine;
    }
  }

  #skipLine(): void {
    const rest = /[\r\n]/g;
    rest.lastIndex = this.#at;
    this.#at = rest.exec(this.#source)?.index ?? this.#source.length;
  }

  #skipPast(end: string): void {
    const found = this.#source.indexOf(end, this.#at + end.length);
    this.#at = found === -1 ? this.#source.length : found + end.length;
  }

  /** A text that is not closed goes on to the end of the script, and is none. */
  #readText(quote: string): string | undefined {
    const parts: string[] = [];
    let from = this.#at + 1;
    const stop = quote === '"' ? /["\\]/g : /['\\]/g;
    stop.lastIndex = from;
    for (let found = stop.exec(this.#source); found !== null; found = stop.exec(this.#source)) {
      parts.push(this.#source.slice(from, found.index));
      if (found[0] === quote) {
        this.#at = found.index + 1;
        return parts.join("");
      }
      const [text, length] = escaped(this.#source, found.index + 1);
      parts.push(text);
      from = found.index + 1 + length;
      stop.lastIndex = from;
    }
    this.#at = this.#source.length;
    return undefined;
  }

  #readTemplate(): Pick<ScriptToken, "kind" | "text"> {
    const start = this.#at;
    const text = this.#readQuoted();
    const hasParts = this.#source.slice(start, this.#at).includes("${");
    return text === undefined || hasParts ? { kind: "other", text: "`" } : { kind: "text", text };
  }

  /** Undefined when it is not closed. */
  #readQuoted(): string | undefined {
    const start = this.#at + 1;
    const stop = /[`\\]/g;
    stop.lastIndex = start;
    for (let found = stop.exec(this.#source); found !== null; found = stop.exec(this.#source)) {
      if (found[0] === "`") {
        this.#at = found.index + 1;
        return this.#source.slice(start, found.index);
      }
      stop.lastIndex = found.index + 2;
    }
    this.#at = this.#source.length;
    return undefined;
  }

  /** Skips a regular expression, if one begins here. */
  #takePattern(): boolean {
    if (this.#at < this.#noPatternBefore || !this.#isOperandExpected()) return false;
    const stop = /[\\/[\]\r\n]/g;
    stop.lastIndex = this.#at + 1;
    let isInClass = false;
    for (let found = stop.exec(this.#source); found !== null; found = stop.exec(this.#source)) {
      const [mark] = found;
      if (mark === "\\") stop.lastIndex = found.index + 2;
      else if (mark === "[") isInClass = true;
      else if (mark === "]") isInClass = false;
      else if (mark !== "/") {
        this.#noPatternBefore = found.index;
        return false;
      } else if (!isInClass) {
        this.#at = found.index + 1;
        this.#match(nameAt);
        return true;
      }
    }
    this.#noPatternBefore = this.#source.length;
    return false;
  }

  #isOperandExpected(): boolean {
    const previous = this.#previous;
    if (previous === undefined) return true;
    if (previous.kind === "mark") return ![")", "]", "}"].includes(previous.text);
    return previous.kind === "name" && beforeOperand.has(previous.text);
  }

  #startsWith(text: string): boolean {
    return this.#source.startsWith(text, this.#at);
  }

  #match(pattern: RegExp): string | undefined {
    const start = this.#at;
    pattern.lastIndex = start;
    if (!pattern.test(this.#source)) return undefined;
    this.#at = pattern.lastIndex;
    return this.#source.slice(start, this.#at);
  }
}

const simpleEscapes: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "0": "\0",
  "\n": "",
  "\r": "",
};

/** What stands after a backslash, and how many characters it takes. */
function escaped(source: string, at: number): [text: string, length: number] {
  const letter = source[at] ?? "";
  if (letter === "u" || letter === "x") {
    const digits = source.slice(at + 1, at + (letter === "u" ? 5 : 3));
    const isWhole = /^(?:[\da-f]{4}|[\da-f]{2})$/i.test(digits);
    if (isWhole) return [String.fromCharCode(Number.parseInt(digits, 16)), digits.length + 1];
    const braced = /^u\{([\da-f]{1,6})\}/i.exec(source.slice(at, at + 10));
    const point = Number.parseInt(braced?.[1] ?? "", 16);
    if (braced !== null && point <= 0x10ffff)
      return [String.fromCodePoint(point), braced[0].length];
  }
  return [simpleEscapes[letter] ?? letter, letter.length];
}

function decimal(hexadecimal: string): string {
  return BigInt(hexadecimal).toString();
}
