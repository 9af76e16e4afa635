import { mkdtemp, rm, unlink, writeFile } from "node:fs/promises";
import { Agent, get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../shared/clock.ts";
import { type SimulatedFleet, startSimulatedPrinters } from "../printer-fleet.ts";
import { parseScenario, runScenario } from "../scenario.ts";

let folder = "";
let fleet: SimulatedFleet | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ews-capture-"));
  const files: Readonly<Record<string, string>> = {
    "status.html": "<p>Ready &amp; able</p>",
    "usage.xml": "<Usage/>",
    "item.html": "<p>item</p>",
    "first.html": "<p>opened</p>",
    "second.html": "<p>saved</p>",
    "error.html": "<h1>No such page</h1>",
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const manifest = {
    schema: "capture-manifest/1",
    files: [
      {
        file: "status.html",
        urlPath: "/status.html",
        contentType: "text/html; charset=utf-8 (as stored)",
      },
      { file: "usage.xml", urlPath: "/DevMgmt/Usage.xml", contentType: "not recorded" },
      { file: "item.html", urlPath: "/general/information.html?kind=item" },
      { file: "first.html", urlPath: "/edit.cgi", method: "POST" },
      { file: "second.html", urlPath: "/edit.cgi", method: "POST" },
      { file: "error.html", urlPath: "(any unknown path)" },
    ],
  };
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
});
afterEach(async () => {
  await fleet?.stop();
  fleet = undefined;
  await rm(folder, { recursive: true });
});

async function start(https: "off" | "forced" | "only" = "off"): Promise<SimulatedFleet> {
  fleet = await startSimulatedPrinters({
    recordings: [folder],
    clock: systemClock,
    web: { https },
  });
  return fleet;
}

/** Method, path → status, type and body. */
async function ask(url: string, init?: RequestInit): Promise<readonly [number, string, string]> {
  const answer = await fetch(url, { redirect: "manual", ...init });
  return [answer.status, answer.headers.get("content-type") ?? "", await answer.text()];
}

describe("pages of a capture folder", () => {
  it("are served at their paths, by method, with the content type that was recorded", async () => {
    const url = (await start()).webPrinters[0]?.web.url ?? "";
    expect(await ask(`${url}/status.html`)).toEqual([
      200,
      "text/html; charset=utf-8",
      "<p>Ready &amp; able</p>",
    ]);
    expect(await ask(`${url}/DevMgmt/Usage.xml`)).toEqual([200, "text/xml", "<Usage/>"]);
    expect((await ask(`${url}/general/information.html?kind=item`))[2]).toBe("<p>item</p>");
  });

  it("name the file that is not there", async () => {
    await unlink(join(folder, "item.html"));
    await expect(start()).rejects.toThrow(/item\.html cannot be read/);
  });

  it("answer recorded posts in their order, the last one from then on", async () => {
    const url = `${(await start()).webPrinters[0]?.web.url ?? ""}/edit.cgi`;
    const bodies: string[] = [];
    for (let n = 0; n < 3; n += 1) bodies.push((await ask(url, { method: "POST" }))[2]);
    expect(bodies).toEqual(["<p>opened</p>", "<p>saved</p>", "<p>saved</p>"]);
  });

  it("end in the captured error page with status 404 for everything else", async () => {
    const url = (await start()).webPrinters[0]?.web.url ?? "";
    for (const path of ["/nowhere", "/general/information.html", "/edit.cgi"])
      expect(await ask(url + path)).toEqual([404, "text/html", "<h1>No such page</h1>"]);
  });

  it("can be on https with a certificate of the printer's own, with http leading there", async () => {
    const web = (await start("forced")).webPrinters[0]?.web;
    const secure = `https://127.0.0.1:${web?.securePort ?? 0}/status.html`;
    const answer = await fetch(`${web?.url ?? ""}/status.html`, { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([301, secure]);
    const agent = new Agent({ ca: web?.certificate });
    expect(await secureBody(secure, agent)).toBe("<p>Ready &amp; able</p>");
    await expect(secureBody(secure, new Agent())).rejects.toMatchObject({
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
  });

  it("fail as a scenario says", async () => {
    const { webPrinters } = await start();
    const failure = { type: "unavailable", path: "/status.html", times: 1 };
    const step = { atMs: 0, printers: "all", action: { type: "webFailure", failure } };
    const cancel = runScenario(parseScenario({ name: "busy", steps: [step] }), webPrinters, {
      nowMs: () => 0,
      after: (_, run) => (run(), () => undefined),
    });
    const url = `${webPrinters[0]?.web.url ?? ""}/status.html`;
    expect((await ask(url))[0]).toBe(503);
    expect((await ask(url))[0]).toBe(200);
    cancel();
    const wrong = { ...step, action: { type: "webFailure", failure: { type: "cut" } } };
    expect(() => parseScenario({ name: "wrong", steps: [wrong] })).toThrow("failure");
  });
});

function secureBody(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (answer) => {
      answer.setEncoding("utf8");
      let body = "";
      answer.on("data", (part: string) => (body += part));
      answer.on("end", () => {
        resolve(body);
      });
    }).on("error", reject);
  });
}
