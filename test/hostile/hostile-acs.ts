import { once } from "node:events";
import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import { encodeEnvelope } from "../../src/cwmp/soap/encode.ts";
import type { CwmpHeader, CwmpMessage } from "../../src/cwmp/soap/message.ts";

/** One whole POST of the CPE. */
export interface Received {
  readonly head: string;
  readonly body: string;
  /** 0 for the Inform, then counting up. */
  readonly turn: number;
  /** cwmp:ID of the body; "" when there is none. */
  readonly id: string;
}

/** What the ACS does with a POST: bytes for the socket, or anything it does to the socket itself. */
export type Trick = (request: Received, socket: Socket) => void;

/** Bytes, or something that makes them for this request. */
export type Step = Buffer | string | Trick;

/**
 * An ACS of raw sockets, so that it can send what no HTTP library would. It plays `trick`; without one it is
 * well-behaved and asks what is in `requests`.
 */
export class HostileAcs {
  trick: Trick | undefined;
  readonly requests: CwmpMessage[] = [];
  readonly received: Received[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #connections = 0;
  #turn = 0;
  #lastId = 0;

  constructor() {
    this.#server = createServer((socket) => {
      this.#serve(socket);
    });
  }

  async start(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/cwmp`;
  }

  /** Sockets open at the moment. */
  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Connections so far. */
  get connections(): number {
    return this.#connections;
  }

  /** What an honest ACS does. */
  readonly behave: Trick = ({ body, id }, socket) => {
    if (body.includes("<cwmp:Inform>")) {
      socket.write(http(envelope({ method: "InformResponse" }, { id })));
      return;
    }
    const next = this.requests.shift();
    socket.write(next === undefined ? noContent : http(envelope(next, { id: this.#nextId() })));
  };

  #nextId(): string {
    this.#lastId += 1;
    return `acs-${this.#lastId}`;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    this.#connections += 1;
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => undefined); // the CPE hangs up on what it does not like
    let pending = Buffer.alloc(0);
    socket.on("data", (bytes) => {
      pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
      for (let length = messageLength(pending); length > 0; length = messageLength(pending)) {
        const message = pending.subarray(0, length).toString("utf8");
        pending = pending.subarray(length);
        this.#receive(message, socket);
      }
    });
  }

  #receive(message: string, socket: Socket): void {
    const end = message.indexOf("\r\n\r\n");
    const body = message.slice(end + 4);
    this.#turn = body.includes("<cwmp:Inform>") ? 0 : this.#turn + 1;
    const id = /<cwmp:ID[^>]*>([^<]*)</.exec(body)?.[1] ?? "";
    const request = { head: message.slice(0, end), body, turn: this.#turn, id };
    this.received.push(request);
    (this.trick ?? this.behave)(request, socket);
  }
}

/** Length of the first message in `bytes`, 0 while it is incomplete. The CPE always says Content-Length. */
function messageLength(bytes: Buffer): number {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return 0;
  const length = /\r\ncontent-length: (\d+)/i.exec(bytes.toString("latin1", 0, end))?.[1];
  const total = end + 4 + Number(length ?? "0");
  return bytes.length < total ? 0 : total;
}

const namespace = "urn:dslforum-org:cwmp-1-2";

/** An envelope as text. */
export function envelope(message: CwmpMessage, header: CwmpHeader = {}): string {
  return encodeEnvelope({ namespace, header, message });
}

/** An envelope with any XML for a body, under the ID `x`. */
export function rawEnvelope(body: string): string {
  return envelope({ method: "GetRPCMethods" }, { id: "x" }).replace(
    "<cwmp:GetRPCMethods></cwmp:GetRPCMethods>",
    () => body,
  );
}

/** A whole HTTP response with a true Content-Length. */
export function http(
  body: string | Buffer,
  { status = "200 OK", headers = [] }: { status?: string; headers?: readonly string[] } = {},
): Buffer {
  const bytes = Buffer.from(body);
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: text/xml; charset="utf-8"',
    `Content-Length: ${bytes.length}`,
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), bytes]);
}

/** The end of a session. */
export const noContent = "HTTP/1.1 204 No Content\r\n\r\n";

/** Answers the n-th POST of each session with the n-th step, later ones with the last. */
export function inTurns(...steps: readonly Step[]): Trick {
  return (request, socket) => {
    const step = steps[Math.min(request.turn, steps.length - 1)] ?? noContent;
    if (typeof step === "function") step(request, socket);
    else socket.write(step);
  };
}

/** Accepts the Inform. */
export const welcome: Trick = ({ id }, socket) => {
  socket.write(http(envelope({ method: "InformResponse" }, { id })));
};

/** Hangs up, after sending `bytes` if there are any. */
export function hangUp(bytes: Buffer | string = ""): Trick {
  return (_request, socket) => {
    socket.end(bytes);
  };
}
