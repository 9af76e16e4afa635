import { createHash, timingSafeEqual } from "node:crypto";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ProxierError, errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import { ApiError, ApiListenError } from "./api-error.ts";
import type { ApiReply, Route } from "./reply.ts";

const log = logger("api.server");

/** Largest request body; a SetParameterValues of a few hundred parameters fits. */
const maxBodyBytes = 256 * 1024;
/** What the command line calls itself. */
export const cliUserAgent = "mfpgate-cli";
const tokenCookie = "mfpgate_token";

/** Where to listen, the bearer token, and what is served. */
export interface ApiServerOptions {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  readonly routes: readonly Route[];
}

/** The running local API. */
export interface ApiServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the local API. Requests carry `Authorization: Bearer <token>`; a browser may open `/?token=…` once and is
 * given a cookie.
 * @throws {ApiListenError} port in use, address not ours, no permission
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const server = createServer(
    { maxHeaderSize: 8192, requestTimeout: 30_000 },
    (request, response) => {
      const url = urlOf(request);
      handle(request, url, options)
        .catch((error: unknown) => failure(error))
        .then((reply) => {
          send(response, reply, sessionCookie(url, options.token));
        })
        .catch((error: unknown) => {
          log.error("reply could not be sent", { error });
        });
    },
  );
  server.maxConnections = 100;
  await listen(server, options);
  const { address, port, family } = server.address() as AddressInfo;
  const host = family === "IPv6" ? `[${address}]` : address;
  return {
    url: `http://${host}:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { host, port }: ApiServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(new ApiListenError(`${host}:${port}`, error));
    };
    server.once("error", fail);
    server.listen(port, host, () => {
      server.off("error", fail);
      resolve();
    });
  });
}

/** What is asked for; undefined when the request target is no path (`//`). */
function urlOf(request: IncomingMessage): URL | undefined {
  const target = request.url ?? "/";
  const base = "http://localhost";
  return URL.canParse(target, base) ? new URL(target, base) : undefined;
}

async function handle(
  request: IncomingMessage,
  url: URL | undefined,
  options: ApiServerOptions,
): Promise<ApiReply> {
  if (url === undefined) throw new ApiError(400, "the request target is not a path");
  const matching = options.routes.flatMap((route) => {
    const segments = match(route.path, url.pathname);
    return segments === undefined ? [] : [{ route, segments }];
  });
  if (matching.length === 0)
    throw new ApiError(404, `no such page: ${url.pathname}; see /openapi.json`);
  const chosen = matching.find(({ route }) => route.method === request.method);
  if (chosen === undefined)
    throw new ApiError(405, `${url.pathname} does not take ${request.method ?? "this method"}`);
  if (chosen.route.open !== true) authorize(request, url, options.token);
  const body = request.method === "POST" ? await readJson(request) : undefined;
  return chosen.route.handle({
    segments: chosen.segments,
    query: url.searchParams,
    body,
    referer: request.headers.referer ?? "",
    client: request.headers["user-agent"]?.startsWith(cliUserAgent) === true ? "cli" : "api",
  });
}

/** The pieces of `path` that fall on braces of `pattern`, or undefined when it does not match. */
function match(pattern: string, path: string): string[] | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const segments: string[] = [];
  for (const [index, piece] of wanted.entries()) {
    const value = given[index] ?? "";
    if (piece.startsWith("{")) segments.push(decodeSegment(value));
    else if (piece !== value) return undefined;
  }
  return segments;
}

function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new ApiError(400, `the path has a broken percent escape: ${errorText(error)}`);
  }
}

function authorize(request: IncomingMessage, url: URL, token: string): void {
  // A form on any page of this host, whatever its port, sends the cookie along; it must not change anything.
  const ofBrowser = request.method === "GET" ? cookieToken(request) : undefined;
  const given =
    bearer(request.headers.authorization) ?? ofBrowser ?? url.searchParams.get("token") ?? "";
  if (!sameToken(given, token)) {
    throw new ApiError(
      401,
      "the bearer token is missing or wrong: see api.token in the configuration",
    );
  }
}

function bearer(header: string | undefined): string | undefined {
  return header?.toLowerCase().startsWith("bearer ") === true ? header.slice(7).trim() : undefined;
}

function cookieToken(request: IncomingMessage): string | undefined {
  const pairs = (request.headers.cookie ?? "").split(";").map((pair) => pair.trim().split("="));
  return pairs.find(([name]) => name === tokenCookie)?.[1];
}

/** A page opened with the right `?token=` keeps it in a cookie, so that links on it work. */
function sessionCookie(url: URL | undefined, token: string): string | undefined {
  const given = url?.searchParams.get("token") ?? undefined;
  if (given === undefined || !sameToken(given, token)) return undefined;
  return `${tokenCookie}=${token}; HttpOnly; SameSite=Strict; Path=/`;
}

/** Constant-time comparison; hashing makes the lengths equal. */
function sameToken(given: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new ApiError(413, `the body is over ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  if (bytes === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
  } catch (error) {
    throw new ApiError(400, `the body is not JSON: ${errorText(error)}`);
  }
}

function failure(error: unknown): ApiReply {
  const refusal = refusalOf(error);
  if (refusal === undefined) log.error("request failed", { error });
  const { status, code } = refusal ?? { status: 500, code: "api.internal" };
  return {
    status,
    contentType: "application/json; charset=utf-8",
    body: JSON.stringify({ error: { code, message: errorText(error) } }),
  };
}

/** What the caller did wrong, which needs nobody's attention in the log; undefined when it is our fault. */
function refusalOf(error: unknown): { status: number; code: string } | undefined {
  if (error instanceof ApiError) return error;
  if (!(error instanceof ProxierError)) return undefined;
  const { code } = error;
  if (/^cwmp\.request-(?:refused|unsupported)$/.test(code)) return { status: 502, code };
  const isCallers = /^(?:cwmp\.fault-900[35]|cwmp\.invalid-argument|discovery\.bad-range)$/;
  return isCallers.test(code) ? { status: 400, code } : undefined;
}

function send(response: ServerResponse, reply: ApiReply, cookie: string | undefined): void {
  response.writeHead(reply.status, {
    "Content-Type": reply.contentType,
    "Content-Length": Buffer.byteLength(reply.body),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    ...(reply.location === undefined ? {} : { Location: reply.location }),
    ...(reply.status === 401 ? { "WWW-Authenticate": "Bearer" } : {}),
    ...(cookie === undefined ? {} : { "Set-Cookie": cookie }),
  });
  response.end(reply.body);
}
