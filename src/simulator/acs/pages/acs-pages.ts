import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../../shared/clock.ts";
import type { DeviceRecord } from "../device-record.ts";
import type { TestAcs } from "../acs-port.ts";
import { runAction } from "./device-actions.ts";
import { deviceDetails, deviceParameters, deviceSummary } from "./device-json.ts";
import { devicePage, editPage } from "./device-page.ts";
import { fleetPage } from "./fleet-page.ts";
import { parseAction, parseForm } from "./parse-action.ts";

/** The part of the test ACS that is for people (`/`, `/devices/…`) and for scripts (`/api/…`). */
export class AcsPages {
  readonly #acs: TestAcs;
  readonly #clock: Clock;

  constructor(acs: TestAcs, clock: Clock) {
    this.#acs = acs;
    this.#clock = clock;
  }

  /** Answers one request that is not CWMP. */
  async handle(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const url = new URL(request.url ?? "/", "http://acs.invalid");
    const path = url.pathname.split("/").slice(1).map(decodeSegment);
    if (request.method === "POST") {
      if (!isSameSite(request)) sendJson(response, 403, { error: "request of another site" });
      else await this.#post(path, body, response);
    } else if (request.method === "GET") {
      this.#get(path, url.searchParams, response);
    } else {
      sendJson(response.setHeader("Allow", "GET, POST"), 405, { error: "method not allowed" });
    }
  }

  #get(path: readonly string[], query: URLSearchParams, response: ServerResponse): void {
    const [root = "", second = "", third = "", fourth = ""] = path;
    if (root === "") {
      const acs = this.#acs;
      sendHtml(response, fleetPage(acs.devices(), acs.violations(), this.#clock.nowMs()));
    } else if (root === "devices") {
      this.#getDevice(this.#acs.device(second), third, query, response);
    } else if (root === "api" && second === "devices") {
      this.#getJson(third, fourth, response);
    } else if (root === "api" && second === "violations") {
      sendJson(response, 200, this.#acs.violations());
    } else {
      notFound(response);
    }
  }

  #getDevice(
    device: DeviceRecord | undefined,
    view: string,
    query: URLSearchParams,
    response: ServerResponse,
  ): void {
    if (device === undefined) notFound(response);
    else if (view === "edit") sendHtml(response, editPage(device, query.get("path") ?? ""));
    else if (view === "")
      sendHtml(response, devicePage(device, this.#acs.files.names(), this.#clock.nowMs()));
    else notFound(response);
  }

  #getJson(id: string, view: string, response: ServerResponse): void {
    if (id === "") {
      sendJson(response, 200, this.#acs.devices().map(deviceSummary));
      return;
    }
    const device = this.#acs.device(id);
    if (device === undefined) notFound(response);
    else if (view === "parameters") sendJson(response, 200, deviceParameters(device));
    else if (view === "") sendJson(response, 200, deviceDetails(device));
    else notFound(response);
  }

  async #post(path: readonly string[], body: string, response: ServerResponse): Promise<void> {
    const isApi = path[0] === "api";
    const [, id = "", name = ""] = isApi ? path.slice(1) : path;
    const device = this.#acs.device(id);
    const action = isApi ? parseAction(readJson(body)) : parseForm(name, body);
    if (device === undefined) notFound(response);
    else if (action === undefined) sendJson(response, 400, { error: "no such action" });
    else {
      const result = await runAction(this.#acs, device, action);
      device.notice = result.text;
      if (isApi) sendJson(response, result.ok ? 200 : 409, result);
      else response.writeHead(303, { Location: `/devices/${encodeURIComponent(id)}` }).end();
    }
  }
}

/** Browsers tell where a form was sent from; programs do not. */
function isSameSite({ headers }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  const origin = headers.origin;
  const isOwnOrigin = origin === undefined || origin.endsWith(`//${headers.host ?? ""}`);
  return isOwnOrigin && (site === undefined || site === "same-origin" || site === "none");
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}

function sendHtml(response: ServerResponse, text: string): void {
  response.setHeader(
    "Content-Security-Policy",
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
  );
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.writeHead(200).end(text);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
}

function notFound(response: ServerResponse): void {
  sendJson(response, 404, { error: "not found" });
}
