import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeviceRecord } from "../../src/simulator/acs/device-record.ts";
import { takeOverConnectionRequests } from "../../src/simulator/acs/session-script.ts";
import { type Prosody, hasProsody, startProsody } from "../connection-request/prosody.ts";
import { XmppSender } from "../connection-request/xmpp-sender.ts";
import { makeTestCertificates } from "../cwmp/test-certificates.ts";
import { setUp } from "../support/command.ts";
import type { Daemon } from "../support/daemon.ts";
import { Site } from "../support/site.ts";
import { waitUntil } from "../support/wait-until.ts";

const isInstalled = hasProsody();
const accounts = { box: "box-password", acs: "acs-password" };
const password = "request-password";
const jabberId = "box@localhost/mfpgate";
const server = "Device.ManagementServer.";
const row = "Device.XMPP.Connection.1.";
const inTimeMs = 20_000;

it.runIf(process.env["CI"] === "true")("has prosody in CI (apt-get install prosody)", () => {
  expect(isInstalled).toBe(true);
});

describe.skipIf(!isInstalled)("the service at an XMPP server (left out without prosody)", () => {
  let prosody: Prosody;
  let site: Site;
  let daemon: Daemon;
  let configFile: string;
  let sender: XmppSender;

  beforeAll(async () => {
    setUp();
    // The ACS gives the box another user name, as ACSs do.
    const scripts = [takeOverConnectionRequests(() => password)];
    site = await Site.open({ recordings: [], acs: { scripts } });
    const certificates = makeTestCertificates();
    writeFileSync(join(site.folder, "ca.pem"), certificates.ca);
    prosody = await startProsody({ certificates: certificates.server, accounts });
    const xmpp = {
      service: `xmpp://127.0.0.1:${prosody.port}`,
      domain: "localhost",
      username: "box",
      password: accounts.box,
      tls: { ca: "./ca.pem" },
    };
    const listen = `127.0.0.1:${site.connectionRequestPort}`;
    configFile = site.configure({ connectionRequest: { listen, xmpp } });
    daemon = await site.start(configFile);
    await site.acs.waitFor(() => box()?.connectionRequestCredentials, inTimeMs);
    sender = await XmppSender.open({
      port: prosody.port,
      ca: certificates.ca,
      username: "acs",
      password: accounts.acs,
      resource: "sender",
    });
  });

  afterAll(async () => {
    sender.close();
    await prosody.stop();
    await site.stop();
  });

  function box(): DeviceRecord | undefined {
    return site.acs.devices()[0];
  }

  function username(): string {
    return box()?.connectionRequestCredentials?.username ?? "";
  }

  function requested(): number {
    const events = box()?.events.all() ?? [];
    return events.filter(({ eventCode }) => eventCode === "6 CONNECTION REQUEST").length;
  }

  async function set(values: Readonly<Record<string, string>>): Promise<void> {
    expect(await site.acs.setParameterValues(box()?.id ?? "", values)).toMatchObject({
      outcome: "response",
    });
  }

  it("tells the ACS its Jabber ID, which then gets a session by it", async () => {
    const path = `${server}ConnReqJabberID`;
    await site.acs.waitFor(() => box()?.value(path) === jabberId || undefined, inTimeMs);
    const before = requested();
    expect(await sender.ask(jabberId, username(), "wrong")).toBe("not-authorized");
    expect(await sender.ask(jabberId, username(), password)).toBe("result");
    await site.acs.waitFor(() => requested() === before + 1 || undefined, inTimeMs);
  });

  it("shows the connection in the proxier's model", async () => {
    const id = box()?.id ?? "";
    const outcome = await site.acs.getParameterValues(id, [
      row,
      `${server}SupportedConnReqMethods`,
    ]);
    expect(outcome).toMatchObject({ outcome: "response" });
    const shown = ["Status", "JabberID", "TLSEstablished", "Username", "Password"] as const;
    expect(shown.map((name) => box()?.value(row + name))).toEqual([
      "Enabled",
      jabberId,
      "true",
      "box",
      "",
    ]);
    expect(box()?.value(`${server}SupportedConnReqMethods`)).toBe("HTTP,STUN,XMPP");
  });

  it("heeds at once whom the ACS allows, and when it wants no XMPP at all", async () => {
    await site.acs.getParameterValues(box()?.id ?? "", [server, row]);
    await set({ [`${server}ConnReqAllowedJabberIDs`]: "other@localhost" });
    expect(await sender.ask(jabberId, username(), password)).toBe("service-unavailable");
    await set({ [`${server}ConnReqAllowedJabberIDs`]: "acs@localhost" });
    expect(await sender.ask(jabberId, username(), password)).toBe("result");
    await set({ [`${server}ConnReqXMPPConnection`]: "" });
    const id = box()?.id ?? "";
    await site.acs.waitFor(
      () => box()?.value(`${server}ConnReqJabberID`) === "" || undefined,
      inTimeMs,
    );
    await site.acs.getParameterValues(id, [`${row}Status`]);
    expect(box()?.value(`${row}Status`)).toBe("Disabled");
    await set({ [`${server}ConnReqXMPPConnection`]: "Device.XMPP.Connection.1" });
    await waitUntil("the stream is open again", () => {
      return daemon.log.filter(({ msg }) => msg === "XMPP stream open").length === 2;
    });
    expect(await sender.ask(jabberId, username(), password)).toBe("result");
  });

  it("takes another account of the ACS, also over a restart", async () => {
    await set({ [`${row}Password`]: "wrong" });
    const id = box()?.id ?? "";
    const status = "Error_AuthenticationFailure";
    await waitUntil("refused", () => daemon.logged("no XMPP stream, will retry", { status }));
    await site.acs.getParameterValues(id, [`${row}Status`]);
    expect(box()?.value(`${row}Status`)).toBe(status);
    await set({ [`${row}Password`]: accounts.box, [`${row}Resource`]: "elsewhere" });
    const path = `${server}ConnReqJabberID`;
    await site.acs.waitFor(
      () => box()?.value(path) === "box@localhost/elsewhere" || undefined,
      inTimeMs,
    );
    await daemon.kill();
    daemon = await site.start(configFile);
    await waitUntil("stream open", () => daemon.logged("XMPP stream open"));
    const again = await sender.ask("box@localhost/elsewhere", username(), password);
    expect(again).toBe("result");
  });
});
