import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import {
  type SeenRequest,
  type WebHandler,
  WebPrinter,
} from "../../../test/support/web-printer.ts";
import { configureLog } from "../../shared/log.ts";
import { systemClock } from "../../shared/clock.ts";
import { parseAuthHeader } from "../../shared/http/auth-header.ts";
import { digestResponse } from "../../shared/http/digest.ts";
import { ManualClock } from "../../shared/manual-clock.ts";
import type { DocumentRead } from "../documents.ts";
import type { LoginFlow, WebProfile } from "../exchange.ts";
import { EwsMemory } from "./ews-memory.ts";
import { readEwsMemory } from "./ews-memory-snapshot.ts";
import type { EwsNotice } from "./notice.ts";
import { type EwsSession, openEwsSession } from "./session.ts";

const right = { username: "admin", password: "the right one" };
const wrong = { username: "admin", password: "a wrong one" };

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function printer(handler: WebHandler): Promise<WebPrinter> {
  const web = await WebPrinter.start(handler);
  stops.push(() => web.stop());
  return web;
}

interface Talk {
  readonly credential?: { readonly username: string; readonly password: string } | undefined;
  readonly memory?: EwsMemory;
  readonly clock?: ManualClock;
  readonly timeoutMs?: number;
}

const notices: EwsNotice[] = [];

function open(
  web: WebPrinter,
  { credential = right, memory = new EwsMemory(), clock, timeoutMs = 5_000 }: Talk = {},
): EwsSession {
  notices.length = 0;
  const notice = (told: EwsNotice): void => void notices.push(told);
  const session = openEwsSession(
    { ...web.access, credential, timeoutMs },
    { clock: clock ?? systemClock, memory, notice },
  );
  stops.push(() => session.close());
  return session;
}

const extractions = [{ kind: "values", key: "title", selector: { title: true } }] as const;
const openPage: DocumentRead = { channel: "ews", name: "/", extractions };
const settings: DocumentRead = { channel: "ews", name: "/settings", needsLogin: true, extractions };

async function titles(
  session: EwsSession,
  login: LoginFlow,
  reads = [openPage, settings],
): Promise<readonly unknown[]> {
  const answers = await session.read(reads, { login });
  return reads.map(({ name }) => answers.values(name, "title"));
}

/** A printer with a login form: hidden token, password in base64, cookie, one session at a time. */
class FormPrinter {
  readonly passwords: string[] = [];
  sessions = 0;
  logouts = 0;
  isBusy = false;
  logoutStatus = 200;
  #token = 0;

  readonly handler: WebHandler = ({ url, method, body, headers }) => {
    if (url === "/") return "<title>open</title>";
    if (url === "/login" && method === "GET")
      return `<form action="do_login" method="post"><input type="hidden" name="wimToken" value="${++this.#token}"><input name="userid"><input type="password" name="password"></form>`;
    if (url === "/do_login") return this.#login(new URLSearchParams(body));
    if (url === "/logout") return this.#logout();
    const isIn = headers.cookie?.includes("session=s1") === true;
    return isIn ? "<title>settings</title>" : { status: 403 };
  };

  #login(form: URLSearchParams): ReturnType<WebHandler> {
    if (form.get("wimToken") !== String(this.#token)) return "<p class=errorMessage>bad flow</p>";
    if (this.isBusy) return "<p>The device is in use</p>";
    const password = Buffer.from(form.get("password") ?? "", "base64").toString();
    this.passwords.push(password);
    if (password !== right.password) return `<p class=errorMessage>Wrong password ${password}</p>`;
    this.sessions += 1;
    return { status: 302, headers: { Location: "/", "Set-Cookie": "session=s1; Path=/" } };
  }

  #logout(): ReturnType<WebHandler> {
    this.logouts += 1;
    return { status: this.logoutStatus };
  }
}

