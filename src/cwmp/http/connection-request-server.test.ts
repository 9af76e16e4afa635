import { once } from "node:events";
import { Agent, type IncomingHttpHeaders, get, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../../shared/manual-clock.ts";
import type { ConnectionRequestAnswer } from "../connection-request/target.ts";
import { deriveConnectionRequestPath } from "./connection-request-path.ts";
import {
  type ConnectionRequestServer,
  createConnectionRequestServer,
} from "./connection-request-server.ts";
import { HttpAuthentication } from "../../shared/http/digest-client.ts";

const path = deriveConnectionRequestPath("a secret", "e1");
const clock = new ManualClock();
let server: ConnectionRequestServer;
let port: number;
let says: ConnectionRequestAnswer | Error;
let accepted: number;
let password: string;
let outcomes: string[];

beforeEach(async () => {
  says = "accepted";
  accepted = 0;
  password = "secret";
  outcomes = [];
  server = createConnectionRequestServer({
    listen: { host: "127.0.0.1", port: 0 },
    clock,
    documents: (name) => {
      if (name === "broken") throw new Error("no such thing");
      if (name === "elsewhere") return { url: "https://models.example.org/elsewhere.xml" };
      return name === "known" ? "<dt/>" : undefined;
    },
    totalLimit: { burst: 100, perSecond: 10 },
    endpointLimit: { burst: 3, perSecond: 1 },
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  server.register(path, {
    endpointId: "e1",
    username: () => "acs",
    password: () => password,
    accept: () => {
      if (says instanceof Error) throw says;
      if (says === "accepted") accepted += 1;
      return says;
    },
  });
  port = await server.start();
});

afterEach(() => server.stop());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(
  target: string,
  options: { headers?: Record<string, string>; agent?: Agent; method?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: "127.0.0.1", port, path: target, ...options },
      (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (part: string) => (body += part));
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      },
    );
    request.on("error", reject).end();
  });
}

async function connectionRequest(secret = "secret", target = path): Promise<Answer> {
  const authentication = new HttpAuthentication(
    { username: "acs", password: secret },
    { allowBasic: false },
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const first = await ask(target, { agent });
    if (first.status !== 401) return first;
    authentication.challenged(first.headers["www-authenticate"]);
    const authorization = authentication.header("GET", target) ?? "";
    return await ask(target, { agent, headers: { authorization } });
  } finally {
    agent.destroy();
  }
}

/** Sends bytes and resolves with everything the server said until it hung up. */
async function rawExchange(bytes: string | Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("error", () => (text += "[reset]"));
  socket.setEncoding("utf8").on("data", (part: string) => (text += part));
  socket.write(bytes);
  await once(socket, "close");
  return text;
}

