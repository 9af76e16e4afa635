import { afterEach, describe, expect, it } from "vitest";
import { longestBlock } from "../../../test/support/loop-delay.ts";
import { type WebHandler, WebPrinter } from "../../../test/support/web-printer.ts";
import { systemClock } from "../../shared/clock.ts";
import { ManualClock } from "../../shared/manual-clock.ts";
import type { DocumentAnswers, DocumentRead } from "../documents.ts";
import type { EwsAccess } from "../driver.ts";
import type { WebProfile } from "../exchange.ts";
import { EwsMemory } from "./ews-memory.ts";
import { openEwsSession } from "./session.ts";

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function printer(handler: WebHandler): Promise<WebPrinter> {
  const started = await WebPrinter.start(handler);
  stops.push(() => started.stop());
  return started;
}

/** A page whose title, and status, is wanted. */
function page(name: string, more: Partial<DocumentRead> = {}): DocumentRead {
  const extractions = [
    { kind: "values", key: "title", selector: { title: true } },
    { kind: "values", key: "status", selector: { status: true } },
  ] as const;
  return { channel: "ews", name, extractions, ...more };
}

interface Reading {
  readonly memory?: EwsMemory;
  readonly clock?: ManualClock;
  readonly profile?: WebProfile;
  readonly signal?: AbortSignal;
}

async function read(
  access: EwsAccess,
  reads: readonly DocumentRead[],
  { memory = new EwsMemory(), clock, profile, signal }: Reading = {},
): Promise<DocumentAnswers> {
  const session = openEwsSession(access, { clock: clock ?? systemClock, memory });
  try {
    return await session.read(reads, profile, signal);
  } finally {
    await session.close();
  }
}

const titled: WebHandler = ({ url }) => `<title>${url}</title>`;

describe("a read", () => {
  it("fetches each page once, in order, one at a time", async () => {
    const web = await printer(titled);
    const answers = await read(web.access, [page("/a"), page("/b"), page("/c")]);
    expect(["/a", "/b", "/c"].map((name) => answers.values(name, "title"))).toEqual([
      ["/a"],
      ["/b"],
      ["/c"],
    ]);
    expect([web.asked, web.mostAtOnce]).toEqual([["GET /a", "GET /b", "GET /c"], 1]);
    expect(answers.structure("/a")?.get("title")).toContain("title");
    expect(answers.values("/nobody asked", "title")).toBe("notRead");
  });

  it("asks as the mapping says: headers, cookies, body, home", async () => {
    const web = await printer(({ url }) =>
      url === "/" ? '<a href="/LABEL/">x</a>' : "<title>x</title>",
    );
    const profile: WebProfile = {
      headers: { "Accept-Language": "en" },
      cookies: { lang: "En" },
      home: { page: "/", at: { css: "a", attribute: "href" } },
    };
    const request = {
      path: "{home}/info?a=1",
      method: "POST",
      headers: { Referer: "http://printer/" },
      cookies: { css: "1" },
      body: { type: "text/plain", text: "<GetValue/>" },
    } as const;
    await read(web.access, [page("info", { request })], { profile });
    expect(web.asked).toEqual(["GET /", "POST /LABEL/info?a=1"]);
    expect(web.seen[1]).toMatchObject({
      body: "<GetValue/>",
      headers: { "accept-language": "en", referer: "http://printer/", cookie: "lang=En; css=1" },
    });
  });

  it("hands a token that changes with every answer from page to page", async () => {
    let token = 0;
    const web = await printer(({ body }) => {
      const isRight = body === `<Token>${token === 0 ? "" : `t&amp;${token}`}</Token>`;
      token += 1;
      return isRight ? `<Result><Token>t&amp;${token}</Token><title>${token}</title></Result>` : "";
    });
    const call = (name: string, text: string, remembered: readonly string[]): DocumentRead =>
      page(name, {
        format: "xml",
        request: { path: "/api", method: "POST", body: { type: "text/xml", text, remembered } },
        remember: { token: { xpath: "//Token" } },
        extractions: [{ kind: "values", key: "title", selector: { xpath: "//title" } }],
      });
    const reads = [
      call("first", "<Token></Token>", []),
      call("second", "<Token>{token}</Token>", ["token"]),
      call("third", "<Token>{token}</Token>", ["token"]),
    ];
    const answers = await read(web.access, reads);
    expect(reads.map(({ name }) => answers.values(name, "title"))).toEqual([["1"], ["2"], ["3"]]);
  });

  it("tells by the status why there is no page", async () => {
    const statuses = [404, 410, 401, 403, 400, 405, 500, 503, 429, 204];
    const web = await printer(({ url }) => ({ status: Number(url.slice(1)) }));
    const answers = await read(
      web.access,
      statuses.map((status) => page(`/${status}`)),
    );
    expect(statuses.map((status) => answers.values(`/${status}`, "title"))).toEqual([
      "noSuchObject",
      "noSuchObject",
      "refused",
      "refused",
      "noSuchObject",
      "noSuchObject",
      "timeout",
      "timeout",
      "timeout",
      [],
    ]);
    expect(answers.values("/404", "status")).toEqual(["404"]);
    expect(answers.values("/204", "status")).toEqual(["204"]);
  });

  it("goes on after a page that fails in its own way", async () => {
    const web = await printer(({ url }, response) => {
      if (url === "/endless")
        return { headers: { "Content-Length": "9000000" }, body: Buffer.alloc(9_000_000) };
      if (url === "/elsewhere") return { status: 302, headers: { Location: "http://192.0.2.1/" } };
      if (url === "/silent") return undefined;
      if (url === "/broken") return void response.destroy();
      if (url === "/odd") return { headers: { "Content-Encoding": "rot13" } };
      return "<title>good</title>";
    });
    const names = ["/endless", "/elsewhere", "/silent", "/good", "/broken", "/odd", "/better"];
    const answers = await read(
      { ...web.access, timeoutMs: 200 },
      names.map((name) => page(name)),
    );
    expect(names.map((name) => answers.values(name, "title"))).toEqual([
      "cut",
      "refused",
      "timeout",
      ["good"],
      "timeout",
      "malformed",
      ["good"],
    ]);
  });

  it("rejects when the server is silent altogether, after two requests", async () => {
    const web = await printer(() => undefined);
    const answer = read(
      { ...web.access, timeoutMs: 50 },
      ["/a", "/b", "/c"].map((name) => page(name)),
    );
    await expect(answer).rejects.toMatchObject({ code: "ews.timeout", retryable: true });
    expect(web.seen).toHaveLength(2);
    await web.stop();
    await expect(read(web.access, [page("/a")])).rejects.toMatchObject({ code: "ews.unreachable" });
  });

  it("stops asking a printer that went silent half-way", async () => {
    const web = await printer(({ url }) => (url === "/1" ? "<title>1</title>" : undefined));
    const names = ["/1", "/2", "/3", "/4", "/5"];
    const answers = await read(
      { ...web.access, timeoutMs: 50 },
      names.map((name) => page(name)),
    );
    expect(names.map((name) => answers.values(name, "title"))).toEqual([
      ["1"],
      "timeout",
      "timeout",
      "timeout",
      "timeout",
    ]);
    expect(web.seen).toHaveLength(3);
  });

  it("ends when the caller gives up", async () => {
    const web = await printer(() => undefined);
    const answer = read(web.access, [page("/a")], { signal: AbortSignal.timeout(30) });
    await expect(answer).rejects.toMatchObject({ code: "ews.aborted" });
  });
});

