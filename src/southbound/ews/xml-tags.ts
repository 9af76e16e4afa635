/** A tag of an XML text, by its place. */
export interface XmlTag {
  readonly kind: "open" | "close" | "empty";
  /** With its prefix. */
  readonly qualifiedName: string;
  readonly start: number;
  /** After the final `>`. */
  readonly end: number;
}

/** Markup that holds no tags, by how it begins and ends. */
const opaque: readonly (readonly [begin: string, end: string])[] = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
  ["<!", ">"],
];

/** The tags of an XML text in their order, in one pass; ends early where the text is cut off or no XML. */
export function* xmlTags(text: string): Generator<XmlTag> {
  let at = text.indexOf("<");
  while (at >= 0) {
    const skipped = opaque.find(([begin]) => text.startsWith(begin, at));
    const tag = skipped === undefined ? tagAt(text, at) : undefined;
    if (tag !== undefined) yield tag;
    const end = skipped === undefined ? tag?.end : endOf(text, at, skipped);
    if (end === undefined) return;
    at = text.indexOf("<", end);
  }
}

function endOf(
  text: string,
  at: number,
  [begin, end]: readonly [string, string],
): number | undefined {
  const found = text.indexOf(end, at + begin.length);
  return found < 0 ? undefined : found + end.length;
}

const tagName = /\/?([\w:.-]{1,200})/y;

function tagAt(text: string, start: number): XmlTag | undefined {
  tagName.lastIndex = start + 1;
  const qualifiedName = tagName.exec(text)?.[1];
  if (qualifiedName === undefined) return undefined;
  const close = tagEnd(text, tagName.lastIndex);
  if (close === undefined) return undefined;
  const isClose = text[start + 1] === "/";
  const kind = isClose ? "close" : text[close - 1] === "/" ? "empty" : "open";
  return { kind, qualifiedName, start, end: close + 1 };
}

/** The `>` that ends a tag; one in an attribute's value does not. */
function tagEnd(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === ">") return at;
    if (character !== '"' && character !== "'") continue;
    at = text.indexOf(character, at + 1);
    if (at < 0) return undefined;
  }
  return undefined;
}
