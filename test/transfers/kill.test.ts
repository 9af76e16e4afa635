import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TransferError } from "../../src/cwmp/transfers/transfer-error.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { type Store, openStore } from "../../src/store/store.ts";
import { waitUntil } from "../support/wait-until.ts";
import { FileServer } from "./file-server.ts";
import { TransferBox } from "./transfer-box.ts";

const content = "0123456789".repeat(1_000_000);
const key = { commandKey: "key" };

let dataDir: string;
let store: Store;
let box: TransferBox;
let server: FileServer;
let open: ServerResponse[];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "mfpgate-kill-"));
  store = await openStore({ dataDir, clock: systemClock });
  // What the box has as its store is whatever is open at the time.
  box = new TransferBox({
    maxBytes: 20_000_000,
    store: {
      load: () => store.transfers.load(),
      add: (...row) => store.transfers.add(...row),
      update: (...row) => store.transfers.update(...row),
      remove: (ids) => store.transfers.remove(ids),
    },
  });
  server = await FileServer.start();
  open = [];
});
afterEach(async () => {
  box.kill();
  await server.stop();
  await store.close();
  box.remove();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The process dies and another one starts over the same disk. */
async function killAndStart(): Promise<void> {
  box.kill();
  await store.close();
  store = await openStore({ dataDir, clock: systemClock });
  await box.start();
}

async function stateOnDisk(state: string): Promise<void> {
  await waitUntil(`${state} is on disk`, async () => {
    const [transfer] = await store.transfers.load();
    return transfer?.progress.state === state;
  });
}

async function answeredAndGone(): Promise<void> {
  await box.answerReports();
  expect(await store.transfers.load()).toEqual([]);
  await killAndStart();
  expect(box.reports()).toEqual([]);
}

describe("a process killed", () => {
  it("while a transfer waits begins it at its time", async () => {
    await box.start();
    await box.download({ url: server.url(), delaySeconds: 60, ...key });
    await killAndStart();
    await box.clock.advance(59_000);
    expect(server.requests).toHaveLength(0);
    await box.clock.advance(1_000);
    expect(await box.reported()).toMatchObject({ commandKey: "key", faultCode: 0 });
    await answeredAndGone();
  });

  it("while the file is moved goes on from what is on disk", async () => {
    server.answer = (request, response) => {
      const [, from = "0"] = /^bytes=(\d+)-$/.exec(request.headers.range ?? "") ?? [];
      const isPartial = from !== "0";
      const size = content.length;
      response.writeHead(isPartial ? 206 : 200, {
        ETag: '"v1"',
        "Content-Length": String(size - Number(from)),
        ...(isPartial ? { "Content-Range": `bytes ${from}-${size - 1}/${size}` } : {}),
      });
      if (isPartial) response.end(content.slice(Number(from)));
      else response.write(content.slice(0, 9_000_000));
      open.push(response);
    };
    await box.start();
    await box.download({ url: server.url(), ...key });
    await waitUntil("a part is safely on disk", () => {
      const note = box.files().find((name) => name.endsWith(".resume"));
      const path = join(box.folder, "transfers", note ?? "");
      return note !== undefined && readFileSync(path, "utf8").includes("v1");
    });
    await killAndStart();
    expect(await box.reported()).toMatchObject({ faultCode: 0 });
    const [, from = "0"] = /^bytes=(\d+)-$/.exec(server.requests[1]?.headers.range ?? "") ?? [];
    expect(Number(from)).toBeGreaterThanOrEqual(4 * 1024 * 1024);
    expect(box.target.applied).toHaveLength(1);
    expect(box.target.applied[0] === content).toBe(true);
    await answeredAndGone();
  });

  it("while an upload is sent sends it again", async () => {
    server.answer = (_request, response) => {
      open.push(response);
    };
    await box.start();
    await box.upload({ url: server.url(), ...key });
    await waitUntil("the server is asked", () => open.length === 1);
    await killAndStart();
    await waitUntil("the server is asked again", () => open.length === 2);
    open[1]?.end();
    expect(await box.reported()).toMatchObject({ faultCode: 0 });
    await answeredAndGone();
  });

  it.each([
    ["reports success when the target says it is in force", "inForce", 0, 1],
    ["applies it again when the target says nothing was done", "notApplied", 0, 2],
    ["reports what the target says when it was taken back", undefined, 9018, 1],
  ] as const)("while the file is applied %s", async (_title, verdict, faultCode, applies) => {
    let calls = 0;
    box.target.onApply = () => {
      calls += 1;
      return calls === 1 ? new Promise(() => undefined) : Promise.resolve();
    };
    box.target.verdict = verdict;
    await box.start();
    await box.download({ url: server.url(), ...key });
    await waitUntil("the file is applied", () => calls === 1);
    await stateOnDisk("applying");
    await killAndStart();
    expect(await box.reported()).toMatchObject({ faultCode });
    expect(calls).toBe(applies);
    expect(server.requests).toHaveLength(1);
    await answeredAndGone();
  });

  it("while the file is applied by a target that cannot tell reports 9002", async () => {
    box.target.onApply = () => new Promise(() => undefined);
    Object.defineProperty(box.target, "judge", { value: undefined });
    await box.start();
    await box.download({ url: server.url(), ...key });
    await stateOnDisk("applying");
    await killAndStart();
    expect(await box.reported()).toMatchObject({ faultCode: 9002 });
  });

  it("before the restart a file needs orders it again, and reports after it", async () => {
    box.target.needsRestart = true;
    box.isIdle = false;
    await box.start();
    await box.download({ url: server.url(), ...key });
    await stateOnDisk("restarting");
    expect(box.restarts).toEqual([]);
    box.target.verdict = "waiting";
    await killAndStart();
    box.isIdle = true;
    await waitUntil("a restart is ordered", async () => {
      await box.clock.advance(5_000);
      return box.restarts.length === 1;
    });
    box.target.verdict = "inForce";
    await killAndStart();
    expect(await box.reported()).toMatchObject({ faultCode: 0 });
    expect(box.target.applied).toHaveLength(1);
    await answeredAndGone();
  });

  it("while the ACS has not answered reports again, unchanged", async () => {
    await box.start();
    await box.download({ url: server.url(), ...key });
    const report = await box.reported();
    await killAndStart();
    expect(box.reports()).toEqual([report]);
    await box.clock.advance(3_600_000);
    expect(box.reports()).toEqual([report]);
    expect(server.requests).toHaveLength(1);
    await answeredAndGone();
  });

  it("leaves no part file behind once nothing needs it", async () => {
    await box.start();
    await box.download({ url: server.url(), ...key });
    await box.reported();
    await killAndStart();
    await answeredAndGone();
    expect(box.files()).toEqual([]);
  });
});

describe("a device that restarts by itself", () => {
  it("completes a transfer that waited for it", async () => {
    box.target.needsRestart = true;
    await box.start();
    await box.download({ url: server.url(), ...key });
    await stateOnDisk("restarting");
    await box.clock.advance(0);
    expect(box.restarts).toHaveLength(1);
    box.queue().deviceRestarted();
    expect(await box.reported()).toMatchObject({ faultCode: 0 });
  });

  it("fails it when it never does", async () => {
    box.target.needsRestart = true;
    await box.start();
    await box.download({ url: server.url(), ...key });
    await stateOnDisk("restarting");
    await box.clock.advance(3_610_000);
    expect(await box.reported()).toMatchObject({ faultCode: 9002 });
  });

  it("fails it when the file is not in force afterwards", async () => {
    box.target.needsRestart = true;
    box.target.judge = () => Promise.reject(new TransferError(9018, "old version answers"));
    await box.start();
    await box.download({ url: server.url(), ...key });
    await stateOnDisk("restarting");
    box.queue().deviceRestarted();
    expect(await box.reported()).toMatchObject({ faultCode: 9018 });
  });
});

describe("what is on disk", () => {
  it("shows no password, user name or URL", async () => {
    await box.start();
    await box.download({
      url: server.url("/private?token=canary-url"),
      delaySeconds: 60,
      username: "canary-user",
      password: "canary-password",
    });
    await store.close();
    const bytes = ["mfpgate.db", "mfpgate.db-wal"].map((name) => {
      try {
        return readFileSync(join(dataDir, name), "latin1");
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
        throw error;
      }
    });
    expect(bytes.join("")).not.toMatch(/canary/);
    expect(bytes.join("")).toContain("waiting");
    store = await openStore({ dataDir, clock: systemClock });
    const [transfer] = await store.transfers.load();
    expect(transfer?.request.password).toBe("canary-password");
  });

  it("goes with the endpoint", async () => {
    await box.start();
    await box.download({ url: server.url(), delaySeconds: 60 });
    await store.endpoints.remove("device-1");
    expect(await store.transfers.load()).toEqual([]);
  });
});
