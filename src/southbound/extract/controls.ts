import { descendants, type Markup, type MarkupElement, nextSibling, textOf } from "./markup.ts";
import { markupIndex } from "./markup-index.ts";
import { tidyText } from "./text.ts";

const controlNames = new Set(["input", "select", "textarea"]);
const buttonTypes = new Set(["submit", "button", "reset", "image"]);

/** Type of an `input` in lower case; `text` when it has none. */
export function inputType(element: MarkupElement): string {
  return element.attributes.get("type")?.trim().toLowerCase() ?? "text";
}

/** Whether an element holds a value a person sets: no button. Hidden fields count. */
export function isControl(element: MarkupElement): boolean {
  if (!controlNames.has(element.name)) return false;
  return element.name !== "input" || !buttonTypes.has(inputType(element));
}

/** Whether it is seen on the page. */
export function isHidden(element: MarkupElement): boolean {
  return element.name === "input" && inputType(element) === "hidden";
}

/** Controls a person sees in `element`, itself among them. */
export function visibleControls(markup: Markup, element: MarkupElement): readonly MarkupElement[] {
  return [element, ...descendants(markup, element)].filter((at) => isControl(at) && !isHidden(at));
}

/** Options of a `select`. */
export function optionsOf(markup: Markup, select: MarkupElement): readonly MarkupElement[] {
  return descendants(markup, select).filter(({ name }) => name === "option");
}

/** Value of an option: its text where it has no attribute (HTML Standard §4.10.10). */
export function optionValue(markup: Markup, option: MarkupElement): string {
  return option.attributes.get("value") ?? textOf(markup, option);
}

/** What a textarea holds; the line break after its tag is not part of it (HTML Standard §13.1.2.5). */
export function textareaValue(element: MarkupElement): string {
  return (element.raw ?? "").replace(/^\r?\n/, "");
}

/** Whether a check box or a radio button. */
export function isCheckable(element: MarkupElement): boolean {
  return element.name === "input" && ["checkbox", "radio"].includes(inputType(element));
}

/**
 * What controls say that belong together, in document order: values of texts, of selected options and checked radio
 * buttons, `true` or `false` of check boxes. A choice nothing of which is marked says nothing: a script may choose
 * later, and the first option would be a guess.
 */
export function controlStates(
  markup: Markup,
  controls: readonly MarkupElement[],
  wants: "value" | "text",
): readonly string[] {
  return controls.flatMap((control) => stateOf(markup, control, wants)).map(tidyText);
}

function stateOf(
  markup: Markup,
  control: MarkupElement,
  wants: "value" | "text",
): readonly string[] {
  if (control.name === "textarea") return [textareaValue(control)];
  if (control.name === "select") return selectedStates(markup, control, wants);
  const { attributes } = control;
  switch (inputType(control)) {
    case "checkbox":
      return [attributes.has("checked") ? "true" : "false"];
    case "radio":
      if (!attributes.has("checked")) return [];
      return [wants === "text" ? captionOf(markup, control) : (attributes.get("value") ?? "on")];
    default:
      return [attributes.get("value") ?? ""];
  }
}

function selectedStates(
  markup: Markup,
  select: MarkupElement,
  wants: "value" | "text",
): readonly string[] {
  const options = optionsOf(markup, select);
  const marked = options.filter(({ attributes }) => attributes.has("selected"));
  const chosen = marked.length === 0 && options.length === 1 ? options : marked;
  // Of several marked options a drop-down list shows the last (HTML Standard §4.10.7).
  const shown = select.attributes.has("multiple") ? chosen : chosen.slice(-1);
  return shown.map((option) =>
    wants === "text" ? textOf(markup, option) : optionValue(markup, option),
  );
}

/** What is written beside a check box or radio button: its label, else the text right after it. */
export function captionOf(markup: Markup, control: MarkupElement): string {
  const id = control.attributes.get("id");
  const named = id === undefined ? undefined : markupIndex(markup).labelFor.get(id);
  if (named !== undefined) return textOf(markup, named);
  if (control.parent?.name === "label") return textOf(markup, control.parent);
  const next = nextSibling(markup, control);
  const end = next?.start ?? control.parent?.end ?? control.end;
  const after = tidyText(markup.text.slice(control.end, Math.min(end, control.end + 200)));
  if (after !== "" || next === undefined) return after;
  return isControl(next) ? "" : textOf(markup, next);
}
