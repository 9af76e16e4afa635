import {
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
  request as requestHttp,
} from "node:http";
import { request as requestHttps } from "node:https";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Clock } from "../../../shared/clock.ts";
import type { AcsTlsSettings } from "../../transport.ts";
import { type PinnedAddress, hostOf } from "../file-server-addresses.ts";
import { httpSocketError } from "./http-errors.ts";

/** One request to a file server. */
export interface HttpExchange {
  readonly method: "GET" | "PUT";
  readonly url: URL;
  readonly address: PinnedAddress;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: AcsTlsSettings;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Content of a PUT; opened once the server is ready for it. */
  readonly body?: () => Readable;
}

/** A server that knows no `Expect: 100-continue` says nothing; RFC 9110 §10.1.1 lets the client go on after a while. */
const continueWithinMs = 1_000;

/**
 * Sends one request over a connection of its own and resolves with the response, its body unread.
 * @throws {TransferError}
 */
export function httpExchange(exchange: HttpExchange): Promise<IncomingMessage> {
  const { url, body, signal, method } = exchange;
  const direction = method === "GET" ? "download" : "upload";
  return new Promise((resolve, reject) => {
    const outgoing = startRequest(exchange);
    let hasBegun = false;
    outgoing.on("error", (error) => {
      const cause: unknown = signal.aborted ? signal.reason : error;
      reject(httpSocketError(cause, url, direction, hasBegun));
    });
    outgoing.on("response", resolve);
    if (body === undefined) {
      outgoing.end();
      return;
    }
    const begin = (): void => {
      if (hasBegun) return;
      hasBegun = true;
      // Its failure is also one of the request, which has a listener.
      pipeline(body(), outgoing).catch((error: unknown) => {
        outgoing.destroy(error instanceof Error ? error : undefined);
      });
    };
    whenReady(outgoing, exchange.clock, begin);
  });
}

function startRequest({ method, url, address, headers, tls, signal }: HttpExchange): ClientRequest {
  const { ca, cert, key, insecure = false } = tls;
  const options: RequestOptions = {
    method,
    agent: false,
    host: address.address,
    family: address.family,
    port: url.port === "" ? undefined : Number(url.port),
    path: url.pathname + url.search,
    maxHeaderSize: 32_768,
    signal,
    headers: { ...headers, Host: url.host },
  };
  if (url.protocol !== "https:") return requestHttp(options);
  return requestHttps({
    ...options,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    // An address literal has no SNI; the certificate is checked against it all the same.
    servername: hostOf(url),
    minVersion: "TLSv1.2",
    rejectUnauthorized: !insecure,
  });
}

/** Calls `begin` when the server says 100, or has said nothing for a while; not when it refused already. */
function whenReady(outgoing: ClientRequest, clock: Clock, begin: () => void): void {
  const cancel = clock.after(continueWithinMs, begin);
  outgoing.once("continue", () => {
    cancel();
    begin();
  });
  outgoing.once("response", cancel);
  outgoing.once("close", cancel);
  outgoing.flushHeaders();
}
