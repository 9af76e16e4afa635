import type { FieldSetting, FormStep } from "../exchange.ts";
import type { FormWish } from "../extract/form.ts";
import { rawDocument } from "./answer-texts.ts";
import {
  type EncodedBody,
  type FormEntries,
  encodeMultipart,
  encodeTextForm,
  encodeUrlForm,
  urlQuery,
} from "./form-encoding.ts";
import type { GivenValues } from "./given-values.ts";
import type { FilledPage } from "./page-task.ts";
import type { PageExtractor } from "./page-extractor.ts";
import type { WebAnswer, WebRequest } from "./web-client.ts";

/** What sending a form needs. */
export interface FormStepParts {
  readonly extractor: PageExtractor;
  readonly values: GivenValues;
}

/**
 * The request a browser would make when somebody changes the fields of `step` on `page` and sends the form.
 * @throws {EwsProtocolError} `ews.page-changed`; {EwsRefusedError} for an option the page does not offer
 */
export async function formRequest(
  step: FormStep,
  page: WebAnswer,
  { extractor, values }: FormStepParts,
): Promise<WebRequest> {
  const form = await extractor.fill(rawDocument(page), wishOf(step, values));
  const entries = withExtra(form.fields, step, values);
  const action = target(page.url, step.action ?? form.action);
  const headers = {
    Referer: page.url.href,
    Origin: page.url.origin,
    ...values.texts(step.headers),
  };
  if (form.method === "GET") {
    action.search = urlQuery(entries, form.charset);
    return { method: "GET", path: action.href, headers };
  }
  return { method: "POST", path: action.href, headers, body: encode(form, entries) };
}

function wishOf(step: FormStep, values: GivenValues): FormWish {
  const fields = step.fields.map(({ at, set }) => ({ at, set: resolved(set, values) }));
  return { form: step.form, fields, unselected: step.unselected, press: step.press };
}

function resolved(set: FieldSetting, values: GivenValues): FormWish["fields"][number]["set"] {
  return "value" in set ? { value: values.text(set.value) } : set;
}

/** A field that a script adds stands for one of the same name on the page. */
function withExtra(fields: FormEntries, step: FormStep, values: GivenValues): FormEntries {
  const extra = (step.extra ?? []).map(([name, given]) => [name, values.text(given)] as const);
  const added = new Set(extra.map(([name]) => name));
  return [...fields.filter(([name]) => !added.has(name)), ...extra];
}

/** An absent or empty action is the page itself (HTML Standard §4.10.21.3). */
function target(page: URL, action: string | undefined): URL {
  const written = action?.trim() ?? "";
  return URL.canParse(written, page.href) ? new URL(written, page.href) : new URL(page.href);
}

function encode(form: FilledPage, entries: FormEntries): EncodedBody {
  switch (form.enctype) {
    case "multipart/form-data":
      return encodeMultipart(entries, form.charset);
    case "text/plain":
      return encodeTextForm(entries, form.charset);
    case "application/x-www-form-urlencoded":
      return encodeUrlForm(entries, form.charset);
  }
}
