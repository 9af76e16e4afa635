import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { waitUntil } from "../support/wait-until.ts";
import { FileServer } from "./file-server.ts";
import { TransferBox } from "./transfer-box.ts";

let box: TransferBox;
let server: FileServer;
/** Answers the server has not given yet. */
let open: ServerResponse[];

beforeEach(async () => {
  box = new TransferBox();
  server = await FileServer.start();
  open = [];
});
afterEach(async () => {
  await server.stop();
  box.remove();
});

function holdAnswers(): void {
  server.answer = (_request, response) => {
    open.push(response);
  };
}

const window = { startS: 0, endS: 100, mode: "1 At Any Time", userMessage: "", maxRetries: 0 };

describe("orders that are refused at once", () => {
  it.each([
    [{ url: "gopher://127.0.0.1/x" }, 9013],
    [{ url: "sftp://127.0.0.1/x" }, 9013],
    [{ url: "http://u:p@127.0.0.1/x" }, 9003],
    [{ url: "no url" }, 9003],
    [{ url: `http://127.0.0.1/${"x".repeat(256)}` }, 9003],
    [{ url: "http://169.254.169.254/" }, 9001],
    [{ url: "http://127.0.0.1/", fileType: "1 Firmware Upgrade Image" }, 9010],
    [{ url: "http://127.0.0.1/", fileSize: 2 ** 30 }, 9004],
  ])("Download of %j with fault %i", async (order, code) => {
    await box.start();
    expect(await box.download(order)).toMatchObject({ method: "Fault", code });
    expect(box.queue().isEmpty).toBe(true);
  });

  it("Upload of a file the device does not give, and every Download while signatures are required", async () => {
    await box.start();
    const fileType = "4 Vendor Log File 2";
    expect(await box.upload({ url: server.url(), fileType })).toMatchObject({ code: 9011 });
    const strict = new TransferBox({ requireSignature: true });
    await strict.start();
    expect(await strict.download({ url: server.url() })).toMatchObject({
      code: 9001,
      text: expect.stringContaining("requireSignature") as string,
    });
    strict.remove();
  });

  it("hosts that transfers.allowHosts does not have", async () => {
    const narrow = new TransferBox({ allowHosts: ["*.example.net"] });
    await narrow.start();
    expect(await narrow.download({ url: server.url() })).toMatchObject({ code: 9001 });
    narrow.remove();
  });

  it("the seventeenth transfer", async () => {
    await box.start();
    const order = { url: server.url(), delaySeconds: 100 };
    const answers = await Promise.all(Array.from({ length: 17 }, () => box.download(order)));
    expect(answers.filter(({ method }) => method === "DownloadResponse")).toHaveLength(16);
    expect(answers.at(-1)).toMatchObject({ method: "Fault", code: 9004 });
  });

  it("a transfer that cannot be written down", async () => {
    await box.start();
    box.disk.isFull = true;
    await expect(box.download({ url: server.url() })).rejects.toThrow("disk full");
    box.disk.isFull = false;
    expect(box.queue().isEmpty).toBe(true);
  });
});

