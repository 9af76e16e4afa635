import { isControl, visibleControls } from "./controls.ts";
import { descendants, type Markup, type MarkupElement, nextSibling, textOf } from "./markup.ts";
import { markupIndex } from "./markup-index.ts";
import { normalizeLabel } from "./text.ts";
import type { Work } from "./work.ts";

/** Elements that name a value beside them. Others with the same text (links, menus, headings) do not. */
const naming = new Set(
  "td th dt label div span p b strong em i u font bdi bdo small nobr".split(" "),
);
/** Elements beside which the value stands by their own rule, so that no element around them is asked. */
const anchored = new Set(["td", "th", "dt"]);
/** Final marks and blanks a label may have more than the text it is compared with. */
const slack = 24;

/**
 * Elements that hold the values a label names: the next cell of its row, the `dd` after its `dt`, the control it is
 * `for` or has inside, else what follows it. In document order; labels whose value cannot be told give none.
 */
export function findLabelled(
  labels: readonly string[],
  markup: Markup,
  scope: MarkupElement | undefined,
  work: Work,
): readonly MarkupElement[] {
  const wanted = new Set(labels.map(normalizeLabel));
  const longest = Math.max(0, ...labels.map((label) => label.length)) + slack;
  const within = descendants(markup, scope);
  work.spend(within.length);
  const matching = new Set(
    within.filter((element) => {
      if (!naming.has(element.name) || element.end - element.start > longest) return false;
      work.spend(longest / 8);
      return wanted.has(normalizeLabel(textOf(markup, element)));
    }),
  );
  const holders = new Set<MarkupElement>();
  for (const element of matching) {
    // `<td><b>Name</b>:</td>`: the inner one begins the search, the outer one is met on the way.
    if (element.children.some((child) => matching.has(child))) continue;
    const holder = holderOf(markup, element, matching);
    if (holder !== undefined) holders.add(holder);
  }
  return [...holders];
}

function holderOf(
  markup: Markup,
  innermost: MarkupElement,
  matching: ReadonlySet<MarkupElement>,
): MarkupElement | undefined {
  let label = innermost;
  for (;;) {
    const named = label.name === "label" ? labelledControl(markup, label) : undefined;
    if (named !== undefined) return named;
    const { parent } = label;
    const isAlone = parent?.children.length === 1 && matching.has(parent);
    if (anchored.has(label.name) || parent === undefined || !isAlone) break;
    label = parent;
  }
  const holder = besideLabel(markup, label);
  const isNextRow =
    label !== innermost && holder !== undefined && hasLabel(markup, holder, innermost);
  return isNextRow ? undefined : holder;
}

/** Whether it is a row of its own, with a label built like this one: then the label's own value is missing. */
function hasLabel(markup: Markup, holder: MarkupElement, label: MarkupElement): boolean {
  if (anchored.has(holder.name)) return false;
  const parts = [holder, ...descendants(markup, holder)];
  const hasRow = parts.some(({ children }) => children.length > 1);
  return (
    hasRow &&
    parts.some(
      ({ name, attributes }) =>
        name === label.name && attributes.get("class") === label.attributes.get("class"),
    )
  );
}

/** HTML Standard §4.10.4: `for`, else the first control inside. */
function labelledControl(markup: Markup, label: MarkupElement): MarkupElement | undefined {
  const id = label.attributes.get("for");
  if (id === undefined) return visibleControls(markup, label)[0];
  const named = markupIndex(markup).byId.get(id);
  return named !== undefined && isControl(named) ? named : undefined;
}

function besideLabel(markup: Markup, label: MarkupElement): MarkupElement | undefined {
  const next = afterSeparators(markup, label);
  switch (label.name) {
    case "td":
      return next?.name === "td" ? next : ownControl(markup, label);
    case "th":
      // A heading beside a heading names a column.
      return next?.name === "td" ? next : undefined;
    case "dt":
      return next?.name === "dd" ? next : undefined;
    default:
      return ownControl(markup, label) ?? next;
  }
}

function ownControl(markup: Markup, label: MarkupElement): MarkupElement | undefined {
  return visibleControls(markup, label)[0];
}

/** The next element that is not a mere colon between label and value, nor a line break. */
function afterSeparators(markup: Markup, label: MarkupElement): MarkupElement | undefined {
  let next = nextSibling(markup, label);
  while (next !== undefined && (next.name === "br" || /^[:：=]$/.test(textOf(markup, next))))
    next = nextSibling(markup, next);
  return next;
}
