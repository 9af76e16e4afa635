import {
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  createServer,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Clock } from "../../shared/clock.ts";
import { ProxierError, errorText } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";
import { type AcsAuthentication, AcsAuthenticator } from "./acs-authenticator.ts";
import type { ServedAcs } from "./acs-port.ts";
import { EnvelopeCapture } from "./capture.ts";
import { CwmpEndpointServer } from "./cwmp-endpoint-server.ts";
import { FileServer, isFilePath } from "./file-server.ts";
import type { FaultInjector } from "./fault-injection.ts";
import { AcsPages } from "./pages/acs-pages.ts";
import { readRequestBody } from "./request-body.ts";

const log = logger("simulator.acs.cwmp-server");

/** Where and how the test ACS listens. */
export interface CwmpServerOptions {
  readonly acs: ServedAcs;
  readonly clock: Clock;
  readonly faults: FaultInjector;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Absent: nobody is asked. */
  readonly auth?: AcsAuthentication;
  /** The same for `/files/`. */
  readonly fileAuth?: AcsAuthentication;
  /** Answers compressed to CPEs that compress (default false). */
  readonly compress?: boolean;
  /** PEM; absent: plain HTTP. `ca` asks for client certificates of that authority. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
  /** Writes every envelope of both directions into files there. */
  readonly captureDir?: string;
  /** After this long without a message a session is lost (default 30 s). */
  readonly sessionTimeoutMs?: number;
}

/** A listening server. */
export interface RunningServer {
  readonly origin: string;
  readonly stop: () => Promise<void>;
}

/**
 * Opens the port: `/files/` is for Download and Upload, POSTs outside `/api` and `/devices` are CWMP, the rest is for
 * people and scripts.
 */
export async function startCwmpServer(options: CwmpServerOptions): Promise<RunningServer> {
  const capture =
    options.captureDir === undefined ? undefined : new EnvelopeCapture(options.captureDir);
  const endpoint = new CwmpEndpointServer({
    acs: options.acs,
    clock: options.clock,
    faults: options.faults,
    capture,
    authenticator: options.auth && new AcsAuthenticator(options.auth, options.clock),
    sessionTimeoutMs: options.sessionTimeoutMs ?? 30_000,
    compress: options.compress ?? false,
  });
  const pages = new AcsPages(options.acs, options.clock);
  const fileAuth = options.fileAuth && new AcsAuthenticator(options.fileAuth, options.clock);
  const files = new FileServer(options.acs.files, fileAuth);
  const server = makeServer(options.tls, (request, response) => {
    handle(request, response, { endpoint, files, pages }).catch((error: unknown) => {
      log.warn("request failed", { url: request.url, error: errorText(error) });
      response.destroy();
    });
  });
  const host = options.host ?? "127.0.0.1";
  const port = await listen(server, host, options.port ?? 0);
  return {
    origin: `${options.tls === undefined ? "http" : "https"}://${host}:${port}`,
    stop: async () => {
      endpoint.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await capture?.flush();
    },
  };
}

interface Ends {
  readonly endpoint: CwmpEndpointServer;
  readonly files: FileServer;
  readonly pages: AcsPages;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { endpoint, files, pages }: Ends,
): Promise<void> {
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  if (isFilePath(path)) {
    await files.handle(request, response, path);
    return;
  }
  const body = await readRequestBody(request);
  if ("problem" in body) {
    response.writeHead(body.status, { Connection: "close" }).end(body.problem);
  } else if (request.method === "POST" && !/^\/(api|devices)\//.test(path)) {
    await endpoint.handle(request, response, body);
  } else {
    await pages.handle(request, response, body.text);
  }
}

function makeServer(tls: CwmpServerOptions["tls"], listener: RequestListener): Server {
  const timeouts = { keepAliveTimeout: 60_000, requestTimeout: 30_000 };
  if (tls === undefined) return createServer(timeouts, listener);
  const isClientAsked = tls.ca !== undefined;
  return createTlsServer(
    { ...tls, ...timeouts, requestCert: isClientAsked, rejectUnauthorized: isClientAsked },
    listener,
  );
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const problem = `test ACS cannot listen on ${host}:${port}: ${error.message}`;
      reject(new ProxierError(problem, { code: "simulator.acs-listen", cause: error }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
