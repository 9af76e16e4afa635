/**
 * Changes the text of single elements in an XML document and leaves every other character as it is: namespaces,
 * prefixes, comments and order. Elements are found by a path of local names, `/a/b[2]/c`.
 */

import { escapeXml } from "./request-body.ts";
import { type XmlTag, xmlTags } from "./xml-tags.ts";

/** One step of a path: a local name, and the how-manieth of that name among its siblings, from 1. */
export interface XmlStep {
  readonly name: string;
  readonly nth: number;
  /** The only element of this name, wherever it stands: the path has no other step. */
  readonly isAnywhere?: true;
}

/** An element on the way to the value, by its tags in the text. */
interface OpenElement {
  readonly start: number;
  readonly openTag: string;
  readonly closeTag: string;
}

/** Where the text of an element stands, and the elements that lead to it, outermost first. */
interface Found {
  readonly start: number;
  readonly end: number;
  readonly isEmptyTag: boolean;
  readonly chain: readonly OpenElement[];
}

const mostDepth = 200;

/**
 * Parses `/a/b[2]/c`, or `//c` for the only `c` of the document; prefixes are ignored. Undefined when it is not such a
 * path.
 */
export function parseXmlPath(path: string): readonly XmlStep[] | undefined {
  if (!path.startsWith("/")) return undefined;
  const only = /^\/\/(?:[\w.-]+:)?([\w.-]+)$/.exec(path)?.[1];
  if (only !== undefined) return [{ name: only, nth: 1, isAnywhere: true }];
  const steps: XmlStep[] = [];
  for (const part of path.slice(1).split("/")) {
    const match = /^(?:[\w.-]+:)?([\w.-]+)(?:\[([1-9]\d{0,5})\])?$/.exec(part);
    if (match?.[1] === undefined) return undefined;
    steps.push({ name: match[1], nth: Number(match[2] ?? 1) });
  }
  return steps;
}

/** The document with the element's text replaced; undefined without such an element, or when it has elements inside. */
export function setInXml(text: string, path: readonly XmlStep[], to: string): string | undefined {
  const found = findElement(text, path);
  if (found === undefined) return undefined;
  const { start, end, isEmptyTag, chain } = found;
  const value = escapeXml(to);
  if (!isEmptyTag) return text.slice(0, start) + value + text.slice(end);
  const own = chain.at(-1);
  return (
    text.slice(0, start) + (own?.openTag ?? "") + value + (own?.closeTag ?? "") + text.slice(end)
  );
}

/** A value and where it belongs. */
export interface XmlChange {
  readonly path: readonly XmlStep[];
  readonly to: string;
}

/**
 * Only the branches that lead to the elements, with the tags and attributes (so also the namespaces) of the document.
 * Undefined when one of them is not there.
 */
export function xmlBranch(text: string, changes: readonly XmlChange[]): string | undefined {
  const root: Branch = { element: undefined, children: new Map(), value: "" };
  for (const { path, to } of changes) {
    const found = findElement(text, path);
    if (found === undefined) return undefined;
    let branch = root;
    for (const element of found.chain) branch = growBranch(branch, element);
    branch.value = escapeXml(to);
  }
  const declaration = /^(<\?xml[^>]{0,200}\?>\s{0,9})/.exec(text)?.[1] ?? "";
  return declaration + branchText(root);
}

interface Branch {
  readonly element: OpenElement | undefined;
  /** By where they start in the document. */
  readonly children: Map<number, Branch>;
  value: string;
}

function growBranch(branch: Branch, element: OpenElement): Branch {
  const known = branch.children.get(element.start);
  if (known !== undefined) return known;
  const grown: Branch = { element, children: new Map(), value: "" };
  branch.children.set(element.start, grown);
  return grown;
}

function branchText({ element, children, value }: Branch): string {
  const inOrder = [...children].sort(([a], [b]) => a - b);
  const inside = inOrder.map(([, child]) => branchText(child)).join("");
  return (element?.openTag ?? "") + value + inside + (element?.closeTag ?? "");
}

interface Level extends OpenElement {
  /** Steps of the path that lead here; -1 off the path. */
  readonly matched: number;
  readonly contentStart: number;
  readonly counts: Map<string, number>;
  hasElements: boolean;
}

/** The element at a path. */
function findElement(text: string, path: readonly XmlStep[]): Found | undefined {
  const exact = path[0]?.isAnywhere === true ? onlyPathTo(text, path[0].name) : path;
  return exact === undefined ? undefined : findAt(text, exact);
}

/** The complete path of the only element of a name; undefined when there is none, or several. */
function onlyPathTo(text: string, name: string): readonly XmlStep[] | undefined {
  const open: { readonly step: XmlStep; readonly counts: Map<string, number> }[] = [];
  const topCounts = new Map<string, number>();
  let found: readonly XmlStep[] | undefined;
  for (const tag of xmlTags(text)) {
    if (tag.kind === "close") {
      open.pop();
      continue;
    }
    const step = countedStep(localName(tag), open.at(-1)?.counts ?? topCounts);
    if (step.name === name) {
      if (found !== undefined) return undefined;
      found = [...open.map((level) => level.step), step];
    }
    if (tag.kind === "open") open.push({ step, counts: new Map() });
    if (open.length > mostDepth) return undefined;
  }
  return found;
}

function countedStep(name: string, counts: Map<string, number>): XmlStep {
  const nth = (counts.get(name) ?? 0) + 1;
  counts.set(name, nth);
  return { name, nth };
}

function localName({ qualifiedName }: XmlTag): string {
  return qualifiedName.slice(qualifiedName.indexOf(":") + 1);
}

function findAt(text: string, path: readonly XmlStep[]): Found | undefined {
  const levels: [Level, ...Level[]] = [rootLevel()];
  for (const tag of xmlTags(text)) {
    const parent = levels.at(-1) ?? levels[0];
    if (tag.kind === "close") {
      if (parent.closeTag !== `</${tag.qualifiedName}>`) return undefined;
      levels.pop();
      if (parent.matched !== path.length) continue;
      if (parent.hasElements) return undefined;
      const chain = [...levels.slice(1), parent];
      return { start: parent.contentStart, end: tag.start, isEmptyTag: false, chain };
    }
    const level = openLevel(text, tag, parent, path);
    if (tag.kind === "empty" && level.matched === path.length) {
      const chain = [...levels.slice(1), level];
      return { start: tag.start, end: tag.end, isEmptyTag: true, chain };
    }
    if (tag.kind === "open") levels.push(level);
    if (levels.length > mostDepth) return undefined;
  }
  return undefined;
}

function rootLevel(): Level {
  return {
    start: 0,
    matched: 0,
    contentStart: 0,
    counts: new Map(),
    hasElements: false,
    openTag: "",
    closeTag: "",
  };
}

function openLevel(text: string, tag: XmlTag, parent: Level, path: readonly XmlStep[]): Level {
  parent.hasElements = true;
  const { name, nth } = countedStep(localName(tag), parent.counts);
  const step = parent.matched < 0 ? undefined : path[parent.matched];
  const isOnPath = step?.name === name && step.nth === nth;
  const whole = text.slice(tag.start, tag.end);
  return {
    start: tag.start,
    matched: isOnPath ? parent.matched + 1 : -1,
    contentStart: tag.end,
    counts: new Map(),
    hasElements: false,
    openTag: tag.kind === "empty" ? `${whole.slice(0, -2).trimEnd()}>` : whole,
    closeTag: `</${tag.qualifiedName}>`,
  };
}
