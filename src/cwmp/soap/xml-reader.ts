import { SaxesParser, type SaxesTagPlain } from "saxes";
import { SoapDecodeError } from "./errors.ts";

/** One element with its namespace resolved. `text` is the character data of an element without children, else "". */
export interface XmlElement {
  /** Local name. */
  readonly name: string;
  /** Undefined for no namespace, and for a prefix nobody declared. */
  readonly namespace: string | undefined;
  /** By local name: `type`, `arrayType`, `mustUnderstand`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** How large a document may be. */
export interface XmlLimits {
  /** UTF-16 code units, which is at most the number of bytes. */
  readonly maxLength: number;
  readonly maxDepth: number;
  readonly maxElements: number;
}

interface OpenElement {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly attributes: ReadonlyMap<string, string>;
  readonly scope: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const noAttributes: ReadonlyMap<string, string> = new Map();
const noScope: ReadonlyMap<string, string> = new Map([
  ["xml", "http://www.w3.org/XML/1998/namespace"],
]);

/**
 * Reads one document in slices. Namespaces are resolved here rather than by saxes, which refuses what an ACS in the
 * field really sends: element names with two colons and prefixes never declared.
 * Entities are the five predefined ones and character references; a DOCTYPE is refused.
 */
export class XmlReader {
  readonly #limits: XmlLimits;
  readonly #parser = new SaxesParser({ xmlns: false, position: false });
  readonly #open: OpenElement[] = [];
  #root: XmlElement | undefined;
  #elements = 0;
  #length = 0;

  constructor(limits: XmlLimits) {
    this.#limits = limits;
    this.#parser.on("doctype", () => {
      throw new SoapDecodeError("document with DOCTYPE refused", { code: "cwmp.doctype-refused" });
    });
    this.#parser.on("opentag", (tag) => {
      this.#enter(tag);
    });
    this.#parser.on("closetag", () => {
      this.#leave();
    });
    this.#parser.on("text", (text) => {
      this.#append(text);
    });
    this.#parser.on("cdata", (text) => {
      this.#append(text);
    });
  }

  /** @throws {SoapDecodeError} as soon as the document is malformed or larger than the limits */
  write(slice: string): void {
    this.#length += slice.length;
    if (this.#length > this.#limits.maxLength) {
      throw tooLarge(`longer than ${this.#limits.maxLength} characters`);
    }
    this.#guard(() => this.#parser.write(slice));
  }

  /** The root element. @throws {SoapDecodeError} when the document is incomplete */
  end(): XmlElement {
    this.#guard(() => this.#parser.close());
    if (this.#root === undefined) {
      throw new SoapDecodeError("document without an element", { code: "cwmp.malformed-xml" });
    }
    return this.#root;
  }

  #guard(parse: () => unknown): void {
    try {
      parse();
    } catch (error) {
      if (error instanceof SoapDecodeError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new SoapDecodeError(`malformed XML: ${reason.slice(0, 200)}`, {
        code: "cwmp.malformed-xml",
        cause: error,
      });
    }
  }

  #enter(tag: SaxesTagPlain): void {
    this.#elements += 1;
    if (this.#elements > this.#limits.maxElements) {
      throw tooLarge(`more than ${this.#limits.maxElements} elements`);
    }
    if (this.#open.length >= this.#limits.maxDepth) {
      throw tooLarge(`deeper than ${this.#limits.maxDepth} elements`);
    }
    const parentScope = this.#open.at(-1)?.scope ?? noScope;
    const { scope, attributes } = readAttributes(tag.attributes, parentScope);
    const { prefix, name } = splitName(tag.name);
    this.#open.push({
      name,
      namespace: scope.get(prefix),
      attributes,
      scope,
      children: [],
      text: "",
    });
  }

  #leave(): void {
    const closed = this.#open.pop();
    if (closed === undefined) return;
    const { name, namespace, attributes, children } = closed;
    // Blanks between children are layout.
    const text = children.length === 0 ? closed.text : "";
    const element: XmlElement = { name, namespace, attributes, text, children };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
  }

  #append(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += text;
  }
}

function tooLarge(how: string): SoapDecodeError {
  return new SoapDecodeError(`document ${how}`, { code: "cwmp.envelope-too-large" });
}

function readAttributes(
  raw: Readonly<Record<string, string>>,
  parentScope: ReadonlyMap<string, string>,
): { scope: ReadonlyMap<string, string>; attributes: ReadonlyMap<string, string> } {
  let scope: Map<string, string> | undefined;
  let attributes: Map<string, string> | undefined;
  for (const key in raw) {
    const value = raw[key] ?? "";
    if (key === "xmlns") (scope ??= new Map(parentScope)).set("", value);
    else if (key.startsWith("xmlns:")) (scope ??= new Map(parentScope)).set(key.slice(6), value);
    else (attributes ??= new Map()).set(splitName(key).name, value);
  }
  return { scope: scope ?? parentScope, attributes: attributes ?? noAttributes };
}

function splitName(raw: string): { prefix: string; name: string } {
  const colon = raw.lastIndexOf(":");
  return { prefix: raw.slice(0, Math.max(0, colon)), name: raw.slice(colon + 1) };
}
