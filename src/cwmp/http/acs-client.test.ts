import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { ManualClock } from "../../shared/manual-clock.ts";
import { DigestServer } from "./digest-server.ts";
import { acsWith, closeAll, connect, ok, rawAcs } from "../../../test/cwmp/acs-servers.ts";

afterEach(closeAll);

describe("one session over HTTP", () => {
  it("sends envelopes and the empty POST with the headers of TR-069, over one connection", async () => {
    const acs = await acsWith((response, { body }) => {
      if (body === "") response.writeHead(204).end();
      else ok(response);
    });
    const connection = connect(acs);
    expect(await connection.post("<Inform>ä</Inform>")).toEqual({ status: 200, body: "<answer/>" });
    expect(await connection.post(undefined)).toEqual({ status: 204, body: undefined });
    const [inform, empty] = acs.seen;
    expect(inform).toMatchObject({ method: "POST", url: "/cwmp", body: "<Inform>ä</Inform>" });
    expect(inform?.headers).toMatchObject({
      "content-type": 'text/xml; charset="utf-8"',
      soapaction: "",
      "content-length": "19",
      connection: "keep-alive",
    });
    expect(empty?.headers["content-length"]).toBe("0");
    expect(empty?.headers).not.toHaveProperty("soapaction");
    expect(empty?.headers).not.toHaveProperty("content-type");
    expect(empty?.socket).toBe(inform?.socket);
  });

  it("takes an empty 200 for an empty answer", async () => {
    const acs = await acsWith((response) => {
      ok(response, "");
    });
    expect(await connect(acs).post("<x/>")).toEqual({ status: 200, body: undefined });
  });

  it("reads chunked, compressed and other-charset answers", async () => {
    const acs = await acsWith((response, _seen, count) => {
      if (count === 1) {
        response.write("<a>");
        response.end("</a>");
      } else if (count === 2) {
        response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync("<b>ü</b>"));
      } else {
        const headers = { "Content-Type": 'text/xml; charset="iso-8859-1"' };
        response.writeHead(200, headers).end(Buffer.from("<c>ü</c>", "latin1"));
      }
    });
    const connection = connect(acs);
    expect((await connection.post("<x/>")).body).toBe("<a></a>");
    expect((await connection.post("<x/>")).body).toBe("<b>ü</b>");
    expect((await connection.post("<x/>")).body).toBe("<c>ü</c>");
  });

  it("keeps cookies for the session, also on a second connection, and not beyond", async () => {
    const acs = await acsWith((response, _seen, count) => {
      if (count === 1) response.setHeader("Set-Cookie", ["session=1a", "route=b; Path=/"]);
      if (count === 2) response.setHeader("Connection", "close");
      ok(response);
    });
    const connection = connect(acs);
    for (const body of ["<x/>", undefined, "<y/>"]) await connection.post(body);
    const [first, second, third] = acs.seen;
    expect(first?.headers.cookie).toBeUndefined();
    expect(second?.headers.cookie).toBe("session=1a; route=b");
    expect(third?.headers.cookie).toBe("session=1a; route=b");
    expect(third?.socket).not.toBe(first?.socket);
    await connect(acs).post("<x/>");
    expect(acs.seen[3]?.headers.cookie).toBeUndefined();
  });

  it("repeats a request once when the kept connection was closed under it", async () => {
    const answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<a/>";
    const acs = await rawAcs(answer, undefined, answer);
    const connection = connect(acs);
    await connection.post("<x/>");
    expect((await connection.post("<y/>")).body).toBe("<a/>");
    expect(acs.connections()).toBe(2);
  });

  it("gives up when a fresh connection is closed without an answer, or within one", async () => {
    const silent = connect(await rawAcs(undefined, undefined));
    await expect(silent.post("<x/>")).rejects.toMatchObject({
      code: "cwmp.acs-unreachable",
      retryable: true,
    });
    const cut = await acsWith((response) => {
      response.writeHead(200, { "Content-Length": 100 }).write("<half");
      setImmediate(() => response.destroy());
    });
    await expect(connect(cut).post("<x/>")).rejects.toMatchObject({ code: "cwmp.acs-unreachable" });
  });

  it("passes additional headers on", async () => {
    const acs = await acsWith((response) => {
      ok(response);
    });
    await connect(acs).post("<x/>", { headers: { "X-Session": "1" } });
    expect(acs.seen[0]?.headers["x-session"]).toBe("1");
  });

  it("rejects a running and every later POST once closed", async () => {
    const acs = await acsWith(() => undefined);
    const connection = connect(acs);
    const running = connection.post("<x/>");
    await new Promise((resolve) => setTimeout(resolve, 20));
    connection.close();
    connection.close();
    await expect(running).rejects.toMatchObject({ code: "cwmp.connection-closed" });
    await expect(connection.post("<y/>")).rejects.toMatchObject({ code: "cwmp.connection-closed" });
  });
});

