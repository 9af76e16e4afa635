import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TestCertificates } from "../cwmp/test-certificates.ts";

/** A web server that serves and takes test files, well or badly, by path. */
export class TransferServer {
  readonly #server: Server;
  readonly #scheme: "http" | "https";
  readonly requests: { readonly method: string; readonly headers: IncomingMessage["headers"] }[] =
    [];
  readonly #sockets = new Set<Socket>();
  /** Called with each request, before it is answered. */
  onRequest: () => void = () => undefined;
  /** Bytes of bodies received. */
  received = 0;

  private constructor(certificate: TestCertificates["server"] | undefined) {
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      this.#answer(request, response);
    };
    this.#scheme = certificate === undefined ? "http" : "https";
    this.#server =
      certificate === undefined ? createServer(answer) : createTlsServer(certificate, answer);
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  static async start(certificate?: TestCertificates["server"]): Promise<TransferServer> {
    const server = new TransferServer(certificate);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  url(path: string, host = "127.0.0.1"): string {
    const { port } = this.#server.address() as AddressInfo;
    return `${this.#scheme}://${host}:${port.toString()}${path}`;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.onRequest();
    this.requests.push({ method: request.method ?? "", headers: request.headers });
    const [, kind = "", size = "0"] = (request.url ?? "").split("/");
    const body = Buffer.alloc(Number(size), "x");
    switch (kind) {
      case "file":
        response.end(body);
        break;
      case "moved":
        response.writeHead(302, { location: "http://169.254.169.254/" }).end();
        break;
      case "locked":
        response.writeHead(401, { "www-authenticate": "Basic" }).end();
        break;
      case "short":
        response.writeHead(200, { "content-length": body.length * 2 });
        response.write(body, () => response.destroy());
        break;
      case "stalled":
        response.writeHead(200, { "content-length": body.length * 2 });
        response.write(body);
        break;
      case "silent":
        break;
      case "closed":
        request.socket.destroy();
        break;
      default: {
        request.on("data", (chunk: Buffer) => (this.received += chunk.length));
        request.on("end", () => response.writeHead(kind === "full" ? 507 : 201).end());
      }
    }
  }
}
