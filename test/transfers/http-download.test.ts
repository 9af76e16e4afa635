import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestResponse } from "../../src/shared/http/digest.ts";
import { parseAuthHeader } from "../../src/shared/http/auth-header.ts";
import { makeTestCertificates } from "../cwmp/test-certificates.ts";
import { waitUntil } from "../support/wait-until.ts";
import { FileServer } from "./file-server.ts";
import { TransferBox } from "./transfer-box.ts";

let box: TransferBox;
let server: FileServer;

beforeEach(async () => {
  box = new TransferBox();
  server = await FileServer.start();
});
afterEach(async () => {
  await server.stop();
  box.remove();
});

/** Downloads from the server as it answers now; what is reported in the end. */
async function downloaded(order: Parameters<TransferBox["download"]>[0] = {}): Promise<unknown> {
  await box.start();
  await box.download({ url: server.url(), ...order });
  return box.reportedInTheEnd();
}

function answerAll(status: number, headers: Readonly<Record<string, string>> = {}): void {
  server.answer = (_request, response) => {
    response.writeHead(status, headers).end("text");
  };
}

describe("Download by HTTP", () => {
  it("answers Status 1 with unknown times, applies the file and reports it", async () => {
    await box.start();
    const answer = await box.download({ url: server.url(), commandKey: "k1" });
    expect(answer).toEqual({
      method: "DownloadResponse",
      status: 1,
      startTime: "0001-01-01T00:00:00Z",
      completeTime: "0001-01-01T00:00:00Z",
    });
    expect(await box.reported()).toEqual({
      method: "TransferComplete",
      commandKey: "k1",
      faultCode: 0,
      faultString: "",
      startTime: "2026-01-01T00:00:00Z",
      completeTime: "2026-01-01T00:00:00Z",
    });
    expect(box.target.applied).toEqual(["content"]);
    expect(box.disk.states).toEqual(["transferring", "applying", "reporting"]);
    expect(box.queue().pending()[0]?.events).toEqual([
      { eventCode: "7 TRANSFER COMPLETE", commandKey: "" },
      { eventCode: "M Download", commandKey: "k1" },
    ]);
    await box.answerReports();
    expect(box.queue().isEmpty).toBe(true);
    expect(await box.disk.load()).toEqual([]);
    await waitUntil("no file is left", () => box.files().length === 0);
  });

  it.each([
    [404, 9016],
    [403, 9016],
    [410, 9016],
    [401, 9012],
    [500, 9010],
    [304, 9010],
  ])("tells status %i as fault %i", async (status, faultCode) => {
    answerAll(status);
    expect(await downloaded()).toMatchObject({ faultCode, completeTime: "0001-01-01T00:00:00Z" });
    expect(box.target.applied).toEqual([]);
  });

  it("tries again after a failure that may pass, twice, and not after one that will not", async () => {
    answerAll(503);
    await downloaded();
    expect(server.requests).toHaveLength(3);
    server.requests.length = 0;
    answerAll(404);
    await box.answerReports();
    await box.download({ url: server.url() });
    await box.reported();
    expect(server.requests).toHaveLength(1);
  });

  it("tells a server that is not there as 9015", async () => {
    const { port } = server;
    await server.stop();
    await box.start();
    await box.download({ url: `http://127.0.0.1:${port}/file` });
    expect(await box.reportedInTheEnd()).toMatchObject({ faultCode: 9015 });
    server = await FileServer.start();
  });

  it("tells a server that speaks no HTTP as 9015", async () => {
    server.answer = (_request, response) => {
      response.socket?.end("220 ftp ready\r\n");
    };
    expect(await downloaded()).toMatchObject({ faultCode: 9015 });
  });

  it("tells a transfer broken off as 9017 when it cannot be completed", async () => {
    server.answer = (_request, response) => {
      response.writeHead(200, { "Content-Length": "100" });
      response.write("half");
      setTimeout(() => response.destroy(), 20);
    };
    expect(await downloaded()).toMatchObject({ faultCode: 9017 });
    expect(box.target.applied).toEqual([]);
  });

  it.each([
    ["Repr-Digest", (hash: string) => `sha-256=:${hash}:`],
    ["Digest", (hash: string) => `SHA-256=${hash}`],
    ["Content-Digest", (hash: string) => `sha-256=:${hash}:`],
  ])("compares the file with %s", async (name, format) => {
    const hashOf = (text: string): string => createHash("sha256").update(text).digest("base64");
    server.answer = (_request, response) => {
      response.setHeader(name, format(hashOf("content"))).end("content");
    };
    expect(await downloaded()).toMatchObject({ faultCode: 0 });
    await box.answerReports();
    server.answer = (_request, response) => {
      response.setHeader(name, format(hashOf("other"))).end("content");
    };
    await box.download({ url: server.url() });
    expect(await box.reportedInTheEnd()).toMatchObject({ faultCode: 9018 });
    expect(box.target.applied).toHaveLength(1);
  });

  it("compares the file with Content-MD5", async () => {
    const md5 = createHash("md5").update("other").digest("base64");
    answerAll(200, { "Content-MD5": md5 });
    expect(await downloaded()).toMatchObject({ faultCode: 9018 });
  });

  it("refuses a file of another size than FileSize, and one beyond the largest size", async () => {
    expect(await downloaded({ fileSize: 3 })).toMatchObject({ faultCode: 9018 });
    await box.answerReports();
    await box.download({ url: server.url(), fileSize: 8 });
    expect(await box.reportedInTheEnd()).toMatchObject({ faultCode: 9018 });
    await box.answerReports();
    await box.download({ url: server.url(), fileSize: 7 });
    expect(await box.reportedInTheEnd()).toMatchObject({ faultCode: 0 });
    expect(await box.download({ url: server.url(), fileSize: 2 ** 21 })).toMatchObject({
      code: 9004,
    });
    await box.answerReports();
    server.answer = (_request, response) => {
      response.end("x".repeat(2 ** 20 + 1));
    };
    await box.download({ url: server.url() });
    expect(await box.reportedInTheEnd()).toMatchObject({ faultCode: 9010 });
  });

  it("refuses an encoding nobody asked for", async () => {
    answerAll(200, { "Content-Encoding": "gzip" });
    expect(await downloaded()).toMatchObject({ faultCode: 9010 });
    expect(server.requests[0]?.headers["accept-encoding"]).toBe("identity");
  });

  it("gives up on a server that sends too slowly", async () => {
    const open: ServerResponse[] = [];
    server.answer = (_request, response) => {
      open.push(response);
      response.writeHead(200);
      response.write("a little");
    };
    await box.start();
    await box.download({ url: server.url() });
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await waitUntil("the server is asked", () => open.length === attempt);
      await waitUntil("bytes arrived", () => box.files().length > 0);
      await box.clock.advance(60_000);
      await waitUntil("the attempt ended", () => {
        const [transfer] = box.queue().transfers();
        return transfer?.progress.state !== "transferring";
      });
      await box.clock.advance(20_000);
    }
    expect(await box.reported()).toMatchObject({ faultCode: 9017 });
  });
});

