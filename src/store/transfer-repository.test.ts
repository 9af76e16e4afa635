import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryDir, temporaryStore } from "../../test/store/temporary-store.ts";
import { redact } from "../shared/redact.ts";
import type { TransferProgress, TransferRequest } from "./transfer-repository.ts";

const waiting: TransferProgress = {
  state: "waiting",
  window: 0,
  attempts: 0,
  notBeforeMs: 5,
  faultCode: 0,
  faultString: "",
};

function request(password: string): TransferRequest {
  return {
    kind: "ScheduleDownload",
    commandKey: "key",
    fileType: "3 Vendor Configuration File",
    url: "https://files.example.net/config",
    username: "box",
    password,
    fileSize: 0,
    targetFileName: "",
    windows: [{ startsAtMs: 1, endsAtMs: 2, mode: "2 Immediately", maxRetries: 3 }],
  };
}

describe("TransferRepository", () => {
  it("keeps what was ordered and how far it got, oldest first, over a restart", async () => {
    const dataDir = temporaryDir();
    const before = await temporaryStore({ dataDir });
    const first = await before.transfers.add("a", request("one"), waiting);
    const second = await before.transfers.add("b", request("two"), waiting);
    const reporting = {
      ...waiting,
      state: "reporting",
      completedAtMs: 9,
      faultCode: 9010,
    } as const;
    await before.transfers.update(first, reporting);
    await before.close();
    const { transfers } = await temporaryStore({ dataDir });
    expect(await transfers.load()).toEqual([
      { id: first, endpointId: "a", request: request("one"), progress: reporting },
      { id: second, endpointId: "b", request: request("two"), progress: waiting },
    ]);
  });

  it("lets nobody read a password in the database, nor in the log after a restart", async () => {
    const password = "Xq7-only-in-this-test";
    const dataDir = temporaryDir();
    const before = await temporaryStore({ dataDir });
    await before.transfers.add("a", request(password), waiting);
    await before.close();
    for (const name of readdirSync(dataDir))
      expect(readFileSync(join(dataDir, name)).includes(password), name).toBe(false);
    expect(redact(password)).toBe(password);
    const { transfers } = await temporaryStore({ dataDir });
    await transfers.load();
    expect(redact(`sent ${password}`)).toBe("sent [redacted]");
  });

  it("forgets a transfer that is over, and those of an endpoint that is gone", async () => {
    const { transfers, endpoints } = await temporaryStore();
    const over = await transfers.add("a", request(""), waiting);
    await transfers.add("b", request(""), waiting);
    const left = await transfers.add("a", request(""), waiting);
    await transfers.remove([over]);
    await transfers.update(over, waiting); // came too late
    await endpoints.remove("b");
    expect((await transfers.load()).map(({ id }) => id)).toEqual([left]);
  });
});
