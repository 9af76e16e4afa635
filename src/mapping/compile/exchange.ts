import type {
  ExchangeStep,
  FieldAddress,
  FieldSetting,
  FormStep,
  Given,
  Judgement,
  LoginFlow,
  RequestBody,
  RequestStep,
  WebProfile,
} from "../../southbound/exchange.ts";
import { selectorOf } from "./documents.ts";
import type {
  FieldAddressEntry,
  GivenEntry,
  GivenFieldsEntry,
  StepEntry,
  WebEntry,
} from "../schema-documents.ts";

/** What stands for `{value}` and `{i}` in the texts of a step; logins and actions have neither. */
export interface Placeholders {
  /** The printer's own spelling of the value that is written. */
  readonly value?: string;
  /** Key of the row. */
  readonly row?: string;
}

/** A file's web section as the driver takes it; undefined when it says nothing. */
export function compileWeb({
  home,
  headers,
  cookies,
  legacyTls,
  login,
}: WebEntry): WebProfile | undefined {
  const profile: WebProfile = {
    ...(home === undefined ? {} : { home: { page: home.ews, at: selectorOf(home) } }),
    ...(headers === undefined ? {} : { headers }),
    ...(cookies === undefined ? {} : { cookies }),
    ...(legacyTls === undefined ? {} : { legacyTls }),
    ...(login === undefined ? {} : { login: compileLogin(login) }),
  };
  return Object.keys(profile).length === 0 ? undefined : profile;
}

