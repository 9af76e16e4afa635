import { once } from "node:events";
import { type IncomingMessage, get } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { ProxierError } from "../shared/errors.ts";
import type { LocalService } from "./local-service.ts";
import { createMetrics } from "./metrics.ts";
import { createRoutes } from "./routes.ts";
import { type ApiServer, cliUserAgent, startApiServer } from "./server.ts";

const token = "a-long-enough-token";
const printer = {
  id: "00005e-x1",
  manufacturer: "Example",
  model: "Laser <b>5</b>",
  serialNumber: "X1",
  host: "127.0.0.9",
  presentation: "virtual",
  presentationFrom: "rule",
  reachability: "Online",
  mapping: "base",
  lastContact: null,
  web: null,
  interactionSet: [],
};

/** A small real service: one printer whose location can be set. */
function createService(): LocalService {
  let location = "Hall";
  const path = "Device.Services.X_MFPGATE-ORG_MFP.1.General.SystemLocation";
  const parameters: LocalService["parameters"] = (target) =>
    target === printer.id
      ? {
          [path]: {
            value: location,
            type: "string",
            readAt: null,
            stale: false,
            source: "base",
            writable: true,
          },
        }
      : undefined;
  return {
    isReady: () => true,
    status: () => ({
      version: "0",
      startedAt: "2026-01-01T00:00:00Z",
      ready: true,
      acs: { url: "http://acs", sessions: 0, failures: 0, queued: 0, lastError: null },
      printers: { Online: 1 },
      polling: { queued: 0, running: 0 },
      discovery: { running: false, lastRunAt: null, found: 0 },
      connectionRequest: { listening: "" },
    }),
    sessions: () => [],
    printers: () => [printer],
    parameters,
    read: (target, at) => Promise.resolve(parameters(target, at)),
    set: (target, values) => {
      if (target !== printer.id) return Promise.resolve(undefined);
      const name = Object.keys(values)[0] ?? "";
      const value = values[name] ?? "";
      if (name !== path) {
        const faults = [{ path: name, code: 9005, text: "no such parameter" }];
        return Promise.resolve({
          outcome: "refused",
          code: 9003,
          text: "invalid arguments",
          faults,
        });
      }
      location = value;
      return Promise.resolve({ outcome: "applied" });
    },
    explain: () => Promise.resolve(undefined),
    plan: (target, values) =>
      Promise.resolve(
        target === printer.id
          ? {
              changes: Object.entries(values).map(([name, to]) => ({
                path: name,
                from: location,
                to,
              })),
              steps: [],
              objections: [],
            }
          : undefined,
      ),
    audit: (device, limit) => {
      const line = { at: "2026-01-01T00:00:00.000Z", who: "acs", device: printer.id, path };
      const lines = [{ ...line, from: null, to: `of ${limit}`, outcome: "applied" }];
      return Promise.resolve(device === "" || device === printer.id ? lines : undefined);
    },
    acceptCertificate: (target) => Promise.resolve(target === printer.id),
    retryPassword: (target) => Promise.resolve(target === printer.id),
    acceptPages: (target) => Promise.resolve(target === printer.id),
    requestDownload: (target, { fileType, arguments: given }) => {
      if (target !== printer.id) return Promise.resolve(undefined);
      if (Object.keys(given).length > 0) return Promise.resolve("waiting");
      if (fileType.startsWith("1 ")) return Promise.resolve("taken");
      return Promise.reject(
        new ProxierError("the ACS does not take RequestDownload", {
          code: "cwmp.request-unsupported",
        }),
      );
    },
    present: (target) => Promise.resolve(target === printer.id),
    discover: (ranges) => Promise.resolve({ probed: ranges.length, found: [] }),
    approve: (target) => Promise.resolve(target === printer.id),
    retire: () => Promise.resolve(false),
    inform: (target) => target === printer.id,
    kick: ({ command, next }) => Promise.resolve(command === "open" ? next : "javascript:alert(1)"),
    transfers: () => [],
    events: () => Promise.resolve([]),
    document: (name) => (name === "known.xml" ? "<document/>" : undefined),
  };
}

