import { ApiError } from "./api-error.ts";
import type { LocalService } from "./local-service.ts";
import type { ServiceMetrics } from "./metrics.ts";
import { openApiDocument } from "./openapi.ts";
import { renderStatusPage } from "./status-page.ts";

/** One request after parsing; `segments` holds the path pieces matched by `{…}` in the route, in order. */
export interface ApiRequest {
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined when the request had no body. */
  readonly body: unknown;
  /** `Referer` header; "" without. */
  readonly referer: string;
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

/** All routes of the local API. */
export function createRoutes(service: LocalService, metrics: ServiceMetrics): readonly Route[] {
  return [...openRoutes(service, metrics), ...readRoutes(service), ...actionRoutes(service)];
}

function openRoutes(service: LocalService, metrics: ServiceMetrics): Route[] {
  return [
    { method: "GET", path: "/healthz", open: true, handle: () => json({ status: "ok" }) },
    {
      method: "GET",
      path: "/readyz",
      open: true,
      handle: () => {
        const ready = service.isReady();
        return json({ ready }, ready ? 200 : 503);
      },
    },
    {
      method: "GET",
      path: "/metrics",
      open: true,
      handle: async () => ({
        status: 200,
        contentType: "text/plain; version=0.0.4; charset=utf-8",
        body: await metrics.render(),
      }),
    },
    {
      method: "GET",
      path: "/dt/{name}",
      open: true,
      handle: ({ segments: [name = ""] }) => ({
        status: 200,
        contentType: "application/xml; charset=utf-8",
        body: documentOf(service, name),
      }),
    },
    { method: "GET", path: "/openapi.json", open: true, handle: () => json(openApiDocument()) },
  ];
}

function readRoutes(service: LocalService): Route[] {
  return [
    {
      method: "GET",
      path: "/",
      handle: () => ({
        status: 200,
        contentType: "text/html; charset=utf-8",
        body: renderStatusPage(service),
      }),
    },
    {
      method: "GET",
      path: "/kick",
      handle: async ({ query, referer }) => {
        const text = (name: string): string => query.get(name) ?? "";
        const [command, arg, next] = [text("command"), text("arg"), text("next")];
        return kicked(await service.kick({ command, referer, arg, next }));
      },
    },
    { method: "GET", path: "/api/v1/status", handle: () => json(service.status()) },
    { method: "GET", path: "/api/v1/sessions", handle: () => json(service.sessions()) },
    { method: "GET", path: "/api/v1/transfers", handle: () => json(service.transfers()) },
    { method: "GET", path: "/api/v1/printers", handle: () => json(service.printers()) },
    {
      method: "GET",
      path: "/api/v1/printers/{id}",
      handle: ({ segments: [id = ""] }) =>
        json(
          known(
            id,
            service.printers().find((printer) => printer.id === id),
          ),
        ),
    },
    {
      method: "GET",
      path: "/api/v1/printers/{id}/parameters",
      handle: async ({ segments: [id = ""], query }) => {
        const path = query.get("path") ?? "";
        const fresh = query.get("refresh") === "true";
        const values = fresh ? await service.read(id, path) : service.parameters(id, path);
        return json(served(service, id, values));
      },
    },
    {
      method: "GET",
      path: "/api/v1/printers/{id}/explain",
      handle: ({ segments: [id = ""], query }) =>
        explained(service, id, required(query.get("path"), "query parameter `path`")),
    },
    {
      method: "GET",
      path: "/api/v1/events",
      handle: async ({ query }) => json(await service.events(eventLimit(query.get("limit")))),
    },
  ];
}

async function explained(service: LocalService, id: string, path: string): Promise<ApiReply> {
  const found = await service.explain(id, path);
  if (found === undefined && service.parameters(id, "") !== undefined)
    throw new ApiError(404, `there is no parameter ${path} of ${id}: see mfpgate get ${id}`);
  return json(served(service, id, found));
}

function actionRoutes(service: LocalService): Route[] {
  return [
    {
      method: "POST",
      path: "/api/v1/printers/{id}/parameters",
      handle: async ({ segments: [id = ""], body }) => {
        const outcome = served(service, id, await service.set(id, stringMap(body)));
        return json(outcome, outcome.outcome === "refused" ? 422 : 200);
      },
    },
    {
      method: "POST",
      path: "/api/v1/printers/{id}/approve",
      handle: async ({ segments: [id = ""] }) =>
        done(`${id} among what waits for approval`, await service.approve(id)),
    },
    {
      method: "POST",
      path: "/api/v1/printers/{id}/retire",
      handle: async ({ segments: [id = ""] }) => done(id, await service.retire(id)),
    },
    {
      method: "POST",
      path: "/api/v1/printers/{id}/presentation",
      handle: async ({ segments: [id = ""], body }) =>
        json({ done: served(service, id, happened(await service.present(id, choiceOf(body)))) }),
    },
    {
      method: "POST",
      path: "/api/v1/printers/{id}/inform",
      handle: ({ segments: [id = ""] }) =>
        json({ done: served(service, id, happened(service.inform(id))) }),
    },
    {
      method: "POST",
      path: "/api/v1/discover",
      handle: async ({ body }) => json(await service.discover(rangesOf(body))),
    },
  ];
}

function json(value: unknown, status = 200): ApiReply {
  return { status, contentType: "application/json; charset=utf-8", body: JSON.stringify(value) };
}

/** Sends the browser to the page the ACS named (TR-069a6 A.4.2.1); a page on the web is all it may name. */
function kicked(nextUrl: string): ApiReply {
  const url = URL.canParse(nextUrl) ? new URL(nextUrl) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") return json({ kicked: true });
  return { status: 303, contentType: "text/plain; charset=utf-8", body: "", location: url.href };
}

function known<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new ApiError(404, `there is no ${name}: see mfpgate printers`);
  return value;
}