const formLogin: LoginFlow = {
  kind: "steps",
  steps: [
    {
      kind: "form",
      page: "/login",
      fields: [
        { at: { name: "userid" }, set: { value: { credential: "username", encode: "base64" } } },
        { at: { name: "password" }, set: { value: { credential: "password", encode: "base64" } } },
      ],
      success: { status: [302], cookie: "session" },
      failure: [{ found: { css: ".errorMessage" } }],
      busy: [{ body: "in use" }],
    },
  ],
  logout: [{ kind: "request", method: "POST", path: "/logout" }],
  lockout: { attempts: 3, forMs: 300_000 },
};

describe("a login by form", () => {
  it("is made once, when a page needs it, and left again", async () => {
    const device = new FormPrinter();
    const web = await printer(device.handler);
    const session = open(web);
    expect(await titles(session, formLogin, [openPage])).toEqual([["open"]]);
    expect(web.asked).toEqual(["GET /"]);
    expect(await titles(session, formLogin)).toEqual([["open"], ["settings"]]);
    expect(await titles(session, formLogin)).toEqual([["open"], ["settings"]]);
    expect([device.sessions, device.logouts]).toEqual([1, 0]);
    await session.close();
    expect([device.sessions, device.logouts]).toEqual([1, 1]);
  });

  it("is made when the server asks for it", async () => {
    const device = new FormPrinter();
    const session = open(await printer(device.handler));
    expect(await titles(session, formLogin, [{ ...settings, needsLogin: false }])).toEqual([
      ["settings"],
    ]);
    expect(device.sessions).toBe(1);
  });

  it("is not tried without user name and password", async () => {
    const device = new FormPrinter();
    const web = await printer(device.handler);
    const session = openEwsSession(web.access, { clock: systemClock, memory: new EwsMemory() });
    expect(await titles(session, formLogin)).toEqual([["open"], "refused"]);
    await session.close();
    expect(web.asked).toEqual(["GET /"]);
  });

  it("tries a wrong password once, and never again until it changes, across a restart too", async () => {
    const device = new FormPrinter();
    const web = await printer(device.handler);
    const memory = new EwsMemory();
    const session = open(web, { credential: wrong, memory });
    expect(await titles(session, formLogin)).toEqual([["open"], "locked"]);
    expect(await titles(session, formLogin)).toEqual([["open"], "locked"]);
    await session.close();
    expect(notices.map(({ kind }) => kind)).toEqual(["password-refused"]);
    expect(JSON.stringify(notices)).not.toContain(wrong.password);
    const text = JSON.stringify(memory.snapshot());
    expect(text).not.toContain(wrong.password);
    const restored = readEwsMemory(text);
    const again = open(web, { credential: wrong, memory: restored });
    expect(await titles(again, formLogin)).toEqual([["open"], "locked"]);
    await again.close();
    expect([device.passwords, device.logouts]).toEqual([[wrong.password], 0]);
    expect(await titles(open(web, { memory: restored }), formLogin)).toEqual([
      ["open"],
      ["settings"],
    ]);
    expect(restored.refusals).toBeUndefined();
  });

  it("leaves the last attempt before the maker's lock-out to people", async () => {
    const device = new FormPrinter();
    const web = await printer(device.handler);
    const memory = new EwsMemory();
    const clock = new ManualClock();
    for (const password of ["wrong 1", "wrong 2", "wrong 3", right.password])
      await titles(
        open(web, { credential: { username: "admin", password }, memory, clock }),
        formLogin,
      );
    expect(device.passwords).toEqual(["wrong 1", "wrong 2"]);
    await clock.advance(300_001);
    expect(await titles(open(web, { memory, clock }), formLogin)).toEqual([["open"], ["settings"]]);
  });

  it("tells a busy printer from a wrong password", async () => {
    const device = new FormPrinter();
    device.isBusy = true;
    const web = await printer(device.handler);
    const memory = new EwsMemory();
    expect(await titles(open(web, { memory }), formLogin)).toEqual([["open"], "timeout"]);
    const write = { steps: [], needsLogin: true, profile: { login: formLogin } };
    const failure = open(web, { memory }).write(write);
    await expect(failure).rejects.toMatchObject({ code: "ews.busy", retryable: true });
    expect(memory.refusals).toBeUndefined();
  });

  it.each([503, 429, 504])(
    "does not take a server that has no time (%i) for one that refused the password",
    async (status) => {
      const device = new FormPrinter();
      let isOverloaded = true;
      const web = await printer((request, response) =>
        isOverloaded && request.url === "/do_login"
          ? { status }
          : device.handler(request, response),
      );
      const memory = new EwsMemory();
      expect(await titles(open(web, { memory }), formLogin)).toEqual([["open"], "timeout"]);
      expect([memory.refusals, notices]).toEqual([undefined, []]);
      isOverloaded = false;
      expect(await titles(open(web, { memory }), formLogin)).toEqual([["open"], ["settings"]]);
    },
  );

  it("waits likewise for a login page that cannot be had just now", async () => {
    const device = new FormPrinter();
    const web = await printer((request, response) =>
      request.url === "/login" ? { status: 503 } : device.handler(request, response),
    );
    expect(await titles(open(web), formLogin)).toEqual([["open"], "timeout"]);
    expect(device.passwords).toEqual([]);
  });

  it("is left also after a failed write, a caller who gave up, and when leaving fails", async () => {
    const device = new FormPrinter();
    device.logoutStatus = 500;
    const web = await printer((request, response) =>
      request.url === "/silent" ? undefined : device.handler(request, response),
    );
    const profile: WebProfile = { login: formLogin };
    const lines: string[] = [];
    configureLog({ level: "warn", format: "json", sink: { write: (line) => lines.push(line) } });
    for (const path of ["/nowhere/but/refused", "/silent"]) {
      const session = open(web);
      const steps = [{ kind: "request", method: "POST", path, success: { body: "done" } }] as const;
      const signal = AbortSignal.timeout(500);
      await expect(session.write({ steps, needsLogin: true, profile }, signal)).rejects.toThrow();
      await session.close();
    }
    expect([device.sessions, device.logouts]).toEqual([2, 2]);
    expect(lines.filter((line) => line.includes("logout failed"))).toHaveLength(2);
    expect(lines.join("")).not.toContain(right.password);
    configureLog({ level: "silent", format: "json" });
  });

  it("is left also when its answer got lost", async () => {
    const device = new FormPrinter();
    const web = await printer((request, response) =>
      request.url === "/do_login" ? undefined : device.handler(request, response),
    );
    const session = open(web, { timeoutMs: 100 });
    expect(await titles(session, formLogin)).toEqual([["open"], "timeout"]);
    await session.close();
    expect(device.logouts).toBe(1);
  });
});

