import type { FieldAddress } from "../exchange.ts";
import { captionOf, isControl, isHidden, visibleControls } from "./controls.ts";
import { parseCss } from "./css-parser.ts";
import { matchCss } from "./css-match.ts";
import { badSelector, ExtractError, tooBig } from "./extract-error.ts";
import { entriesOf, isSubmitButton } from "./form-entries.ts";
import { applySetting, type FieldChanges, type ResolvedSetting } from "./form-settings.ts";
import { findLabelled } from "./labels.ts";
import { extractLimits } from "./limits.ts";
import { isWithin, type Markup, type MarkupElement } from "./markup.ts";
import { markupIndex } from "./markup-index.ts";
import { parseMarkup } from "./markup-parser.ts";
import { normalizeLabel } from "./text.ts";
import { Work } from "./work.ts";

/** What is wanted of a form: a `FormStep` with its given values worked out. */
export interface FormWish {
  /** CSS of the form; absent: the first form that has all the fields. */
  readonly form?: string | undefined;
  readonly fields: readonly { readonly at: FieldAddress; readonly set: ResolvedSetting }[];
  /** What lists none of whose options is selected are sent as; `false`: not at all. */
  readonly unselected?: Readonly<Record<string, string | false>> | undefined;
  /** Name of the button to press; absent: the first submit button that has a name. */
  readonly press?: string | undefined;
}

/** A form as a browser would send it. */
export interface FilledForm {
  /** As written on the page; undefined where the page leaves it to a script or to its own address. */
  readonly action: string | undefined;
  readonly method: "GET" | "POST";
  readonly enctype: "application/x-www-form-urlencoded" | "multipart/form-data" | "text/plain";
  /** Names and values in the order of the page; names may repeat. Files that were not chosen are empty. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/**
 * Finds a form on a page, sets some of its fields and keeps all others as they are (HTML Standard §4.10.21.4, entry
 * list). A field that is set is sent even where the page has it disabled: a script would have enabled it.
 *
 * @throws {ExtractError} `ews.no-form`, `ews.no-field`, `ews.no-option`; `ews.too-big`, `ews.bad-selector`
 */
export function fillForm(html: string, wish: FormWish): FilledForm {
  if (html.length > extractLimits.bytes) throw tooBig("characters", extractLimits.bytes);
  const page = new FormPage(parseMarkup(html, "html"));
  const { form, found } = chooseForm(page, wish);
  const changes: FieldChanges = { values: new Map(), marks: new Map(), choices: new Map() };
  for (const [position, { at, set, controls }] of found.entries()) {
    const field = { name: addressText(at), position, controls, set };
    applySetting(page.markup, field, form.controls, changes);
  }
  const pressed = pressedButton(form, wish.press);
  return {
    action: pressed?.attributes.get("formaction") ?? form.element?.attributes.get("action"),
    method: methodOf(
      pressed?.attributes.get("formmethod") ?? form.element?.attributes.get("method"),
    ),
    enctype: enctypeOf(
      pressed?.attributes.get("formenctype") ?? form.element?.attributes.get("enctype"),
    ),
    fields: entriesOf(page.markup, form.controls, {
      changes,
      pressed,
      unselected: wish.unselected ?? {},
    }),
  };
}

/** A form with what belongs to it, buttons among them; without element where a page has controls but no form. */
interface FoundForm {
  readonly element: MarkupElement | undefined;
  readonly controls: readonly MarkupElement[];
}

interface FoundField {
  readonly at: FieldAddress;
  readonly set: ResolvedSetting;
  readonly controls: readonly MarkupElement[];
}

/** A page seen as forms. */
class FormPage {
  readonly markup: Markup;
  readonly #work = new Work();
  readonly #controls: readonly MarkupElement[];

  constructor(markup: Markup) {
    this.markup = markup;
    this.#controls = markup.elements.filter(
      (element) => isControl(element) || element.name === "input" || element.name === "button",
    );
  }