describe("connection request server", () => {
  it("lets in the holder of the password, with an empty 200", async () => {
    const { status, body, headers } = await connectionRequest();
    expect({ status, body, length: headers["content-length"] }).toEqual({
      status: 200,
      body: "",
      length: "0",
    });
    expect(accepted).toBe(1);
  });

  it("challenges with one digest on one line, in the form GenieACS parses", async () => {
    const { status, headers } = await ask(path);
    expect(status).toBe(401);
    expect(headers["www-authenticate"]).toMatch(
      /^Digest realm="mfpgate", qop="auth", nonce="[0-9a-z.]+", algorithm=MD5$/,
    );
    expect(headers.connection).toBe("keep-alive");
    expect(accepted).toBe(0);
  });

  it("refuses a wrong password, basic, and everybody while no password is set", async () => {
    expect((await connectionRequest("guess")).status).toBe(401);
    const authorization = `Basic ${Buffer.from("acs:secret").toString("base64")}`;
    expect((await ask(path, { headers: { authorization } })).status).toBe(401);
    password = "";
    expect((await connectionRequest("")).status).toBe(401);
    expect(accepted).toBe(0);
  });

  it("refuses a replayed answer and calls it stale", async () => {
    const authentication = new HttpAuthentication(
      { username: "acs", password: "secret" },
      { allowBasic: false },
    );
    authentication.challenged((await ask(path)).headers["www-authenticate"]);
    const authorization = authentication.header("GET", path) ?? "";
    expect((await ask(path, { headers: { authorization } })).status).toBe(200);
    const replay = await ask(path, { headers: { authorization } });
    expect(replay.status).toBe(401);
    expect(replay.headers["www-authenticate"]).toContain("stale=true");
    expect(accepted).toBe(1);
  });

  it("ignores the query string", async () => {
    expect((await connectionRequest("secret", `${path}?command=reboot`)).status).toBe(200);
  });

  it("answers 503 for an unreachable or busy endpoint and 404 for a disabled one", async () => {
    says = "unreachable";
    expect((await connectionRequest()).status).toBe(503);
    says = "busy";
    expect((await connectionRequest()).status).toBe(503);
    await clock.advance(5_000);
    says = "disabled";
    expect((await connectionRequest()).status).toBe(404);
  });

  it("answers 503 above the endpoint's rate and recovers with time", async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 5; count += 1) statuses.push((await connectionRequest()).status);
    expect(statuses).toEqual([200, 200, 200, 503, 503]);
    await clock.advance(1_000);
    const after = await connectionRequest();
    expect(after.status).toBe(200);
    expect(after.headers["retry-after"]).toBeUndefined();
  });

  it("answers 503 above the rate of all requests together", async () => {
    const statuses = await Promise.all(Array.from({ length: 110 }, () => ask("/")));
    expect(statuses.filter(({ status }) => status === 503)).toHaveLength(10);
    expect(outcomes.filter((outcome) => outcome === "limited")).toHaveLength(10);
  });

  it("knows only its paths and only GET", async () => {
    expect((await ask("/")).status).toBe(404);
    expect((await ask(`${path}/`)).status).toBe(404);
    const post = await ask(path, { method: "POST" });
    expect(post.status).toBe(405);
    expect(post.headers.allow).toBe("GET");
  });

  it("forgets an endpoint that was taken away", async () => {
    const other = deriveConnectionRequestPath("a secret", "e2");
    const target = { endpointId: "e2", username: () => "u", password: () => "p" };
    const remove = server.register(other, { ...target, accept: () => "accepted" as const });
    expect((await ask(other)).status).toBe(401);
    remove();
    expect((await ask(other)).status).toBe(404);
  });

  it("goes on after an endpoint threw", async () => {
    says = new Error("boom");
    expect((await connectionRequest()).status).toBe(503);
    says = "accepted";
    expect((await connectionRequest()).status).toBe(200);
  });

  it("reads no body: it answers and hangs up", async () => {
    const head = `GET ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n`;
    expect(await rawExchange(head + "x".repeat(1_000))).toMatch(/^HTTP\/1.1 401 .*close/s);
  });

  it("hangs up on oversized headers and on junk, and goes on", async () => {
    const large = `GET ${path} HTTP/1.1\r\nHost: x\r\nX: ${"a".repeat(5_000)}\r\n\r\n`;
    expect(await rawExchange(large)).toMatch(/^HTTP\/1.1 400|reset/);
    for (const junk of ["\u0016\u0003\u0001\u0002\r\n\r\n", "GET\r\n\r\n", "\0".repeat(100)]) {
      expect(await rawExchange(junk)).toMatch(/^HTTP\/1.1 400|reset/);
    }
    const hostile = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Digest ${'a="\\'.repeat(500)}\r\n\r\n`;
    expect(await rawExchange(hostile)).toMatch(/^HTTP\/1.1 401/);
    expect((await connectionRequest()).status).toBe(200);
  });

  it("says which address cannot be opened", async () => {
    const second = createConnectionRequestServer({ listen: { host: "127.0.0.1", port }, clock });
    await expect(second.start()).rejects.toMatchObject({
      code: "cwmp.listen-failed",
      message: expect.stringContaining(`127.0.0.1:${port}`) as string,
    });
  });
});

describe("device type documents", () => {
  it("are served without authentication, to be cached", async () => {
    const first = await ask("/dt/known.xml");
    expect(first).toMatchObject({ status: 200, body: "<dt/>" });
    expect(first.headers["content-type"]).toBe("text/xml; charset=utf-8");
    expect(first.headers["cache-control"]).toContain("max-age=");
    const again = await ask("/dt/known.xml", {
      headers: { "if-none-match": first.headers.etag ?? "" },
    });
    expect(again).toMatchObject({ status: 304, body: "" });
  });

  it("published by somebody else are found from here", async () => {
    const answer = await ask("/dt/elsewhere.xml");
    expect(answer).toMatchObject({ status: 302, body: "" });
    expect(answer.headers["location"]).toBe("https://models.example.org/elsewhere.xml");
  });

  it("answer 404 when unknown or oddly named and 500 when making one fails", async () => {
    expect((await ask("/dt/unknown.xml")).status).toBe(404);
    expect((await ask("/dt/..%2fsecret.xml")).status).toBe(404);
    expect((await ask("/dt/broken.xml")).status).toBe(500);
  });
});

describe("connection request path", () => {
  it("is unguessable, stable and different per endpoint", () => {
    const derived = deriveConnectionRequestPath("box secret", "endpoint-1");
    expect(derived).toMatch(/^\/cr\/[0-9a-f]{32}$/);
    expect(deriveConnectionRequestPath("box secret", "endpoint-1")).toBe(derived);
    expect(deriveConnectionRequestPath("box secret", "endpoint-2")).not.toBe(derived);
    expect(deriveConnectionRequestPath("other secret", "endpoint-1")).not.toBe(derived);
  });

  it("works with a plain GET of another HTTP client", async () => {
    const [response] = (await once(get({ port, host: "127.0.0.1", path }), "response")) as [
      { statusCode: number; resume(): void },
    ];
    response.resume();
    expect(response.statusCode).toBe(401);
  });
});
