import { once } from "node:events";
import { type AddressInfo, type Server, type Socket, createServer } from "node:net";

/** What the web server does with a request for this path: bytes, or anything it does to the socket itself. */
export type PageTrick = Buffer | string | ((socket: Socket, request: string) => void);

/** A web server of raw sockets that plays a printer, so that it can send what no HTTP library would. */
export class HostilePrinter {
  readonly host: string;
  /** By path; other pages do not exist. */
  readonly pages = new Map<string, PageTrick>();
  /** First lines of the requests so far. */
  readonly asked: string[] = [];
  /** Whole requests so far. */
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** @param host an address of loopback */
  constructor(host = "127.31.0.1") {
    this.host = host;
    this.#server = createServer((socket) => {
      this.#serve(socket);
    });
  }

  async start(): Promise<void> {
    this.#server.listen(0, this.host);
    await once(this.#server, "listening");
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://${this.host}:${this.port}`;
  }

  /** Sockets open at the moment. */
  get openSockets(): number {
    return this.#sockets.size;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => undefined); // who asked hangs up on what it does not like
    let pending = "";
    socket.on("data", (bytes) => {
      pending += bytes.toString("latin1");
      for (let end = messageEnd(pending); end > 0; end = messageEnd(pending)) {
        const request = pending.slice(0, end);
        pending = pending.slice(end);
        this.#answer(request, socket);
      }
    });
  }

  #answer(request: string, socket: Socket): void {
    this.requests.push(request);
    const [first = ""] = request.split("\r\n", 1);
    this.asked.push(first);
    const path = first.split(" ")[1]?.split("?")[0] ?? "";
    const trick = this.pages.get(path) ?? page("gone", { status: "404 Not Found" });
    if (typeof trick === "function") trick(socket, request);
    else socket.write(trick);
  }
}

/** Length of the first request in `text`, 0 while it is incomplete. */
function messageEnd(text: string): number {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return 0;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end + 2))?.[1] ?? "0";
  const total = end + 4 + Number(length);
  return text.length < total ? 0 : total;
}

/** How a page is sent. */
export interface PageOptions {
  readonly status?: string;
  readonly type?: string;
  readonly headers?: readonly string[];
}

/** A whole response with a true Content-Length. */
export function page(body: string | Buffer, options: PageOptions = {}): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([head({ ...options, length: bytes.length }), bytes]);
}

/** The head of a response alone. */
export function head({
  status = "200 OK",
  type = "text/html; charset=utf-8",
  headers = [],
  length,
}: PageOptions & { readonly length?: number }): Buffer {
  const lines = [
    `HTTP/1.1 ${status}`,
    `Content-Type: ${type}`,
    ...(length === undefined ? [] : [`Content-Length: ${length}`]),
    ...headers,
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}

/** Sends `piece` for ever, as long as somebody takes it. */
export function endless(first: Buffer, piece: Buffer): PageTrick {
  return (socket) => {
    socket.write(first);
    const pour = (): void => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on("drain", pour);
    pour();
  };
}

/** One chunk of `Transfer-Encoding: chunked`. */
export function chunk(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}
