import { xml } from "@xmpp/client";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ConnectionRequestAnswer } from "../../src/cwmp/connection-request/target.ts";
import {
  XmppConnection,
  type XmppSettings,
  type XmppState,
} from "../../src/cwmp/connection-request/xmpp/xmpp-connection.ts";
import { XmppRequests } from "../../src/cwmp/connection-request/xmpp/xmpp-requests.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { type TestCertificates, makeTestCertificates } from "../cwmp/test-certificates.ts";
import { waitUntil } from "../support/wait-until.ts";
import { type Prosody, hasProsody, startProsody } from "./prosody.ts";
import { XmppSender } from "./xmpp-sender.ts";

const isInstalled = hasProsody();
const accounts = { box: "box-password", acs: "acs-password", stranger: "stranger-password" };

it.runIf(process.env["CI"] === "true")("has prosody in CI (apt-get install prosody)", () => {
  expect(isInstalled).toBe(true);
});

describe.skipIf(!isInstalled)("XMPP at a real server (left out without prosody)", () => {
  let certificates: TestCertificates;
  let prosody: Prosody;
  let connection: XmppConnection;
  let states: XmppState[];
  let asked: string[];
  let says: ConnectionRequestAnswer;
  let allowed: string;
  const senders: XmppSender[] = [];

  beforeAll(async () => {
    certificates = makeTestCertificates();
    prosody = await startProsody({
      certificates: certificates.server,
      accounts,
      hasScram: false,
    });
  });

  afterAll(async () => {
    await prosody.stop();
  });

  afterEach(async () => {
    for (const sender of senders.splice(0)) sender.close();
    await connection.stop();
  });

  function settings(changes: Partial<XmppSettings> = {}): XmppSettings {
    return {
      isEnabled: true,
      username: "box",
      password: accounts.box,
      domain: "localhost",
      resource: "mfpgate",
      algorithm: "ServerTable",
      server: { host: "127.0.0.1", port: prosody.port, isDirectTls: false },
      keepAliveS: -1,
      retry: { initialS: 1, multiplier: 1_000, maximumS: 1 },
      ca: certificates.ca,
      insecure: false,
      ...changes,
    };
  }

  function createConnection(): XmppConnection {
    states = [];
    asked = [];
    says = "accepted";
    allowed = "";
    const requests = new XmppRequests({ clock: systemClock });
    for (const name of ["one", "two"])
      requests.register({
        endpointId: name,
        username: () => name,
        password: () => `password of ${name}`,
        allowedJabberIds: () => allowed,
        accept: (method) => {
          asked.push(`${name} ${method}`);
          return says;
        },
      });
    connection = new XmppConnection({
      clock: systemClock,
      random: () => 0,
      lastJabberId: "",
      onRequest: (request) => requests.receive(request),
      onChange: (state) => states.push(state),
    });
    return connection;
  }

  async function connected(changes: Partial<XmppSettings> = {}): Promise<void> {
    createConnection().configure(settings(changes));
    await waitUntil("stream open", () => connection.state.status === "Enabled");
  }

  async function sender(username: "acs" | "stranger", resource: string): Promise<XmppSender> {
    const account = { port: prosody.port, ca: certificates.ca, username, resource };
    const opened = await XmppSender.open({ ...account, password: accounts[username] });
    senders.push(opened);
    return opened;
  }

  const jabberId = "box@localhost/mfpgate";

  it("opens a stream under TLS and shows its Jabber ID", async () => {
    await connected();
    expect(connection.state.jabberId).toBe(jabberId);
    expect(states.map(({ status }) => status)).toEqual(["Connecting", "Enabled"]);
    expect(connection.statistics.received).toBeGreaterThan(0);
  });

  it("opens a stream at a server that speaks TLS from the start", async () => {
    await connected({ server: { host: "127.0.0.1", port: prosody.tlsPort, isDirectTls: true } });
    expect(connection.state.jabberId).toBe(jabberId);
  });

  it("answers connection requests as the endpoint named in the stanza says", async () => {
    await connected();
    const [acs, wrong, right] = await Promise.all([
      sender("acs", "any"),
      sender("stranger", "wrong"),
      sender("stranger", "right"),
    ]);
    // Right name and password: a session of that endpoint.
    expect(await acs.ask(jabberId, "two", "password of two")).toBe("result");
    expect(asked.splice(0)).toEqual(["two XMPP"]);
    // Wrong ones.
    expect(await acs.ask(jabberId, "two", "password of one")).toBe("not-authorized");
    expect(await acs.ask(jabberId, "nobody", "password of one")).toBe("not-authorized");
    expect(await acs.ask(jabberId, "", "")).toBe("not-authorized");
    // Right ones from a Jabber ID that is not allowed.
    allowed = "acs@localhost, stranger@localhost/right";
    expect(await wrong.ask(jabberId, "one", "password of one")).toBe("service-unavailable");
    expect(asked).toEqual([]);
    expect(await acs.ask(jabberId, "one", "password of one")).toBe("result");
    expect(await right.ask(jabberId, "one", "password of one")).toBe("result");
    for (const answer of ["unreachable", "busy", "disabled"] as const) {
      says = answer;
      expect(await acs.ask(jabberId, "one", "password of one")).toBe("service-unavailable");
    }
    // Anything else is not known here.
    const query = xml("query", { xmlns: "jabber:iq:version" });
    expect(await acs.send(query, jabberId)).toBe("service-unavailable");
  });

  it("says that the account is refused, and goes on trying", async () => {
    createConnection().configure(settings({ password: "wrong" }));
    await waitUntil("refused", () => connection.state.status === "Error_AuthenticationFailure");
    connection.configure(settings());
    await waitUntil("stream open", () => connection.state.status === "Enabled");
  });

  it("refuses a certificate nobody vouches for, unless told to accept any", async () => {
    createConnection().configure(settings({ ca: undefined }));
    await waitUntil("distrust", () => connection.state.status === "Error");
    connection.configure(settings({ ca: undefined, insecure: true }));
    await waitUntil("stream open", () => connection.state.status === "Enabled");
  });

  it("sends no password to a server without TLS", async () => {
    const bare = await startProsody({
      certificates: certificates.server,
      accounts,
      hasTls: false,
    });
    const server = { host: "127.0.0.1", port: bare.port, isDirectTls: false };
    createConnection().configure(settings({ server, insecure: true }));
    await waitUntil("refused", () => connection.state.status === "Error");
    await bare.stop();
  });

  it("keeps its Jabber ID while the server is away, and comes back", async () => {
    await connected();
    await prosody.stop();
    await waitUntil("lost", () => connection.state.status === "ServerNotPresent");
    expect(connection.state.jabberId).toBe(jabberId);
    await prosody.restart();
    await waitUntil("stream open", () => connection.state.status === "Enabled");
    expect(new Set(states.slice(1).map((state) => state.jabberId))).toEqual(new Set([jabberId]));
  });

  it("is gone at once when switched off", async () => {
    await connected();
    connection.configure(settings({ isEnabled: false }));
    expect(connection.state).toMatchObject({ status: "Disabled", jabberId: "" });
    const acs = await sender("acs", "a");
    await waitUntil("gone", async () => {
      return (await acs.ask(jabberId, "one", "password of one")) === "service-unavailable";
    });
    expect(asked).toEqual([]);
  });
});