describe("a probe chain", () => {
  const chain = [
    page("/ledm"),
    page("/ledm/usage", { onlyWith: ["/ledm"] }),
    page("/cdm", { onlyWithout: ["/ledm"] }),
    page("/cdm/counters", { onlyWith: ["/cdm"] }),
    page("/old", { onlyWithout: ["/ledm", "/cdm"] }),
  ];
  const there = (...pages: readonly string[]): WebHandler => {
    return ({ url }) => (pages.includes(url) ? `<title>${url}</title>` : { status: 404 });
  };

  it("fetches what belongs to the generation found and leaves out the others", async () => {
    const ledm = await printer(there("/ledm", "/ledm/usage"));
    const answers = await read(ledm.access, chain);
    expect(ledm.asked).toEqual(["GET /ledm", "GET /ledm/usage"]);
    expect(answers.values("/cdm/counters", "title")).toBe("noSuchObject");
    const cdm = await printer(there("/cdm", "/cdm/counters"));
    expect((await read(cdm.access, chain)).values("/cdm/counters", "title")).toEqual([
      "/cdm/counters",
    ]);
    expect(cdm.asked).toEqual(["GET /ledm", "GET /cdm", "GET /cdm/counters"]);
  });

  it("concludes nothing from a probe that failed for now", async () => {
    const web = await printer(() => ({ status: 503 }));
    const answers = await read(web.access, chain);
    expect(web.asked).toEqual(["GET /ledm"]);
    expect(["/ledm/usage", "/cdm", "/old"].map((name) => answers.values(name, "title"))).toEqual([
      "timeout",
      "timeout",
      "timeout",
    ]);
  });
});

describe("a page that is missing", () => {
  it("is not asked for again for a day, unless told to", async () => {
    const web = await printer(() => ({ status: 404 }));
    const memory = new EwsMemory();
    const clock = new ManualClock();
    const again = (): Promise<DocumentAnswers> =>
      read(web.access, [page("/eprint")], { memory, clock });
    await again();
    const second = await again();
    expect([second.values("/eprint", "title"), second.values("/eprint", "status")]).toEqual([
      "noSuchObject",
      ["404"],
    ]);
    expect(web.seen).toHaveLength(1);
    memory.forgetMissing();
    await again();
    expect(web.seen).toHaveLength(2);
    await clock.advance(25 * 60 * 60 * 1000);
    await again();
    expect(web.seen).toHaveLength(3);
  });
});

