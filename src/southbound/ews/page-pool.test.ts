import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { projectRoot, setUp } from "../../../test/support/command.ts";
import { systemClock } from "../../shared/clock.ts";
import { EwsMemory } from "./ews-memory.ts";
import type { EwsNotice } from "./notice.ts";
import { PageExtractor } from "./page-extractor.ts";
import { PagePool, type PagePoolOptions } from "./page-pool.ts";
import type { PageTask } from "./page-task.ts";

const pools: PagePool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

function newPool(options: PagePoolOptions = {}): PagePool {
  const pool = new PagePool(options);
  pools.push(pool);
  return pool;
}

/** Takes some seconds: so many nested elements, each looked at by each step. */
const hostile = `<title>x</title>${"<div>".repeat(400)}${"<p>a</p>".repeat(60_000)}`;

const extractions = [{ kind: "values", key: "title", selector: { title: true } }] as const;

function task(body: string): PageTask {
  const raw = {
    bytes: Buffer.from(body),
    headers: new Map<string, string>(),
    status: 200,
    path: "/",
  };
  return { kind: "extract", name: "/", raw, read: { extractions } };
}

/** What the thread answers, or how it ended. */
async function titleOf(pool: PagePool, body: string): Promise<unknown> {
  const outcome = await pool.run(task(body));
  if (outcome.kind !== "done" || outcome.result.kind !== "extracted") return outcome.kind;
  return outcome.result.extracted.values.get("title");
}

describe("the page thread", () => {
  it("takes pages apart one after another, and hands back errors by code", async () => {
    const pool = newPool();
    const bodies = ["<title>a</title>", "<div>".repeat(2_000), "<title>b</title>"];
    expect(await Promise.all(bodies.map((body) => titleOf(pool, body)))).toEqual([
      ["a"],
      "failed",
      ["b"],
    ]);
  });

  it("is killed when a page holds it up, and the next page gets another thread", async () => {
    const pool = newPool({ killAfterMs: 100 });
    await titleOf(pool, "");
    const outcomes = [titleOf(pool, hostile), titleOf(pool, "<title>next</title>")];
    expect(await Promise.all(outcomes)).toEqual(["killed", ["next"]]);
  });

  it("keeps at most 256 pages waiting", async () => {
    const pool = newPool();
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, () => titleOf(pool, "<title>x</title>")),
    );
    expect(outcomes.filter((outcome) => outcome === "full")).toHaveLength(44);
  });

  it("runs in the built product too", () => {
    setUp();
    const file = pathToFileURL(join(projectRoot, "dist/southbound/ews/page-pool.js")).href;
    const code = `import { PagePool } from ${JSON.stringify(file)};
      const raw = { bytes: Buffer.from("<title>built</title>"), headers: new Map(), status: 200, path: "/" };
      const read = { extractions: [{ kind: "values", key: "t", selector: { title: true } }] };
      const { result } = await new PagePool().run({ kind: "extract", name: "/", raw, read });
      console.log(result.extracted.values.get("t")[0]);`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
      encoding: "utf8",
      timeout: 20_000,
    });
    // That it ended at all shows that an idle thread keeps nobody from ending.
    expect([stdout.trim(), stderr]).toEqual(["built", ""]);
  }, 120_000);
});

describe("a page", () => {
  it("that held up the thread is malformed, and its printer's pages go to the thread from then on", async () => {
    const memory = new EwsMemory();
    const notices: EwsNotice[] = [];
    const pool = newPool({ killAfterMs: 100 });
    await titleOf(pool, "");
    const extractor = new PageExtractor({
      host: "192.0.2.1",
      memory,
      pool,
      clock: systemClock,
      notice: (notice) => notices.push(notice),
    });
    const { raw } = task(hostile);
    const read = { name: "/hostile", extractions };
    expect(await extractor.extract(raw, read)).toBe("malformed");
    expect(memory.snapshot().hasMisbehaved).toBe(true);
    expect(notices).toEqual([
      { kind: "page-misbehaved", text: "192.0.2.1 /hostile took too long and was given up" },
    ]);
    const small = { ...raw, bytes: Buffer.from("<title>x</title>") };
    let ranInThread = false;
    pool.run = (given) => {
      ranInThread = true;
      return PagePool.prototype.run.call(pool, given);
    };
    expect(await extractor.extract(small, read)).toMatchObject({
      values: new Map([["title", ["x"]]]),
    });
    expect(ranInThread).toBe(true);
  });
});
