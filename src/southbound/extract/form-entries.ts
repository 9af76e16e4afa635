import { inputType, isCheckable, optionsOf, optionValue, textareaValue } from "./controls.ts";
import type { FieldChanges } from "./form-settings.ts";
import type { Markup, MarkupElement } from "./markup.ts";

/** How a form is sent. */
export interface Submission {
  readonly changes: FieldChanges;
  readonly pressed: MarkupElement | undefined;
  readonly unselected: Readonly<Record<string, string | false>>;
}

type Entry = readonly [name: string, value: string];

/** Whether an element submits its form. */
export function isSubmitButton(element: MarkupElement): boolean {
  if (element.name === "button")
    return !["button", "reset"].includes(
      element.attributes.get("type")?.trim().toLowerCase() ?? "",
    );
  return element.name === "input" && ["submit", "image"].includes(inputType(element));
}

/** The entry list of a form's controls (HTML Standard §4.10.21.4), in the order of the page. */
export function entriesOf(
  markup: Markup,
  controls: readonly MarkupElement[],
  submission: Submission,
): readonly Entry[] {
  const shown = shownRadios(controls, submission.changes);
  return controls.flatMap((control) => {
    if (isLeftOut(control, submission)) return [];
    return entries(markup, control, submission, shown).map(
      ([name, value]) => [name, value.replace(/\r\n|\r|\n/g, "\r\n")] as const,
    );
  });
}

function isLeftOut(control: MarkupElement, { changes, pressed }: Submission): boolean {
  const isButton =
    control.name === "button" ||
    (control.name === "input" &&
      ["submit", "image", "button", "reset"].includes(inputType(control)));
  if (isButton && control !== pressed) return true;
  const isSet =
    changes.values.has(control) ||
    changes.choices.has(control) ||
    changes.marks.get(control) === true;
  return !isSet && isDisabled(control);
}

/** HTML Standard §4.10.18.5: its own attribute, or that of a `fieldset` around it, unless in its legend. */
function isDisabled(control: MarkupElement): boolean {
  if (control.attributes.has("disabled")) return true;
  let inner = control;
  for (let around = control.parent; around !== undefined; inner = around, around = around.parent) {
    if (around.name === "datalist") return true;
    if (around.name !== "fieldset" || !around.attributes.has("disabled")) continue;
    const firstLegend = around.children.find(({ name }) => name === "legend");
    if (firstLegend !== inner) return true;
  }
  return false;
}

function entries(
  markup: Markup,
  control: MarkupElement,
  submission: Submission,
  shown: ReadonlySet<MarkupElement>,
): readonly Entry[] {
  const name = control.attributes.get("name") ?? "";
  if (control.name === "input" && inputType(control) === "image")
    return name === ""
      ? [
          ["x", "0"],
          ["y", "0"],
        ]
      : [
          [`${name}.x`, "0"],
          [`${name}.y`, "0"],
        ];
  if (name === "") return [];
  if (control.name === "select") return listEntries(markup, control, name, submission);
  if (isCheckable(control) && !isOn(control, submission.changes, shown)) return [];
  return [[name, valueOf(control, submission.changes)]];
}

function valueOf(control: MarkupElement, { values }: FieldChanges): string {
  const set = values.get(control);
  if (set !== undefined) return set;
  if (control.name === "textarea") return textareaValue(control);
  const type = control.name === "input" ? inputType(control) : "";
  const value = control.attributes.get("value");
  if (type === "checkbox" || type === "radio") return value ?? "on";
  if (type === "file") return "";
  const isCharset = type === "hidden" && control.attributes.get("name") === "_charset_";
  return value ?? (isCharset ? "UTF-8" : "");
}

function isOn(
  control: MarkupElement,
  { marks }: FieldChanges,
  shown: ReadonlySet<MarkupElement>,
): boolean {
  const set = marks.get(control);
  if (set !== undefined) return set;
  if (!control.attributes.has("checked")) return false;
  return inputType(control) !== "radio" || shown.has(control);
}

/** Of several radio buttons of a group that a page has checked, the last one is. */
function shownRadios(
  controls: readonly MarkupElement[],
  { marks }: FieldChanges,
): ReadonlySet<MarkupElement> {
  const last = new Map<string, MarkupElement>();
  for (const control of controls) {
    if (!isCheckable(control) || inputType(control) !== "radio" || marks.has(control)) continue;
    if (control.attributes.has("checked")) last.set(control.attributes.get("name") ?? "", control);
  }
  return new Set(last.values());
}

function listEntries(
  markup: Markup,
  list: MarkupElement,
  name: string,
  { changes, unselected }: Submission,
): readonly Entry[] {
  const chosen = changes.choices.get(list);
  if (chosen !== undefined) return [[name, chosen]];
  const options = optionsOf(markup, list);
  const selected = options.filter(({ attributes }) => attributes.has("selected"));
  if (list.attributes.has("multiple"))
    return selected
      .filter((option) => !isOff(option))
      .map((option) => [name, optionValue(markup, option)]);
  const last = selected.at(-1);
  if (last !== undefined) return isOff(last) ? [] : [[name, optionValue(markup, last)]];
  // The page gives the name: `constructor` is a member of every object.
  const declared = Object.hasOwn(unselected, name) ? unselected[name] : undefined;
  if (declared !== undefined) return declared === false ? [] : [[name, declared]];
  const first = dropDownDefault(list, options);
  return first === undefined ? [] : [[name, optionValue(markup, first)]];
}

/** A drop-down list shows its first enabled option when none is selected (HTML Standard §4.10.7). */
function dropDownDefault(
  list: MarkupElement,
  options: readonly MarkupElement[],
): MarkupElement | undefined {
  const size = Number(list.attributes.get("size") ?? "1");
  return size > 1 ? undefined : options.find((option) => !isOff(option));
}

function isOff({ attributes, parent }: MarkupElement): boolean {
  return (
    attributes.has("disabled") || (parent?.name === "optgroup" && parent.attributes.has("disabled"))
  );
}
