import { once } from "node:events";
import { type Server, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { type WebHandler, WebPrinter } from "../../../test/support/web-printer.ts";
import { systemClock } from "../../shared/clock.ts";
import type { EwsAccess } from "../driver.ts";
import { EwsMemory } from "./ews-memory.ts";
import { WebClient } from "./web-client.ts";

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function printer(handler: WebHandler): Promise<WebPrinter> {
  const started = await WebPrinter.start(handler);
  stops.push(() => started.stop());
  return started;
}

function clientOf(access: EwsAccess, memory = new EwsMemory()): WebClient {
  const client = new WebClient({ access, memory, clock: systemClock, onPinned: () => undefined });
  stops.push(() => {
    client.close();
  });
  return client;
}

/** A server that says exactly these octets to whoever connects, and closes. */
async function rawServer(answer: string): Promise<EwsAccess> {
  const server: Server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(answer, "latin1"));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  stops.push(() => void server.close());
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port, scheme: "http" };
}

const get = (path: string) => ({ method: "GET", path });
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

describe("a request", () => {
  it("is answered with status, headers and octets, over one connection for all", async () => {
    const web = await printer(({ url }) => ({ headers: { "X-Page": url }, body: `page ${url}` }));
    const client = clientOf(web.access);
    for (const path of ["/a", "/b?c=1", "/d"]) {
      const answer = await client.send(get(path));
      expect([answer.status, answer.headers.get("x-page"), text(answer.bytes)]).toEqual([
        200,
        path,
        `page ${path}`,
      ]);
    }
    expect(web.connections).toBe(1);
  });

  it("names pages of the printer in Referer and Origin by their whole address", async () => {
    const web = await printer(({ url }) =>
      url === "/old" ? { status: 302, headers: { Location: "/new" } } : "",
    );
    const headers = { referer: "/set.htm?a=1", Origin: "/", "X-Page": "/set.htm" };
    await clientOf(web.access).send({ ...get("/old"), headers });
    const origin = `http://127.0.0.1:${web.port}`;
    for (const seen of web.seen)
      expect(seen.headers).toMatchObject({
        referer: `${origin}/set.htm?a=1`,
        origin,
        "x-page": "/set.htm",
      });
    expect(web.asked).toEqual(["GET /old", "GET /new"]);
  });

  it("has no header of axios", async () => {
    const web = await printer(() => "");
    await clientOf(web.access).send({
      method: "POST",
      path: "/",
      body: { type: "text/plain", bytes: Buffer.from("é") },
    });
    const [seen] = web.seen;
    expect(seen?.headers["user-agent"]).toContain("mfpgate");
    expect(JSON.stringify(seen?.headers)).not.toContain("axios");
    expect([seen?.headers["content-type"], seen?.body]).toEqual(["text/plain", "é"]);
  });

  it("is not sent when a header would split it", async () => {
    const web = await printer(() => "");
    const request = { ...get("/"), headers: { "X-Token": "a\r\nX-Evil: 1" } };
    await expect(clientOf(web.access).send(request)).rejects.toMatchObject({
      code: "ews.malformed",
    });
    expect(web.seen).toEqual([]);
  });

  it("is repeated when the server had closed the idle connection", async () => {
    const web = await printer((_request, response) => {
      response.once("finish", () => response.socket?.destroy());
      return "ok";
    });
    const client = clientOf(web.access);
    await client.send(get("/1"));
    expect(text((await client.send(get("/2"))).bytes)).toBe("ok");
  });

  it("ends when the caller gives up", async () => {
    const web = await printer(() => undefined);
    const abort = new AbortController();
    const answer = clientOf(web.access).send(get("/"), abort.signal);
    setTimeout(() => {
      abort.abort();
    }, 20);
    await expect(answer).rejects.toMatchObject({ code: "ews.aborted" });
  });
});

