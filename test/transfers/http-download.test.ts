import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
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
  });

  it("compares the file with the checksums the server tells", async () => {
    await box.start();
    const wrong = createHash("sha256").update("other").digest("base64");
    server.answer = (_request, response) => {
      response.setHeader("Repr-Digest", `sha-256=:${wrong}:`).end("content");
    };
    await box.download({ url: server.url() });
    expect(await box.reportedInTheEnd()).toMatchObject({ faultCode: 9018 });
    expect(box.target.applied).toEqual([]);
  });
});
