import { schemas, text } from "./openapi-schemas.ts";

/** Description of the local API (OpenAPI 3.1), served at `/openapi.json`. */
export function openApiDocument(): unknown {
  return {
    openapi: "3.1.0",
    info: { title: "mfpgate local API", version: "1" },
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } }, schemas },
    paths: { ...openPaths, ...readPaths, ...actionPaths },
  };
}

const pathId = { name: "id", in: "path", required: true, schema: text };

function ref(name: string): unknown {
  return { $ref: `#/components/schemas/${name}` };
}

function query(name: string, description: string): unknown {
  return { name, in: "query", description, schema: text };
}

function ok(schema?: unknown): Record<number, unknown> {
  const content = schema === undefined ? {} : { content: { "application/json": { schema } } };
  return { 200: { description: "OK", ...content } };
}

const openPaths = {
  "/healthz": { get: { summary: "The process answers", security: [], responses: ok() } },
  "/readyz": {
    get: {
      summary: "200 once polling and CWMP run",
      security: [],
      responses: { ...ok(), 503: { description: "Starting or stopping" } },
    },
  },
  "/metrics": { get: { summary: "Prometheus metrics", security: [], responses: ok() } },
  "/dt/{name}": {
    parameters: [{ name: "name", in: "path", required: true, schema: text }],
    get: { summary: "Device-type and data-model documents", security: [], responses: ok() },
  },
};

const readPaths = {
  "/kick": {
    get: {
      summary: "KickURL: tells the ACS that somebody followed a link, and goes where it says",
      parameters: [
        query("command", "for the ACS, at most 32 characters"),
        query("arg", "for the ACS, at most 256 characters"),
        query("next", "page to go to if the ACS names no other"),
      ],
      responses: {
        ...ok(),
        303: { description: "The page the ACS names" },
        502: { description: "The ACS refuses, or takes no kicks" },
      },
    },
  },
  "/api/v1/status": {
    get: { summary: "Service, ACS link, fleet counts, queues", responses: ok() },
  },
  "/api/v1/sessions": {
    get: { summary: "CWMP endpoints and their sessions", responses: ok() },
  },
  "/api/v1/transfers": {
    get: {
      summary: "File transfers the ACS ordered, until it was told what came of them",
      responses: ok({ type: "array", items: ref("Transfer") }),
    },
  },
  "/api/v1/printers": {
    get: { summary: "Inventory", responses: ok({ type: "array", items: ref("Printer") }) },
  },
  "/api/v1/printers/{id}": {
    parameters: [pathId],
    get: { summary: "One printer", responses: ok(ref("Printer")) },
  },
  "/api/v1/printers/{id}/parameters": {
    parameters: [pathId],
    get: {
      summary: "Everything CWMP shows for that printer; id `proxier` is the box itself",
      parameters: [
        query("path", "full name or partial path"),
        query("refresh", "`true`: read first"),
      ],
      responses: ok({ type: "object", additionalProperties: ref("Parameter") }),
    },
    post: {
      summary: "Set parameters, all or nothing; the rules are those of SetParameterValues",
      parameters: [query("dryRun", "`true`: say what would be done and touch nothing")],
      requestBody: {
        content: {
          "application/json": {
            schema: { type: "object", additionalProperties: { type: "string" } },
          },
        },
      },
      responses: {
        ...ok({ oneOf: [ref("SetOutcome"), ref("SetPlan")] }),
        422: { description: "Refused: CWMP fault code and faults per parameter" },
      },
    },
  },
  "/api/v1/printers/{id}/explain": {
    parameters: [pathId],
    get: {
      summary: "Where a value came from",
      parameters: [query("path", "full name")],
      responses: ok(),
    },
  },
};

const actionPaths = {
  "/api/v1/printers/{id}/approve": {
    parameters: [pathId],
    post: { summary: "Adopt it", responses: ok() },
  },
  "/api/v1/printers/{id}/retire": {
    parameters: [pathId],
    post: { summary: "Stop serving it", responses: ok() },
  },
  "/api/v1/printers/{id}/presentation": {
    parameters: [pathId],
    post: {
      summary: "Show it in another way from now on; auto leaves it to the rules",
      requestBody: {
        content: {
          "application/json": {
            schema: {
              type: "object",
              required: ["presentation"],
              properties: { presentation: { enum: ["virtual", "embedded", "none", "auto"] } },
            },
          },
        },
      },
      responses: ok(),
    },
  },
  "/api/v1/printers/{id}/pages/accept": {
    parameters: [pathId],
    post: {
      summary: "Trust its web pages as they are built now, after they changed",
      responses: ok(),
    },
  },
  "/api/v1/printers/{id}/certificate/accept": {
    parameters: [pathId],
    post: { summary: "Trust the certificate its web server shows next", responses: ok() },
  },
  "/api/v1/printers/{id}/password/retry": {
    parameters: [pathId],
    post: { summary: "Let the web password it refused be tried once more", responses: ok() },
  },
  "/api/v1/printers/{id}/request-download": {
    parameters: [pathId],
    post: {
      summary: "Ask the ACS for a Download (RequestDownload); id `proxier` for the box itself",
      requestBody: {
        content: {
          "application/json": {
            schema: {
              type: "object",
              required: ["fileType"],
              properties: {
                fileType: text,
                arguments: { type: "object", additionalProperties: text },
              },
            },
          },
        },
      },
      responses: {
        ...ok({ type: "object", properties: { answer: { enum: ["taken", "waiting"] } } }),
        502: { description: "The ACS refuses, or takes no such requests" },
      },
    },
  },
  "/api/v1/printers/{id}/inform": {
    parameters: [pathId],
    post: { summary: "Start a session now", responses: ok() },
  },
  "/api/v1/discover": {
    post: {
      summary: "Search now; body {ranges: […]} overrides the configuration",
      responses: ok(),
    },
  },
  "/api/v1/audit": {
    get: {
      summary: "Who set what, oldest first",
      parameters: [
        query("device", "printer id or `proxier`; everything without"),
        query("limit", "the newest 1 to 1000"),
      ],
      responses: ok({ type: "array", items: ref("Audit") }),
    },
  },
  "/api/v1/events": {
    get: {
      summary: "Newest events first",
      parameters: [query("limit", "1 to 1000")],
      responses: ok(),
    },
  },
};
