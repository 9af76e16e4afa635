import type { DocumentRead, PageRequest } from "../../southbound/documents.ts";
import type { PageEntry } from "../schema-documents.ts";
import type { DocumentNeed } from "./documents.ts";

/** Puts what is needed of documents into the order it is to be fetched: probed pages before those that depend on them. */
export function documentPlan(
  needs: ReadonlyMap<string, DocumentNeed>,
  pages: ReadonlyMap<string, PageEntry>,
): readonly DocumentRead[] {
  const reads = new Map<string, DocumentRead>();
  const add = (name: string, seen: readonly string[]): void => {
    // A circle of pages that wait for each other is broken at its first page.
    if (reads.has(name) || seen.includes(name)) return;
    const page = pages.get(name);
    for (const other of [...(page?.onlyWith ?? []), ...(page?.onlyWithout ?? [])])
      add(other, [...seen, name]);
    const need = needs.get(name) ?? { channel: "ews" as const, name, extractions: new Map() };
    reads.set(name, toRead(need, page));
  };
  for (const name of needs.keys()) add(name, []);
  return [...reads.values()];
}

function toRead(need: DocumentNeed, page: PageEntry | undefined): DocumentRead {
  const { channel, name, extractions } = need;
  return {
    channel,
    name,
    ...(channel === "ews" ? { request: requestOf(name, page) } : {}),
    ...(page?.format === undefined ? {} : { format: page.format }),
    ...(page?.login === true ? { needsLogin: true } : {}),
    ...(page?.onlyWith === undefined ? {} : { onlyWith: page.onlyWith }),
    ...(page?.onlyWithout === undefined ? {} : { onlyWithout: page.onlyWithout }),
    ...(page?.remember === undefined ? {} : { remember: page.remember }),
    extractions: [...extractions.values()],
  };
}

function requestOf(name: string, page: PageEntry | undefined): PageRequest {
  const { path = name, method, headers, cookies } = page ?? {};
  const body = bodyOf(page);
  return {
    path,
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers }),
    ...(cookies === undefined ? {} : { cookies }),
    ...(body === undefined ? {} : { body }),
  };
}

function bodyOf(page: PageEntry | undefined): PageRequest["body"] {
  if (page?.body !== undefined)
    return {
      type: page.type ?? "text/plain; charset=utf-8",
      text: page.body,
      ...(page.remembered === undefined ? {} : { remembered: page.remembered }),
    };
  if (page?.fields === undefined) return undefined;
  const text = new URLSearchParams(page.fields).toString();
  return { type: "application/x-www-form-urlencoded", text };
}
