import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { decodeEnvelope } from "../../src/cwmp/soap/decode.ts";
import type { MessageOf } from "../../src/cwmp/soap/message.ts";
import type { RpcOutcome } from "../../src/simulator/acs/acs-messages.ts";
import { takeOverConnectionRequests } from "../../src/simulator/acs/session-script.ts";
import { Command, setUp } from "../support/command.ts";
import { type ConfigOverrides, Site, freePort } from "../support/site.ts";
import { waitUntil } from "../support/wait-until.ts";
import { FileServer, bodyOf } from "../transfers/file-server.ts";

const configType = "3 Vendor Configuration File";
const transfers = { allowHosts: ["127.0.0.1"] };

let site: Site;
let files: FileServer;

beforeAll(setUp);
beforeEach(async () => {
  site = await Site.open({
    recordings: [],
    isCaptured: true,
    acs: { scripts: [takeOverConnectionRequests(() => "cr-password-1")] },
  });
  files = await FileServer.start();
});
afterEach(async () => {
  await files.stop();
  await site.stop();
});

/** The proxier as the ACS knows it, once it is there. */
function proxierId(): Promise<string> {
  return waitUntil("the proxier informs", () => {
    const [device] = site.acs.devices();
    return device?.connectionRequestCredentials === undefined ? undefined : device.id;
  });
}

function element(name: string, value: string | number): string {
  return `<${name}>${String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</${name}>`;
}

async function download(key: string, url: string): Promise<RpcOutcome> {
  const xml = [
    element("CommandKey", key),
    element("FileType", configType),
    element("URL", url),
    element("Username", ""),
    element("Password", ""),
    element("FileSize", 0),
    element("TargetFileName", ""),
    element("DelaySeconds", 0),
    element("SuccessURL", ""),
    element("FailureURL", ""),
  ].join("");
  const request = { method: "Raw", name: "Download", xml: `<cwmp:Download>${xml}</cwmp:Download>` };
  return site.acs.execute(
    await proxierId(),
    request as { method: "Raw"; name: string; xml: string },
  );
}

async function upload(key: string, fileType: string, url: string): Promise<RpcOutcome> {
  const xml = [
    element("CommandKey", key),
    element("FileType", fileType),
    element("URL", url),
    element("Username", ""),
    element("Password", ""),
    element("DelaySeconds", 0),
  ].join("");
  const request = { method: "Raw", name: "Upload", xml: `<cwmp:Upload>${xml}</cwmp:Upload>` };
  return site.acs.execute(
    await proxierId(),
    request as { method: "Raw"; name: string; xml: string },
  );
}

/** Serves this text as the file of every Download. */
function serve(text: string): void {
  files.answer = (_request, response) => {
    response.end(text);
  };
}

/** What the service said of transfers that are over, and the event codes of the Informs that led to it. */
function reports(): readonly MessageOf<"TransferComplete">[] {
  return fromCpe().flatMap((message) => (message.method === "TransferComplete" ? [message] : []));
}

function informs(): readonly (readonly string[])[] {
  return fromCpe().flatMap((message) =>
    message.method === "Inform"
      ? [message.events.map(({ eventCode, commandKey }) => `${eventCode} ${commandKey}`.trim())]
      : [],
  );
}

function fromCpe(): readonly ReturnType<typeof decodeEnvelope>["message"][] {
  return site
    .envelopes()
    .filter(({ from, text }) => from === "cpe" && text.trim() !== "")
    .map(({ text }) => decodeEnvelope(text).message);
}

function reported(key: string): Promise<MessageOf<"TransferComplete">> {
  return waitUntil(
    `${key} is reported`,
    () => reports().find(({ commandKey }) => commandKey === key),
    60_000,
  );
}

/** The configuration of the site with these keys changed, as the ACS would send it. */
function changedConfig(overrides: ConfigOverrides): string {
  return readFileSync(site.configure({ transfers, ...overrides }, "sent.yaml"), "utf8");
}