/** Like {@link known}, of what needs a device in service: says why a printer that is listed is not. */
function served<T>(service: LocalService, id: string, value: T | undefined): T {
  if (value !== undefined) return value;
  const printer = service.printers().find((listed) => listed.id === id);
  if (printer?.reachability === "Retired")
    throw new ApiError(404, `${id} is retired: mfpgate approve ${id} takes it back`);
  if (printer?.presentation === "none")
    throw new ApiError(404, `${id} is not shown to the ACS: see mfpgate present`);
  return known(id, value);
}

function happened(yes: boolean): true | undefined {
  return yes ? true : undefined;
}

function done(name: string, yes: boolean): ApiReply {
  return json({ done: known(name, happened(yes)) });
}

function documentOf(service: LocalService, name: string): string {
  const text = service.document(name);
  if (text === undefined)
    throw new ApiError(404, `there is no document ${name}: see DeviceInfo.SupportedDataModel`);
  return text;
}

function required(value: string | null, what: string): string {
  if (value === null || value === "") throw new ApiError(400, `${what} is missing`);
  return value;
}

function eventLimit(text: string | null): number {
  const limit = Number(text ?? "100");
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw new ApiError(400, "query parameter `limit` must be a whole number from 1 to 1000");
  }
  return limit;
}

/** The body of a set: an object from full parameter names to text values. */
function stringMap(body: unknown): Record<string, string> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new ApiError(400, 'the body must be a JSON object such as {"Device.…": "value"}');
  }
  return Object.fromEntries(
    Object.entries(body).map(([path, value]) => {
      if (typeof value === "object")
        throw new ApiError(400, `the value of ${path} must be text, a number or a boolean`);
      return [path, String(value)];
    }),
  );
}

function choiceOf(body: unknown): string {
  const choice: unknown =
    typeof body === "object" && body !== null && "presentation" in body
      ? body.presentation
      : undefined;
  if (typeof choice !== "string")
    throw new ApiError(400, 'the body must be {"presentation": "virtual"}');
  return choice;
}

function rangesOf(body: unknown): readonly string[] {
  if (body === undefined) return [];
  const ranges: unknown =
    typeof body === "object" && body !== null && "ranges" in body ? body.ranges : undefined;
  if (
    !Array.isArray(ranges) ||
    !ranges.every((range): range is string => typeof range === "string")
  ) {
    throw new ApiError(400, 'the body must be {"ranges": ["192.0.2.0/24", …]}');
  }
  return ranges;
}
