import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { HttpAuthentication } from "../../shared/http/digest-client.ts";
import { TestCpe } from "../../../test/cwmp/test-cpe.ts";
import type { TestAcs } from "./acs-port.ts";
import { type TestAcsOptions, startTestAcs } from "./test-acs.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function acsWith(options: TestAcsOptions = {}): Promise<TestAcs> {
  const acs = await startTestAcs(options);
  cleanups.push(() => acs.stop());
  return acs;
}

describe("files of the test ACS", () => {
  it("are served whole and from an offset on", async () => {
    const acs = await acsWith();
    acs.files.put("config.txt", "0123456789");
    const url = acs.files.url("config.txt");
    const whole = await fetch(url);
    expect(await whole.text()).toBe("0123456789");
    const etag = whole.headers.get("etag") ?? "";
    const rest = await fetch(url, { headers: { Range: "bytes=4-", "If-Range": etag } });
    expect([rest.status, await rest.text()]).toEqual([206, "456789"]);
    expect(rest.headers.get("content-range")).toBe("bytes 4-9/10");
    const changed = await fetch(url, { headers: { Range: "bytes=4-", "If-Range": '"old"' } });
    expect([changed.status, await changed.text()]).toEqual([200, "0123456789"]);
    expect((await fetch(url, { headers: { Range: "bytes=10-" } })).status).toBe(416);
    expect((await fetch(acs.files.url("none"))).status).toBe(404);
    expect(acs.files.requests().map(({ range, status }) => [range, status])).toEqual([
      [undefined, 200],
      ["bytes=4-", 206],
      ["bytes=4-", 200],
      ["bytes=10-", 416],
      [undefined, 404],
    ]);
  });

  it("are taken by PUT", async () => {
    const acs = await acsWith();
    const put = (body: string): Promise<Response> =>
      fetch(acs.files.url("log.txt"), { method: "PUT", body });
    expect((await put("one")).status).toBe(201);
    expect((await put("two")).status).toBe(204);
    expect(acs.files.get("log.txt")?.bytes.toString()).toBe("two");
    expect((await fetch(acs.files.url("log.txt"), { method: "DELETE" })).status).toBe(405);
    const odd = await fetch(`${acs.files.url("")}a%20b`, { method: "PUT", body: "x" });
    expect(odd.status).toBe(507);
    expect(acs.files.names()).toEqual(["log.txt"]);
  });

  it("ask for a password when told to", async () => {
    const auth = { scheme: "digest", username: "cpe", password: "pw" } as const;
    const acs = await acsWith({ fileAuth: auth });
    acs.files.put("a", "secret");
    const url = new URL(acs.files.url("a"));
    const first = await fetch(url);
    expect(first.status).toBe(401);
    const client = new HttpAuthentication(auth, { allowBasic: false });
    client.challenged(first.headers.get("www-authenticate") ?? undefined);
    const headers = { Authorization: client.header("GET", url.pathname) ?? "" };
    expect(await (await fetch(url, { headers })).text()).toBe("secret");
  });

  it("fail as told", async () => {
    const acs = await acsWith();
    acs.files.put("a", "x".repeat(100_000));
    acs.files.spoil("a", { kind: "status", status: 500 });
    acs.files.spoil("a", { kind: "cut", afterBytes: 10 });
    expect((await fetch(acs.files.url("a"))).status).toBe(500);
    await expect(fetch(acs.files.url("a")).then((answer) => answer.text())).rejects.toThrow();
    expect(await (await fetch(acs.files.url("a"))).text()).toHaveLength(100_000);
  });

  it("are few and small enough", async () => {
    const { files } = await acsWith();
    for (let count = 0; count < 64; count += 1) files.put(`f${count}`, "");
    expect(() => {
      files.put("one-more", "");
    }).toThrow("too many files");
    expect(() => {
      files.put("../etc/passwd", "");
    }).toThrow("no file name");
  });
});

describe("compressed messages at the test ACS", () => {
  it("are understood, and answered compressed when told to", async () => {
    const acs = await acsWith({ compress: true });
    const sent: string[] = [];
    const spy = new TestCpe(acs.url);
    spy.post = (body) => {
      sent.push(body ?? "");
      return Promise.resolve({ status: 204, body: undefined });
    };
    await spy.send(spy.inform(["1 BOOT"]));
    const headers = { "Content-Type": "text/xml", SOAPAction: "", "Content-Encoding": "gzip" };
    const answer = await fetch(acs.url, { method: "POST", headers, body: gzipSync(sent[0] ?? "") });
    expect(answer.headers.get("content-encoding")).toBe("gzip");
    expect(await answer.text()).toContain("InformResponse"); // fetch decompresses
    expect(acs.violations()).toEqual([]);
  });

  it("that are damaged or unknown are refused", async () => {
    const acs = await acsWith();
    const post = async (encoding: string): Promise<number> =>
      (
        await fetch(acs.url, {
          method: "POST",
          headers: { "Content-Encoding": encoding },
          body: "x",
        })
      ).status;
    expect(await post("gzip")).toBe(400);
    expect(await post("br")).toBe(415);
  });
});
