import { once } from "node:events";
import { type Socket, connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deriveConnectionRequestPath } from "../../src/cwmp/http/connection-request-path.ts";
import {
  type ConnectionRequestServer,
  createConnectionRequestServer,
} from "../../src/cwmp/http/connection-request-server.ts";
import { HttpAuthentication } from "../../src/shared/http/digest-client.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { sendConnectionRequest } from "../../src/simulator/acs/connection-request-sender.ts";
import { blockedMs, longestBlockMs } from "./loop-watch.ts";

const path = deriveConnectionRequestPath("a secret", "e1");
const otherPath = deriveConnectionRequestPath("a secret", "e2");
const credentials = { username: "acs", password: "secret" };
let server: ConnectionRequestServer;
let port: number;
let accepted: number;
let sockets: Socket[];

beforeEach(async () => {
  accepted = 0;
  sockets = [];
  server = createConnectionRequestServer({
    listen: { host: "0.0.0.0", port: 0 },
    clock: systemClock,
    documents: (name) => (name === "known" ? "<dt/>" : undefined),
  });
  for (const [endpointId, at] of [
    ["e1", path],
    ["e2", otherPath],
  ] as const) {
    server.register(at, {
      endpointId,
      username: () => credentials.username,
      password: () => credentials.password,
      accept: () => {
        accepted += 1;
        return "accepted";
      },
    });
  }
  port = await server.start();
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.stop();
});

/** A connection to the port; from another address of this machine when told. */
function dial(localAddress = "127.0.0.1"): Socket {
  const socket = connect({ host: "127.0.0.1", port, localAddress });
  socket.on("error", () => undefined); // being cut off is the point
  sockets.push(socket);
  return socket;
}

/** Sends bytes and gives what comes back until the server hangs up or has been silent for a while. */
async function say(bytes: string | Buffer, silenceMs = 150): Promise<string> {
  const socket = dial();
  let answer = "";
  socket.setEncoding("latin1").on("data", (part: string) => {
    answer += part;
    socket.setTimeout(Math.min(silenceMs, 25));
  });
  socket.write(bytes);
  await new Promise<void>((resolve) => {
    socket.once("close", () => {
      resolve();
    });
    socket.setTimeout(silenceMs);
    socket.once("timeout", resolve);
  });
  socket.destroy();
  return answer;
}
/** Resolves when the server has hung up on all of them. */
async function allClosed(some: readonly Socket[]): Promise<void> {
  for (const socket of some) {
    socket.resume();
    if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
  }
}
function get(target: string, ...headers: readonly string[]): string {
  return [`GET ${target} HTTP/1.1`, "Host: x", ...headers].join("\r\n") + "\r\n\r\n";
}
/** So many requests, each sent when the one before was answered; gives the statuses. */
async function askOftenOnOneSocket(times: number): Promise<readonly number[]> {
  const socket = dial();
  const statuses: number[] = [];
  return await new Promise((resolve) => {
    socket.setEncoding("latin1").on("data", (answer: string) => {
      statuses.push(...statusesOf(answer));
      if (statuses.length < times) socket.write(get(path));
      else resolve(statuses);
    });
    socket.write(get(path));
  });
}
function statusesOf(answer: string): readonly number[] {
  return [...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));
}

/** The honest ACS gets through, in the time a session has to begin. */
async function honestCallerSucceeds(from?: string): Promise<void> {
  const before = accepted;
  const status = await sendConnectionRequest({
    url: `http://127.0.0.1:${port}${path}`,
    ...credentials,
    timeoutMs: 4_000,
    ...(from === undefined ? {} : { localAddress: from }),
  });
  expect(status).toBe(200);
  expect(accepted).toBe(before + 1);
}

/** A right answer to a fresh challenge, as a header that can be sent again and again. */
async function rightAuthorization(at = path): Promise<string> {
  const challenge = /WWW-Authenticate: (.*)\r\n/i.exec(await say(get(at)))?.[1];
  const client = new HttpAuthentication(credentials, { allowBasic: false });
  expect(client.challenged(challenge)).toBe("retry");
  return `Authorization: ${client.header("GET", at) ?? ""}`;
}

