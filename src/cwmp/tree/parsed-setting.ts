import { errorText } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";

const log = logger("cwmp.tree.parsed-setting");

/** What one setting of an endpoint holds as JSON, parsed anew only when its text is another. */
export class ParsedSetting<T> {
  readonly #name: string;
  readonly #parse: (content: unknown) => T;
  #text: string | undefined;
  #value: T;

  /** @param parse takes anything JSON can hold, undefined for a missing or unreadable setting */
  constructor(name: string, parse: (content: unknown) => T) {
    this.#name = name;
    this.#parse = parse;
    this.#value = parse(undefined);
  }

  read(settings: ReadonlyMap<string, string>): T {
    const text = settings.get(this.#name);
    if (text !== this.#text) {
      this.#text = text;
      this.#value = this.#parse(text === undefined ? undefined : this.#content(text));
    }
    return this.#value;
  }

  #content(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      log.error("stored setting cannot be read", { name: this.#name, reason: errorText(error) });
      return undefined;
    }
  }
}

/** The entries of a JSON object; none for anything else. */
export function entriesOf(content: unknown): readonly (readonly [string, unknown])[] {
  return typeof content === "object" && content !== null ? Object.entries(content) : [];
}

/** The entries of a JSON object whose values are texts. */
export function textsOf(content: unknown): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [name, value] of entriesOf(content)) {
    if (typeof value === "string") texts.set(name, value);
  }
  return texts;
}
