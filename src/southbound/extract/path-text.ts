/** What is wrong with a path; its reader turns it into a text for whoever wrote the selector. */
export class PathSyntaxError extends Error {}

/** The text of a JSON path or an XPath, and how far it is read. */
export class PathText {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get isOver(): boolean {
    return this.#at >= this.#source.length;
  }

  /** Takes `text` if it stands next. */
  take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** Takes what a sticky pattern matches next. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match;
  }

  skipBlanks(): void {
    while (this.#source[this.#at] === " ") this.#at += 1;
  }

  /** The error for what stands next. */
  unexpected(): PathSyntaxError {
    const rest = this.#source.slice(this.#at, this.#at + 20);
    return new PathSyntaxError(rest === "" ? "ends too early" : `does not go on with ${rest}`);
  }
}
