import { describe, expect, it, onTestFinished } from "vitest";
import { ProxierError } from "../shared/errors.ts";
import { configureLog } from "../shared/log.ts";
import { startApiServer } from "./server.ts";

/** The answer of a server whose only page fails with `error`, and what went to the log. */
async function answerTo(error: Error): Promise<{ status: number; body: string; log: string }> {
  let log = "";
  const sink = { write: (line: string): void => void (log += line) };
  configureLog({ level: "error", format: "json", sink });
  onTestFinished(() => {
    configureLog({ level: "silent", format: "json" });
  });
  const fail = {
    method: "GET",
    path: "/",
    open: true,
    handle: () => Promise.reject(error),
  } as const;
  const server = await startApiServer({ host: "127.0.0.1", port: 0, token: "t", routes: [fail] });
  onTestFinished(() => server.stop());
  const response = await fetch(server.url);
  return { status: response.status, body: await response.text(), log };
}

describe("what the caller did wrong", () => {
  it.each(["cwmp.fault-9005", "discovery.bad-range"])(
    "is refused and not logged: %s",
    async (code) => {
      const answer = await answerTo(new ProxierError("no such name", { code }));
      expect(answer).toMatchObject({ status: 400, log: "" });
      expect(answer.body).toContain(code);
    },
  );

  it("is told apart from what this program did wrong", async () => {
    const answer = await answerTo(new ProxierError("disk full", { code: "store.disk-full" }));
    expect(answer.status).toBe(500);
    expect(answer.log).toContain("store.disk-full");
  });
});

describe("an address that cannot be listened on", () => {
  it("is named with the key to change", async () => {
    const server = await startApiServer({ host: "127.0.0.1", port: 0, token: "t", routes: [] });
    onTestFinished(() => server.stop());
    const port = Number(new URL(server.url).port);
    await expect(
      startApiServer({ host: "127.0.0.1", port, token: "t", routes: [] }),
    ).rejects.toThrow(`cannot listen on 127.0.0.1:${port} (api.listen): `);
  });
});
