import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Clock } from "../shared/clock.ts";
import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import { microseconds } from "./micro-time.ts";

const log = logger("diagnostics.web-probe");

/** A web server to ask for its first page. */
export interface WebProbeOptions {
  readonly host: string;
  readonly port: number;
  readonly scheme: "http" | "https";
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** Whether and how it answered; any HTTP status is an answer. */
export interface WebProbeResult {
  readonly status: "Success" | "Refused" | "Timeout" | "Unreachable" | "Error";
  /** HTTP status code; 0 without an answer. */
  readonly httpStatus: number;
  /** Until the head of the answer; 0 without. */
  readonly responseMs: number;
}

/**
 * Asks a printer's embedded web server for `/` and reads no further than the head of its answer. Its certificate is
 * not judged: nothing secret is sent and printers sign theirs themselves.
 */
export function probeWeb(options: WebProbeOptions, signal: AbortSignal): Promise<WebProbeResult> {
  const { host, port, scheme, timeoutMs, clock } = options;
  const startedUs = microseconds();
  const late = new AbortController();
  const cancel = clock.after(timeoutMs, () => {
    late.abort();
  });
  return new Promise<WebProbeResult>((resolve) => {
    const send = scheme === "https" ? httpsRequest : httpRequest;
    const request = send({
      host,
      port,
      path: "/",
      method: "GET",
      agent: false,
      rejectUnauthorized: false,
      signal: AbortSignal.any([signal, late.signal]),
    });
    request.on("response", (response) => {
      const responseMs = Math.max(1, Math.round((microseconds() - startedUs) / 1000));
      resolve({ status: "Success", httpStatus: response.statusCode ?? 0, responseMs });
      response.destroy();
    });
    request.on("error", (error: NodeJS.ErrnoException) => {
      log.debug("web server did not answer", { host, port, error: errorText(error) });
      resolve({ status: statusOf(error), httpStatus: 0, responseMs: 0 });
    });
    request.end();
  }).finally(cancel);
}

function statusOf({ code = "", name }: NodeJS.ErrnoException): WebProbeResult["status"] {
  if (name === "AbortError" || code === "ETIMEDOUT") return "Timeout";
  if (code === "ECONNREFUSED") return "Refused";
  return code === "EHOSTUNREACH" || code === "ENETUNREACH" ? "Unreachable" : "Error";
}
