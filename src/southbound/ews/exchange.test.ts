import { afterEach, describe, expect, it } from "vitest";
import { type WebHandler, WebPrinter } from "../../../test/support/web-printer.ts";
import { registerSecret } from "../../shared/redact.ts";
import { ManualClock } from "../../shared/manual-clock.ts";
import type { ExchangeStep, RequestStep } from "../exchange.ts";
import { EwsMemory } from "./ews-memory.ts";
import { openEwsSession } from "./session.ts";

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Runs the steps against a server and says what it was asked. */
async function run(handler: WebHandler, steps: readonly ExchangeStep[]): Promise<WebPrinter> {
  const web = await WebPrinter.start(handler);
  stops.push(() => web.stop());
  const clock = new ManualClock(1_234);
  const session = openEwsSession(web.access, { clock, memory: new EwsMemory() });
  stops.push(() => session.close());
  await session.write({ steps, needsLogin: false, profile: undefined });
  return web;
}

const post = (more: Partial<RequestStep> = {}): RequestStep => ({
  kind: "request",
  method: "POST",
  path: "/set",
  ...more,
});

describe("a request step", () => {
  it("carries query, headers and body as given", async () => {
    const web = await run(
      () => "",
      [
        post({
          path: "/set?a=1",
          query: { Dummy: { now: "milliseconds" } },
          headers: { "X-Requested-With": "XMLHttpRequest" },
        }),
        post({
          body: {
            kind: "form",
            fields: [
              ["x", "1"],
              ["x", "2"],
            ],
          },
        }),
        post({
          body: {
            kind: "json",
            json: { list: [1, { given: { now: "milliseconds" } }], flag: true },
          },
        }),
        post({
          method: "PUT",
          body: { kind: "text", type: "text/xml", text: "<a>{v}{w}</a>", parts: { v: "<&>" } },
        }),
      ],
    );
    expect(web.asked).toEqual(["POST /set?a=1&Dummy=1234", "POST /set", "POST /set", "PUT /set"]);
    expect(web.seen[0]?.headers).toMatchObject({
      "x-requested-with": "XMLHttpRequest",
      "content-length": "0",
    });
    expect(web.seen.map(({ body }) => body)).toEqual([
      "",
      "x=1&x=2",
      '{"list":[1,"1234"],"flag":true}',
      "<a>&lt;&amp;&gt;{w}</a>",
    ]);
  });

  it("hands on what an answer gave, within one uninterrupted chain", async () => {
    const web = await run(
      ({ url }) => (url === "/model" ? "_pp.hiddenvalue = 'tok-1';" : "ok"),
      [
        {
          kind: "request",
          method: "GET",
          path: "/model",
          remember: { token: { js: "_pp.hiddenvalue" } },
        },
        post({ body: { kind: "form", fields: [["hidden", { remembered: "token" }]] } }),
      ],
    );
    expect(web.seen[1]?.body).toBe("hidden=tok-1");
    expect(web.asked).toEqual(["GET /model", "POST /set"]);
  });

  it("that changes something goes over a connection of its own", async () => {
    const web = await run(
      () => "",
      [{ kind: "request", method: "GET", path: "/" }, post(), post()],
    );
    expect(web.connections).toBe(3);
  });

  it("is not sent without the token or cookie it needs", async () => {
    for (const given of [{ remembered: "token" }, { cookie: "Session" }]) {
      const failure = run(() => "", [post({ headers: { "X-Token": given } })]);
      await expect(failure).rejects.toMatchObject({ code: "ews.page-changed" });
    }
  });
});