describe("tokens", () => {
  it("are copied from a cookie to a header of every request while logged in", async () => {
    const web = await printer(({ url, headers }) => {
      if (url === "/login")
        return { headers: { "Set-Cookie": `Session=t1; Path=/` }, body: "STATUS_OK" };
      return headers["csrfpid"] === "t1" ? "<title>in</title>" : { status: 403 };
    });
    const login: LoginFlow = {
      kind: "steps",
      steps: [
        {
          kind: "request",
          method: "POST",
          path: "/login",
          body: {
            kind: "text",
            type: "text/xml",
            text: "<Login><Name>{user}</Name><Password>{password}</Password></Login>",
            parts: { user: { credential: "username" }, password: { credential: "password" } },
          },
          success: { body: "STATUS_OK" },
        },
      ],
      headers: { csrfpId: { cookie: "Session" } },
    };
    const credential = { username: "a<b", password: "q&a's" };
    expect(await titles(open(web, { credential }), login, [settings])).toEqual([["in"]]);
    expect(web.seen[0]?.body).toBe(
      "<Login><Name>a&lt;b</Name><Password>q&amp;a&apos;s</Password></Login>",
    );
  });

  it("rotate from answer to answer in JSON", async () => {
    let token = 0;
    const web = await printer(({ body }) => {
      const given = (JSON.parse(body) as { Token?: string }).Token ?? "";
      if (given !== (token === 0 ? "" : String(token))) return '{"Result":"Nack"}';
      token += 1;
      return `{"Result":"Ack","Token":"${token}"}`;
    });
    const call = (json: unknown) =>
      ({
        kind: "request",
        method: "POST",
        path: "/wcd/api",
        body: { kind: "json", json },
        success: { found: { json: "$.Result" }, equals: "Ack" },
        remember: { token: { json: "$.Token" } },
      }) as const;
    const steps = [
      call({ Token: "" }),
      call({ Token: { given: { remembered: "token" } } }),
      call({ Token: { given: { remembered: "token" } } }),
    ];
    await open(web).write({ steps, needsLogin: false, profile: undefined });
    expect(token).toBe(3);
  });
});