describe("authentication of a Download", () => {
  it("answers digest with the credentials of the call", async () => {
    server.answer = (request, response) => {
      const [given] = parseAuthHeader(request.headers.authorization ?? "");
      const expected = digestResponse({
        algorithm: "SHA-256",
        realm: "r",
        nonce: "n",
        method: "GET",
        uri: "/file",
        username: "u",
        password: "secret-1",
        cnonce: given?.parameters.get("cnonce") ?? "",
        quality: { qop: "auth", nc: given?.parameters.get("nc") ?? "" },
      });
      if (given?.parameters.get("response") === expected) response.end("content");
      else
        response
          .writeHead(401, {
            "WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256',
          })
          .end();
    };
    expect(await downloaded({ username: "u", password: "secret-1" })).toMatchObject({
      faultCode: 0,
    });
    expect(server.requests).toHaveLength(2);
    await box.answerReports();
    await box.download({ url: server.url(), username: "u", password: "wrong" });
    expect(await box.reported()).toMatchObject({ faultCode: 9012 });
  });

  it("answers basic, and never tells the credentials another host", async () => {
    const basic = `Basic ${Buffer.from("u:secret-1").toString("base64")}`;
    const challenge = { "WWW-Authenticate": 'Basic realm="r"' };
    const other = await FileServer.start();
    server.answer = (request, response) => {
      if (request.headers.authorization === basic)
        response.writeHead(302, { Location: other.url() }).end();
      else response.writeHead(401, challenge).end();
    };
    other.answer = (_request, response) => {
      response.writeHead(401, challenge).end();
    };
    expect(await downloaded({ username: "u", password: "secret-1" })).toMatchObject({
      faultCode: 9012,
    });
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    await other.stop();
  });
});