describe("a caller of the connection-request port that", () => {
  it("uses other methods is refused and starts nothing", async () => {
    for (const method of ["POST", "PUT", "HEAD", "OPTIONS", "TRACE", "DELETE", "PATCH"]) {
      const [status] = statusesOf(await say(get(path).replace("GET", method)));
      expect([method, status]).toEqual([method, 405]);
    }
    expect(statusesOf(await say(get(path).replace("GET", "BREW")))).toEqual([400]);
    expect(await say(get(path).replace("GET", "CONNECT"))).toBe("");
    expect(accepted).toBe(0);
    await honestCallerSucceeds();
  });

  it("looks for other paths finds nothing", async () => {
    const encoded = path.replace("/cr/", "/%63r/");
    const targets = [
      "/",
      "//",
      "*",
      "/cr",
      "/cr/",
      `/x/..${path}`,
      `/${path}`,
      `${path}/`,
      `${path}/..`,
      `${path}%00`,
      `${path}.`,
      path.toUpperCase(),
      encoded,
      "/%2e%2e/%2e%2e/etc/passwd",
      "/../../../etc/passwd",
      "/dt/",
      "/dt/../package.json",
      "/dt/..%2f..%2fpackage.json",
      "/dt/%2e%2e/known.xml",
      "/dt/known.xml/../../x",
      "/dt/known.xml%00.png",
      "/dt/known",
      "/dt//known.xml",
      `/dt/${"a".repeat(1_000)}.xml`,
      "/dt/__proto__.xml",
      `http://127.0.0.1:${port}/dt/unknown.xml`,
    ];
    for (const target of targets) {
      const answer = await say(get(target));
      expect([target, ...statusesOf(answer)]).toEqual([target, 404]);
      expect(answer).not.toContain("root:");
    }
    expect(statusesOf(await say(get("/dt/known.xml")))).toEqual([200]);
    expect(accepted).toBe(0);
  });

  it("replays a right answer is let in once", async () => {
    const right = await rightAuthorization();
    expect(statusesOf(await say(get(path, right)))).toEqual([200]);
    for (let times = 0; times < 3; times += 1) {
      const answer = await say(get(path, right));
      expect(statusesOf(answer)).toEqual([401]);
      expect(answer).toContain("stale=true");
    }
    expect(accepted).toBe(1);
  });

  it("replays it at once over many connections is let in once", async () => {
    const right = await rightAuthorization();
    const answers = await Promise.all(Array.from({ length: 30 }, () => say(get(path, right))));
    expect(answers.flatMap(statusesOf).filter((status) => status === 200)).toHaveLength(1);
    expect(accepted).toBe(1);
  });

  it("takes the answer for one endpoint to another is not let in", async () => {
    const right = await rightAuthorization(otherPath);
    expect(statusesOf(await say(get(path, right)))).toEqual([401]);
    const moved = right.replace(otherPath, path);
    expect(statusesOf(await say(get(path, moved)))).toEqual([401]);
    expect(accepted).toBe(0);
  });

  it("spoils a right answer in any way is not let in", async () => {
    const right = await rightAuthorization();
    const spoilt: readonly string[] = [
      right.replace(/nc=\d+/, "nc=00000000"),
      right.replace(/nc=\d+/, "nc=zzzzzzzz"),
      right.replace(/nc=\d+, /, ""),
      right.replace(/nonce="[^"]*"/, 'nonce=""'),
      right.replace(/nonce="([^"]*)"/, 'nonce="$1x"'),
      right.replace(/nonce="[^"]*"/, `nonce="${"a".repeat(1_500)}"`),
      right.replace(/response="[^"]*"/, 'response=""'),
      right.replace(/response="[^"]*"/, `response="${"0".repeat(32)}"`),
      right.replace(/username="acs"/, 'username="ACS"'),
      right.replace(/username="acs"/, 'username=""'),
      right.replace(/realm="[^"]*"/, 'realm="other"'),
      right.replace(/uri="[^"]*"/, 'uri="/"'),
      right.replace(/qop=auth/, "qop=auth-int"),
      right.replace(/qop=auth, /, ""),
      right.replace("algorithm=MD5", "algorithm=SHA-256"),
      right.replace("algorithm=MD5", "algorithm=MD5-sess"),
      right.replace("Digest", "Basic"),
      "Authorization: Basic YWNzOnNlY3JldA==",
      "Authorization: Digest",
      `Authorization: Digest ${'a="b",'.repeat(500)}`,
      `Authorization: ${"Digest ".repeat(400)}`,
      `Authorization: Digest username="${"\\".repeat(3_000)}`,
      "Authorization: ",
    ];
    for (const header of spoilt) {
      expect(header).not.toBe(right);
      expect([header, ...statusesOf(await say(get(path, header)))]).toEqual([header, 401]);
    }
    expect(accepted).toBe(0);
    await honestCallerSucceeds();
  });

  it("sends more than 4 KB of headers, in one or in many, is cut off", async () => {
    expect(statusesOf(await say(get(path, `X: ${"x".repeat(5_000)}`)))).toEqual([400]);
    const many = Array.from({ length: 1_000 }, (_, index) => `X-${index}: x`);
    expect(statusesOf(await say(get(path, ...many)))).toEqual([400]);
    expect(statusesOf(await say(get(`${path}?${"q".repeat(5_000)}`)))).toEqual([400]);
    await honestCallerSucceeds();
  });

  it("sends a body is answered, cut off, and the body read by nobody", async () => {
    for (const header of ["Content-Length: 1000000000", "Transfer-Encoding: chunked"]) {
      const answer = await say(get(path, header) + "5\r\nGET /\r\n".repeat(100));
      expect(statusesOf(answer)).toEqual([401]);
      expect(answer).toContain("Connection: close");
    }
    await honestCallerSucceeds();
  });

  it("talks no HTTP is cut off", async () => {
    const junk: readonly (string | Buffer)[] = [
      "\0\0\0\0\r\n\r\n",
      Buffer.from("16030100f1010000ed0303", "hex"),
      "GET\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n",
      "A".repeat(10_000),
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];
    for (const bytes of junk) {
      const statuses = statusesOf(await say(bytes));
      expect(statuses.every((status) => status === 400)).toBe(true);
    }
    await honestCallerSucceeds();
  });

  it("pipelines ten thousand requests gets a hundred answers", async () => {
    const busyMs = await blockedMs(async () => {
      const answer = await say(get(path).repeat(10_000), 300);
      expect(statusesOf(answer).length).toBeLessThanOrEqual(101);
    });
    expect(busyMs).toBeLessThan(longestBlockMs);
    await honestCallerSucceeds();
  });

  it("guesses passwords as fast as it can blocks nobody", async () => {
    const guess = `Authorization: Digest username="acs", realm="mfpgate", nonce="n", uri="${path}", response="${"0".repeat(32)}"`;
    const busyMs = await blockedMs(() =>
      Promise.all(Array.from({ length: 100 }, () => say(get(path, guess), 100))),
    );
    expect(busyMs).toBeLessThan(longestBlockMs);
    expect(accepted).toBe(0);
    await honestCallerSucceeds("127.0.0.9");
  });

  it("opens a thousand connections, silent or a byte at a time, leaves room for others and is cut off", async () => {
    const idle = Array.from({ length: 1_000 }, () => dial());
    for (const socket of idle.slice(0, 100)) socket.write(`GET ${path} HTTP/1.1\r\nX: `);
    const drip = setInterval(() => {
      for (const socket of idle.slice(0, 100)) if (socket.writable) socket.write("x");
    }, 200);
    await Promise.all(idle.slice(0, 100).map((socket) => once(socket, "connect")));
    await honestCallerSucceeds("127.0.0.9");
    await allClosed(idle);
    clearInterval(drip);
    await honestCallerSucceeds();
  });

  it("comes with thousands of requests over many sockets is limited, and leaves others their share", async () => {
    let statuses: readonly number[] = [];
    const busyMs = await blockedMs(async () => {
      const before = accepted;
      const flood = Promise.all(Array.from({ length: 80 }, () => askOftenOnOneSocket(40)));
      await new Promise((resolve) => setTimeout(resolve, 20));
      await honestCallerSucceeds("127.0.0.9");
      statuses = (await flood).flat();
      expect(accepted).toBe(before + 1);
    });
    expect(busyMs).toBeLessThan(longestBlockMs);
    expect(statuses).toHaveLength(80 * 40);
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThan(1_000);
    expect(new Set(statuses)).toEqual(new Set([401, 503]));
  });
});