function compileLogin(login: NonNullable<WebEntry["login"]>): LoginFlow {
  const { kind, steps, headers, logout, lockout } = login;
  return {
    kind,
    ...(steps === undefined ? {} : { steps: compileSteps(steps, {}) }),
    ...(headers === undefined ? {} : { headers: given(headers, {}) }),
    ...(logout === undefined ? {} : { logout: compileSteps(logout, {}) }),
    ...(lockout === undefined
      ? {}
      : { lockout: { attempts: lockout.attempts, forMs: durationMs(lockout.for) } }),
  };
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

function durationMs(text: string): number {
  return Number(text.slice(0, -1)) * (unitMs[text.slice(-1)] ?? 1_000);
}

/** A chain of steps with the placeholders filled in. */
export function compileSteps(
  steps: readonly StepEntry[],
  placeholders: Placeholders,
): readonly ExchangeStep[] {
  return steps.map((step) =>
    "submit" in step ? compileForm(step, placeholders) : compileRequest(step, placeholders),
  );
}

function compileRequest(
  step: Extract<StepEntry, { request: string }>,
  placeholders: Placeholders,
): RequestStep {
  const { headers, query, remember } = step;
  const body = bodyOf(step, placeholders);
  return {
    kind: "request",
    method: step.method ?? (body === undefined ? "GET" : "POST"),
    path: fill(step.request, placeholders),
    ...(headers === undefined ? {} : { headers: given(headers, placeholders) }),
    ...(query === undefined ? {} : { query: given(query, placeholders) }),
    ...(body === undefined ? {} : { body }),
    ...(remember === undefined ? {} : { remember }),
    ...judgement(step),
  };
}

function bodyOf(
  step: Extract<StepEntry, { request: string }>,
  placeholders: Placeholders,
): RequestBody | undefined {
  if (step.fields !== undefined)
    return {
      kind: "form",
      fields: fieldList(step.fields, placeholders),
      ...(step.multipart === undefined ? {} : { multipart: true }),
    };
  if (step.json !== undefined) return { kind: "json", json: fillJson(step.json, placeholders) };
  if (step.text === undefined) return undefined;
  // The driver escapes what stands for {value} as the type needs.
  const parts = given(step.parts ?? {}, placeholders);
  const own = placeholders.value === undefined ? {} : { value: placeholders.value };
  return {
    kind: "text",
    type: step.type ?? "text/plain; charset=utf-8",
    text: step.text.replaceAll("{i}", placeholders.row ?? "{i}"),
    parts: { ...parts, ...own },
  };
}

function compileForm(
  step: Extract<StepEntry, { submit: string | true }>,
  placeholders: Placeholders,
): FormStep {
  const { submit, form, extra, action, press, unselected, headers, remember } = step;
  return {
    kind: "form",
    ...(submit === true ? {} : { page: fill(submit, placeholders) }),
    ...formOptions({ form, extra, action, press, unselected, headers }, placeholders),
    fields: (step.set ?? []).map(({ field, value, optionText, checked }) => ({
      at: fieldAt(field, placeholders),
      set: settingOf({ value, optionText, checked }, placeholders),
    })),
    ...(remember === undefined ? {} : { remember }),
    ...judgement(step),
  };
}

function settingOf(
  entry: {
    readonly value: GivenEntry | undefined;
    readonly optionText: string | undefined;
    readonly checked: boolean | undefined;
  },
  placeholders: Placeholders,
): FieldSetting {
  if (entry.optionText !== undefined) return { optionText: fill(entry.optionText, placeholders) };
  if (entry.checked !== undefined) return { checked: entry.checked };
  return { value: giveOne(entry.value ?? "", placeholders) };
}

/** How a form is sent, as steps and writes say it. */
export interface FormOptionsEntry {
  readonly form?: string | undefined;
  readonly extra?: GivenFieldsEntry | undefined;
  readonly action?: string | undefined;
  readonly press?: string | undefined;
  readonly unselected?: FormStep["unselected"];
  readonly headers?: Readonly<Record<string, GivenEntry>> | undefined;
}

/** The keys of a form step that say how the form is sent. */
export function formOptions(
  { form, extra, action, press, unselected, headers }: FormOptionsEntry,
  placeholders: Placeholders,
): Pick<FormStep, "form" | "extra" | "action" | "press" | "unselected" | "headers"> {
  return {
    ...(form === undefined ? {} : { form: fill(form, placeholders) }),
    ...(extra === undefined ? {} : { extra: fieldList(extra, placeholders) }),
    ...(action === undefined ? {} : { action: fill(action, placeholders) }),
    ...(press === undefined ? {} : { press }),
    ...(unselected === undefined ? {} : { unselected }),
    ...(headers === undefined ? {} : { headers: given(headers, placeholders) }),
  };
}

/** Where a field is. */
export function fieldAt(entry: FieldAddressEntry, placeholders: Placeholders): FieldAddress {
  if (typeof entry === "string") return { name: fill(entry, placeholders) };
  if ("css" in entry) return { css: fill(entry.css, placeholders) };
  return { label: [entry.label].flat().map((label) => fill(label, placeholders)) };
}

/** The part of an entry that judges answers. */
export function judgement({ success, failure, busy }: Judgement): Judgement {
  return {
    ...(success === undefined ? {} : { success }),
    ...(failure === undefined ? {} : { failure }),
    ...(busy === undefined ? {} : { busy }),
  };
}

function fieldList(
  entry: GivenFieldsEntry,
  placeholders: Placeholders,
): readonly (readonly [string, Given])[] {
  const pairs = Array.isArray(entry) ? entry : Object.entries(entry);
  return pairs.map(([name, value]) => [fill(name, placeholders), giveOne(value, placeholders)]);
}

function given(
  entries: Readonly<Record<string, GivenEntry>>,
  placeholders: Placeholders,
): Readonly<Record<string, Given>> {
  return Object.fromEntries(
    Object.entries(entries).map(([name, value]) => [name, giveOne(value, placeholders)]),
  );
}

function giveOne(value: GivenEntry, placeholders: Placeholders): Given {
  return typeof value === "string" ? fill(value, placeholders) : value;
}

/** The only two placeholders of the format. */
export function fill(text: string, { value, row }: Placeholders): string {
  const withRow = row === undefined ? text : text.replaceAll("{i}", () => row);
  return value === undefined ? withRow : withRow.replaceAll("{value}", () => value);
}

function fillJson(json: unknown, placeholders: Placeholders): unknown {
  if (typeof json === "string") return fill(json, placeholders);
  if (Array.isArray(json)) return json.map((item) => fillJson(item, placeholders));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, fillJson(value, placeholders)]),
  );
}
