import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/shared/clock.ts";
import type { DocumentRead, Extraction, Selector } from "../../src/southbound/documents.ts";
import { EwsError } from "../../src/southbound/ews/errors.ts";
import { EwsMemory } from "../../src/southbound/ews/ews-memory.ts";
import { type EwsSession, openEwsSession } from "../../src/southbound/ews/session.ts";
import { type PageTrick, HostilePrinter, chunk, endless, head, page } from "./hostile-printer.ts";
import { blockedMs, longestBlockMs } from "./loop-watch.ts";

/** What one page may add to the memory of the process while it is read, in MB; a page has a cap of 8. */
const mostMegabytes = 200;
/** Longest silence of a page in these tests. */
const timeoutMs = 400;

const printer = new HostilePrinter();
const honest = page("<html><title>Good</title><p id=x>7</p></html>");
let session: EwsSession;

beforeAll(async () => {
  await printer.start();
});
afterAll(() => printer.stop());
afterEach(() => session.close());

function open(): EwsSession {
  const { host, port } = printer;
  const access = { host, port, scheme: "http", timeoutMs } as const;
  return openEwsSession(access, { clock: systemClock, memory: new EwsMemory() });
}

function wanted(name: string, ...selectors: readonly Selector[]): DocumentRead {
  const extractions: Extraction[] = selectors.map((selector, index) => ({
    kind: "values",
    key: String(index),
    selector,
  }));
  return { channel: "ews", name, request: { path: name }, extractions };
}

/** What mappings ask of any page: a bit of everything. */
const anything: readonly Selector[] = [
  { css: "table tr > td.value" },
  { css: "div div div p", nth: 0 },
  { xpath: "//entry[name='x']/value" },
  { label: ["Serial Number", "Seriennummer"] },
  { field: "name" },
  { title: true },
  { regex: "Serial: ([A-Z0-9]+)" },
];

/** Outcome of a page: the texts of each selector, why there is none, or the code of the error. */
async function read(name: string, selectors = anything): Promise<unknown> {
  try {
    const answers = await session.read([wanted(name, ...selectors)], undefined);
    const texts = selectors.map((_, index) => answers.values(name, String(index)));
    return texts.find((found) => typeof found === "string") ?? texts;
  } catch (error) {
    if (!(error instanceof EwsError)) throw error;
    return error.code;
  }
}

interface Withstood {
  readonly outcome: unknown;
  readonly megabytes: number;
}

/** Reads the page and then an honest one, while the event loop is watched. */
async function withstands(
  trick: PageTrick,
  selectors: readonly Selector[] = anything,
): Promise<Withstood> {
  let outcome: unknown;
  let megabytes = 0;
  printer.pages.set("/trick", trick);
  printer.pages.set("/honest", honest);
  const ms = await blockedMs(async () => {
    session = open();
    const before = process.memoryUsage().rss;
    outcome = await read("/trick", selectors);
    megabytes = (process.memoryUsage().rss - before) / 1e6;
    await session.close();
  });
  expect(ms).toBeLessThan(longestBlockMs);
  expect(megabytes).toBeLessThan(mostMegabytes);
  session = open();
  expect(await read("/honest", [{ css: "#x" }, { title: true }])).toEqual([["7"], ["Good"]]);
  return { outcome, megabytes };
}

const repeat = (text: string, bytes: number): string => text.repeat(bytes / text.length);

