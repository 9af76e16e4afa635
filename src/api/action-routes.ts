import type { LocalService } from "./local-service.ts";
import { type Route, done, happened, json, served } from "./reply.ts";
import { choiceOf, downloadOf, flagOf, rangesOf, stringMap } from "./request-fields.ts";

/** Routes that change something; all of them are POST. */
export function actionRoutes(service: LocalService): Route[] {
  return [
    {
      method: "POST",
      path: "/api/v1/printers/{id}/parameters",
      handle: async ({ segments: [id = ""], query, body, client }) => {
        const values = stringMap(body);
        if (flagOf(query, "dryRun"))
          return json(served(service, id, await service.plan(id, values)));
        const outcome = served(service, id, await service.set(id, values, client));
        return json(outcome, outcome.outcome === "refused" ? 422 : 200);
      },
    },
    ...trustRoutes(service),
    {
      method: "POST",
      path: "/api/v1/printers/{id}/request-download",
      handle: async ({ segments: [id = ""], body }) =>
        json({ answer: served(service, id, await service.requestDownload(id, downloadOf(body))) }),
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

/** What the operator takes for right after it changed. */
function trustRoutes(service: LocalService): Route[] {
  return [
    {
      method: "POST",
      path: "/api/v1/printers/{id}/pages/accept",
      handle: async ({ segments: [id = ""] }) =>
        done(`printer ${id} with web pages that changed`, await service.acceptPages(id)),
    },
    {
      method: "POST",
      path: "/api/v1/printers/{id}/certificate/accept",
      handle: async ({ segments: [id = ""] }) =>
        done(`printer ${id} whose certificate is pinned`, await service.acceptCertificate(id)),
    },
    {
      method: "POST",
      path: "/api/v1/printers/{id}/password/retry",
      handle: async ({ segments: [id = ""] }) =>
        done(`printer ${id} that refused its web password`, await service.retryPassword(id)),
    },
  ];
}
