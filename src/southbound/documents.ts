/**
 * Documents printers give: web pages, IPP attributes, PJL answers, TXT records, banners. Types only, for mapping
 * (which says what is wanted) and drivers (which fetch and take out). A mapping never sees a page: it names documents
 * and selectors, and gets texts back.
 */

import type { UnavailableReason } from "./driver.ts";

/** Protocols that give documents. `ews` is the embedded web server; the others hold one document per name. */
export const channels = ["ews", "ipp", "pjl", "mdns", "wsd", "banner"] as const;
/** One of {@link channels}. */
export type Channel = (typeof channels)[number];

/** How a document is read; without it the content type and the first bytes decide. */
export const documentFormats = ["html", "xml", "json", "script", "csv", "text"] as const;
/** One of {@link documentFormats}. `script` is JavaScript: assignments and object literals. */
export type DocumentFormat = (typeof documentFormats)[number];

/**
 * One place in a document. Exactly one of the kinds `css`, `xpath`, `json`, `js`, `label`, `field`, `csv`, `header`,
 * `regex`, `title`, `status`; the other keys refine it. A selector finds a list of texts (all matches in document
 * order); texts are whitespace-collapsed and trimmed, with entities decoded.
 */
export interface Selector {
  /** HTML or XML: elements by CSS selector (namespace prefixes are ignored). */
  readonly css?: string | undefined;
  /** XML or HTML: `/a/b[c='x']/d`, `//name`, `@attr`, `[2]`, `[@k='v']`, `..`; prefixes are ignored. */
  readonly xpath?: string | undefined;
  /** JSON: `$.a.b[0].c`, `[*]`, `[?(@.k=='v')]`, `..name`; also into what `js` documents assign. */
  readonly json?: string | undefined;
  /** Script variable, as assigned last: `BlackTonerPer`, `_pp.smtpServerName`; a path goes into its literal: `tonerVolInfo.tonerKVol`, `x[0][1]`. Also in the scripts of an HTML page. */
  readonly js?: string | undefined;
  /** Text of the cell that names the value (in any of several languages): the value is the next cell, `dd`, or control. Compared without case, final colons, asterisks and blanks. */
  readonly label?: string | readonly string[] | undefined;
  /** Control of a form by name: its value, the selected option's value, `true`/`false` for a check box, the checked radio's value. */
  readonly field?: string | undefined;
  /** CSV: column by its heading or its number from 0; all rows below. */
  readonly csv?: string | number | undefined;
  /** Response header by name. */
  readonly header?: string | undefined;
  /** The whole document as text: first group (else all) of each match of an RE2 pattern. */
  readonly regex?: string | undefined;
  /** HTML: text of `title`. */
  readonly title?: true | undefined;
  /** HTTP status of the answer, as text. The document need not exist. */
  readonly status?: true | undefined;

  /** Only within the elements this CSS selector finds (label, field, css). */
  readonly within?: string | undefined;
  /** This attribute instead of the element's text. */
  readonly attribute?: string | undefined;
  /** This property of the `style` attribute instead of the element's text: `height`, `background`. */
  readonly style?: string | undefined;
  /** `field`: the text of the selected option instead of its value. */
  readonly option?: "text" | undefined;
  /** Which match, from 0; from the end when negative. */
  readonly nth?: number | undefined;
}

/** Something to take out of a document. */
export type Extraction =
  | { readonly kind: "values"; readonly key: string; readonly selector: Selector }
  /** One row per match of `each` (css, xpath, json or csv); cells are selected relative to the row. */
  | {
      readonly kind: "rows";
      readonly key: string;
      readonly each: Selector;
      readonly cells: readonly { readonly key: string; readonly selector: Selector }[];
    };

/** One row of a `rows` extraction: texts by cell key; a cell that found nothing is absent. */
export type ExtractedRow = ReadonlyMap<string, readonly string[]>;

/** How a web page is asked for when a plain GET is not enough. */
export interface PageRequest {
  readonly path: string;
  readonly method?: "GET" | "POST" | undefined;
  /** A literal, or the value of a cookie of the session. */
  readonly headers?: Readonly<Record<string, string | { readonly cookie: string }>> | undefined;
  readonly cookies?: Readonly<Record<string, string>> | undefined;
  readonly body?:
    | {
        readonly type: string;
        /** `{name}` stands for what an answer of this conversation gave under one of the names in `remembered`. */
        readonly text: string;
        readonly remembered?: readonly string[] | undefined;
      }
    | undefined;
}

/** One document to be read, and all that is wanted of it: fetched once, whatever the number of parameters. */
export interface DocumentRead {
  readonly channel: Channel;
  /** Names the document within a plan and in provenance: the path of a page, else a name of the mapping's own. */
  readonly name: string;
  /** For `ews`. */
  readonly request?: PageRequest | undefined;
  readonly format?: DocumentFormat | undefined;
  /** Only readable after the login of the plan's web profile. */
  readonly needsLogin?: boolean | undefined;
  /** Fetched only when these documents (of the same plan, listed before) exist, or do not: a probe chain. */
  readonly onlyWith?: readonly string[] | undefined;
  readonly onlyWithout?: readonly string[] | undefined;
  /** Noted from the answer, for later requests of the conversation: a token that changes with every answer. */
  readonly remember?: Readonly<Record<string, Selector>> | undefined;
  readonly extractions: readonly Extraction[];
}

/** What documents of one conversation gave. Whoever evaluates asks for exactly what the plan named. */
export interface DocumentAnswers {
  /** Texts a `values` extraction found (none: empty list), or why the document is not there. */
  values(document: string, key: string): readonly string[] | UnavailableReason;
  /** Rows of a `rows` extraction. */
  rows(document: string, key: string): readonly ExtractedRow[] | UnavailableReason;
  /**
   * Where in the document each extraction found its match, as a chain of elements (`html/body/div#main/td.value`) by
   * extraction key; to notice that a page was rebuilt. Undefined when the document is not there.
   */
  structure(document: string): ReadonlyMap<string, string> | undefined;
}
