import { Parser } from "htmlparser2";
import { malformed, tooBig } from "./extract-error.ts";
import { extractLimits } from "./limits.ts";
import type { Markup, MarkupElement } from "./markup.ts";
import { collapseBlanks } from "./text.ts";

/** Elements inside a line of text; all others end a word (a cell beside a cell). */
const inline = new Set(
  "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark nobr q s samp small span strike strong sub sup tt u var wbr".split(
    " ",
  ),
);
/** Elements whose content is no text of the page; `textarea` holds a value that blanks belong to. */
const unread = new Set(["script", "style", "template"]);
const controls = new Set(["input", "select", "textarea", "button"]);

/**
 * Parses a page or an XML document in one linear pass. Tags that are not closed, misnested or unknown are taken as they
 * come; only standard entities are decoded, document type declarations are skipped. Namespace prefixes are dropped.
 *
 * @throws {ExtractError} `ews.too-big`; for XML `ews.malformed` when its end is missing or it has no element
 */
export function parseMarkup(text: string, kind: Markup["kind"]): Markup {
  const builder = new MarkupBuilder(kind);
  const parser = new Parser(
    {
      onattribute: () => {
        builder.countAttribute();
      },
      onopentag: (name, attributes) => {
        builder.open(name, attributes);
      },
      onclosetag: (_name, isImplied) => {
        builder.close(isImplied);
      },
      ontext: (data) => {
        builder.addText(data);
      },
    },
    { xmlMode: kind === "xml", decodeEntities: true },
  );
  parser.write(text);
  builder.atEnd = true;
  parser.end();
  return builder.finish();
}

type Growing = MarkupElement & {
  readonly isUnread: boolean;
  /** Text came last, so that more of it goes on with the same run. */
  isInText: boolean;
};

class MarkupBuilder {
  /** Set when the text is over: what is closed from now on was left open. */
  atEnd = false;
  readonly #kind: Markup["kind"];
  readonly #elements: Growing[] = [];
  readonly #open: Growing[] = [];
  readonly #chunks: string[] = [];
  #length = 0;
  #endsInBlank = true;
  #nodes = 0;
  /** Of the element whose tag is being read. */
  #attributes = 0;
  #form: Growing | undefined;
  readonly #roots: MarkupElement[] = [];

  constructor(kind: Markup["kind"]) {
    this.#kind = kind;
  }

  countAttribute(): void {
    this.#attributes += 1;
    if (this.#attributes > extractLimits.attributes)
      throw tooBig("attributes of one element", extractLimits.attributes);
    this.#countNode();
  }

  #countNode(): void {
    this.#nodes += 1;
    if (this.#nodes > extractLimits.nodes) throw tooBig("nodes", extractLimits.nodes);
  }

  open(fullName: string, attributes: Readonly<Record<string, string>>): void {
    this.#countNode();
    this.#attributes = 0;
    if (this.#open.length >= extractLimits.depth) throw tooBig("levels", extractLimits.depth);
    const name = localName(fullName);
    if (!this.#isInline(name)) this.#addBlank();
    const parent = this.#open.at(-1);
    const siblings: MarkupElement[] = parent?.children ?? this.#roots;
    const element: Growing = {
      index: this.#elements.length,
      name,
      attributes: attributeMap(attributes),
      parent,
      previous: siblings.at(-1),
      form: controls.has(name) ? this.#form : undefined,
      children: [],
      position: siblings.length,
      last: this.#elements.length,
      start: this.#length,
      end: this.#length,
      ownTexts: [],
      raw: undefined,
      isUnread: this.#kind === "html" && (unread.has(name) || parent?.isUnread === true),
      isInText: false,
    };
    if (parent !== undefined) parent.isInText = false;
    siblings.push(element);
    if (name === "form") this.#form = element;
    this.#elements.push(element);
    this.#open.push(element);
  }

  close(isImplied: boolean): void {
    const element = this.#open.pop();
    if (element === undefined) return;
    if (this.#kind === "xml" && this.atEnd && isImplied)
      throw malformed(`XML document ends within ${element.name}`);
    element.end = this.#length;
    element.last = this.#elements.length - 1;
    // A form closed by the end of a table row goes on in browsers until its own end tag.
    if (element === this.#form && !isImplied) this.#form = undefined;
    if (!this.#isInline(element.name)) this.#addBlank();
  }

  addText(data: string): void {
    this.#countNode();
    const parent = this.#open.at(-1);
    if (parent !== undefined && (parent.isUnread || parent.name === "textarea"))
      parent.raw = (parent.raw ?? "") + data;
    if (parent?.isUnread === true) return;
    const start = this.#length;
    const collapsed = collapseBlanks(data);
    this.#add(this.#endsInBlank && collapsed.startsWith(" ") ? collapsed.slice(1) : collapsed);
    if (parent !== undefined && this.#length > start) addRun(parent, start, this.#length);
  }

  finish(): Markup {
    if (this.#kind === "xml" && this.#elements.length === 0) throw malformed("no XML document");
    return {
      kind: this.#kind,
      elements: this.#elements,
      roots: this.#roots,
      text: this.#chunks.join(""),
    };
  }

  #isInline(name: string): boolean {
    return this.#kind === "html" && (inline.has(name) || unread.has(name));
  }

  #addBlank(): void {
    if (!this.#endsInBlank) this.#add(" ");
  }

  #add(text: string): void {
    if (text === "") return;
    this.#chunks.push(text);
    this.#length += text.length;
    this.#endsInBlank = text.endsWith(" ");
  }
}

/** Text that comes in pieces (one per entity) is one run, until an element stands between. */
function addRun(parent: Growing, start: number, end: number): void {
  const last = parent.ownTexts.at(-1);
  if (parent.isInText && last !== undefined)
    parent.ownTexts[parent.ownTexts.length - 1] = [last[0], end];
  else parent.ownTexts.push([start, end]);
  parent.isInText = true;
}

function localName(name: string): string {
  const colon = name.lastIndexOf(":");
  return colon === -1 ? name : name.slice(colon + 1);
}

/** Without prefixes and namespace declarations; a name that has no prefix wins. */
function attributeMap(attributes: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "xmlns" || name.startsWith("xmlns:")) continue;
    const local = localName(name);
    if (local === name || !map.has(local)) map.set(local, value);
  }
  return map;
}
