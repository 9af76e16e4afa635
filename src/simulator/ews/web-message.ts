import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/** One request to a simulated web server, read whole. */
export interface EwsRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly cookies: ReadonlyMap<string, string>;
  readonly body: string;
  readonly isSecure: boolean;
}

/** What is answered. A header that is a list is sent several times (`Set-Cookie`). */
export interface EwsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Uint8Array;
}

/** Answers one request; undefined: there is no such page. */
export type EwsHandler = (request: EwsRequest) => EwsAnswer | undefined;

/** Handlers by method and path, `GET /general/status.html`; one with a query goes before one without. */
export type EwsRoutes = ReadonlyMap<string, EwsHandler>;

/** More than any form of a printer; firmware files are not taken. */
const largestBody = 1024 * 1024;

/** Reads a request; undefined when its body is larger than 1 MiB. */
export async function readRequest(
  message: IncomingMessage,
  isSecure: boolean,
): Promise<EwsRequest | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > largestBody) return undefined;
    parts.push(part);
  }
  const target = message.url ?? "/";
  const queryAt = target.indexOf("?");
  return {
    method: message.method ?? "GET",
    target,
    path: queryAt < 0 ? target : target.slice(0, queryAt),
    query: new URLSearchParams(queryAt < 0 ? "" : target.slice(queryAt + 1)),
    headers: message.headers,
    cookies: readCookies(message.headers.cookie ?? ""),
    body: Buffer.concat(parts).toString("utf8"),
    isSecure,
  };
}

function readCookies(header: string): ReadonlyMap<string, string> {
  return new Map(
    header.split(";").flatMap((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const];
    }),
  );
}

/** The fields of an `application/x-www-form-urlencoded` body; none for any other body. */
export function readFormBody({ headers, body }: EwsRequest): URLSearchParams {
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  return new URLSearchParams(isForm === true ? body : "");
}

type ExtraHeaders = EwsAnswer["headers"];

/** A page. */
export function html(body: string, headers: ExtraHeaders = {}): EwsAnswer {
  return document("text/html; charset=UTF-8", body, headers);
}

/** An XML document. */
export function xml(body: string, headers: ExtraHeaders = {}): EwsAnswer {
  return document("text/xml; charset=UTF-8", body, headers);
}

/** A JSON document. */
export function json(value: unknown, headers: ExtraHeaders = {}): EwsAnswer {
  return document("application/json", JSON.stringify(value), headers);
}

/** Any other document with status 200. */
export function document(type: string, body: string, headers: ExtraHeaders = {}): EwsAnswer {
  return { status: 200, headers: { "Content-Type": type, ...headers }, body };
}

/** 302 to a path of the same server. */
export function redirect(location: string, headers: ExtraHeaders = {}): EwsAnswer {
  return { status: 302, headers: { Location: location, ...headers }, body: "" };
}

/** A short answer that is no page of the printer: 401, 404, 503. */
export function plain(status: number, text: string, headers: ExtraHeaders = {}): EwsAnswer {
  return {
    status,
    headers: { "Content-Type": "text/plain; charset=UTF-8", ...headers },
    body: text,
  };
}
