import { afterEach, describe, expect, it } from "vitest";
import { Browser, fieldsOf } from "../../../test/ews/browser.ts";
import { ManualClock } from "../../shared/manual-clock.ts";
import { type EwsSimulator, type EwsSimulatorOptions, startEwsSimulator } from "./ews-simulator.ts";
import { startListener } from "./listener.ts";
import { EwsSimulatorError } from "./settings-store.ts";
import { ewsStyles } from "./styles.ts";

const page = "/settings/device.html";
const location = "General.SystemLocation";
const clock = new ManualClock(0);

let simulators: EwsSimulator[] = [];
afterEach(async () => {
  await Promise.all(simulators.map((simulator) => simulator.stop()));
  simulators = [];
});

async function open(
  options: Partial<EwsSimulatorOptions> = {},
): Promise<{ printer: EwsSimulator; browser: Browser }> {
  const printer = await startEwsSimulator({ style: ewsStyles.open, clock, ...options });
  simulators.push(printer);
  return { printer, browser: new Browser(printer.url) };
}

/** Posts the page with another location, keeping all other fields. */
async function move(browser: Browser, to: string): Promise<string> {
  const { body } = await browser.ask(page);
  const answer = await browser.ask(page, { form: { ...fieldsOf(body), location: to } });
  return answer.body;
}

describe("a simulated web server", () => {
  it("keeps what is posted, and shows what was set at the panel", async () => {
    const { printer, browser } = await open();
    expect(await move(browser, 'Hall "2" & <3>')).toContain("Saved");
    expect(printer.settings.get(location)).toBe('Hall "2" & <3>');
    printer.settings.set(location, "Hall 4");
    expect(fieldsOf((await browser.ask(page)).body)).toMatchObject({ location: "Hall 4" });
    expect(() => {
      printer.settings.set("Network.RawPort.Port", "0");
    }).toThrow(EwsSimulatorError);
    expect(() => printer.settings.get("Network.Nothing")).toThrow("Network.Nothing");
  });

  it("remembers what it was asked", async () => {
    const { printer, browser } = await open();
    await browser.ask("/nowhere?x=1");
    expect(printer.requests).toMatchObject([
      { request: { method: "GET", target: "/nowhere?x=1" }, status: 404 },
    ]);
  });

  it("names the address that is taken", async () => {
    const { printer } = await open();
    await expect(open({ port: printer.port })).rejects.toThrow(String(printer.port));
  });

  it("refuses more than a megabyte", async () => {
    const { browser } = await open();
    const answer = await browser.ask(page, { body: "x".repeat(1024 * 1024 + 1) });
    expect(answer.status).toBe(413);
  });
});

describe("what goes wrong", () => {
  it("is refused, ignored or normalised, all with status 200", async () => {
    const { printer, browser } = await open();
    const back = printer.fail({ type: "refuse", setting: location });
    expect(await move(browser, "Hall 2")).toContain('class="error"');
    back();
    const heed = printer.fail({ type: "ignore", setting: location });
    expect(await move(browser, "Hall 2")).toContain("Saved");
    expect(printer.settings.get(location)).toBe("Hall 1");
    heed();
    printer.fail({ type: "normalise", setting: location, how: "upperCase" });
    printer.fail({ type: "normalise", setting: location, how: "trim" });
    await move(browser, " Hall 2 ");
    expect(printer.settings.get(location)).toBe("HALL 2");
  });

  it("is a connection cut before, or after, the change took effect", async () => {
    const { printer, browser } = await open();
    printer.fail({ type: "cut", when: "before", method: "POST", times: 1 });
    await expect(move(browser, "Hall 2")).rejects.toThrow();
    expect(printer.settings.get(location)).toBe("Hall 1");
    printer.fail({ type: "cut", when: "after", method: "POST", times: 1 });
    await expect(move(browser, "Hall 3")).rejects.toThrow();
    expect(printer.settings.get(location)).toBe("Hall 3");
    expect(await move(browser, "Hall 4")).toContain("Saved");
  });

  it("meets a request only after those it lets pass", async () => {
    const { printer, browser } = await open();
    printer.fail({ type: "unavailable", path: page, skip: 1, times: 2 });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await browser.ask(page)).status);
    expect(statuses).toEqual([200, 503, 503, 200]);
    printer.fail({ type: "missing", path: page });
    expect((await browser.ask(page)).status).toBe(404);
    printer.recover();
    expect((await browser.ask(page)).status).toBe(200);
  });

  it("is another language, and a page built differently", async () => {
    const { printer, browser } = await open();
    printer.fail({ type: "language", language: "de" });
    const headers = { "Accept-Language": "en" };
    expect((await browser.ask(page, { headers })).body).toContain("Standort");
    expect((await browser.ask(page)).body).toContain("<table");
    printer.fail({ type: "rebuilt" });
    expect((await browser.ask(page)).body).not.toContain("<table");
  });

  it("is a page that takes its time", async () => {
    const waits: { readonly ms: number; readonly end: () => void }[] = [];
    const { printer, browser } = await open({
      clock: {
        nowMs: () => 0,
        after(ms, end) {
          waits.push({ ms, end });
          return () => undefined;
        },
      },
    });
    printer.fail({ type: "slow", ms: 20_000 });
    const asked = browser.ask(page);
    await expect.poll(() => waits[0]?.ms).toBe(20_000);
    expect(printer.requests).toEqual([]);
    waits[0]?.end();
    expect((await asked).status).toBe(200);
  });

  it("is busy, for posts only", async () => {
    const { printer, browser } = await open();
    printer.fail({ type: "busy", times: 1 });
    expect(await move(browser, "Hall 2")).toContain("busy");
    expect(await move(browser, "Hall 2")).toContain("Saved");
  });
});

describe("a listener", () => {
  it("that was stopped while it was away does not come back", async () => {
    const clock = new ManualClock(0);
    const listener = await startListener({
      host: "127.0.0.1",
      port: 0,
      clock,
      handle: (_request, response) => response.end(),
    });
    const url = `http://127.0.0.1:${listener.port}/`;
    listener.away(1_000);
    await listener.stop();
    // Closing takes some turns of the event loop; only then is the time to come back known.
    for (let turn = 0; turn < 10; turn++) await clock.advance(1_000);
    await expect(fetch(url)).rejects.toThrow();
  });
});