describe("the outcome", () => {
  it("is judged by what the answer says, not by its status", async () => {
    const refusals: readonly (readonly [WebHandler, Partial<RequestStep>])[] = [
      [() => ({ status: 403, body: "Forbidden" }), {}],
      [() => "<h1>Error</h1>", { success: { body: "saved" } }],
      [
        () => '<input type="hidden" name="returnValue" value="TIMEOUT">',
        { success: { found: { field: "returnValue" }, equals: "SUCCESS" } },
      ],
      [
        () => '<p class="postError">Submit Error</p>',
        { failure: [{ found: { css: ".postError" } }] },
      ],
      [
        ({ url }) =>
          url === "/set" ? { status: 302, headers: { Location: "/x?invalid=t" } } : "page",
        { failure: [{ url: "invalid=t" }] },
      ],
      [() => "page", { success: { cookie: "AuthCookie" } }],
      [() => "<p id=login>please log in</p>", { success: { absent: { css: "#login" } } }],
      [() => ({ status: 200 }), { success: { status: [302] } }],
    ];
    for (const [handler, judgement] of refusals)
      await expect(run(handler, [post(judgement)])).rejects.toMatchObject({
        code: "ews.refused",
        retryable: false,
      });
    await run(() => ({ status: 404, body: "saved" }), [post({ success: { body: "saved" } })]);
  });

  it("ends the chain at the first step that failed", async () => {
    const web = await WebPrinter.start(({ url }) => (url === "/1" ? "BUSY" : ""));
    stops.push(() => web.stop());
    const session = openEwsSession(web.access, {
      clock: new ManualClock(),
      memory: new EwsMemory(),
    });
    stops.push(() => session.close());
    const steps = [post({ path: "/1", busy: [{ body: "BUSY" }] }), post({ path: "/2" })];
    const failure = session.write({ steps, needsLogin: false, profile: undefined });
    await expect(failure).rejects.toMatchObject({ code: "ews.busy", retryable: true });
    expect(web.asked).toEqual(["POST /1"]);
  });

  it("is judged by busy, then failure, then success: each alone is enough", async () => {
    const body = [{ body: "saved" }];
    const judged = (more: Partial<RequestStep>) => run(() => "saved", [post(more)]);
    const [success] = body;
    await expect(judged({ busy: body, failure: body, success })).rejects.toMatchObject({
      code: "ews.busy",
    });
    await expect(judged({ failure: body, success })).rejects.toMatchObject({ code: "ews.refused" });
    expect((await judged({ success })).asked).toEqual(["POST /set"]);
  });

  it("is told in the page's words: plain, capped, without secrets", async () => {
    registerSecret("s3cret-in-page");
    const page = `<html><head><title>t</title><style>p{}</style></head><body><script>var x="no";</script><h1>Input&nbsp;Error</h1>\u0007 <b>s3cret-in-page</b> ${"long ".repeat(100)}`;
    const failure = await run(() => page, [post({ success: { body: "saved" } })]).catch(
      (error: unknown) => error as Error,
    );
    const { message } = failure as Error;
    expect(message).toMatch(/^127\.0\.0\.1 did not do what was asked: .*Error.*\[redacted\] long/);
    for (const absent of ["s3cret", "<", ">", "\u0007", "var x", "p{"])
      expect(message).not.toContain(absent);
    expect(message.length).toBeLessThan(300);
  });
});

describe("a form step", () => {
  const page = `<form action="save.cgi?x=1" method="post">
    <input type="hidden" name="CSRFToken" value="t&amp;1"><input name="B12a" id="host" value="old">
    <label for="host">Host name</label>
    <input type="checkbox" name="telnet" value="1" checked><input type="checkbox" name="ftp" checked>
    <select name="mode"><option value="a">A</option><option value="b" selected>B</option></select>
    <textarea name="note">x</textarea><input type="submit" name="ok" value="Submit"></form>`;
  const handler: WebHandler = ({ url }) => (url === "/net/page.html" ? page : "saved");

  it("posts all fields of the page as a browser would, with some changed, and is followed", async () => {
    const web = await run(handler, [
      {
        kind: "form",
        page: "/net/page.html",
        fields: [
          { at: { label: ["Hostname", "Host name"] }, set: { value: "new name" } },
          { at: { name: "telnet" }, set: { checked: false } },
          { at: { css: "select" }, set: { optionText: "A" } },
        ],
        extra: [["nonce", { now: "milliseconds" }]],
        success: { body: "saved" },
      },
    ]);
    expect(web.asked).toEqual(["GET /net/page.html", "POST /net/save.cgi?x=1"]);
    expect(web.seen[1]?.body).toBe(
      "CSRFToken=t%261&B12a=new+name&ftp=on&mode=a&note=x&ok=Submit&nonce=1234",
    );
    const origin = `http://127.0.0.1:${web.port}`;
    expect(web.seen[1]?.headers).toMatchObject({ referer: `${origin}/net/page.html`, origin });
  });

  it("takes its form from the answer before, and the action the mapping names", async () => {
    const web = await run(handler, [
      { kind: "request", method: "GET", path: "/net/page.html" },
      {
        kind: "form",
        fields: [{ at: { name: "note" }, set: { value: "y" } }],
        action: "/other.cgi",
      },
    ]);
    expect(web.asked).toEqual(["GET /net/page.html", "POST /other.cgi"]);
  });

  it("sends a form of GET as a query", async () => {
    const web = await run(
      ({ url }) =>
        url === "/" ? '<form action="/go?old=1"><input name="a" value="1"></form>' : "",
      [{ kind: "form", page: "/", fields: [{ at: { name: "a" }, set: { value: "2 3" } }] }],
    );
    expect(web.asked[1]).toBe("GET /go?a=2+3");
  });

  it("changes nothing when the page is another one", async () => {
    const field = { at: { name: "gone" }, set: { value: "x" } };
    const changed = run(handler, [{ kind: "form", page: "/net/page.html", fields: [field] }]);
    await expect(changed).rejects.toMatchObject({ code: "ews.page-changed", retryable: false });
    const option = { at: { name: "mode" }, set: { value: "c" } };
    const refused = run(handler, [{ kind: "form", page: "/net/page.html", fields: [option] }]);
    await expect(refused).rejects.toMatchObject({ code: "ews.refused" });
    const missing = run(() => ({ status: 404 }), [{ kind: "form", page: "/x", fields: [] }]);
    await expect(missing).rejects.toMatchObject({ code: "ews.refused" });
    const alone = run(handler, [{ kind: "form", fields: [] }]);
    await expect(alone).rejects.toMatchObject({ code: "ews.page-changed" });
  });

  it("never posts to another host", async () => {
    const evil: WebHandler = () =>
      '<form method="post" action="http://192.0.2.1/steal"><input name="a"></form>';
    const failure = run(evil, [
      { kind: "form", page: "/", fields: [{ at: { name: "a" }, set: { value: "1" } }] },
    ]);
    await expect(failure).rejects.toMatchObject({ code: "ews.redirect-refused" });
  });
});

