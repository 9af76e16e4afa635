import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/shared/clock.ts";
import { ManualClock } from "../../src/shared/manual-clock.ts";
import { type EwsSimulator, startEwsSimulator } from "../../src/simulator/ews/ews-simulator.ts";
import { ewsStyles } from "../../src/simulator/ews/styles.ts";
import { EwsMemory } from "../../src/southbound/ews/ews-memory.ts";
import { type EwsSession, openEwsSession } from "../../src/southbound/ews/session.ts";
import { brotherFlow } from "./flows/brother.ts";
import { canonFlow } from "./flows/canon.ts";
import { epsonFlow } from "./flows/epson.ts";
import { hpCdmFlow, hpFutureSmartFlow, hpLedmFlow } from "./flows/hp.ts";
import { konicaMinoltaApiFlow } from "./flows/konica-minolta-api.ts";
import { konicaMinoltaFlow } from "./flows/konica-minolta.ts";
import { kyoceraFlow } from "./flows/kyocera.ts";
import { lexmarkStatus } from "./flows/lexmark.ts";
import type { MakerFlow } from "./flows/maker-flow.ts";
import { basicFlow, digestFlow, openFlow, xeroxNic5Flow } from "./flows/plain-forms.ts";
import { ricohFlow } from "./flows/ricoh.ts";
import { samsungFlow } from "./flows/samsung.ts";
import { toshibaFlow } from "./flows/toshiba.ts";
import { xeroxFlow } from "./flows/xerox.ts";

const rightPassword = "initpass";
const wrongPassword = "guess";

const flows: readonly (readonly [string, MakerFlow])[] = [
  ["a form", openFlow],
  ["a form behind Basic", basicFlow],
  ["a form behind Digest", digestFlow],
  ["Brother", brotherFlow],
  ["Canon", canonFlow],
  ["Epson", epsonFlow],
  ["HP CDM", hpCdmFlow],
  ["HP FutureSmart", hpFutureSmartFlow],
  ["HP LEDM", hpLedmFlow],
  ["Konica Minolta", konicaMinoltaFlow],
  ["Konica Minolta i-Series", konicaMinoltaApiFlow],
  ["Kyocera", kyoceraFlow],
  ["Ricoh", ricohFlow],
  ["Samsung", samsungFlow],
  ["Toshiba", toshibaFlow],
  ["Xerox", xeroxFlow],
  ["Xerox EWS-NIC5", xeroxNic5Flow],
];
const withLogin = flows.filter(([, { profile }]) => profile.login !== undefined);
const withTokens = flows.filter(([, { hasTokens }]) => hasTokens);

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** One printer with the driver in front of it; every session shares what was learned of the printer. */
class Bench {
  readonly printer: EwsSimulator;
  readonly clock: ManualClock;
  readonly #flow: MakerFlow;
  readonly #memory = new EwsMemory();

  private constructor(flow: MakerFlow, printer: EwsSimulator, clock: ManualClock) {
    this.#flow = flow;
    this.printer = printer;
    this.clock = clock;
  }

  static async open(flow: MakerFlow): Promise<Bench> {
    const clock = new ManualClock();
    const printer = await startEwsSimulator({ style: flow.style, clock });
    ends.push(() => printer.stop());
    return new Bench(flow, printer, clock);
  }

