import { actionRoutes } from "./action-routes.ts";
import { ApiError } from "./api-error.ts";
import type { LocalService } from "./local-service.ts";
import type { ServiceMetrics } from "./metrics.ts";
import { openApiDocument } from "./openapi.ts";
import { type ApiReply, type Route, json, kicked, known, served } from "./reply.ts";
import { flagOf, limitOf, required } from "./request-fields.ts";
import { renderStatusPage } from "./status-page.ts";

/** All routes of the local API. */
export function createRoutes(service: LocalService, metrics: ServiceMetrics): readonly Route[] {
  return [
    ...openRoutes(service, metrics),
    ...pageRoutes(service),
    ...serviceRoutes(service),
    ...printerRoutes(service),
    ...actionRoutes(service),
  ];
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

function pageRoutes(service: LocalService): Route[] {
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
  ];
}

/** What happens in the service, and happened. */
function serviceRoutes(service: LocalService): Route[] {
  return [
    { method: "GET", path: "/api/v1/status", handle: () => json(service.status()) },
    { method: "GET", path: "/api/v1/sessions", handle: () => json(service.sessions()) },
    { method: "GET", path: "/api/v1/transfers", handle: () => json(service.transfers()) },
    {
      method: "GET",
      path: "/api/v1/events",
      handle: async ({ query }) => json(await service.events(limitOf(query))),
    },
    {
      method: "GET",
      path: "/api/v1/audit",
      handle: async ({ query }) => {
        const device = query.get("device") ?? "";
        return json(known(device, await service.audit(device, limitOf(query))));
      },
    },
  ];
}

/** Printers and their parameters. */
function printerRoutes(service: LocalService): Route[] {
  return [
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
        const fresh = flagOf(query, "refresh");
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
  ];
}

async function explained(service: LocalService, id: string, path: string): Promise<ApiReply> {
  const found = await service.explain(id, path);
  if (found === undefined && service.parameters(id, "") !== undefined)
    throw new ApiError(404, `there is no parameter ${path} of ${id}: see mfpgate get ${id}`);
  return json(served(service, id, found));
}

function documentOf(service: LocalService, name: string): string {
  const text = service.document(name);
  if (text === undefined)
    throw new ApiError(404, `there is no document ${name}: see DeviceInfo.SupportedDataModel`);
  return text;
}
