import { copyFileSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryDir } from "../../test/store/temporary-store.ts";
import { ManualClock } from "../shared/manual-clock.ts";
import { redact } from "../shared/redact.ts";
import { StoreError } from "./errors.ts";
import { openSqliteFile } from "./sqlite-file.ts";
import { type Store, openStore } from "./store.ts";

const clock = new ManualClock();

async function open(dataDir: string): Promise<Store> {
  const store = await openStore({ dataDir, clock });
  onTestFinished(() => store.close());
  return store;
}

async function failure(promise: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StoreError)) throw new Error(`no StoreError but ${String(error)}`);
  return error;
}

function mode(path: string): number {
  return statSync(path).mode & 0o777;
}

describe("openStore", () => {
  it("creates directory, database and key file for their owner only", async () => {
    const dataDir = join(temporaryDir(), "deep", "data");
    const store = await open(dataDir);
    await store.settings.set("a", "b");
    expect(mode(dataDir)).toBe(0o700);
    for (const name of ["mfpgate.db", "mfpgate.db-wal", "mfpgate.db-shm", "mfpgate.key"])
      expect(mode(join(dataDir, name)), name).toBe(0o600);
  });

  it("finds everything again after closing and opening", async () => {
    const dataDir = temporaryDir();
    const first = await openStore({ dataDir, clock });
    await first.settings.set("serial", "1234");
    await first.close();
    const second = await open(dataDir);
    expect(await second.settings.get("serial")).toBe("1234");
  });

  it("refuses a directory in use, naming it and the process", async () => {
    const dataDir = temporaryDir();
    await open(dataDir);
    const error = await failure(openStore({ dataDir, clock }));
    expect(error.code).toBe("store.locked");
    expect(error.message).toContain(dataDir);
    expect(error.message).toContain(`process ${process.pid}`);
  });

  it("gives the directory back when opening failed", async () => {
    const dataDir = temporaryDir();
    writeFileSync(join(dataDir, "mfpgate.key"), "short");
    expect((await failure(openStore({ dataDir, clock }))).code).toBe("store.wrong-key");
    rmSync(join(dataDir, "mfpgate.key"));
    await open(dataDir);
  });

  it("refuses a database written by a newer version", async () => {
    const dataDir = temporaryDir();
    await (await openStore({ dataDir, clock })).close();
    const file = openSqliteFile(join(dataDir, "mfpgate.db"), { busyTimeoutMs: 0 });
    file.exec("INSERT INTO migrations VALUES (999, 'from the future', 0)");
    file.close();
    const error = await failure(openStore({ dataDir, clock }));
    expect(error.code).toBe("store.newer");
    expect(error.message).toContain("schema 999");
  });

  it("refuses a file that is no database", async () => {
    const dataDir = temporaryDir();
    await (await openStore({ dataDir, clock })).close();
    writeFileSync(
      join(dataDir, "mfpgate.db"),
      "this is not a database, it is a letter ".repeat(100),
    );
    const error = await failure(openStore({ dataDir, clock }));
    expect(error.code).toBe("store.corrupt");
    expect(error.message).toContain("mfpgate.db");
  });

  it("refuses a key file that belongs to another database", async () => {
    const [mine, other] = [temporaryDir(), temporaryDir()];
    for (const dataDir of [mine, other]) await (await openStore({ dataDir, clock })).close();
    copyFileSync(join(other, "mfpgate.key"), join(mine, "mfpgate.key"));
    expect((await failure(openStore({ dataDir: mine, clock }))).code).toBe("store.wrong-key");
  });

  it("refuses a database whose key file is gone", async () => {
    const dataDir = temporaryDir();
    await (await openStore({ dataDir, clock })).close();
    rmSync(join(dataDir, "mfpgate.key"));
    const error = await failure(openStore({ dataDir, clock }));
    expect(error.code).toBe("store.missing-key");
    expect(error.message).toContain("mfpgate.key");
  });

  it("says what is wrong when the data directory is a file", async () => {
    const path = join(temporaryDir(), "data");
    writeFileSync(path, "");
    const error = await failure(openStore({ dataDir: path, clock }));
    expect(error.code).toBe("store.not-accessible");
    expect(error.message).toContain("dataDir must be a directory");
  });

  it("gives up at once where the file system makes no folders", async () => {
    const error = await failure(openStore({ dataDir: "/proc/mfpgate/data", clock }));
    expect(error.code).toBe("store.not-accessible");
    expect(error.message).toMatch(/^dataDir \/proc\/mfpgate\/data: ENOENT.*; name a place where/);
  });

  it("refuses work once closed", async () => {
    const store = await openStore({ dataDir: temporaryDir(), clock });
    await store.close();
    expect((await failure(store.settings.get("a"))).code).toBe("store.closed");
  });
});

describe("secrets at rest", () => {
  it("are encrypted in the database and registered with the redactor", async () => {
    const dataDir = temporaryDir();
    const first = await openStore({ dataDir, clock });
    await first.settings.set("api.token", "canary-token-1");
    await first.endpoints.commit("proxier", {
      setSettings: new Map([
        ["Password", "canary-password-2"],
        ["ParameterKey", "visible-key"],
      ]),
    });
    await first.printers.openJournal({
      id: "j1",
      printerId: "p1",
      startedAtMs: 1,
      who: "acs",
      phase: "writing",
      phaseAtMs: 1,
      writes: [{ path: "Network.SMTP.Password", before: "", after: "canary-smtp-3" }],
    });
    await first.events.append({ kind: "test", text: "login with canary-token-1 failed" });
    await first.close();
    const raw = rawContent(dataDir);
    expect(raw).toContain("visible-key");
    expect(raw).not.toContain("canary-");

    const second = await open(dataDir);
    expect(await second.settings.get("api.token")).toBe("canary-token-1");
    const { settings } = await second.endpoints.load("proxier");
    expect(settings.get("Password")).toBe("canary-password-2");
    expect((await second.printers.unfinishedJournal())[0]?.writes[0]?.after).toBe("canary-smtp-3");
    expect(redact("x canary-password-2 y")).not.toContain("canary");
  });
});

/** Everything SQLite keeps, as text. */
function rawContent(dataDir: string): string {
  const copy = join(temporaryDir(), "copy");
  mkdirSync(copy);
  copyFileSync(join(dataDir, "mfpgate.db"), join(copy, "mfpgate.db"));
  const file = openSqliteFile(join(copy, "mfpgate.db"), { busyTimeoutMs: 0 });
  const tables = file.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all([]);
  const content = tables.map((table) =>
    JSON.stringify(file.prepare(`SELECT * FROM ${(table as { name: string }).name}`).all([])),
  );
  file.close();
  return content.join("\n");
}
