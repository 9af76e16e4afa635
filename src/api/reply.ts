import { ApiError } from "./api-error.ts";
import type { LocalService } from "./local-service.ts";

/** One request after parsing; `segments` holds the path pieces matched by `{…}` in the route, in order. */
export interface ApiRequest {
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined when the request had no body. */
  readonly body: unknown;
  /** `Referer` header; "" without. */
  readonly referer: string;
  /** Who asks: the command line says so of itself (`User-Agent`), everything else is `api`. */
  readonly client: "cli" | "api";
}

/** One answer, ready to be sent. */
export interface ApiReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Where a browser is sent; only with status 303. */
  readonly location?: string;
}

/** One method at one path. */
export interface Route {
  readonly method: "GET" | "POST";
  /** `/api/v1/printers/{id}`; a segment in braces matches anything but a slash. */
  readonly path: string;
  /** Health, metrics and the description of the API itself need no token. */
  readonly open?: true;
  readonly handle: (request: ApiRequest) => ApiReply | Promise<ApiReply>;
}

/** Any value as JSON. */
export function json(value: unknown, status = 200): ApiReply {
  return { status, contentType: "application/json; charset=utf-8", body: JSON.stringify(value) };
}

/** Sends the browser to the page the ACS named (TR-069a6 A.4.2.1); a page on the web is all it may name. */
export function kicked(nextUrl: string): ApiReply {
  const url = URL.canParse(nextUrl) ? new URL(nextUrl) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") return json({ kicked: true });
  return { status: 303, contentType: "text/plain; charset=utf-8", body: "", location: url.href };
}

/** The value; 404 without one. */
export function known<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new ApiError(404, `there is no ${name}: see mfpgate printers`);
  return value;
}

/** Like {@link known}, of what needs a device in service: says why a printer that is listed is not. */
export function served<T>(service: LocalService, id: string, value: T | undefined): T {
  if (value !== undefined) return value;
  const printer = service.printers().find((listed) => listed.id === id);
  if (printer?.reachability === "Retired")
    throw new ApiError(404, `${id} is retired: mfpgate approve ${id} takes it back`);
  if (printer?.presentation === "none")
    throw new ApiError(404, `${id} is not shown to the ACS: see mfpgate present`);
  return known(id, value);
}

/** For {@link served}: what did not happen is as if it were not there. */
export function happened(yes: boolean): true | undefined {
  return yes ? true : undefined;
}

/** `{done: true}`, or 404. */
export function done(name: string, yes: boolean): ApiReply {
  return json({ done: known(name, happened(yes)) });
}
