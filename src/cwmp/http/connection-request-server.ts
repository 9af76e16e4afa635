import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { Clock } from "../../shared/clock.ts";
import { errorText } from "../../shared/errors.ts";
import { logger } from "../../shared/log.ts";
import { acceptRequest } from "../connection-request/accept-request.ts";
import type {
  ConnectionRequestAnswer,
  ConnectionRequestTarget,
} from "../connection-request/target.ts";
import { CallerLimits } from "./caller-limits.ts";
import { DigestServer } from "./digest-server.ts";
import { type DocumentSource, DocumentService, isDocumentPath } from "./document-service.ts";
import { ListenError } from "./http-errors.ts";
import { type RateLimit, TokenBucket } from "./token-bucket.ts";

const log = logger("cwmp.http.connection-request-server");

/** What became of one HTTP request, for metrics. */
export type ConnectionRequestOutcome =
  | ConnectionRequestAnswer
  | "challenged"
  | "refused"
  | "limited"
  | "unknown-path"
  | "bad-method"
  | "document";

/** How the listener is set up. Limits have defaults fit for 10,000 endpoints and one ACS. */
export interface ConnectionRequestServerOptions {
  readonly listen: { readonly host: string; readonly port: number };
  readonly clock: Clock;
  /** Serves `/dt/<name>.xml` without authentication; absent: 404. */
  readonly documents?: DocumentSource;
  /** All requests together, before any work is done for them. */
  readonly totalLimit?: RateLimit;
  /** The same of one remote address: whoever floods leaves room for others. */
  readonly callerLimit?: RateLimit;
  /** Accepted connection requests of one endpoint. */
  readonly endpointLimit?: RateLimit;
  readonly onOutcome?: (outcome: ConnectionRequestOutcome) => void;
}

/** One listener for the connection requests of all endpoints. */
export interface ConnectionRequestServer {
  /** Opens the port and resolves with it (a configured port 0 picks a free one). @throws {ListenError} */
  start(): Promise<number>;
  stop(): Promise<void>;
  /** Adds an endpoint under `path` (see `connection-request-path.ts`); returns what takes it away again. */
  register(path: string, target: ConnectionRequestTarget): () => void;
}

const realm = "mfpgate";
const statusOf = {
  accepted: 200,
  unreachable: 503,
  busy: 503,
  // As if the path did not exist: a disabled endpoint has no connection request URL.
  disabled: 404,
} as const satisfies Record<ConnectionRequestAnswer, number>;

interface Registration {
  readonly target: ConnectionRequestTarget;
  /** Made with the first request that is let in: of 10,000 endpoints few are asked at a time. */
  bucket: TokenBucket | undefined;
}

/**
 * Makes the listener; nothing is open before `start`.
 * @see TR-069a6 §3.2.2 (connection requests), Annex J (503 for an off-line proxied device)
 */
export function createConnectionRequestServer(
  options: ConnectionRequestServerOptions,
): ConnectionRequestServer {
  return new Listener(options);
}

class Listener implements ConnectionRequestServer {
  readonly #options: ConnectionRequestServerOptions;
  readonly #digest: DigestServer;
  readonly #documents: DocumentService | undefined;
  readonly #total: TokenBucket;
  readonly #callers: CallerLimits;
  readonly #registrations = new Map<string, Registration>();
  readonly #server: Server;

