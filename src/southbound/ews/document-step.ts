import { decodeCharset } from "../../shared/iconv.ts";
import type { DocumentStep } from "../exchange.ts";
import { EwsProtocolError } from "./errors.ts";
import type { EncodedBody } from "./form-encoding.ts";
import {
  type JsonScalar,
  type JsonStep,
  mergePatch,
  parseJsonPath,
  setInJson,
} from "./json-edit.ts";
import type { WebAnswer } from "./web-client.ts";
import { parseXmlPath, setInXml, xmlBranch } from "./xml-edit.ts";

/** Larger documents are not settings. */
const largestDocument = 1024 * 1024;

/**
 * The document of `page` with the values of `step` set, or the branch that leads to them.
 * @throws {EwsProtocolError} `ews.page-changed` when the document is not built as the mapping says
 */
export function editDocument(step: DocumentStep, page: WebAnswer, host: string): EncodedBody {
  const { bytes } = page;
  if (bytes.length > largestDocument)
    throw new EwsProtocolError("too-large", `${host} ${page.url.pathname} is too large to change`);
  const text = decodeCharset(bytes, "utf-8");
  // Octets that are not UTF-8 would come back as others.
  if (text.includes("\ufffd"))
    throw new EwsProtocolError("malformed", `${host} ${page.url.pathname} is not in UTF-8`);
  const isJson = step.set[0]?.at.startsWith("$") ?? true;
  const edited = isJson ? editJson(step, text) : editXml(step, text);
  if (typeof edited !== "string")
    throw new EwsProtocolError(
      "page-changed",
      `${host} ${page.url.pathname} has no value at ${edited.missing}, or it cannot be set alone`,
    );
  const usual = isJson ? "application/json" : "text/xml";
  return { type: page.headers.get("content-type") ?? usual, bytes: Buffer.from(edited, "utf8") };
}

/** The path at which nothing can be set. */
interface Missing {
  readonly missing: string;
}

function editJson(step: DocumentStep, text: string): string | Missing {
  const changes: { path: readonly JsonStep[]; to: JsonScalar }[] = [];
  let whole = text;
  for (const { at, to } of step.set) {
    const path = parseJsonPath(at);
    const edited = path === undefined ? undefined : setInJson(whole, path, to);
    if (path === undefined || edited === undefined) return { missing: at };
    changes.push({ path, to });
    whole = edited;
  }
  if (step.send === "whole") return whole;
  return mergePatch(changes) ?? { missing: step.set[0]?.at ?? "" };
}

function editXml(step: DocumentStep, text: string): string | Missing {
  if (step.send === "changed") return editBranch(step, text);
  let whole = text;
  for (const { at, to } of step.set) {
    const path = parseXmlPath(at);
    const edited = path === undefined ? undefined : setInXml(whole, path, String(to));
    if (edited === undefined) return { missing: at };
    whole = edited;
  }
  return whole;
}

function editBranch(step: DocumentStep, text: string): string | Missing {
  const targets: { path: NonNullable<ReturnType<typeof parseXmlPath>>; to: string }[] = [];
  for (const { at, to } of step.set) {
    const path = parseXmlPath(at);
    if (path === undefined) return { missing: at };
    targets.push({ path, to: String(to) });
  }
  return xmlBranch(text, targets) ?? { missing: step.set.map(({ at }) => at).join(", ") };
}
