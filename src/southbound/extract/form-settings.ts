import { captionOf, inputType, isCheckable, optionsOf, optionValue } from "./controls.ts";
import { NoOptionError } from "./extract-error.ts";
import { type Markup, type MarkupElement, textOf } from "./markup.ts";
import { normalizeLabel } from "./text.ts";

/** Longer lists fill no message. */
const mostNamed = 40;

/** What a field is set to, once its value is known. */
export type ResolvedSetting =
  { readonly value: string } | { readonly optionText: string } | { readonly checked: boolean };

/** What is changed on a form before it is sent. */
export interface FieldChanges {
  /** Texts of inputs and textareas. */
  readonly values: Map<MarkupElement, string>;
  /** Check boxes and radio buttons, on or off. */
  readonly marks: Map<MarkupElement, boolean>;
  /** Values lists are sent with. */
  readonly choices: Map<MarkupElement, string>;
}

/** A field that was found: its controls belong together (radio buttons) or carry the same name. */
export interface AddressedField {
  /** For messages. */
  readonly name: string;
  /** Which of the fields to be set it is, from 0. */
  readonly position: number;
  readonly controls: readonly MarkupElement[];
  readonly set: ResolvedSetting;
}

/**
 * Notes one setting. Of several lists or texts under one name the first is set.
 *
 * @throws {NoOptionError} when the field cannot be set so
 */
export function applySetting(
  markup: Markup,
  field: AddressedField,
  form: readonly MarkupElement[],
  changes: FieldChanges,
): void {
  const { controls, set } = field;
  const list = controls.find(({ name }) => name === "select");
  const checkable = controls.filter(isCheckable);
  const [text] = controls;
  if ("checked" in set) {
    const [first] = checkable;
    if (first === undefined) throw noOption(field, "no check box");
    if (isChoice(checkable)) throw noOption(field, "a choice of several, not a switch");
    mark(first, set.checked, form, changes);
  } else if (list !== undefined) {
    changes.choices.set(list, choice(markup, list, field));
  } else if (checkable.length > 0) {
    const wanted = checkable.find((control) => isMeant(markup, control, set));
    if (wanted === undefined) throw noOption(field, "no such choice");
    mark(wanted, true, form, changes);
  } else if (text !== undefined && "value" in set) {
    changes.values.set(text, set.value);
  } else throw noOption(field, "no list of options");
}

/** Radio buttons: which of them is on and which off is not told by a switch. */
function isChoice(checkable: readonly MarkupElement[]): boolean {
  return checkable.filter((control) => inputType(control) === "radio").length > 1;
}

function noOption({ name, set, position }: AddressedField, problem: string): NoOptionError {
  const wanted = "optionText" in set ? `“${set.optionText}”` : "checked" in set ? "on or off" : "";
  const message = `field ${name} cannot be set${wanted === "" ? "" : ` to ${wanted}`}: ${problem}`;
  return new NoOptionError(message, position);
}

function isMeant(
  markup: Markup,
  control: MarkupElement,
  set: Exclude<ResolvedSetting, { readonly checked: boolean }>,
): boolean {
  if ("value" in set) return (control.attributes.get("value") ?? "on") === set.value;
  return normalizeLabel(captionOf(markup, control)) === normalizeLabel(set.optionText);
}

/** A list a script fills has no options on the page, and takes any value. */
function choice(markup: Markup, list: MarkupElement, field: AddressedField): string {
  const { set } = field;
  const options = optionsOf(markup, list);
  if ("value" in set && options.length === 0) return set.value;
  const option = options.find((each) =>
    "value" in set
      ? optionValue(markup, each) === set.value
      : "optionText" in set &&
        normalizeLabel(textOf(markup, each)) === normalizeLabel(set.optionText),
  );
  if (option === undefined)
    throw noOption(field, `no such option; ${offers(markup, options, set)}`);
  return optionValue(markup, option);
}

/** What there is instead, for whoever has to choose anew. */
function offers(markup: Markup, options: readonly MarkupElement[], set: ResolvedSetting): string {
  const names = options.map((option) =>
    "value" in set ? optionValue(markup, option) : textOf(markup, option),
  );
  const more = names.length > mostNamed ? ", …" : "";
  return `there are ${names.slice(0, mostNamed).join(", ")}${more}`;
}

/** A radio button that goes on switches the others of its group off (HTML Standard §4.10.5.1.16). */
function mark(
  control: MarkupElement,
  isOn: boolean,
  form: readonly MarkupElement[],
  changes: FieldChanges,
): void {
  const name = control.attributes.get("name");
  if (isOn && inputType(control) === "radio" && name !== undefined) {
    for (const other of form)
      if (
        isCheckable(other) &&
        inputType(other) === "radio" &&
        other.attributes.get("name") === name
      )
        changes.marks.set(other, false);
  }
  changes.marks.set(control, isOn);
}