describe("redirects of a Download", () => {
  it("are followed five times and no further", async () => {
    let hops = 5;
    server.answer = (_request, response) => {
      hops -= 1;
      if (hops < 0) response.end("content");
      else response.writeHead(307, { Location: `/hop/${hops}` }).end();
    };
    expect(await downloaded()).toMatchObject({ faultCode: 0 });
    await box.answerReports();
    hops = 6;
    await box.download({ url: server.url() });
    expect(await box.reported()).toMatchObject({ faultCode: 9010 });
  });

  it.each([
    ["http://169.254.169.254/latest/meta-data/", 9001],
    ["http://[::1]/", 9001],
    ["file:///etc/passwd", 9010],
    ["ftp://127.0.0.1/x", 9010],
    ["http://u:p@127.0.0.1/x", 9010],
    ["", 9010],
  ])("do not lead to %j", async (location, faultCode) => {
    answerAll(302, { Location: location });
    expect(await downloaded()).toMatchObject({ faultCode });
  });
});

describe("Download over TLS", () => {
  it("trusts the authority of the ACS settings, no other, and no other host's certificate", async () => {
    const certificates = makeTestCertificates();
    const secure = await FileServer.start(certificates.server);
    const strange = await FileServer.start(certificates.otherHost);
    const trusting = new TransferBox({ tls: { ca: certificates.ca } });
    await trusting.start();
    await trusting.download({ url: secure.url("/file", "localhost") });
    expect(await trusting.reported()).toMatchObject({ faultCode: 0 });
    await trusting.answerReports();
    await trusting.download({ url: strange.url("/file", "localhost") });
    expect(await trusting.reported()).toMatchObject({ faultCode: 9015 });
    await box.start();
    await box.download({ url: secure.url("/file", "localhost") });
    expect(await box.reported()).toMatchObject({ faultCode: 9015 });
    expect(box.target.applied).toEqual([]);
    await secure.stop();
    await strange.stop();
    trusting.remove();
  });
});

describe("a download that was interrupted", () => {
  const content = "0123456789".repeat(1_000);

  /** Serves `content` with ranges; the first answer is cut off after `cut` bytes. */
  function serveRanges(etag: () => string, cut: number): void {
    server.answer = (request: IncomingMessage, response: ServerResponse) => {
      const { range, "if-range": ifRange } = request.headers;
      const [, from] = /^bytes=(\d+)-$/.exec(range ?? "") ?? [];
      const isPartial = from !== undefined && ifRange === etag();
      const body = isPartial ? content.slice(Number(from)) : content;
      response.writeHead(isPartial ? 206 : 200, {
        ETag: etag(),
        "Content-Length": String(body.length),
        ...(isPartial
          ? { "Content-Range": `bytes ${from}-${content.length - 1}/${content.length}` }
          : {}),
      });
      if (server.requests.length > 1) response.end(body);
      else {
        response.write(body.slice(0, cut));
        setTimeout(() => response.destroy(), 50);
      }
    };
  }

  it("goes on where it ended when the file is the same", async () => {
    serveRanges(() => '"v1"', 4_000);
    expect(await downloaded()).toMatchObject({ faultCode: 0 });
    expect(server.requests[1]?.headers).toMatchObject({
      range: "bytes=4000-",
      "if-range": '"v1"',
    });
    expect(box.target.applied).toEqual([content]);
  });

  it("begins again when the file is another one by now", async () => {
    serveRanges(() => (server.requests.length > 1 ? '"v2"' : '"v1"'), 4_000);
    expect(await downloaded()).toMatchObject({ faultCode: 0 });
    expect(box.target.applied).toEqual([content]);
  });

  it("begins again when there is nothing to tell one version from another, or the range is gone", async () => {
    serveRanges(() => 'W/"weak"', 4_000);
    expect(await downloaded()).toMatchObject({ faultCode: 0 });
    expect(server.requests[1]?.headers.range).toBeUndefined();
    await box.answerReports();
    server.requests.length = 0;
    serveRanges(() => '"v1"', 4_000);
    const ranges = server.answer;
    server.answer = (request, response) => {
      if (request.headers.range === undefined) ranges(request, response);
      else response.writeHead(416, { "Content-Range": "bytes */10" }).end();
    };
    await box.download({ url: server.url() });
    expect(await box.reportedInTheEnd()).toMatchObject({ faultCode: 0 });
    expect(box.target.applied).toEqual([content, content]);
  });

  it("takes no other range than the one it asked for", async () => {
    serveRanges(() => '"v1"', 4_000);
    const ranges = server.answer;
    server.answer = (request, response) => {
      if (request.headers.range === undefined) ranges(request, response);
      else response.writeHead(206, { "Content-Range": "bytes 5-9/10000" }).end("56789");
    };
    expect(await downloaded()).toMatchObject({ faultCode: 9017 });
    expect(box.target.applied).toEqual([]);
  });
});
