import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type Server, type TLSSocket, createServer } from "node:tls";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { XmppError } from "../../src/cwmp/connection-request/xmpp/xmpp-error.ts";
import {
  type XmppStream,
  openXmppStream,
} from "../../src/cwmp/connection-request/xmpp/xmpp-package.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { type TestCertificates, makeTestCertificates } from "../cwmp/test-certificates.ts";
import { waitUntil } from "../support/wait-until.ts";

const header =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' " +
  "xmlns:stream='http://etherx.jabber.org/streams' id='1' from='localhost' version='1.0'>";
const sasl = "urn:ietf:params:xml:ns:xmpp-sasl";
const mechanisms = (...names: readonly string[]): string => {
  const list = names.map((name) => `<mechanism>${name}</mechanism>`).join("");
  return `<stream:features><mechanisms xmlns='${sasl}'>${list}</mechanisms></stream:features>`;
};
const plain = header + mechanisms("PLAIN");
const bindable = `${header}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>`;
const success = `<success xmlns='${sasl}'/>`;
const streamError = (condition: string): string =>
  `<stream:error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`;

/** What a server answers to the client's first, second, … message. */
type Script = readonly string[];

/** A good server up to the binding; `id` is the client's. */
const login: Script = [plain, success, bindable, "BOUND"];

// A promise left without handler fails the run: nothing here may leave one.
describe("a hostile or broken XMPP server", () => {
  let certificates: TestCertificates;
  let server: Server;
  let stream: XmppStream | undefined;
  let sockets: TLSSocket[];
  let closed: number;

  beforeAll(() => {
    certificates = makeTestCertificates();
  });

  afterEach(async () => {
    await stream?.close();
    stream = undefined;
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  async function serve(script: Script, end = false): Promise<void> {
    sockets = [];
    closed = 0;
    server = createServer({ ...certificates.server }, (socket) => {
      sockets.push(socket);
      let step = 0;
      socket.on("error", () => undefined);
      socket.on("data", (chunk: Buffer) => {
        const answer = script[step] ?? "";
        const id = / id="([^"]+)"/.exec(chunk.toString())?.[1] ?? "";
        step += 1;
        if (answer === "BOUND") socket.write(bound(id));
        else if (answer === "REFUSED") socket.write(refused(id));
        else if (answer !== "") socket.write(answer);
        if (end && step === script.length) socket.end();
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  }

  async function open(): Promise<XmppStream> {
    stream = await openXmppStream({
      clock: systemClock,
      host: "127.0.0.1",
      port: (server.address() as AddressInfo).port,
      domain: "localhost",
      isDirectTls: true,
      ca: certificates.ca,
      insecure: false,
      username: "box",
      password: "box-password",
      resource: "mfpgate",
      statistics: { received: 0, sent: 0, receivedErrors: 0, sentErrors: 0 },
      onRequest: () => "result",
      onClose: () => (closed += 1),
    });
    return stream;
  }

  it.each([
    ["mismatched tags", ["<a></b>"], "unreachable"],
    ["mismatched tags in the stream", [`${header}<a></b>`], "unreachable"],
    ["a stream error at once", [header + streamError("host-unknown")], "unreachable"],
    ["a redirection to nowhere", [header + streamError("see-other-host")], "unreachable"],
    ["no way to authenticate", [header + mechanisms()], "refused"],
    ["an unknown way to authenticate", [header + mechanisms("X-NOBODY-KNOWS")], "refused"],
    [
      "wrong credentials",
      [plain, `<failure xmlns='${sasl}'><not-authorized/></failure>`],
      "refused",
    ],
    ["a failure without reason", [plain, `<failure xmlns='${sasl}'/>`], "unreachable"],
    ["nonsense instead of success", [plain, "</stream:stream>"], "closed"],
    ["no binding", [plain, success, bindable, "REFUSED"], "unreachable"],
    ["a name without end", [`${header}<${"x".repeat(100_000)}`], "flood"],
    ["text without end", [plain, `<success xmlns='${sasl}'>${"x".repeat(100_000)}`], "flood"],
  ] as const)("answers with %s: an error, and no more", async (_, script, problem) => {
    await serve(script, problem === "closed");
    const error: unknown = await open().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(XmppError);
    expect((error as XmppError).problem).toBe(problem);
  });

  it.each([[[]], [[plain]], [[plain, success]], [[plain, success, bindable]]] as const)(
    "hangs up after %j",
    async (script) => {
      await serve(script.length === 0 ? [""] : script, true);
      expect(await open().catch((reason: unknown) => reason)).toBeInstanceOf(XmppError);
    },
  );

  it.each([
    ["mismatched tags", "<a></b>"],
    ["a stream error", streamError("conflict")],
    ["a redirection", streamError("see-other-host")],
    ["a stanza from nobody", "<iq type='get' id='1' from='@@//'><a xmlns='b'/></iq>"],
    ["a reply nobody waits for", "<iq type='error' id='x'/><iq type='result' id='y'/>"],
    ["an acknowledgement of what was never sent", "<a xmlns='urn:xmpp:sm:3' h='999999999'/>"],
    ["a stanza without end", `<message><body>${"x".repeat(100_000)}`],
    ["elements without end", "<a>".repeat(30_000)],
  ])("sends %s later: the stream ends at worst", async (_, text) => {
    await serve(login);
    await open();
    sockets[0]?.write(text);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(closed).toBeLessThanOrEqual(1);
    // Whatever became of it, the end is told when the server goes.
    sockets[0]?.destroy();
    await waitUntil("the end is told", () => closed === 1);
  });
});

function bound(id: string): string {
  const jid = "<jid>box@localhost/mfpgate</jid>";
  return `<iq type='result' id='${id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>${jid}</bind></iq>`;
}

function refused(id: string): string {
  const condition = "<conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>";
  return `<iq type='error' id='${id}'><error type='cancel'>${condition}</error></iq>`;
}
