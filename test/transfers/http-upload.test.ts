import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileServer, bodyOf } from "./file-server.ts";
import { TransferBox } from "./transfer-box.ts";

let box: TransferBox;
let server: FileServer;
let bodies: string[];

beforeEach(async () => {
  box = new TransferBox();
  server = await FileServer.start();
  bodies = [];
});
afterEach(async () => {
  await server.stop();
  box.remove();
});

function takeBodies(status = 201): void {
  server.answer = (request, response) => {
    void bodyOf(request).then((body) => {
      bodies.push(body);
      response.writeHead(status).end();
    });
  };
}

describe("Upload by HTTP", () => {
  it("puts a snapshot of the file and reports it, leaving no file behind", async () => {
    takeBodies();
    await box.start();
    box.target.log = "line\n".repeat(50_000);
    expect(await box.upload({ url: server.url("/up"), commandKey: "u" })).toMatchObject({
      method: "UploadResponse",
      status: 1,
    });
    expect(await box.reported()).toMatchObject({ commandKey: "u", faultCode: 0 });
    expect(bodies).toEqual([box.target.log]);
    expect(server.requests[0]).toMatchObject({
      line: "PUT /up",
      headers: { "content-length": "250000", "content-type": "text/plain" },
    });
    expect(box.queue().pending()[0]?.events[1]?.eventCode).toBe("M Upload");
    expect(box.files()).toEqual([]);
  });

  it("sends the body once, to the server that lets it in", async () => {
    const challenge = { "WWW-Authenticate": 'Basic realm="r"' };
    server.answer = (request, response) => {
      if (request.headers.authorization === undefined) response.writeHead(401, challenge).end();
      else
        void bodyOf(request).then((body) => {
          bodies.push(body);
          response.writeHead(204).end();
        });
    };
    await box.start();
    await box.upload({ url: server.url(), username: "u", password: "secret-1" });
    expect(await box.reported()).toMatchObject({ faultCode: 0 });
    expect(bodies).toEqual(["a log"]);
  });

  it("follows a redirect with its body", async () => {
    server.answer = (request, response) => {
      if (request.url === "/file") response.writeHead(307, { Location: "/there" }).end();
      else
        void bodyOf(request).then((body) => {
          bodies.push(body);
          response.end();
        });
    };
    await box.start();
    await box.upload({ url: server.url() });
    expect(await box.reported()).toMatchObject({ faultCode: 0 });
    expect(bodies).toEqual(["a log"]);
  });

  it("sends to a server that does not know Expect after a second", async () => {
    takeBodies();
    server.ignoreExpect();
    await box.start();
    await box.upload({ url: server.url() });
    while (bodies.length === 0) {
      await box.clock.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(await box.reported()).toMatchObject({ faultCode: 0 });
  });

  it.each([
    [401, 9012],
    [403, 9011],
    [500, 9011],
  ])("tells status %i as fault %i", async (status, faultCode) => {
    takeBodies(status);
    await box.start();
    await box.upload({ url: server.url() });
    expect(await box.reportedInTheEnd()).toMatchObject({ faultCode });
  });

  it("tells a server that is not there as 9015", async () => {
    await box.start();
    const url = server.url();
    await server.stop();
    await box.upload({ url });
    expect(await box.reportedInTheEnd()).toMatchObject({ faultCode: 9015 });
    server = await FileServer.start();
  });
});