describe("markup", () => {
  const deep = (tag: string, bytes: number): string =>
    `<html>${repeat(`<${tag}>`, bytes)}Serial: A1`;
  const documents: readonly (readonly [string, string, string?])[] = [
    ["100 KB of <div>", deep("div", 100_000)],
    ["1 MB of <div>", deep("div", 1_000_000)],
    ["1 MB of <table>", deep("table", 1_000_000)],
    ["1 MB of <p>", deep("p", 1_000_000)],
    ["1 MB of <option> in a <select>", `<select name=name>${deep("option", 1_000_000)}`],
    ["1 MB of elements in XML", `<?xml version="1.0"?>${repeat("<a>", 1_000_000)}`, "text/xml"],
    ["1 MB of [ in JSON", repeat("[", 1_000_000), "application/json"],
    ['1 MB of {"a": in JSON', repeat('{"a":', 1_000_000), "application/json"],
    ["1 MB of { in a script", `<script>var x = ${repeat("{a:", 1_000_000)}</script>`],
    ["an element of 100,000 attributes", `<p ${repeat("abc=d ", 600_000)}>`],
    ["an element of 200,000 classes", `<p class="${repeat("ab ", 600_000)}">`],
    ["a comment that never ends, often", repeat("<!-- ", 1_000_000)],
    ["tags that never end", repeat("<a b='", 1_000_000)],
    [
      "CDATA that never ends",
      `<?xml version="1.0"?><a>${repeat("<![CDATA[", 900_000)}`,
      "text/xml",
    ],
    ["a script that never ends", `<script>${repeat("</scrip", 700_000)}`],
    ["a million entities", `<p>${repeat("&amp;", 5_000_000)}`],
    ["entities beyond Unicode", `<p>${repeat("&#x110000;&#xD800;&#0;", 220_000)}`],
    ["tables side by side", repeat("<table><tr><td>a:</td><td>b</td></tr></table>", 4_500_000)],
    ["labels by the thousand", repeat("<td>Serial Number</td>", 2_200_000)],
    ["fields by the thousand", `<form>${repeat("<input name=name value=1>", 2_500_000)}`],
  ];
  for (const [what, body, type] of documents) {
    it(`${what}: read or refused, never slow`, async () => {
      const { outcome } = await withstands(page(body, type === undefined ? {} : { type }));
      expect(Array.isArray(outcome) || outcome === "cut" || outcome === "malformed").toBe(true);
    });
  }
});

describe("entities", () => {
  const bomb = Array.from({ length: 10 }, (_, n) =>
    n === 0 ? '<!ENTITY e0 "ha">' : `<!ENTITY e${n} "${`&e${n - 1};`.repeat(10)}">`,
  ).join("");
  const declared = (entities: string, use: string): Buffer =>
    page(`<?xml version="1.0"?><!DOCTYPE a [${entities}]><a><value>${use}</value></a>`, {
      type: "text/xml",
    });

  it("that multiply are not expanded", async () => {
    const { outcome } = await withstands(declared(bomb, "&e9;"), [{ xpath: "//value" }]);
    expect(JSON.stringify(outcome)).not.toContain("haha");
  });

  it("of files and addresses are not fetched", async () => {
    const file = declared('<!ENTITY f SYSTEM "file:///etc/hostname">', "&f;");
    const { outcome } = await withstands(file, [{ xpath: "//value" }]);
    expect(JSON.stringify(outcome)).not.toMatch(/[a-z]{6,}\n/);
    const asked = printer.asked.length;
    const address = `<!ENTITY % p SYSTEM "${printer.url}/stolen">%p;`;
    await withstands(declared(address, "x"), [{ xpath: "//value" }]);
    expect(printer.asked.slice(asked).join()).not.toContain("stolen");
  });
});

describe("patterns", () => {
  const patterns = ["(a+)+$", "(a|aa)+$", "(.*a){12}x", "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y"];
  for (const regex of patterns) {
    it(`${regex} on adversarial text takes its time elsewhere`, async () => {
      await withstands(page(`${repeat("a", 50_000)}!`, { type: "text/plain" }), [{ regex }]);
      await withstands(page(`${repeat("x", 1_000_000)}!`, { type: "text/plain" }), [{ regex }]);
    });
  }
});

