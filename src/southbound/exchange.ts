/** Requests to a printer's web server as data: logins and writes. Types only, for mapping and the EWS driver. */

import type { DocumentFormat, Selector } from "./documents.ts";

/** A value put into a request: a literal, or something known only when it is sent. */
export type Given =
  | string
  | {
      readonly credential: "username" | "password";
      readonly encode?: Encoding | undefined;
    }
  /** The value of a cookie of the session. */
  | { readonly cookie: string }
  /** What an earlier answer of this session gave by `remember`, behind `prefix` (`Bearer `). */
  | { readonly remembered: string; readonly prefix?: string | undefined }
  /** Milliseconds since 1970, for servers that want a `Dummy=` against caches. */
  | { readonly now: "milliseconds" };

/** How a value is written into a field. */
export type Encoding = "base64";

/** What tells one outcome from another; all that is given must hold. HTTP status alone proves nothing. */
export interface AnswerTest {
  readonly status?: readonly number[] | undefined;
  /** RE2 pattern found in the body. */
  readonly body?: string | undefined;
  /** This cookie is set, not empty, after the answer. */
  readonly cookie?: string | undefined;
  /** RE2 pattern found in the final URL (path and query). */
  readonly url?: string | undefined;
  /** What the selector finds in the answer equals (or merely exists). */
  readonly found?: Selector | undefined;
  readonly equals?: string | undefined;
  /** The selector finds nothing. */
  readonly absent?: Selector | undefined;
}

/** How the outcome of a request is judged. `failure` and `busy` are looked at first, any of them is enough. */
export interface Judgement {
  readonly success?: AnswerTest | undefined;
  readonly failure?: readonly AnswerTest[] | undefined;
  /** Somebody else is at it, or a job runs: to be tried again later. */
  readonly busy?: readonly AnswerTest[] | undefined;
}

/** One plain request. */
export interface RequestStep extends Judgement {
  readonly kind: "request";
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly headers?: Readonly<Record<string, Given>> | undefined;
  readonly query?: Readonly<Record<string, Given>> | undefined;
  readonly body?: RequestBody | undefined;
  /** Noted from the answer, for later steps. */
  readonly remember?: Readonly<Record<string, Selector>> | undefined;
}

/** Body of a request. */
export type RequestBody =
  /** `application/x-www-form-urlencoded`, or `multipart/form-data`. */
  | {
      readonly kind: "form";
      readonly fields: readonly (readonly [string, Given])[];
      readonly multipart?: boolean | undefined;
    }
  /** Any JSON; objects of the shape of {@link Given} that are wrapped as `{ given: … }` are replaced. */
  | { readonly kind: "json"; readonly json: unknown }
  /** XML or plain text; `{name}` stands for `parts.name`, escaped as the type needs. */
  | {
      readonly kind: "text";
      readonly type: string;
      readonly text: string;
      readonly parts: Readonly<Record<string, Given>>;
    };

/** A field of a form, by what stays when the firmware renames it. */
export type FieldAddress =
  | { readonly name: string }
  | { readonly label: string | readonly string[] }
  | { readonly css: string };

/** What a field is set to: a value (of a text, an option, a radio), an option by its text, or a check box on or off. */
export type FieldSetting =
  { readonly value: Given } | { readonly optionText: string } | { readonly checked: boolean };

/**
 * Fetches a page, keeps every field of its form as a browser would send it, overrides some, and posts it to the form's
 * action. Hidden tokens travel along.
 */
export interface FormStep extends Judgement {
  readonly kind: "form";
  /** Page that holds the form; absent: the answer of the step before. */
  readonly page?: string | undefined;
  /** CSS of the form; absent: the first form that has all the fields. */
  readonly form?: string | undefined;
  /** The page has no form, its script makes one. `headers` go with the request for the page as well. */
  readonly scripted?: ScriptedForm | undefined;
  readonly fields: readonly { readonly at: FieldAddress; readonly set: FieldSetting }[];
  /** Fields the page does not have but its script adds. */
  readonly extra?: readonly (readonly [string, Given])[] | undefined;
  /**
   * What lists none of whose options is selected are sent as: this value, or (false) not at all. Browsers send the
   * first option of such a list, which would change what nobody asked to change.
   */
  readonly unselected?: Readonly<Record<string, string | false>> | undefined;
  /** Instead of the form's own action. */
  readonly action?: string | undefined;
  /** Name of the button that is pressed; absent: the first submit button with a name, as browsers do. */
  readonly press?: string | undefined;
  readonly headers?: Readonly<Record<string, Given>> | undefined;
  readonly remember?: Readonly<Record<string, Selector>> | undefined;
}

/** A form of which the page has only the values: its script puts them together and posts them. */
export interface ScriptedForm {
  readonly to: string;
  /** How the page is read. */
  readonly format?: DocumentFormat | undefined;
  /** Names in their order; each with a literal, or where on the page its value stands. All must be there. */
  readonly fields: readonly (readonly [string, string | Selector])[];
}

/** Fetches a JSON or XML document, changes it at one place, and sends it (or that part) back. */
export interface DocumentStep extends Judgement {
  readonly kind: "document";
  readonly page: string;
  readonly method: "PUT" | "POST" | "PATCH";
  /** `$.a.b` or `/a/b`: what is set; several at once. */
  readonly set: readonly { readonly at: string; readonly to: string | number | boolean }[];
  /** `whole`: the document with the change; `changed`: only the branch that leads to it (JSON merge patch, RFC 7396). */
  readonly send: "whole" | "changed";
  readonly path?: string | undefined;
  readonly headers?: Readonly<Record<string, Given>> | undefined;
}

/** One step of a chain. */
export type ExchangeStep = RequestStep | FormStep | DocumentStep;

/** How one gets in. */
export interface LoginFlow {
  /** `basic` and `digest`: credentials answer the server's challenge; `steps`: a form or a chain. */
  readonly kind: "basic" | "digest" | "steps";
  readonly steps?: readonly ExchangeStep[] | undefined;
  /** Sent with every request once logged in (a token copied from a cookie). */
  readonly headers?: Readonly<Record<string, Given>> | undefined;
  readonly logout?: readonly ExchangeStep[] | undefined;
  /** The maker's lock-out: after so many wrong passwords the account is closed for so long. */
  readonly lockout?: { readonly attempts: number; readonly forMs: number } | undefined;
}

/** How a maker's web server is talked to. */
export interface WebProfile {
  /**
   * Where the printer's pages lie on a server of several printers. `{home}` in paths stands for the path of what the
   * selector finds on the page (an address), without a final slash. When it finds nothing, those pages are not there.
   */
  readonly home?: { readonly page: string; readonly at: Selector } | undefined;
  readonly login?: LoginFlow | undefined;
  /** With every request: `Accept-Language`, `X-Requested-With`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Set before the first request: language cookies. */
  readonly cookies?: Readonly<Record<string, string>> | undefined;
  /** Oldest TLS the maker's firmware needs; used only where the site allows legacy TLS. */
  readonly legacyTls?: boolean | undefined;
}

/** One write through the web server. */
export interface EwsWrite {
  readonly steps: readonly ExchangeStep[];
  readonly needsLogin: boolean;
  readonly profile: WebProfile | undefined;
}