describe("a form the page's script makes", () => {
  const form: ExchangeStep = {
    kind: "form",
    page: "/time.model.htm",
    headers: { Referer: "/time.htm" },
    scripted: {
      to: "/set.cgi",
      format: "script",
      fields: [
        ["func", "setTime"],
        ["hidden", { js: "_pp.token" }],
        ["server", { js: "_pp.server" }],
        ["zone", { js: "_pp.zone" }],
      ],
    },
    fields: [{ at: { name: "server" }, set: { value: "b & c" } }],
  };
  const model = "_pp.token = 't1'; _pp.server = 'a'; _pp.zone = 'CET';";

  it("is posted with what the page says now, one field changed, and the headers of the page", async () => {
    const web = await run(
      ({ method }) => ({
        headers: { "Content-Type": "text/html" },
        body: method === "GET" ? model : "",
      }),
      [form],
    );
    expect(web.asked).toEqual(["GET /time.model.htm", "POST /set.cgi"]);
    const page = `http://127.0.0.1:${web.port}/time.htm`;
    expect(web.seen.map(({ headers }) => headers.referer)).toEqual([page, page]);
    expect(web.seen[1]?.body).toBe("func=setTime&hidden=t1&server=b+%26+c&zone=CET");
  });

  it.each([
    ["a value that is kept", "_pp.token = 't1'; _pp.server = 'a';", form],
    ["the token", "_pp.server = 'a'; _pp.zone = 'CET';", form],
    ["the field", model, { ...form, fields: [{ at: { name: "other" }, set: { value: "x" } }] }],
  ])("changes nothing when the page lacks %s", async (_what, body, step) => {
    const asked: string[] = [];
    const writing = run(
      ({ method }) => {
        asked.push(method);
        return body;
      },
      [step],
    );
    await expect(writing).rejects.toMatchObject({ code: "ews.page-changed" });
    expect(asked).toEqual(["GET"]);
  });
});

describe("a document step", () => {
  it("sends the document back with one value changed, if it is still the same", async () => {
    const document = '{"big": 9007199254740993, "hostname" : "old"}';
    const web = await run(
      ({ method }) =>
        method === "GET"
          ? { headers: { ETag: '"7"', "Content-Type": "application/json" }, body: document }
          : "",
      [
        {
          kind: "document",
          page: "/cdm/net",
          method: "PUT",
          set: [{ at: "$.hostname", to: "new" }],
          send: "whole",
        },
      ],
    );
    expect(web.seen[1]).toMatchObject({
      method: "PUT",
      url: "/cdm/net",
      body: '{"big": 9007199254740993, "hostname" : "new"}',
      headers: { "if-match": '"7"', "content-type": "application/json" },
    });
  });

  it("sends the changed branch where the printer takes a part", async () => {
    const web = await run(
      ({ method }) => (method === "GET" ? '{"a":{"b":1,"c":2}}' : ""),
      [
        {
          kind: "document",
          page: "/x",
          path: "/y",
          method: "PATCH",
          set: [{ at: "$.a.c", to: "3" }],
          send: "changed",
          headers: { "Content-Type": "application/merge-patch+json" },
        },
      ],
    );
    expect([web.asked[1], web.seen[1]?.body, web.seen[1]?.headers["content-type"]]).toEqual([
      "PATCH /y",
      '{"a":{"c":"3"}}',
      "application/merge-patch+json",
    ]);
    const xml =
      '<d:Dyn xmlns:d="u"><d:Power><d:Sleep>5</d:Sleep><d:Off>1</d:Off></d:Power></d:Dyn>';
    const changed = await run(
      ({ method }) => (method === "GET" ? xml : ""),
      [
        {
          kind: "document",
          page: "/Dyn.xml",
          method: "PUT",
          set: [{ at: "/Dyn/Power/Sleep", to: 15 }],
          send: "changed",
        },
      ],
    );
    expect(changed.seen[1]?.body).toBe(
      '<d:Dyn xmlns:d="u"><d:Power><d:Sleep>15</d:Sleep></d:Power></d:Dyn>',
    );
  });

  it("changes nothing when the value is not there, or the document is not UTF-8", async () => {
    const set = [{ at: "$.a.c", to: 1 }];
    for (const body of ['{"a":{}}', "<html>", Buffer.from([0x7b, 0xff, 0x7d])]) {
      const failure = run(
        () => ({ body }),
        [{ kind: "document", page: "/x", method: "PUT", set, send: "whole" }],
      );
      await expect(failure).rejects.toMatchObject({
        code: expect.stringMatching(/^ews\.(page-changed|malformed)$/) as string,
      });
    }
  });
});