describe("basic and digest", () => {
  const basicPrinter: WebHandler = ({ url, headers }) => {
    if (url === "/") return "<title>open</title>";
    const wanted = `Basic ${Buffer.from(`${right.username}:${right.password}`).toString("base64")}`;
    return headers.authorization === wanted
      ? "<title>settings</title>"
      : { status: 401, headers: { "WWW-Authenticate": 'Basic realm="printer"' } };
  };

  it("answer a challenge, then send along unasked", async () => {
    const web = await printer(basicPrinter);
    const session = open(web);
    expect(await titles(session, { kind: "basic" })).toEqual([["open"], ["settings"]]);
    expect(await titles(session, { kind: "basic" })).toEqual([["open"], ["settings"]]);
    const unauthorized = web.seen.filter(
      ({ url, headers }) => url === "/settings" && headers.authorization === undefined,
    );
    expect(unauthorized).toHaveLength(1);
  });

  it("never hand the password to a server that wants basic where the mapping says digest", async () => {
    const web = await printer(basicPrinter);
    expect(await titles(open(web), { kind: "digest" })).toEqual([["open"], "refused"]);
    expect(web.seen.some(({ headers }) => headers.authorization !== undefined)).toBe(false);
  });

  it("try a wrong password once", async () => {
    const web = await printer(basicPrinter);
    const memory = new EwsMemory();
    const reads = [settings, { ...settings, name: "/other" }];
    expect(
      await titles(open(web, { credential: wrong, memory }), { kind: "basic" }, reads),
    ).toEqual(["locked", "locked"]);
    expect(
      await titles(open(web, { credential: wrong, memory }), { kind: "basic" }, reads),
    ).toEqual(["locked", "locked"]);
    expect(web.seen.filter(({ headers }) => headers.authorization !== undefined)).toHaveLength(1);
  });

  it.each(["MD5", "SHA-256"] as const)("by digest %s, a stale nonce renewed", async (algorithm) => {
    const nonces: string[] = [];
    const challenge = (isStale: boolean): ReturnType<WebHandler> => {
      nonces.push(createHash("md5").update(String(nonces.length)).digest("hex"));
      const stale = isStale ? ", stale=true" : "";
      const header = `Digest realm="printer", qop="auth", algorithm=${algorithm}, nonce="${nonces.at(-1)}"${stale}`;
      return { status: 401, headers: { "WWW-Authenticate": header } };
    };
    const isRight = ({ method, url, headers }: SeenRequest): boolean => {
      const given =
        parseAuthHeader(headers.authorization ?? "")[0]?.parameters ?? new Map<string, string>();
      const quality = { qop: "auth", nc: given.get("nc") ?? "" } as const;
      const input = {
        algorithm,
        ...right,
        realm: "printer",
        method,
        uri: url,
        nonce: nonces.at(-1) ?? "",
        cnonce: given.get("cnonce") ?? "",
        quality,
      };
      return given.get("response") === digestResponse(input);
    };
    let answers = 0;
    const web = await printer((request) => {
      if (!isRight(request)) return challenge(answers > 0);
      answers += 1;
      return answers === 2 ? challenge(true) : "<title>settings</title>";
    });
    const session = open(web);
    for (let times = 0; times < 3; times++)
      expect(await titles(session, { kind: "digest" }, [settings])).toEqual([["settings"]]);
    expect(nonces).toHaveLength(2);
  });
});
