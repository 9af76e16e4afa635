import { once } from "node:events";
import {
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  createServer,
} from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";

/** An HTTP file server on loopback that does what a test tells it to. */
export class FileServer {
  readonly #server: Server;
  readonly #scheme: string;
  /** Requests so far: method, path and headers. */
  readonly requests: { readonly line: string; readonly headers: IncomingMessage["headers"] }[] = [];
  /** What is done with the next request. */
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => {
    response.end("content");
  };

  private constructor(tls: { readonly cert: string; readonly key: string } | undefined) {
    const listener: RequestListener = (request, response) => {
      const { method = "", url = "", headers } = request;
      this.requests.push({ line: `${method} ${url}`, headers });
      this.answer(request, response);
    };
    this.#scheme = tls === undefined ? "http" : "https";
    this.#server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  }

  static async start(tls?: { readonly cert: string; readonly key: string }): Promise<FileServer> {
    const server = new FileServer(tls);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path = "/file", host = "127.0.0.1"): string {
    return `${this.#scheme}://${host}:${this.port}${path}`;
  }

  /** `Expect: 100-continue` is ignored from now on, as by an old server. */
  ignoreExpect(): void {
    this.#server.on("checkContinue", (request, response) => {
      this.#server.emit("request", request, response);
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** The whole body of a request. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}
