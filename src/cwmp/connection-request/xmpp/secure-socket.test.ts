import { once } from "node:events";
import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeTestCertificates } from "../../../../test/cwmp/test-certificates.ts";
import { ManualClock } from "../../../shared/manual-clock.ts";
import { SecureSocket } from "./secure-socket.ts";

const header = "<?xml version='1.0'?><stream:stream id='1' version='1.0'>";
const offersTls =
  "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>";

let clock: ManualClock;
let server: Server;
let heard: string;
let answer: (socket: Socket, text: string) => void;

beforeEach(async () => {
  clock = new ManualClock();
  heard = "";
  server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      heard += chunk.toString();
      answer(socket, chunk.toString());
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(() => {
  server.close();
});

function createSocket(): SecureSocket {
  const socket = new SecureSocket({
    clock,
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    domain: "example.net",
    isDirectTls: false,
    ca: undefined,
    insecure: true,
  });
  return socket;
}

async function problem(): Promise<string> {
  const socket = createSocket();
  const failed = once(socket, "error") as Promise<[{ code: string }]>;
  socket.connect();
  const [error] = await failed;
  return error.code;
}

describe("the socket under an XMPP stream", () => {
  it("gives up where no TLS is offered, having said nothing but its wish", async () => {
    answer = (socket) => socket.write(`${header}<stream:features></stream:features>`);
    expect(await problem()).toBe("xmpp.no-tls");
    expect(heard).toMatch(/^<\?xml[^>]*><stream:stream[^>]*to='example.net'[^>]*>$/);
  });

  it("gives up where TLS is refused", async () => {
    answer = (socket, text) =>
      socket.write(text.includes("<starttls") ? "<failure/>" : header + offersTls);
    expect(await problem()).toBe("xmpp.no-tls");
  });

  it("reads no end of a server that never comes to the point", async () => {
    answer = (socket) => socket.write(header + "x".repeat(20_000));
    expect(await problem()).toBe("xmpp.no-tls");
  });

  it("takes nothing for encrypted that came in the clear", async () => {
    answer = (socket, text) =>
      socket.write(text.includes("<starttls") ? "<proceed/><iq type='get'/>" : header + offersTls);
    const socket = createSocket();
    let isOpen = false;
    socket.on("connect", () => (isOpen = true));
    socket.on("error", () => undefined);
    socket.connect();
    const closed = new Promise((resolve) => socket.once("close", resolve));
    for (const stop = Date.now() + 300; Date.now() < stop;) await clock.advance(0);
    await clock.advance(20_000);
    await closed;
    expect(isOpen).toBe(false);
  });

  it("gives up after a while at a server that says nothing", async () => {
    answer = () => undefined;
    const failing = problem();
    for (let turn = 0; turn < 50; turn += 1) await clock.advance(0);
    await clock.advance(15_000);
    expect(await failing).toBe("xmpp.unreachable");
  });
});

describe("the certificate of an XMPP server", () => {
  const { ca, server: good, otherHost } = makeTestCertificates();

  /** What comes of a connection to a server that has TLS from the first byte. */
  async function outcome(
    certificate: typeof good,
    trust: { readonly ca: string | undefined; readonly insecure: boolean },
  ): Promise<string> {
    const tlsServer = createTlsServer(certificate).listen(0, "127.0.0.1");
    tlsServer.on("tlsClientError", () => undefined);
    await once(tlsServer, "listening");
    const { port } = tlsServer.address() as AddressInfo;
    const where = { clock, host: "127.0.0.1", port, domain: "localhost", isDirectTls: true };
    const socket = new SecureSocket({ ...where, ...trust });
    const ended = new Promise<string>((resolve) => {
      socket.once("connect", () => {
        resolve("connected");
      });
      socket.once("error", (error: { readonly code: string }) => {
        resolve(error.code);
      });
    });
    socket.connect();
    try {
      return await ended;
    } finally {
      socket.destroy();
      tlsServer.close();
    }
  }

  it("must be of an authority that is trusted and for the domain, unless told to accept any", async () => {
    const known = { ca, insecure: false };
    expect(await outcome(good, known)).toBe("connected");
    expect(await outcome(good, { ca: undefined, insecure: false })).toMatch(
      /CERT|SELF_SIGNED|VERIFY/,
    );
    expect(await outcome(otherHost, known)).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
    expect(await outcome(otherHost, { ca: undefined, insecure: true })).toBe("connected");
  });
});
