import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TlsOptions } from "node:tls";
import type { EwsAccess } from "../../src/southbound/driver.ts";

/** One request as the server got it. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Answers one request; an object is an answer of status 200 unless it says otherwise. */
export type WebHandler = (
  request: SeenRequest,
  response: ServerResponse,
) => WebReply | string | undefined | Promise<WebReply | string | undefined>;

/** What to answer; `undefined` from the handler: it has written the answer itself, or never will. */
export interface WebReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

/** A web server on 127.0.0.1 that a test scripts, with all that was asked of it. */
export class WebPrinter implements AsyncDisposable {
  readonly seen: SeenRequest[] = [];
  /** Connections made so far, and open at a time at most. */
  connections = 0;
  mostAtOnce = 0;
  handler: WebHandler;
  port = 0;
  readonly #server: ReturnType<typeof createServer>;
  readonly #isSecure: boolean;
  #open = 0;

  private constructor(handler: WebHandler, tls: TlsOptions | undefined) {
    this.handler = handler;
    this.#isSecure = tls !== undefined;
    const take = (request: IncomingMessage, response: ServerResponse): void => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    };
    this.#server = tls === undefined ? createServer(take) : createTlsServer(tls, take);
    this.#server.on(
      tls === undefined ? "connection" : "secureConnection",
      (socket: IncomingMessage["socket"]) => {
        this.connections += 1;
        this.#open += 1;
        this.mostAtOnce = Math.max(this.mostAtOnce, this.#open);
        socket.once("close", () => (this.#open -= 1));
      },
    );
  }

  /** Starts one on a free port. */
  static async start(handler: WebHandler, tls?: TlsOptions): Promise<WebPrinter> {
    const printer = new WebPrinter(handler, tls);
    await new Promise<void>((resolve) => printer.#server.listen(0, "127.0.0.1", resolve));
    printer.port = (printer.#server.address() as AddressInfo).port;
    return printer;
  }

  /** How to reach it. */
  get access(): EwsAccess {
    return { host: "127.0.0.1", port: this.port, scheme: this.#isSecure ? "https" : "http" };
  }

  /** Method and URL of every request, in order. */
  get asked(): readonly string[] {
    return this.seen.map(({ method, url }) => `${method} ${url}`);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url = "", headers } = request;
    const seen = { method, url, headers, body: Buffer.concat(chunks).toString("utf8") };
    this.seen.push(seen);
    const reply = await this.handler(seen, response);
    if (reply === undefined) return;
    const {
      status = 200,
      headers: more = {},
      body = "",
    } = typeof reply === "string" ? { body: reply } : reply;
    for (const [name, value] of Object.entries(more)) response.setHeader(name, value);
    response.writeHead(status).end(body);
  }
}
