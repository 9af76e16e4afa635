import type {
  DocumentStep,
  ExchangeStep,
  FieldSetting,
  FormStep,
} from "../../southbound/exchange.ts";
import type { PageEntry } from "../schema-documents.ts";
import type { WriteEntry } from "../schema.ts";
import {
  type FormOptionsEntry,
  compileSteps,
  fieldAt,
  fill,
  formOptions,
  judgement,
} from "./exchange.ts";
import type { CheckedAssignment } from "./write-value.ts";

/** A chain that makes one assignment or, where they share a form or document, several. */
export interface EwsChain {
  /** Chains of one frame differ in nothing but what they set: they are made together. */
  readonly frame: string;
  readonly steps: readonly ExchangeStep[];
  readonly needsLogin: boolean;
  readonly description: string;
}

/** The chain that makes one assignment through the web server. */
export function ewsChain(
  assignment: CheckedAssignment,
  pages: ReadonlyMap<string, PageEntry>,
): EwsChain {
  const { entry, row } = assignment;
  const value = rawText(assignment);
  const placeholders = { value, ...(row === undefined ? {} : { row }) };
  const main = mainStep(assignment, pages, placeholders);
  const steps = [
    ...compileSteps(entry.before ?? [], placeholders),
    ...(main === undefined ? [] : [main]),
    ...compileSteps(entry.steps ?? [], placeholders),
    ...compileSteps(entry.after ?? [], placeholders),
  ];
  return {
    frame: main === undefined ? JSON.stringify(steps) : frameOf(steps, main),
    steps,
    needsLogin: needsLogin(entry, pages),
    description: main === undefined ? describeSteps(steps) : describe(main),
  };
}

/** Whether a write is only taken from somebody who is logged in. */
export function needsLogin(entry: WriteEntry, pages: ReadonlyMap<string, PageEntry>): boolean {
  return entry.login === true || pages.get(entry.ews ?? "")?.login === true;
}

/** Two chains of one frame as one. */
export function mergeChains(a: EwsChain, b: EwsChain): EwsChain {
  const added = b.steps.flatMap((step) => (isMain(step) ? [step] : []));
  const steps = a.steps.map((step) => {
    const other = isMain(step) ? added.shift() : undefined;
    return other === undefined ? step : united(step, other);
  });
  const names = b.description.slice(b.description.indexOf(": ") + 2);
  return { ...a, steps, description: `${a.description}, ${names}` };
}

function united(step: ExchangeStep, other: FormStep | DocumentStep): ExchangeStep {
  if (step.kind === "form" && other.kind === "form")
    return { ...step, fields: [...step.fields, ...other.fields] };
  if (step.kind === "document" && other.kind === "document")
    return { ...step, set: [...step.set, ...other.set] };
  return step;
}

/** Steps that several assignments may share. */
function isMain(step: ExchangeStep): step is FormStep | DocumentStep {
  return step.kind !== "request";
}

interface Filled {
  readonly value: string;
  readonly row?: string;
}

function mainStep(
  assignment: CheckedAssignment,
  pages: ReadonlyMap<string, PageEntry>,
  placeholders: Filled,
): FormStep | DocumentStep | undefined {
  const { entry } = assignment;
  if (entry.ews === undefined) return undefined;
  const known = pages.get(entry.ews);
  const page = fill(known?.path ?? entry.ews, placeholders);
  if (entry.at !== undefined) return documentStep(assignment, entry.at, page, placeholders);
  return {
    kind: "form",
    page,
    ...formOptions(known?.form === undefined ? entry : withPage(entry, known), placeholders),
    ...(known?.form === undefined ? {} : { scripted: { ...known.form, format: known.format } }),
    fields: [
      { at: fieldAt(entry.field ?? "", placeholders), set: setting(assignment, placeholders) },
    ],
    ...judgement(entry),
  };
}

/** A form made by the page's script is sent with the headers the page is asked for with. */
function withPage(entry: WriteEntry, { headers }: PageEntry): FormOptionsEntry {
  return { ...entry, headers: { ...headers, ...entry.headers } };
}

function documentStep(
  { entry, raw }: CheckedAssignment,
  at: string,
  page: string,
  placeholders: Filled,
): DocumentStep {
  return {
    kind: "document",
    page,
    method: entry.method ?? "PUT",
    set: [{ at: fill(at, placeholders), to: raw }],
    send: entry.send ?? "whole",
    ...(entry.to === undefined ? {} : { path: entry.to }),
    ...judgement(entry),
  };
}

/** Switches are check boxes unless the mapping says otherwise. */
function setting({ entry, raw, value }: CheckedAssignment, { value: text }: Filled): FieldSetting {
  const how = entry.set ?? (typeof raw === "boolean" ? "checked" : "value");
  if (how === "checked") return { checked: value === true };
  return how === "optionText" ? { optionText: text } : { value: text };
}

function rawText({ raw }: CheckedAssignment): string {
  return typeof raw === "string" ? raw : String(raw);
}

function frameOf(steps: readonly ExchangeStep[], main: FormStep | DocumentStep): string {
  const bare = steps.map((step) => (step === main ? withoutValues(main) : step));
  return JSON.stringify(bare);
}

function withoutValues(step: FormStep | DocumentStep): unknown {
  return step.kind === "form" ? { ...step, fields: [] } : { ...step, set: [] };
}

function describe(step: FormStep | DocumentStep): string {
  if (step.kind === "document")
    return `${step.method} ${step.path ?? step.page}: ${step.set.map(({ at }) => at).join(", ")}`;
  const names = step.fields.map(({ at }) =>
    "name" in at ? at.name : "css" in at ? at.css : [at.label].flat()[0],
  );
  return `form ${step.page ?? ""}: ${names.join(", ")}`;
}

/** Without queries: they may hold the value. */
function describeSteps(steps: readonly ExchangeStep[]): string {
  return steps
    .map((step) =>
      step.kind === "request"
        ? `${step.method} ${step.path.split("?", 1)[0] ?? ""}`
        : describe(step),
    )
    .join(", ");
}

/** Whether an entry is written through the web server. */
export function isEwsWrite({ ews, steps }: WriteEntry): boolean {
  return ews !== undefined || steps !== undefined;
}