describe("one door for many questions", () => {
  const question = (name: string, text: string): DocumentRead =>
    page(name, {
      request: {
        path: "/door",
        method: "POST",
        headers: { csrfpId: { cookie: "Session" } },
        body: { type: "text/plain", text },
      },
    });

  it("is asked with the cookie in a header, and again with another question when one is unknown", async () => {
    const web = await printer(({ url, headers, body }) => {
      if (url === "/") return { headers: { "Set-Cookie": "Session=s1; Path=/" } };
      const isKnown = headers["csrfpid"] === "s1" && body === "known";
      return isKnown ? "<title>it</title>" : { status: 404 };
    });
    const memory = new EwsMemory();
    const reads = [page("/"), question("a", "unknown"), question("b", "known")];
    const answers = await read(web.access, reads, { memory });
    expect(["a", "b"].map((name) => answers.values(name, "title"))).toEqual([
      "noSuchObject",
      ["it"],
    ]);
    await read(web.access, reads, { memory });
    expect(web.seen.map(({ body }) => body)).toEqual(["", "unknown", "known", "", "known"]);
  });

  it("is not asked at all without the cookie", async () => {
    const web = await printer(() => "");
    const answers = await read(web.access, [page("/"), question("a", "known")]);
    expect(answers.values("a", "title")).toBeTypeOf("string");
    expect(web.asked).toEqual(["GET /"]);
  });
});

describe("a page with a validator", () => {
  const asked = (web: WebPrinter): readonly unknown[] =>
    web.seen.map(({ headers }) => headers["if-none-match"] ?? headers["if-modified-since"]);

  it("is asked for conditionally, and what it gave is used again when unchanged", async () => {
    const web = await printer(({ headers }) =>
      headers["if-none-match"] === '"1"'
        ? { status: 304 }
        : { headers: { ETag: '"1"' }, body: "<title>one</title>" },
    );
    const memory = new EwsMemory();
    await read(web.access, [page("/")], { memory });
    const second = await read(web.access, [page("/")], { memory });
    expect([second.values("/", "title"), asked(web)]).toEqual([["one"], [undefined, '"1"']]);
    expect(second.structure("/")?.size).toBeGreaterThan(0);
  });

  it("is fetched in full for another mapping, after a quarter of an hour, and after a write", async () => {
    const web = await printer(() => ({
      headers: { "Last-Modified": "Sat, 01 Jan 2000 00:00:00 GMT" },
      body: "x",
    }));
    const memory = new EwsMemory();
    const clock = new ManualClock();
    await read(web.access, [page("/")], { memory, clock });
    await read(web.access, [page("/", { format: "text" })], { memory, clock });
    await read(web.access, [page("/")], { memory, clock });
    await clock.advance(16 * 60_000);
    await read(web.access, [page("/")], { memory, clock });
    const session = openEwsSession(web.access, { clock, memory });
    await session.write({ steps: [], needsLogin: false, profile: undefined });
    await session.read([page("/")], undefined);
    await session.close();
    const since = "Sat, 01 Jan 2000 00:00:00 GMT";
    expect(asked(web)).toEqual([undefined, undefined, since, undefined, undefined]);
  });

  it("that changed while its server said it had not is never asked for conditionally again", async () => {
    let count = 0;
    const web = await printer(() => ({
      headers: { ETag: '"always"' },
      body: `<title>${count++}</title>`,
    }));
    const memory = new EwsMemory();
    for (let times = 0; times < 3; times++) await read(web.access, [page("/")], { memory });
    expect(asked(web)).toEqual([undefined, '"always"', undefined]);
  });
});

describe("a page that is large, or hostile", () => {
  it("never blocks the event loop for more than 50 ms", async () => {
    const cells = (count: number): string => "<tr><td>Label</td><td>1</td></tr>".repeat(count);
    const bodies: Readonly<Record<string, string>> = {
      "/deep": "<div>".repeat(60_000),
      "/wide": `<title>wide</title><table>${cells(3_000)}</table>`,
      "/wider": `<title>wider</title><table>${cells(60_000)}</table>`,
      "/attributes": `<title>x</title><p ${'a="1" '.repeat(200_000)}>`,
      "/comments": "<!--".repeat(100_000),
      "/text": "<title>t</title>" + "a".repeat(4_000_000),
      "/json": "[".repeat(500_000),
      "/small": `<title>s</title>${"<b>".repeat(20_000)}`,
    };
    const web = await printer(({ url }) => bodies[url] ?? "");
    const extractions = [
      { kind: "values", key: "title", selector: { title: true } },
      { kind: "values", key: "label", selector: { label: "Label" } },
      { kind: "values", key: "css", selector: { css: "table tr td + td, div div div p" } },
      { kind: "values", key: "regex", selector: { regex: "(a+)+b" } },
    ] as const;
    const reads = Object.keys(bodies).map((name) => page(name, { extractions }));
    const given = new Map<string, unknown>();
    const longestMs = await longestBlock(async () => {
      const answers = await read(web.access, reads);
      for (const name of Object.keys(bodies)) given.set(name, answers.values(name, "title"));
    });
    expect([given.get("/deep"), given.get("/wide"), given.get("/text")]).toEqual([
      "cut",
      ["wide"],
      ["t"],
    ]);
    expect(longestMs).toBeLessThan(50);
  });
});