  constructor(options: ConnectionRequestServerOptions) {
    this.#options = options;
    this.#digest = new DigestServer({ realm, clock: options.clock });
    this.#documents = options.documents && new DocumentService(options.documents);
    this.#total = new TokenBucket(
      options.totalLimit ?? { burst: 2_000, perSecond: 1_000 },
      options.clock,
    );
    this.#callers = new CallerLimits({
      clock: options.clock,
      rate: options.callerLimit ?? { burst: 1_000, perSecond: 500 },
      mostConnections: mostConnections / 2,
    });
    this.#server = createHardenedServer((request, response) => {
      this.#handle(request, response);
    });
    this.#server.on("connection", (socket) => {
      this.#callers.connected(socket);
    });
  }

  async start(): Promise<number> {
    const { host, port } = this.#options.listen;
    await new Promise<void>((resolve, reject) => {
      const fail = (error: Error): void => {
        reject(new ListenError(`${host}:${port}`, error));
      };
      this.#server.once("error", fail);
      this.#server.listen(port, host, () => {
        this.#server.off("error", fail);
        this.#server.on("error", (error) => {
          log.warn("listener error", { error });
        });
        resolve();
      });
    });
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : port;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
  }

  register(path: string, target: ConnectionRequestTarget): () => void {
    if (this.#registrations.has(path)) {
      throw new Error(`connection request path registered twice by ${target.endpointId}`);
    }
    const registration: Registration = { target, bucket: undefined };
    this.#registrations.set(path, registration);
    return () => {
      if (this.#registrations.get(path) === registration) this.#registrations.delete(path);
    };
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    // Pipelined: an answer before this one is still on its way. Nobody honest does that, and it multiplies the work.
    if (response.socket === null) {
      request.socket.destroy();
      return;
    }
    if (hasBody(request)) response.setHeader("Connection", "close"); // nobody reads it
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    const outcome = this.#judge(path, request, response);
    this.#options.onOutcome?.(outcome);
  }

  #judge(
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): ConnectionRequestOutcome {
    if (!this.#callers.take(request.socket) || !this.#total.take()) {
      return answer(response, 503, "limited");
    }
    if (request.method !== "GET") {
      response.setHeader("Allow", "GET");
      return answer(response, 405, "bad-method");
    }
    if (this.#documents !== undefined && isDocumentPath(path)) {
      this.#documents.serve(path, request, response);
      return "document";
    }
    const registration = this.#registrations.get(path);
    if (registration === undefined) return answer(response, 404, "unknown-path");
    return this.#authenticate(path, registration, request, response);
  }

  #authenticate(
    path: string,
    registration: Registration,
    request: IncomingMessage,
    response: ServerResponse,
  ): ConnectionRequestOutcome {
    const { target } = registration;
    const verdict = this.#digest.verify(request.headers.authorization, {
      method: "GET",
      target: request.url ?? "",
      scope: path,
      username: target.username(),
      password: target.password(),
    });
    if (verdict === "accepted" && target.password() !== "") {
      return this.#accept(registration, response);
    }
    response.setHeader("WWW-Authenticate", this.#digest.challenge(path, verdict === "stale"));
    if (verdict === "absent" || verdict === "stale") return answer(response, 401, "challenged");
    log.warn("connection request refused", { endpoint: target.endpointId });
    return answer(response, 401, "refused");
  }

  #accept(registration: Registration, response: ServerResponse): ConnectionRequestOutcome {
    const { target } = registration;
    const limit = this.#options.endpointLimit ?? { burst: 20, perSecond: 2 };
    registration.bucket ??= new TokenBucket(limit, this.#options.clock);
    if (!registration.bucket.take()) return answer(response, 503, "limited");
    const said = acceptRequest(target, "HTTP");
    return answer(response, statusOf[said], said);
  }
}

function answer<Outcome extends ConnectionRequestOutcome>(
  response: ServerResponse,
  status: number,
  outcome: Outcome,
): Outcome {
  response.statusCode = status;
  response.setHeader("Content-Length", 0);
  response.end();
  return outcome;
}

function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers["content-length"] ?? "0";
  return length !== "0" || headers["transfer-encoding"] !== undefined;
}

const mostConnections = 500;
const badRequest = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";

function createHardenedServer(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const server = createServer(
    {
      maxHeaderSize: 4_096,
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      // Long enough for the answer to a 401; GenieACS keeps the connection for it.
      keepAliveTimeout: 10_000,
      connectionsCheckingInterval: 1_000,
    },
    handle,
  );
  server.maxConnections = mostConnections;
  server.maxRequestsPerSocket = 100;
  server.on("clientError", (error, socket) => {
    log.debug("malformed request", { error: errorText(error) });
    if (!socket.writable) socket.destroy();
    // Half closed is not enough: a caller that never closes its half would keep the socket for ever.
    else socket.end(badRequest, () => socket.destroy());
  });
  return server;
}
