import type { Given, RequestBody } from "../exchange.ts";
import { type EncodedBody, encodeMultipart, encodeUrlForm } from "./form-encoding.ts";
import type { GivenValues } from "./given-values.ts";

/** Deeper JSON than any mapping writes. */
const mostDepth = 32;

/** Turns the body of a request into octets, with everything given filled in. */
export function encodeBody(body: RequestBody, values: GivenValues): EncodedBody {
  switch (body.kind) {
    case "form": {
      const entries = body.fields.map(([name, given]) => [name, values.text(given)] as const);
      return body.multipart === true ? encodeMultipart(entries) : encodeUrlForm(entries);
    }
    case "json": {
      const text = JSON.stringify(filled(body.json, values, 0));
      return { type: "application/json", bytes: Buffer.from(text, "utf8") };
    }
    case "text":
      return { type: body.type, bytes: Buffer.from(filledText(body, values), "utf8") };
  }
}

function filled(json: unknown, values: GivenValues, depth: number): unknown {
  if (typeof json !== "object" || json === null || depth > mostDepth) return json;
  if (Array.isArray(json)) return json.map((item) => filled(item, values, depth + 1));
  const entries = Object.entries(json);
  const [only] = entries;
  // The mapping's schema has checked what stands below `given`.
  if (entries.length === 1 && only?.[0] === "given") return values.text(only[1] as Given);
  return Object.fromEntries(entries.map(([key, item]) => [key, filled(item, values, depth + 1)]));
}

function filledText(
  { type, text, parts }: Extract<RequestBody, { kind: "text" }>,
  values: GivenValues,
): string {
  const escape = escapeFor(type, text);
  return text.replace(/\{(\w{1,60})\}/g, (whole, name: string) => {
    const given = Object.hasOwn(parts, name) ? parts[name] : undefined;
    return given === undefined ? whole : escape(values.text(given));
  });
}

/** How a value is put into a text so that it stays a value. Toshiba calls its XML text/plain. */
function escapeFor(type: string, text: string): (value: string) => string {
  if (/xml/i.test(type) || text.startsWith("<")) return escapeXml;
  if (/json/i.test(type)) return (value) => JSON.stringify(value).slice(1, -1);
  if (/urlencoded/i.test(type)) return encodeURIComponent;
  return (value) => value;
}

const xmlEntities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text as content or attribute of XML 1.0; characters XML cannot hold are left out. */
export function escapeXml(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- the characters XML 1.0 §2.2 excludes
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
      .replace(/[&<>"']/g, (character) => xmlEntities[character] ?? character)
  );
}