describe("queue of transfers", () => {
  it("begins a transfer DelaySeconds after the call, not before", async () => {
    await box.start();
    await box.download({ url: server.url(), delaySeconds: 600 });
    await box.clock.advance(599_000);
    expect(server.requests).toHaveLength(0);
    await box.clock.advance(1_000);
    expect(await box.reported()).toMatchObject({ startTime: "2026-01-01T00:10:00Z", faultCode: 0 });
  });

  it("moves two files at a time", async () => {
    await box.start();
    holdAnswers();
    for (const key of ["a", "b", "c"])
      await box.download({ url: server.url(`/${key}`), commandKey: key });
    await waitUntil("two are asked for", () => open.length === 2);
    expect(box.queued()[1]).toMatchObject({
      transfers: [
        { commandKey: "a", state: 2 },
        { commandKey: "b", state: 2 },
        { commandKey: "c", state: 1 },
      ],
    });
    open[0]?.end("content");
    await waitUntil("the third is asked for", () => open.length === 3);
    open[1]?.end("content");
    open[2]?.end("content");
    await waitUntil("all are over", () => box.reports().length === 3);
  });

  it("lists transfers with what they are", async () => {
    await box.start();
    await box.download({ url: server.url(), commandKey: "d", fileSize: 7, targetFileName: "t" });
    await box.upload({ url: server.url(), commandKey: "u", delaySeconds: 50 });
    await box.reported();
    expect(box.queued()).toEqual([
      {
        method: "GetQueuedTransfersResponse",
        transfers: [
          { commandKey: "d", state: 3 },
          { commandKey: "u", state: 1 },
        ],
      },
      {
        method: "GetAllQueuedTransfersResponse",
        transfers: [
          {
            commandKey: "d",
            state: 3,
            isDownload: true,
            fileType: "3 Vendor Configuration File",
            fileSize: 7,
            targetFileName: "t",
          },
          {
            commandKey: "u",
            state: 1,
            isDownload: false,
            fileType: "4 Vendor Log File 1",
            fileSize: 0,
            targetFileName: "",
          },
        ],
      },
    ]);
  });

  it("keeps a report until the ACS answers it, whatever fault comes before", async () => {
    await box.start();
    await box.download({ url: server.url() });
    await box.reported();
    const [request] = box.queue().pending();
    await request?.settled({ method: "Fault", code: 8002, text: "" });
    expect(box.queue().pending()[0]).toBe(request);
    await box.answerReports();
    expect(box.queue().pending()).toEqual([]);
  });

  it("says when there is something to report", async () => {
    let calls = 0;
    const queue = await box.start();
    const unsubscribe = queue.onPending(() => (calls += 1));
    await box.download({ url: server.url() });
    await box.reported();
    expect(calls).toBe(1);
    unsubscribe();
    await box.download({ url: server.url() });
    await waitUntil("both are over", () => box.reports().length === 2);
    expect(calls).toBe(1);
  });

  it("fails a transfer that could not begin within an hour of its time", async () => {
    await box.start();
    await box.download({ url: server.url(), delaySeconds: 10 });
    box.kill();
    await box.clock.advance(3_700_000);
    await box.start();
    expect(await box.reported()).toMatchObject({
      faultCode: 9010,
      startTime: "0001-01-01T00:00:00Z",
    });
    expect(server.requests).toHaveLength(0);
  });

  it("reports what the target says of a file it cannot use, and 9002 for what nobody foresaw", async () => {
    await box.start();
    box.target.onApply = () => Promise.reject(new Error("surprise"));
    await box.download({ url: server.url() });
    expect(await box.reported()).toMatchObject({ faultCode: 9002 });
    expect(server.requests).toHaveLength(1);
  });

  it("goes on when the disk takes writes again", async () => {
    await box.start();
    await box.download({ url: server.url(), delaySeconds: 1 });
    box.disk.isFull = true;
    await box.clock.advance(1_000);
    expect(server.requests).toHaveLength(0);
    box.disk.isFull = false;
    await box.clock.advance(30_000);
    expect(await box.reported()).toMatchObject({ faultCode: 0 });
  });
});

describe("CancelTransfer", () => {
  it("cancels every waiting transfer with the key, none of which is reported", async () => {
    await box.start();
    for (const commandKey of ["a", "a", "b"])
      await box.download({ url: server.url(), commandKey, delaySeconds: 60 });
    expect(await box.cancel("a")).toEqual({ method: "CancelTransferResponse" });
    expect(await box.cancel("unknown")).toEqual({ method: "CancelTransferResponse" });
    await box.clock.advance(60_000);
    await waitUntil("the other is over", () => box.reports().length === 1);
    expect(box.reports()).toMatchObject([{ commandKey: "b" }]);
    expect(server.requests).toHaveLength(1);
  });

  it("ends one that is being moved, and leaves nothing of it", async () => {
    await box.start();
    server.answer = (_request, response) => {
      open.push(response);
      response.writeHead(200, { ETag: '"v1"' });
      response.write("a beginning");
    };
    await box.download({ url: server.url() });
    await waitUntil("the file begins to come", () => box.files().length === 1);
    expect(await box.cancel("key")).toEqual({ method: "CancelTransferResponse" });
    await waitUntil("the connection is cut", () => open[0]?.destroyed);
    expect(box.queue().isEmpty).toBe(true);
    expect(await box.disk.load()).toEqual([]);
    await waitUntil("no file is left", () => box.files().length === 0);
  });

  it("is refused while the file is applied and when it is over; then nothing is cancelled", async () => {
    await box.start();
    let finish = (): void => undefined;
    box.target.onApply = () => new Promise((resolve) => (finish = resolve));
    await box.download({ url: server.url() });
    await box.download({ url: server.url(), delaySeconds: 60 });
    await waitUntil("the file is applied", () => box.disk.states.includes("applying"));
    expect(await box.cancel("key")).toMatchObject({ method: "Fault", code: 9021 });
    finish();
    await box.reported();
    expect(await box.cancel("key")).toMatchObject({ method: "Fault", code: 9021 });
    expect(box.queue().transfers()).toHaveLength(2);
  });
});

