import type { Selector } from "../documents.ts";
import type { FormStep, ScriptedForm } from "../exchange.ts";
import { findTexts } from "./answer-texts.ts";
import { EwsProtocolError } from "./errors.ts";
import { encodeUrlForm } from "./form-encoding.ts";
import type { FormStepParts } from "./form-step.ts";
import type { WebAnswer, WebRequest } from "./web-client.ts";

/**
 * The request the page's script would make when somebody changes the fields of `step`: everything the page says now, with
 * those changed.
 * @throws {EwsProtocolError} `ews.page-changed` when a value is not on the page, or a field is not of the form
 */
export async function scriptedRequest(
  step: FormStep,
  { to, format, fields }: ScriptedForm,
  page: WebAnswer,
  { extractor, values }: FormStepParts,
): Promise<WebRequest> {
  const changes = changesOf(step, values.text.bind(values), page);
  const wanted = fields.filter(([name]) => !changes.has(name));
  const selectors = Object.fromEntries(wanted.flatMap(selected));
  const found = await findTexts(extractor, page, selectors, format);
  const entries = fields.map(([name, literal]) => {
    const text =
      changes.get(name) ?? (typeof literal === "string" ? literal : found.get(name)?.[0]);
    if (text === undefined) throw notThere(page, name);
    return [name, text] as const;
  });
  const unknown = [...changes.keys()].find((name) => !fields.some(([known]) => known === name));
  if (unknown !== undefined) throw notThere(page, unknown);
  const headers = { Origin: page.url.origin, ...values.texts(step.headers) };
  return { method: "POST", path: to, headers, body: encodeUrlForm(entries) };
}

function selected([name, value]: ScriptedForm["fields"][number]): [string, Selector][] {
  return typeof value === "string" ? [] : [[name, value]];
}

/** Names and values of the fields that are set; a script knows nothing but those. */
function changesOf(
  step: FormStep,
  text: FormStepParts["values"]["text"],
  page: WebAnswer,
): ReadonlyMap<string, string> {
  return new Map(
    step.fields.map(({ at, set }) => {
      if (!("name" in at) || !("value" in set)) throw notThere(page, JSON.stringify(at));
      return [at.name, text(set.value)] as const;
    }),
  );
}

function notThere(page: WebAnswer, name: string): EwsProtocolError {
  return new EwsProtocolError(
    "page-changed",
    `${page.url.host} ${page.url.pathname} has no value for ${name}`,
  );
}