describe("bodies", () => {
  const megabyte = Buffer.alloc(1_000_000, "<p>a</p>");
  const zeros = gzipSync(Buffer.alloc(50_000_000));
  const cases: readonly (readonly [string, PageTrick, unknown])[] = [
    ["of 50 MB", endless(head({ length: 50_000_000 }), megabyte), "cut"],
    [
      "of 50 MB without a length",
      endless(head({ headers: ["Connection: close"] }), megabyte),
      "cut",
    ],
    [
      "in chunks without end",
      endless(head({ headers: ["Transfer-Encoding: chunked"] }), chunk("<p>a".repeat(16_000))),
      "cut",
    ],
    ["of 50 KB that unpack to 50 MB", page(zeros, { headers: ["Content-Encoding: gzip"] }), "cut"],
    ["that are no gzip", page("plain", { headers: ["Content-Encoding: gzip"] }), "malformed"],
    [
      "shorter than said",
      (socket) => {
        socket.end(Buffer.concat([head({ length: 1_000 }), Buffer.from("<p>short")]));
      },
      expect.stringMatching(/^(timeout|malformed|ews\.unreachable)$/),
    ],
    [
      "that drip",
      (socket) => {
        socket.write(head({ length: 1_000_000 }));
        const drip = setInterval(() => socket.write("a"), 50);
        socket.on("close", () => {
          clearInterval(drip);
        });
      },
      expect.stringMatching(/^(timeout|ews\.timeout)$/),
    ],
    ["that never come", () => undefined, expect.stringMatching(/^(timeout|ews\.timeout)$/)],
  ];
  for (const [what, trick, expected] of cases) {
    it(`${what} are given up`, async () => {
      expect((await withstands(trick)).outcome).toEqual(expected);
    });
  }

  it("longer than said do not become the next answer", async () => {
    const liar = Buffer.concat([page("<p id=x>1</p>"), page("<p id=x>stolen</p>")]);
    printer.pages.set("/liar", liar);
    printer.pages.set("/honest", honest);
    session = open();
    expect(await read("/liar", [{ css: "#x" }])).toEqual([["1"]]);
    expect(await read("/honest", [{ css: "#x" }])).not.toEqual([["stolen"]]);
  });
});

describe("characters", () => {
  const texts: readonly (readonly [string, string, Buffer])[] = [
    ["a charset nobody knows", "x-nonsense", Buffer.from("<p id=x>7</p>")],
    ["a charset as an attack", "a".repeat(5_000), Buffer.from("<p id=x>7</p>")],
    ["UTF-7", "utf-7", Buffer.from("<p id=x>7</p>+ADw-script+AD4-")],
    ["UTF-16 cut in half", "utf-16", Buffer.from("<p id=x>7</p>", "utf16le").subarray(0, 25)],
    ["octets that are no UTF-8", "utf-8", Buffer.from("<p id=x>7</p>\xff\xfe\xc0\x80", "latin1")],
    ["NULs everywhere", "utf-8", Buffer.from("<\0p id=x>\u00007\0</p>\0")],
  ];
  for (const [what, charset, body] of texts) {
    it(`${what}: an answer or none`, async () => {
      const type = `text/html; charset=${charset}`;
      const { outcome } = await withstands(page(body, { type }), [{ css: "#x" }]);
      expect(JSON.stringify(outcome)).not.toContain("\\u0000");
    });
  }
});

describe("redirects", () => {
  const refused = [
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1:1/",
    "http://[::1]/",
    "http://localhost/",
    "https://printer.example.net/",
    "//127.0.0.1/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "gopher://127.31.0.1/",
    "http://127.31.0.1@169.254.169.254/",
    "http://2130706433/",
    "http://0x7f.1/",
    "",
  ];
  for (const location of refused) {
    it(`to "${location}" are not followed`, async () => {
      const trick = page("", { status: "302 Found", headers: [`Location: ${location}`] });
      const { outcome } = await withstands(trick, [{ css: "#x" }]);
      expect(outcome).toEqual(expect.any(String));
    });
  }

  it("in a circle end", async () => {
    const asked = printer.asked.length;
    await withstands(page("", { status: "302 Found", headers: ["Location: /trick"] }));
    expect(printer.asked.length - asked).toBeLessThan(40);
  });

  it("never carry a login to another machine", async () => {
    const steps = [
      { kind: "request", method: "POST", path: "/login", body: passwordForm } as const,
    ];
    const profile = { login: { kind: "steps", steps } } as const;
    printer.pages.set(
      "/login",
      page("", { status: "307 Go", headers: ["Location: http://127.0.0.1:1/"] }),
    );
    const { host, port } = printer;
    const credential = { username: "admin", password: "hostile-test-password" };
    const access = { host, port, scheme: "http", timeoutMs, credential } as const;
    session = openEwsSession(access, { clock: systemClock, memory: new EwsMemory() });
    const write = { steps, needsLogin: true, profile };
    await expect(session.write(write)).rejects.toThrow(EwsError);
  });
});