describe("authentication towards the ACS", () => {
  /** A digest ACS; nonces may be bound to the socket as GenieACS does. */
  async function digestAcs(nonceLifetimeMs = 60_000) {
    const clock = new ManualClock();
    const digest = new DigestServer({ realm: "acs", clock, nonceLifetimeMs });
    const acs = await acsWith((response, { headers, method = "", url = "" }) => {
      const request = { method, target: url, scope: "", username: "cpe", password: "pw" };
      const verdict = digest.verify(headers.authorization, request);
      if (verdict === "accepted") {
        ok(response);
        return;
      }
      const challenge = digest.challenge("", verdict === "stale");
      response.writeHead(401, { "WWW-Authenticate": ['Basic realm="acs"', challenge] });
      response.end("who are you?");
    });
    return { ...acs, clock };
  }

  it("answers digest once on the same connection and sends it unasked afterwards", async () => {
    const acs = await digestAcs();
    const connection = connect(acs);
    for (const body of ["<x/>", undefined, "<y/>"]) await connection.post(body);
    expect(acs.seen.map(({ body }) => body)).toEqual(["<x/>", "<x/>", "", "<y/>"]);
    expect(new Set(acs.seen.map(({ socket }) => socket)).size).toBe(1);
    expect(acs.seen[3]?.headers.authorization).toContain("nc=00000003");
  });

  it("takes a new nonce when the old one went stale", async () => {
    const acs = await digestAcs();
    const connection = connect(acs);
    await connection.post("<x/>");
    await acs.clock.advance(61_000);
    expect((await connection.post("<y/>")).status).toBe(200);
    expect(acs.seen).toHaveLength(4);
  });

  it("says that the credentials are wrong or missing", async () => {
    const acs = await digestAcs();
    await expect(connect(acs, { password: "no" }).post("<x/>")).rejects.toMatchObject({
      code: "cwmp.auth",
      status: 401,
      message: expect.stringContaining("acs.password") as string,
    });
    expect(acs.seen).toHaveLength(2);
    await expect(connect(acs, { username: "" }).post("<x/>")).rejects.toMatchObject({
      code: "cwmp.auth",
    });
    await expect(connect(acs, { username: "a\nb" }).post("<x/>")).rejects.toMatchObject({
      code: "cwmp.auth",
    });
  });

  it("gives a basic password to this machine, but not to another over plain HTTP", async () => {
    const acs = await acsWith((response, { headers }) => {
      if (headers.authorization === undefined) {
        response.writeHead(401, { "WWW-Authenticate": 'Basic realm="acs"' }).end();
      } else ok(response);
    });
    await connect(acs).post("<x/>");
    expect(acs.seen[1]?.headers.authorization).toBe("Basic Y3BlOnB3");
    const lookalike = acs.url.replace("127.0.0.1", "0.0.0.0");
    await expect(connect(acs, { url: lookalike }).post("<x/>")).rejects.toMatchObject({
      code: "cwmp.auth",
      message: expect.stringContaining("https") as string,
    });
    const allowed = connect(acs, { url: lookalike }, { allowBasicOverHttp: true });
    expect((await allowed.post("<x/>")).status).toBe(200);
  });
});