describe("a redirect", () => {
  it.each([
    "http://169.254.169.254/latest/meta-data/",
    "https://192.0.2.77/",
    "http://localhost/",
    "http://[::1]/",
    "//example.com/x",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "http://[broken",
  ])("to %s is refused", async (location) => {
    const web = await printer(() => ({ status: 302, headers: { Location: location } }));
    const answer = clientOf(web.access).send(get("/"));
    await expect(answer).rejects.toMatchObject({ code: "ews.redirect-refused" });
    expect(web.seen).toHaveLength(1);
  });

  it("within the printer is followed, and the status of the request itself kept", async () => {
    const web = await printer(({ url }) =>
      url === "/login" ? { status: 302, headers: { Location: "home.htm?x=1" } } : "home",
    );
    const answer = await clientOf(web.access).send({ method: "POST", path: "/login" });
    expect([answer.firstStatus, answer.status, answer.url.pathname]).toEqual([
      302,
      200,
      "/home.htm",
    ]);
    expect(web.asked).toEqual(["POST /login", "GET /home.htm?x=1"]);
  });

  it("to the same page on another port is remembered", async () => {
    const other = await printer(() => "there");
    const web = await printer(({ url }) => ({
      status: 307,
      headers: { Location: `http://127.0.0.1:${other.port}${url}` },
    }));
    const memory = new EwsMemory();
    expect(text((await clientOf(web.access, memory).send(get("/a"))).bytes)).toBe("there");
    expect(memory.origin).toEqual({ scheme: "http", port: other.port });
    await clientOf(web.access, memory).send(get("/b"));
    expect([web.asked, other.asked]).toEqual([["GET /a"], ["GET /a", "GET /b"]]);
  });

  it("in a circle comes to an end", async () => {
    const web = await printer(({ url }) => ({ status: 301, headers: { Location: `${url}x` } }));
    const answer = clientOf(web.access).send(get("/"));
    await expect(answer).rejects.toMatchObject({ code: "ews.redirect-refused" });
    expect(web.seen).toHaveLength(6);
  });
});

describe("a place where the server was", () => {
  it("is forgotten for the configured one when nobody answers there", async () => {
    const web = await printer(() => "here");
    const gone = await printer(() => "");
    const memory = new EwsMemory({
      version: 1,
      missing: [],
      hasMisbehaved: false,
      origin: { scheme: "https", port: gone.port },
    });
    await gone.stop();
    expect(text((await clientOf(web.access, memory).send(get("/"))).bytes)).toBe("here");
  });
});

describe("cookies", () => {
  it("come back to the server, those of the page too", async () => {
    const web = await printer(() => ({
      headers: { "Set-Cookie": ["ID1=abc; Path=/", "x=1; Path=/other"] },
    }));
    const client = clientOf(web.access);
    client.cookies.set("lang", "en", client.url("/"));
    await client.send(get("/"));
    await client.send({ ...get("/"), cookies: { css: "1" } });
    expect(web.seen.map(({ headers }) => headers.cookie)).toEqual([
      "lang=en",
      "lang=en; ID1=abc; css=1",
    ]);
  });

  it("are known by name, whatever path they belong to", async () => {
    const web = await printer(() => ({
      headers: { "Set-Cookie": ["a=deep; Path=/web/x", "b=deep; Path=/web", "b=root; Path=/"] },
    }));
    const client = clientOf(web.access);
    await client.send(get("/web/x"));
    const values = ["a", "b", "c"].map((name) => client.cookies.value(name, client.url("/")));
    expect(values).toEqual(["deep", "root", undefined]);
  });

  it("are capped in number and length", async () => {
    let round = 0;
    const web = await printer(() => {
      round += 1;
      const lines = Array.from({ length: 400 }, (_, index) => `c${round}x${index}=1; Path=/`);
      return { headers: { "Set-Cookie": [`long=${"x".repeat(5_000)}`, ...lines] } };
    });
    const client = clientOf(web.access);
    for (let times = 0; times < 4; times++) await client.send(get("/"));
    const sent = web.seen.at(-1)?.headers.cookie?.split("; ") ?? [];
    expect(sent.length).toBeLessThanOrEqual(50);
    expect(sent.length).toBeGreaterThan(40);
    expect(sent.some((cookie) => cookie.startsWith("long"))).toBe(false);
  });

  it("by the thousand are too much header", async () => {
    const web = await printer(() => ({
      headers: {
        "Set-Cookie": Array.from(
          { length: 1_500 },
          (_, index) => `cookie${index}=${"v".repeat(30)}`,
        ),
      },
    }));
    await expect(clientOf(web.access).send(get("/"))).rejects.toMatchObject({
      code: "ews.too-large",
    });
  });
});