let server: ApiServer | undefined;

async function start(service = createService()): Promise<string> {
  const metrics = createMetrics({
    printersByReachability: () => ({ Online: 1 }),
    pollQueue: () => 3,
    sessionQueue: () => 0,
    droppedDatagrams: () => ({ malformed: 2 }),
  });
  const routes = createRoutes(service, metrics);
  server = await startApiServer({ host: "127.0.0.1", port: 0, token, routes });
  return server.url;
}

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** Posts JSON with the token. */
function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const init = { method: "POST", body: JSON.stringify(body) };
  return fetch(url, { ...init, headers: { Authorization: `Bearer ${token}`, ...headers } });
}

const authorized = { headers: { Authorization: `Bearer ${token}` } };

describe("local API", () => {
  it("answers health, readiness and metrics without a token", async () => {
    const url = await start();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('mfpgate_printers{reachability="Online"} 1');
    expect(metrics).toContain("mfpgate_poll_queue 3");
    expect(metrics).toContain('mfpgate_snmp_dropped_datagrams{reason="malformed"} 2');
  });

  it("serves device-type documents to everybody, as the connection-request listener does", async () => {
    const url = await start();
    const found = await fetch(`${url}/dt/known.xml`);
    expect([found.status, await found.text()]).toEqual([200, "<document/>"]);
    expect((await fetch(`${url}/dt/other.xml`)).status).toBe(404);
  });

  it("is not ready while the service starts", async () => {
    const url = await start({ ...createService(), isReady: () => false });
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
  });

  it("refuses everything else without the right token", async () => {
    const url = await start();
    for (const path of ["/", "/api/v1/printers", "/api/v1/status", "/api/v1/events"]) {
      expect((await fetch(`${url}${path}`)).status).toBe(401);
      const wrong = { headers: { Authorization: "Bearer wrong" } };
      expect((await fetch(`${url}${path}`, wrong)).status).toBe(401);
    }
  });

  it("takes the choice of a printer's face, and nothing else in its place", async () => {
    const url = await start();
    const choose = async (id: string, body: unknown): Promise<number> =>
      (
        await fetch(`${url}/api/v1/printers/${id}/presentation`, {
          method: "POST",
          ...authorized,
          body: JSON.stringify(body),
        })
      ).status;
    expect(await choose(printer.id, { presentation: "embedded" })).toBe(200);
    expect(await choose("nobody", { presentation: "embedded" })).toBe(404);
    expect(await choose(printer.id, { presentation: 5 })).toBe(400);
    expect(await choose(printer.id, [])).toBe(400);
  });

  it("lists printers and their parameters", async () => {
    const url = await start();
    const printers = await (await fetch(`${url}/api/v1/printers`, authorized)).json();
    expect(printers).toEqual([printer]);
    const values = await (
      await fetch(`${url}/api/v1/printers/${printer.id}/parameters`, authorized)
    ).json();
    expect(Object.values(values as object)).toMatchObject([{ value: "Hall", writable: true }]);
  });

  it("sets a parameter and reports refusals as faults", async () => {
    const url = await start();
    const post = async (body: unknown): Promise<Response> =>
      fetch(`${url}/api/v1/printers/${printer.id}/parameters`, {
        method: "POST",
        body: JSON.stringify(body),
        ...authorized,
      });
    const path = "Device.Services.X_MFPGATE-ORG_MFP.1.General.SystemLocation";
    expect((await post({ [path]: "Attic" })).status).toBe(200);
    const refused = await post({ "Device.Nothing": "1" });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ faults: [{ code: 9005 }] });
    expect((await post([1])).status).toBe(400);
    expect((await post({ [path]: { deep: true } })).status).toBe(400);
  });

  it("sends a browser that kicks to the page the ACS names, and to nothing but a page", async () => {
    const url = await start();
    const kick = (query: string): Promise<Response> =>
      fetch(`${url}/kick?${query}`, { ...authorized, redirect: "manual" });
    const sent = await kick("command=open&next=https://portal.example/a");
    expect([sent.status, sent.headers.get("location")]).toEqual([303, "https://portal.example/a"]);
    const kept = await kick("command=script");
    expect([kept.status, kept.headers.get("location")]).toEqual([200, null]);
    expect((await fetch(`${url}/kick`)).status).toBe(401);
  });

  it("plans a set without making it when asked for a dry run", async () => {
    const url = await start();
    const where = `${url}/api/v1/printers/${printer.id}/parameters`;
    const path = "Device.Services.X_MFPGATE-ORG_MFP.1.General.SystemLocation";
    const planned = await post(`${where}?dryRun=true`, { [path]: "Attic" });
    expect(await planned.json()).toMatchObject({ changes: [{ path, from: "Hall", to: "Attic" }] });
    expect(await (await fetch(where, authorized)).json()).toMatchObject({
      [path]: { value: "Hall" },
    });
    expect((await post(`${where}?dryRun=yes`, { [path]: "Attic" })).status).toBe(400);
    const ghost = `${url}/api/v1/printers/ghost/parameters?dryRun=true`;
    expect((await post(ghost, { [path]: "x" })).status).toBe(404);
  });

  it("tells the service whether the command line asks or somebody else", async () => {
    const seen: string[] = [];
    const set: LocalService["set"] = (_target, _values, who) => {
      seen.push(who);
      return Promise.resolve({ outcome: "applied" });
    };
    const url = await start({ ...createService(), set });
    const where = `${url}/api/v1/printers/${printer.id}/parameters`;
    await post(where, { "Device.X": "1" });
    await post(where, { "Device.X": "1" }, { "User-Agent": cliUserAgent });
    expect(seen).toEqual(["api", "cli"]);
  });

  it("shows the audit of one device or of all, and of no stranger", async () => {
    const url = await start();
    const audit = (query: string): Promise<Response> =>
      fetch(`${url}/api/v1/audit${query}`, authorized);
    expect(await (await audit("")).json()).toMatchObject([{ who: "acs", to: "of 100" }]);
    expect(await (await audit(`?device=${printer.id}&limit=7`)).json()).toMatchObject([
      { device: printer.id, to: "of 7" },
    ]);
    expect(await (await audit("?device=ghost")).text()).toContain("there is no ghost");
    for (const limit of ["0", "1001", "many", "1.5"])
      expect((await audit(`?limit=${limit}`)).status).toBe(400);
  });

  it("accepts the changed pages of a printer that has some", async () => {
    const url = await start();
    const accept = (id: string): Promise<Response> =>
      post(`${url}/api/v1/printers/${id}/pages/accept`, undefined);
    expect(await (await accept(printer.id)).json()).toEqual({ done: true });
    const refused = await accept("ghost");
    expect(refused.status).toBe(404);
    expect(await refused.text()).toContain("no printer ghost with web pages that changed");
    const trust = (id: string): Promise<Response> =>
      post(`${url}/api/v1/printers/${id}/certificate/accept`, undefined);
    expect(await (await trust(printer.id)).json()).toEqual({ done: true });
    expect((await trust("ghost")).status).toBe(404);
    const retry = (id: string): Promise<Response> =>
      post(`${url}/api/v1/printers/${id}/password/retry`, undefined);
    expect(await (await retry(printer.id)).json()).toEqual({ done: true });
    expect(await (await retry("ghost")).text()).toContain("that refused its web password");
  });

  it("asks the ACS for a file, and says what it made of that", async () => {
    const url = await start();
    const ask = (body: unknown, id = printer.id): Promise<Response> =>
      post(`${url}/api/v1/printers/${id}/request-download`, body);
    const firmware = { fileType: "1 Firmware Upgrade Image" };
    expect(await (await ask(firmware)).json()).toEqual({ answer: "taken" });
    expect(await (await ask({ ...firmware, arguments: { A: "1" } })).json()).toEqual({
      answer: "waiting",
    });
    const refused = await ask({ fileType: "2 Web Content" });
    expect(refused.status).toBe(502);
    expect(await refused.text()).toContain("does not take RequestDownload");
    expect((await ask(firmware, "ghost")).status).toBe(404);
    for (const nonsense of [undefined, {}, { fileType: 1 }, { ...firmware, arguments: ["x"] }])
      expect((await ask(nonsense)).status).toBe(400);
  });

  it("turns nonsense into clear errors", async () => {
    const url = await start();
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
    expect((await fetch(`${url}/api/v1/printers`, { method: "POST", ...authorized })).status).toBe(
      405,
    );
    expect((await fetch(`${url}/api/v1/printers/ghost/parameters`, authorized)).status).toBe(404);
    expect((await fetch(`${url}/api/v1/printers/%E0%A4%A/parameters`, authorized)).status).toBe(
      400,
    );
    expect((await fetch(`${url}/api/v1/events?limit=many`, authorized)).status).toBe(400);
    const huge = await fetch(`${url}/api/v1/discover`, {
      method: "POST",
      body: "x".repeat(300_000),
      ...authorized,
    });
    expect(huge.status).toBe(413);
    const broken = await fetch(`${url}/api/v1/discover`, {
      method: "POST",
      body: "{",
      ...authorized,
    });
    expect(broken.status).toBe(400);
  });

  it("answers a request whose target is no path", async () => {
    const { hostname, port } = new URL(await start());
    const [response] = (await once(get({ hostname, port, path: "//" }), "response")) as [
      IncomingMessage,
    ];
    response.resume();
    expect(response.statusCode).toBe(400);
  });

  it("gives a browser a cookie for the token in the address, and escapes what printers say", async () => {
    const url = await start();
    const first = await fetch(`${url}/?token=${token}`);
    const cookie = first.headers.get("set-cookie")?.split(";")[0] ?? "";
    const page = await fetch(`${url}/`, { headers: { Cookie: cookie } });
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toContain("Laser &#60;b&#62;5&#60;/b&#62;");
    expect(html).not.toContain("<b>5</b>");
  });

  it("takes no change on the word of a cookie, which a form on another page would bring along", async () => {
    const url = await start();
    const headers = { Cookie: `mfpgate_token=${token}` };
    expect((await fetch(`${url}/api/v1/status`, { headers })).status).toBe(200);
    const inform = `${url}/api/v1/printers/${printer.id}/inform`;
    expect((await fetch(inform, { method: "POST", headers })).status).toBe(401);
  });

  it.each([
    ["is not shown", { presentation: "none" }, "is not shown to the ACS: see mfpgate present"],
    ["is retired", { reachability: "Retired" }, `is retired: mfpgate approve ${printer.id} takes`],
    ["is none", { id: "another" }, "see mfpgate printers"],
  ])("says of a printer without parameters that it %s", async (_what, change, message) => {
    const service = createService();
    const hidden = { printers: () => [{ ...printer, ...change }], parameters: () => undefined };
    const url = await start({ ...service, ...hidden });
    const where = `${url}/api/v1/printers/${printer.id}/parameters`;
    expect(await (await fetch(where, authorized)).text()).toContain(message);
  });

  it("tells an unknown parameter from an unknown printer", async () => {
    const url = await start();
    const explain = (id: string): Promise<Response> =>
      fetch(`${url}/api/v1/printers/${id}/explain?path=Nope`, authorized);
    expect(await (await explain(printer.id)).text()).toContain("there is no parameter Nope");
    expect(await (await explain("nobody")).text()).toContain("see mfpgate printers");
  });
});
