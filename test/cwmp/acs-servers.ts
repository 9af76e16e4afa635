import { once } from "node:events";
import {
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  createServer,
} from "node:http";
import { type AddressInfo, type Socket, createServer as createTcpServer } from "node:net";
import { TLSSocket } from "node:tls";
import { systemClock } from "../../src/shared/clock.ts";
import type { AcsConnection, AcsSettings } from "../../src/cwmp/transport.ts";
import { type AcsClientOptions, createAcsClient } from "../../src/cwmp/http/acs-client.ts";

const cleanups: (() => void)[] = [];

/** Closes what the helpers below opened; for `afterEach`. */
export function closeAll(): void {
  for (const cleanup of cleanups.splice(0)) cleanup();
}

/** A request as the server saw it. */
export interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly bytes: Buffer;
  readonly socket: Socket;
  readonly isTlsResumed: boolean;
  /** Common name of the client certificate. */
  readonly clientName: string | undefined;
}

/** A listening server. */
export interface Acs {
  readonly url: string;
  readonly port: number;
  readonly seen: Seen[];
}

/** Answers the `count`th request. */
export type Handler = (response: ServerResponse, seen: Seen, count: number) => void;

/** An ACS that reads each request whole and lets `handle` answer it. */
export async function acsWith(
  handle: Handler,
  makeServer: (l: RequestListener) => Server = createServer,
): Promise<Acs> {
  const seen: Seen[] = [];
  const server = makeServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { method, url, headers, socket } = request;
      const bytes = Buffer.concat(parts);
      const body = bytes.toString("utf8");
      const entry = { method, url, headers, body, bytes, socket, ...tlsFacts(socket) };
      seen.push(entry);
      handle(response, entry, seen.length);
    });
  });
  return { ...(await listen(server)), seen };
}

function tlsFacts(socket: Socket): Pick<Seen, "isTlsResumed" | "clientName"> {
  if (!(socket instanceof TLSSocket)) return { isTlsResumed: false, clientName: undefined };
  const { subject } = socket.getPeerCertificate() as { subject?: { CN: string } };
  return { isTlsResumed: socket.isSessionReused(), clientName: subject?.CN };
}

async function listen(server: Server | ReturnType<typeof createTcpServer>) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => {
    server.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}/cwmp` };
}

/** An ACS of raw bytes: each whole request is answered by the next text; undefined hangs up. */
export async function rawAcs(
  ...answers: (string | undefined)[]
): Promise<Acs & { connections(): number }> {
  let connections = 0;
  const server = createTcpServer((socket) => {
    connections += 1;
    socket.on("error", () => undefined);
    socket.on("data", () => {
      const answer = answers.shift();
      if (answer === undefined) socket.destroy();
      else socket.write(answer);
    });
  });
  return { ...(await listen(server)), seen: [], connections: () => connections };
}

/** A session with the ACS under test. */
export function connect(
  acs: { readonly url: string },
  settings: Partial<AcsSettings> = {},
  options: Partial<AcsClientOptions> = {},
): AcsConnection {
  const client = createAcsClient({ clock: systemClock, ...options });
  const connection = client.connect({ url: acs.url, username: "cpe", password: "pw", ...settings });
  cleanups.push(() => {
    connection.close();
  });
  return connection;
}

/** Answers 200 with `body`. */
export const ok = (response: ServerResponse, body = "<answer/>"): void => {
  response.writeHead(200, { "Content-Length": Buffer.byteLength(body) }).end(body);
};