describe("a body", () => {
  it("that never ends is cut off at 8 MB", async () => {
    const piece = Buffer.alloc(256 * 1024, "x");
    const web = await printer((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
        response.once("drain", more);
      };
      more();
      return undefined;
    });
    await expect(clientOf(web.access).send(get("/"))).rejects.toMatchObject({
      code: "ews.too-large",
    });
  });

  it("that unpacks to more than 8 MB is cut off", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const web = await printer(() => ({ headers: { "Content-Encoding": "gzip" }, body: bomb }));
    await expect(clientOf(web.access).send(get("/"))).rejects.toMatchObject({
      code: "ews.too-large",
    });
  });

  it("is unpacked", async () => {
    const web = await printer(() => ({
      headers: { "Content-Encoding": "gzip" },
      body: gzipSync("packed"),
    }));
    expect(text((await clientOf(web.access).send(get("/"))).bytes)).toBe("packed");
  });

  it("of broken gzip is a typed error", async () => {
    const web = await printer(() => ({ headers: { "Content-Encoding": "gzip" }, body: "no gzip" }));
    await expect(clientOf(web.access).send(get("/"))).rejects.toMatchObject({
      code: "ews.malformed",
    });
  });
});

describe("time-outs", () => {
  it("end a request without answer, and the next one is given longer", async () => {
    const web = await printer(() => undefined);
    const memory = new EwsMemory();
    const client = clientOf({ ...web.access, timeoutMs: 100 }, memory);
    await expect(client.send(get("/"))).rejects.toMatchObject({
      code: "ews.timeout",
      retryable: true,
    });
    expect(memory.timeoutMs(100)).toBe(150);
  });

  it("end an answer that drips for ever", async () => {
    const web = await printer((_request, response) => {
      const timer = setInterval(() => response.write("."), 20);
      response.once("close", () => {
        clearInterval(timer);
      });
      return undefined;
    });
    const startedMs = performance.now();
    const answer = clientOf({ ...web.access, timeoutMs: 200 }).send(get("/"));
    await expect(answer).rejects.toMatchObject({ code: "ews.timeout" });
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });

  it("grow to 30 s and shrink again with quick answers", () => {
    const memory = new EwsMemory();
    for (let times = 0; times < 9; times++) memory.noteSlow(15_000);
    expect(memory.timeoutMs(15_000)).toBe(30_000);
    for (let times = 0; times < 9; times++) memory.noteFast(15_000, 100);
    expect(memory.timeoutMs(15_000)).toBe(15_000);
  });

  it("tell a port nobody listens on from silence", async () => {
    const web = await printer(() => "");
    await web.stop();
    const answer = clientOf(web.access).send(get("/"));
    await expect(answer).rejects.toMatchObject({ code: "ews.unreachable", retryable: true });
  });
});

describe("odd servers", () => {
  it("that speak no HTTP are a typed error", async () => {
    for (const answer of ["<html>HTTP/0.9</html>", "220 FTP ready\r\n", "\u0000\u0001\u0002", ""]) {
      const failure = clientOf(await rawServer(answer)).send(get("/"));
      await expect(failure).rejects.toMatchObject({
        code: expect.stringMatching(/^ews\.(malformed|unreachable)$/) as string,
      });
    }
  });

  it("that break the rules of headers are read leniently, and that is remembered with its reason", async () => {
    const access = await rawServer(
      "HTTP/1.1 200 OK\r\nServer: a\u0001b\r\nContent-Length: 2\r\n\r\nok",
    );
    const memory = new EwsMemory();
    expect(text((await clientOf(access, memory).send(get("/"))).bytes)).toBe("ok");
    expect(memory.lenientBecause).toMatch(/^HPE_/);
  });

  it("that cannot be read are not asked for again when something was to be changed", async () => {
    const access = await rawServer("HTTP/1.1 200 OK\r\nServer: a\u0001b\r\n\r\n");
    const memory = new EwsMemory();
    const answer = clientOf(access, memory).send({ method: "POST", path: "/set" });
    await expect(answer).rejects.toMatchObject({ code: "ews.malformed" });
    expect(memory.lenientBecause).toBeUndefined();
  });
});