describe("Download of the configuration of the proxier", () => {
  it("applies it by a restart and reports it afterwards, with 1 BOOT, until it is answered", async () => {
    const file = site.configure({ transfers });
    const daemon = await site.start(file);
    const text = changedConfig({ log: { level: "debug", format: "json" } });
    serve(text);
    expect(await download("d 1", files.url())).toMatchObject({ outcome: "response" });
    // The first TransferComplete gets a fault: nothing but a right answer settles it.
    site.acs.inject({ fault: { kind: "acs-fault", code: 8002 }, on: "other" });
    expect(await reported("d 1")).toMatchObject({ faultCode: 0, faultString: "" });
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(existsSync(`${file}.previous`)).toBe(true);
    expect(daemon.logged("new configuration is in force")).toBeDefined();
    // The restart came first: a new start of the service is what proves the configuration.
    const boot = informs().findLastIndex((events) => events.includes("1 BOOT"));
    const completing = informs().findIndex((events) => events.includes("7 TRANSFER COMPLETE"));
    expect(completing).toBeGreaterThanOrEqual(boot);
    expect(informs()[completing]).toEqual(
      expect.arrayContaining(["7 TRANSFER COMPLETE", "M Download d 1"]),
    );
    await site.acs.connectionRequest(await proxierId());
    await waitUntil("it is reported again", () => reports().length === 2);
    expect(reports()[0]).toEqual(reports()[1]);
    await site.acs.connectionRequest(await proxierId());
    await waitUntil(
      "a session without events of transfers",
      () => informs().at(-1)?.join() === "6 CONNECTION REQUEST",
    );
    expect(reports()).toHaveLength(2);
    expect(await daemon.get("/api/v1/transfers")).toEqual([]);
    expect(await daemon.get("/api/v1/events")).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: "transfer.completed" })]),
    );
  });

  it("takes one back that does not come up", async () => {
    const file = site.configure({ transfers });
    const before = readFileSync(file, "utf8");
    const daemon = await site.start(file);
    const port = await freePort();
    const occupied = createServer().listen(port, "127.0.0.1");
    serve(changedConfig({ connectionRequest: { listen: `127.0.0.1:${port}` } }));
    await download("d 2", files.url());
    expect(await reported("d 2")).toMatchObject({
      faultCode: 9018,
      faultString: expect.stringContaining("taken back") as string,
    });
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(daemon.command.hasEnded).toBe(false);
    occupied.close();
  });

  it("refuses one with a mistake, naming it, and one that makes it another box, without a restart", async () => {
    const file = site.configure({ transfers });
    const before = readFileSync(file, "utf8");
    const daemon = await site.start(file);
    serve("acs: { url: 17 }\nnonsense: 1\n");
    await download("d 3", files.url());
    const mistake = await reported("d 3");
    expect(mistake.faultCode).toBe(9018);
    expect(mistake.faultString).toMatch(/acs\.url/);
    serve(changedConfig({ dataDir: "./elsewhere" }));
    await download("d 4", files.url());
    expect(await reported("d 4")).toMatchObject({ faultCode: 9001 });
    serve(changedConfig({ acs: { url: site.acs.url, username: "${file:/etc/passwd}" } }));
    await download("d 5", files.url());
    expect(await reported("d 5")).toMatchObject({ faultCode: 9018 });
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(daemon.log.filter(({ msg }) => msg === "service runs")).toHaveLength(1);
  });

  it("loses nothing when the service is killed while it tries it", async () => {
    const file = site.configure({ transfers });
    const daemon = await site.start(file);
    const text = changedConfig({ log: { level: "debug", format: "json" } });
    serve(text);
    await download("d 6", files.url());
    await waitUntil("the configuration is on trial", () => existsSync(`${file}.trial`));
    await daemon.kill();
    await site.start(file);
    expect(await reported("d 6")).toMatchObject({ faultCode: 0 });
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(files.requests).toHaveLength(1);
  });
});