  session(password = rightPassword): EwsSession {
    const { host, port } = this.printer;
    const credential = { username: "admin", password };
    const access = { host, port, scheme: "http", credential } as const;
    const session = openEwsSession(access, { clock: systemClock, memory: this.#memory });
    ends.push(() => session.close());
    return session;
  }

  async read(session: EwsSession): Promise<unknown> {
    const { read, profile } = this.#flow;
    return (await session.read([read], profile)).values("page", "value");
  }

  write(session: EwsSession, to = this.#flow.to): Promise<void> {
    const { write, profile } = this.#flow;
    return session.write({ steps: write.steps(to), needsLogin: write.needsLogin, profile });
  }

  /** The setting as the panel shows it. */
  get value(): string {
    return this.printer.settings.get(this.#flow.setting);
  }

  /** The last request, and the one that led to it if that was a redirect. */
  get lastRequests(): readonly string[] {
    return this.printer.requests
      .slice(-2)
      .map(({ request: { method, path } }) => `${method} ${path}`);
  }

  /** How many requests carried the wrong password. */
  get wrongAttempts(): number {
    const base64 = Buffer.from(wrongPassword).toString("base64").replaceAll("=", "");
    return this.printer.requests.filter(
      ({ request: { body, headers } }) =>
        headers.authorization !== undefined ||
        body.includes(wrongPassword) ||
        body.includes(base64),
    ).length;
  }
}

describe.each(flows)("%s", (_name, flow) => {
  it("is read, written, read back and left again", async () => {
    const bench = await Bench.open(flow);
    const session = bench.session();
    expect(await bench.read(session)).toEqual([flow.from]);
    await bench.write(session);
    expect(bench.value).toBe(flow.to);
    // Samsung's network is away for a second.
    await bench.clock.advance(1_000);
    await expect.poll(() => bench.read(session)).toEqual([flow.to]);
    await session.close();
    if (flow.logout !== undefined) expect(bench.lastRequests).toContain(flow.logout);
  });

  it("is told that it was not written when the printer refuses the value with status 200", async () => {
    const bench = await Bench.open(flow);
    bench.printer.fail({ type: "refuse", setting: flow.setting });
    await expect(bench.write(bench.session())).rejects.toMatchObject({ code: "ews.refused" });
    expect(bench.value).toBe(flow.from);
  });

  it("is asked again later when it is busy", async () => {
    const bench = await Bench.open(flow);
    const busyTwice = flow === samsungFlow ? "refused" : "busy";
    bench.printer.fail({ type: "busy", times: 1 });
    const session = bench.session();
    await expect(bench.write(session)).rejects.toMatchObject({ code: `ews.${busyTwice}` });
    expect(bench.value).toBe(flow.from);
    await bench.write(session);
    expect(bench.value).toBe(flow.to);
  });
});

describe.each(withLogin)("the password of %s", (_name, flow) => {
  it("is tried once when it is wrong, and never into a lock-out", async () => {
    const bench = await Bench.open(flow);
    for (let n = 0; n < 3; n += 1) {
      const session = bench.session(wrongPassword);
      await expect(bench.write(session)).rejects.toMatchObject({ name: "EwsAuthError" });
      await session.close();
    }
    expect(bench.wrongAttempts).toBe(1);
    expect(bench.value).toBe(flow.from);
    await bench.write(bench.session());
    expect(bench.value).toBe(flow.to);
  });
});

describe.each(withTokens)("an expired token of %s", (_name, flow) => {
  it("is an error, not a write, and the next chain has a new one", async () => {
    const bench = await Bench.open(flow);
    const session = bench.session();
    await bench.write(session, "ntp1.example.net");
    const back = bench.printer.fail({ type: "tokenExpired" });
    await expect(bench.write(session)).rejects.toMatchObject({ name: "EwsRefusedError" });
    expect(bench.value).toBe("ntp1.example.net");
    back();
    await bench.write(session);
    expect(bench.value).toBe(flow.to);
  });
});

describe("Lexmark", () => {
  it("names its supplies in English, whatever its panel speaks", async () => {
    const printer = await startEwsSimulator({
      style: ewsStyles.lexmark,
      clock: systemClock,
      language: "de",
    });
    ends.push(() => printer.stop());
    const access = { host: printer.host, port: printer.port, scheme: "http" } as const;
    const session = openEwsSession(access, { clock: systemClock, memory: new EwsMemory() });
    ends.push(() => session.close());
    const rows = (await session.read([lexmarkStatus], undefined)).rows("status", "supplies");
    expect(rows).toEqual([
      new Map([
        ["name", ["Black Toner"]],
        ["level", ["6300"]],
      ]),
      new Map([
        ["name", ["Cyan Toner"]],
        ["level", ["6300"]],
      ]),
    ]);
  });
});