  forms(css: string | undefined): readonly FoundForm[] {
    if (css !== undefined) return this.select(css).map((element) => this.#around(element));
    const elements = this.markup.elements.filter(({ name }) => name === "form");
    if (elements.length === 0) return [{ element: undefined, controls: this.#controls }];
    const owned = new Map<MarkupElement | undefined, MarkupElement[]>();
    for (const control of this.#controls) {
      const form = this.#formOf(control);
      const others = owned.get(form);
      if (others === undefined) owned.set(form, [control]);
      else others.push(control);
    }
    return elements.map((element) => ({ element, controls: owned.get(element) ?? [] }));
  }

  select(css: string): readonly MarkupElement[] {
    const parsed = parseCss(css);
    if (typeof parsed === "string") throw badSelector(parsed);
    return matchCss(parsed, this.markup, undefined, this.#work);
  }

  labelled(labels: readonly string[]): readonly MarkupElement[] {
    return findLabelled(labels, this.markup, undefined, this.#work);
  }

  /** A `form`, or any part of a page that has none. */
  #around(element: MarkupElement): FoundForm {
    const controls = this.#controls.filter((control) =>
      element.name === "form" ? this.#formOf(control) === element : isWithin(control, element),
    );
    return { element, controls };
  }

  /** HTML Standard §4.10.17.3, form owner. */
  #formOf(control: MarkupElement): MarkupElement | undefined {
    const id = control.attributes.get("form");
    return id === undefined ? control.form : markupIndex(this.markup).byId.get(id);
  }
}

/** The first form that has all fields; of the one that has most is told what it lacks. */
function chooseForm(
  page: FormPage,
  wish: FormWish,
): { form: FoundForm; found: readonly FoundField[] } {
  const wanted = wish.fields.map((field) => ({ ...field, places: placesOf(page, field.at) }));
  let nearest: { readonly count: number; readonly lacks: FieldAddress } | undefined;
  for (const form of page.forms(wish.form).slice(0, extractLimits.texts)) {
    const found = wanted.map(({ at, set, places }) => ({
      at,
      set,
      controls: locate(page.markup, form, at, places),
    }));
    const lacking = found.filter(({ controls }) => controls.length === 0);
    const [first] = lacking;
    if (first === undefined) return { form, found };
    const count = found.length - lacking.length;
    if (nearest === undefined || count > nearest.count) nearest = { count, lacks: first.at };
  }
  if (nearest === undefined)
    throw new ExtractError(`page has no form ${wish.form ?? ""}`.trimEnd(), {
      code: "ews.no-form",
    });
  throw new ExtractError(`form has no field ${addressText(nearest.lacks)}`, {
    code: "ews.no-field",
  });
}

/** Controls of the whole page at an address; names are looked up form by form. */
function placesOf(page: FormPage, at: FieldAddress): ReadonlySet<MarkupElement> {
  if ("name" in at) return new Set();
  const places = "css" in at ? page.select(at.css) : page.labelled(labelsOf(at.label));
  return new Set(
    places.flatMap((place) => (isControl(place) ? [place] : visibleControls(page.markup, place))),
  );
}

/** Controls of the form at an address; those a person sees before hidden ones. */
function locate(
  markup: Markup,
  form: FoundForm,
  at: FieldAddress,
  places: ReadonlySet<MarkupElement>,
): readonly MarkupElement[] {
  const own = form.controls.filter(isControl);
  if ("name" in at) {
    const named = own.filter(({ attributes }) => attributes.get("name") === at.name);
    const visible = named.filter((control) => !isHidden(control));
    return visible.length > 0 ? visible : named;
  }
  const found = own.filter((control) => places.has(control));
  return found.length > 0 || "css" in at ? found : captioned(markup, own, at.label);
}

/** Check boxes and radio buttons without a `label`, by the text beside them. */
function captioned(
  markup: Markup,
  own: readonly MarkupElement[],
  label: string | readonly string[],
): readonly MarkupElement[] {
  const wanted = new Set(labelsOf(label).map(normalizeLabel));
  return own.filter(
    (control) => !isHidden(control) && wanted.has(normalizeLabel(captionOf(markup, control))),
  );
}

function labelsOf(label: string | readonly string[]): readonly string[] {
  return typeof label === "string" ? [label] : label;
}

function addressText(at: FieldAddress): string {
  if ("name" in at) return at.name;
  return "css" in at ? at.css : `“${labelsOf(at.label).join("” or “")}”`;
}

function pressedButton(form: FoundForm, name: string | undefined): MarkupElement | undefined {
  const buttons = form.controls.filter(isSubmitButton);
  if (name === undefined)
    return buttons.find(
      ({ attributes }) => (attributes.get("name") ?? "") !== "" && !attributes.has("disabled"),
    );
  const pressed = buttons.find(({ attributes }) => attributes.get("name") === name);
  if (pressed === undefined)
    throw new ExtractError(`form has no button ${name}`, { code: "ews.no-field" });
  return pressed;
}

function methodOf(method: string | undefined): FilledForm["method"] {
  return method?.trim().toLowerCase() === "post" ? "POST" : "GET";
}

function enctypeOf(enctype: string | undefined): FilledForm["enctype"] {
  const lower = enctype?.trim().toLowerCase();
  return lower === "multipart/form-data" || lower === "text/plain"
    ? lower
    : "application/x-www-form-urlencoded";
}