const passwordForm = {
  kind: "form",
  fields: [["password", { credential: "password" }]],
} as const;

describe("headers", () => {
  const lines = (count: number, line: (n: number) => string): readonly string[] =>
    Array.from({ length: count }, (_, n) => line(n));

  it("with cookies by the thousand are cut to few, which are sent back", async () => {
    const cookies = lines(900, (n) => `Set-Cookie: c${n}=${n}`);
    printer.pages.set("/cookies", page("<p id=x>7</p>", { headers: cookies }));
    printer.pages.set("/honest", honest);
    session = open();
    expect(await read("/cookies", [{ css: "#x" }])).toEqual([["7"]]);
    await read("/honest", [{ css: "#x" }]);
    const sent = /\r\ncookie: ([^\r]*)/i.exec(printer.requests.at(-1) ?? "")?.[1] ?? "";
    expect(sent.split(";").length).toBeLessThanOrEqual(50);
  });

  const floods: readonly (readonly [string, readonly string[]])[] = [
    ["5,000 lines", lines(5_000, (n) => `X-${n}: ${n}`)],
    ["5,000 cookies", lines(5_000, (n) => `Set-Cookie: c${n}=${"x".repeat(100)}`)],
    ["a line of 5 MB", [`X-Long: ${"x".repeat(5_000_000)}`]],
    ["a line without a colon", ["nonsense"]],
    ["a line of control characters", ["X-Bad: a\u0001\u0000b"]],
    ["two lengths", ["Content-Length: 1", "Content-Length: 100"]],
  ];
  for (const [what, headers] of floods) {
    it(`with ${what} are read or refused`, async () => {
      const { outcome } = await withstands(page("<p id=x>7</p>", { headers }), [{ css: "#x" }]);
      expect(outcome).toBeDefined();
    });
  }

  it("without end are given up", async () => {
    const trick = endless(
      Buffer.from("HTTP/1.1 200 OK\r\n"),
      Buffer.from("X-A: b\r\n".repeat(1_000)),
    );
    expect((await withstands(trick)).outcome).toEqual(expect.any(String));
  });
});

describe("forms", () => {
  const write = (body: string): void => {
    printer.pages.set("/form", page(body));
  };
  const step = {
    kind: "form",
    page: "/form",
    fields: [{ at: { name: "name" }, set: { value: "7" } }],
  } as const;
  const run = async (): Promise<unknown> => {
    session = open();
    return session
      .write({ steps: [step], needsLogin: false, profile: undefined })
      .then(() => "sent")
      .catch((error: unknown) => {
        if (!(error instanceof EwsError)) throw error;
        return error.code;
      });
  };

  for (const action of [
    "http://169.254.169.254/set",
    "//127.0.0.1:1/set",
    "javascript:alert(1)",
    "mailto:x@example.com",
  ]) {
    it(`that post to ${action} are not sent`, async () => {
      write(`<form method=post action="${action}"><input name=name value=1></form>`);
      expect(await run()).not.toBe("sent");
    });
  }

  it("of 100,000 fields do not stop the service", async () => {
    const fields = repeat("<input name=a value=1>", 2_200_000);
    write(`<form method=post action=/set>${fields}<input name=name value=1></form>`);
    expect(await blockedMs(run)).toBeLessThan(longestBlockMs);
  });
});

describe("a login page", () => {
  it("whose words are markup and escape sequences gets into no message", async () => {
    const words = "<script>alert(1)</script>\u001b[31mred\u0007\r\nlog line";
    printer.pages.set("/set", page(`<p class=error>${words}</p>`));
    const failure = [{ found: { css: "p.error" } }];
    const request = { kind: "request", method: "POST", path: "/set", failure } as const;
    session = open();
    const error: unknown = await session
      .write({ steps: [request], needsLogin: false, profile: undefined })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EwsError);
    // eslint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(String(error)).not.toMatch(/[<>\u0000-\u001f]/);
  });
});