describe("ScheduleDownload", () => {
  it("begins in its window and reports by M ScheduleDownload", async () => {
    await box.start();
    expect(await box.schedule({ url: server.url(), windows: [{ ...window, startS: 50 }] })).toEqual(
      {
        method: "ScheduleDownloadResponse",
      },
    );
    await box.clock.advance(49_000);
    expect(server.requests).toHaveLength(0);
    await box.clock.advance(1_000);
    expect(await box.reported()).toMatchObject({ faultCode: 0 });
    expect(box.queue().pending()[0]?.events[1]).toEqual({
      eventCode: "M ScheduleDownload",
      commandKey: "key",
    });
  });

  it("waits for an idle device in mode 3, and for the next window when it never is", async () => {
    await box.start();
    box.isIdle = false;
    const windows = [
      { ...window, mode: "3 When Idle" },
      { ...window, startS: 200, endS: 300, mode: "2 Immediately" },
    ];
    await box.schedule({ url: server.url(), windows });
    await box.clock.advance(199_000);
    expect(server.requests).toHaveLength(0);
    await box.clock.advance(1_000);
    expect(await box.reported()).toMatchObject({ faultCode: 0, startTime: "2026-01-01T00:03:20Z" });
  });

  it("begins in mode 3 as soon as the device is idle", async () => {
    await box.start();
    box.isIdle = false;
    await box.schedule({ url: server.url(), windows: [{ ...window, mode: "3 When Idle" }] });
    await box.clock.advance(20_000);
    box.isIdle = true;
    await box.clock.advance(5_000);
    expect(await box.reported()).toMatchObject({ faultCode: 0, startTime: "2026-01-01T00:00:25Z" });
  });

  it("tries MaxRetries times in each window, then reports 9020", async () => {
    await box.start();
    server.answer = (_request, response) => {
      response.writeHead(503).end();
    };
    const windows = [
      { ...window, maxRetries: 1 },
      { ...window, startS: 200, endS: 300 },
    ];
    await box.schedule({ url: server.url(), windows });
    await waitUntil("the first attempt failed", () => box.disk.states.at(-1) === "waiting");
    await box.clock.advance(5_000);
    await waitUntil("the second attempt failed", () => box.disk.states.length === 4);
    expect(box.disk.states.at(-1)).toBe("waiting");
    await box.clock.advance(190_000);
    expect(server.requests).toHaveLength(2);
    await box.clock.advance(5_000);
    expect(await box.reported()).toMatchObject({
      faultCode: 9020,
      faultString: expect.stringContaining("503") as string,
    });
    expect(server.requests).toHaveLength(3);
  });

  it("ends an attempt when its window closes", async () => {
    await box.start();
    holdAnswers();
    await box.schedule({ url: server.url(), windows: [{ ...window, endS: 30, maxRetries: 5 }] });
    await waitUntil("the file is asked for", () => open.length === 1);
    await box.clock.advance(30_000);
    expect(await box.reported()).toMatchObject({ faultCode: 9020 });
    await waitUntil("the connection is cut", () => open[0]?.destroyed);
  });

  it("reports 9020 when every window passed while the box was off", async () => {
    await box.start();
    await box.schedule({ url: server.url(), windows: [{ ...window, startS: 10 }] });
    box.kill();
    await box.clock.advance(100_000);
    await box.start();
    expect(await box.reported()).toMatchObject({ faultCode: 9020 });
  });

  it("is refused with a window that needs confirmation, and with windows that make no sense", async () => {
    await box.start();
    const ask = (change: Partial<typeof window>): Promise<unknown> =>
      box.schedule({ url: server.url(), windows: [{ ...window, ...change }] });
    expect(await ask({ mode: "4 Confirmation Needed" })).toMatchObject({ code: 9001 });
    expect(await ask({ mode: "5 Never" })).toMatchObject({ code: 9003 });
    expect(await ask({ endS: 0 })).toMatchObject({ code: 9003 });
    expect(await box.schedule({ url: server.url(), windows: [] })).toMatchObject({ code: 9003 });
  });
});