describe("Upload from the proxier", () => {
  it("gives configuration, events and log, all without secrets", async () => {
    const secret = "canary-acs-password";
    const acs = { url: site.acs.url, username: "box", password: secret };
    const daemon = await site.start(site.configure({ transfers, acs }));
    const bodies = new Map<string, string>();
    files.answer = (request, response) => {
      void bodyOf(request).then((body) => {
        bodies.set(request.url ?? "", body);
        response.writeHead(201).end();
      });
    };
    await upload("u 1", "3 Vendor Configuration File 1", files.url("/config"));
    await upload("u 2", "4 Vendor Log File 1", files.url("/events"));
    await upload("u 3", "4 Vendor Log File 2", files.url("/log"));
    for (const key of ["u 1", "u 2", "u 3"])
      expect(await reported(key)).toMatchObject({ faultCode: 0 });
    expect(bodies.get("/config")).toContain("password: ${secret:acs.password}");
    expect(bodies.get("/config")).toContain("username: box");
    expect(bodies.get("/log")).toContain("service runs");
    expect([...bodies.values()].join()).not.toContain(secret);
    expect(await upload("u 4", "4 Vendor Log File 3", files.url("/no"))).toMatchObject({
      outcome: "fault",
      code: 9003,
    });
    // What was given may be sent back as it is: nothing changes, nothing restarts.
    const sent = bodies.get("/config") ?? "";
    serve(sent);
    await download("u 5", files.url());
    expect(await reported("u 5")).toMatchObject({ faultCode: 0 });
    await waitUntil("the service runs again", () => daemon.logged("new configuration is in force"));
    expect(readFileSync(site.folder + "/config.yaml", "utf8")).toContain(secret);
    expect(statSync(site.folder + "/config.yaml.trial").mode & 0o077).toBe(0);
  });
});

describe("a configuration replaced on the box", () => {
  const policy = "Device.ManagementServer.AutonomousTransferCompletePolicy.";
  const event = "10 AUTONOMOUS TRANSFER COMPLETE";
  const told = () =>
    fromCpe().flatMap((message) =>
      message.method === "AutonomousTransferComplete" ? [message] : [],
    );

  it("is told by AutonomousTransferComplete once the ACS wants it, until answered, over kill -9", async () => {
    const overrides = { transfers, dataDir: "./data" };
    const file = site.configure(overrides);
    let daemon = await site.start(file);
    const id = await proxierId();
    await daemon.stop();
    site.configure({ ...overrides, polling: { status: "7s" } });
    daemon = await site.start(file);
    await waitUntil("it is noticed", () => daemon.logged("configuration was replaced on the box"));
    const parameters = [
      { path: `${policy}Enable`, value: "true", type: "boolean" },
      { path: `${policy}FileTypeFilter`, value: configType, type: "string" },
    ];
    const enable = { method: "SetParameterValues", parameters, parameterKey: "" } as const;
    expect(await site.acs.execute(id, enable)).toMatchObject({ outcome: "response" });
    expect(told()).toEqual([]);
    await daemon.stop();
    const secret = "canary-acs-password";
    const acs = { url: site.acs.url, username: "box", password: secret };
    site.configure({ ...overrides, acs });
    const withdraw = site.acs.inject({ fault: { kind: "acs-fault", code: 8002 }, on: "other" });
    daemon = await site.start(file);
    await waitUntil("it is announced", () => informs().at(-1)?.includes(event));
    await daemon.kill();
    withdraw();
    daemon = await site.start(file);
    const [message] = await waitUntil("it is told", () => told().length > 0 && told());
    expect(message).toMatchObject({
      isDownload: true,
      fileType: configType,
      transferUrl: "config.yaml",
      targetFileName: "config.yaml",
      fileSize: statSync(file).size,
      faultCode: 0,
      announceUrl: "",
    });
    expect(message?.startTime).toMatch(/^20\d\d-/);
    expect(JSON.stringify(message)).not.toContain(secret);
    await site.acs.connectionRequest(id);
    await waitUntil(
      "a session without it",
      () => informs().at(-1)?.join() === "6 CONNECTION REQUEST",
    );
    // What the ACS itself sends is told as a Download only.
    const known = told().length;
    serve(changedConfig({ acs, log: { level: "debug", format: "json" } }));
    await download("own", files.url());
    expect(await reported("own")).toMatchObject({ faultCode: 0 });
    await site.acs.connectionRequest(id);
    expect(told()).toHaveLength(known);
    expect(site.acs.violations()).toEqual([]);
  }, 90_000);
});

describe("mfpgate transfers", () => {
  it("lists what is queued, without passwords", async () => {
    const file = site.configure({ transfers });
    await site.start(file);
    files.answer = () => undefined;
    await download("waits", files.url("/slow?token=x"));
    const list = new Command(["transfers", "--config", file, "--json"]);
    const { stdout, code } = await list.ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        endpoint: "proxier",
        kind: "Download",
        commandKey: "waits",
        fileType: configType,
        server: `http://127.0.0.1:${files.port}`,
        state: "transferring",
      },
    ]);
    const text = await new Command(["transfers", "--config", file]).ended;
    expect(text.stdout).toMatch(/proxier +Download +3 Vendor Configuration File +transferring/);
  });
});