describe("redirects", () => {
  it("repeat the POST with its body and hold for the rest of the session only", async () => {
    const target = await acsWith((response) => {
      ok(response);
    });
    for (const status of [301, 302, 307, 308]) {
      target.seen.length = 0;
      const first = await acsWith((response) => {
        response.writeHead(status, { Location: `${target.url}/two?x=1` }).end();
      });
      const connection = connect(first);
      await connection.post("<Inform/>");
      await connection.post(undefined);
      expect(first.seen).toHaveLength(1);
      expect(target.seen).toMatchObject([
        { method: "POST", url: "/cwmp/two?x=1", body: "<Inform/>" },
        { method: "POST", url: "/cwmp/two?x=1", body: "" },
      ]);
      await connect(first).post("<Inform/>");
      expect(first.seen).toHaveLength(2);
    }
  });

  it("end after five", async () => {
    const acs = await acsWith((response, _seen, count) => {
      response.writeHead(302, { Location: `/${count}` }).end();
    });
    await expect(connect(acs).post("<x/>")).rejects.toMatchObject({ code: "cwmp.redirect-limit" });
    expect(acs.seen).toHaveLength(6);
  });

  it("to nowhere or to another protocol are refused", async () => {
    for (const location of ["", "ftp://127.0.0.1/", "http://["]) {
      const acs = await acsWith((response) => {
        response.writeHead(307, { Location: location }).end();
      });
      await expect(connect(acs).post("<x/>")).rejects.toMatchObject({
        code: "cwmp.redirect-refused",
      });
    }
  });
});

describe("a hostile or broken ACS", () => {
  it("cannot fill the memory, compressed or not", async () => {
    const acs = await acsWith((response, _seen, count) => {
      if (count === 1) response.end("x".repeat(200_000));
      else response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync("x".repeat(2e5)));
    });
    for (let round = 0; round < 2; round += 1) {
      const connection = connect(acs, {}, { largestResponse: 100_000 });
      await expect(connection.post("<x/>")).rejects.toMatchObject({
        code: "cwmp.response-too-large",
      });
    }
  });

  it("cannot hold a session open by silence or by dripping", async () => {
    for (const answer of ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx"]) {
      const clock = new ManualClock();
      const posted = connect(await rawAcs(answer), {}, { clock }).post("<x/>");
      const outcome = expect(posted).rejects.toMatchObject({ code: "cwmp.timeout" });
      await new Promise((resolve) => setTimeout(resolve, 50));
      await clock.advance(31_000);
      await outcome;
    }
  });

  it("that does not speak HTTP, or a strange encoding or charset, is a bad response", async () => {
    const strange = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n";
    for (const answer of [
      "220 ftp.example.net ready\r\n",
      `${strange}Content-Encoding: br\r\n\r\nx`,
      `${strange}Content-Encoding: gzip\r\n\r\nx`,
      `${strange}Content-Type: text/xml; charset=klingon\r\n\r\nx`,
    ]) {
      await expect(connect(await rawAcs(answer)).post("<x/>")).rejects.toMatchObject({
        code: "cwmp.bad-response",
      });
    }
  });

  it("that answers an error status is quoted, with its Retry-After capped", async () => {
    const acs = await acsWith((response, _seen, count) => {
      const headers = { "Retry-After": count === 1 ? "60" : "999999" };
      response.writeHead(count === 1 ? 503 : 400, headers).end("CPE already\n\u0007 in session");
    });
    const url = acs.url.replace("http://", "http://user:hush@") + "?token=hush";
    const error: unknown = await connect(acs, { url })
      .post("<x/>")
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "cwmp.http-status", status: 503, retryAfterMs: 60_000 });
    expect(String(error)).toContain(`${acs.url}?…: answered HTTP 503 (CPE already in session)`);
    expect(String(error)).not.toContain("hush");
    await expect(connect(acs).post("<x/>")).rejects.toMatchObject({ retryAfterMs: 3_600_000 });
  });

  it("that is not there, or has no proper URL, is unreachable", async () => {
    const { url, port } = await rawAcs();
    closeAll();
    await expect(connect({ url }).post("<x/>")).rejects.toMatchObject({
      code: "cwmp.acs-unreachable",
      message: expect.stringContaining(`127.0.0.1:${port}/cwmp: not reachable`) as string,
    });
    await expect(connect({ url: "ldap://x" }).post("<x/>")).rejects.toMatchObject({
      code: "cwmp.acs-unreachable",
      message: expect.stringContaining("acs.url") as string,
    });
  });
});
