import { deflateRawSync, deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { acsWith, closeAll, connect, ok } from "../../../test/cwmp/acs-servers.ts";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import { compress, decompress } from "./compression.ts";

afterEach(closeAll);

const envelope = `<Envelope>${"<Param>ü</Param>".repeat(200)}</Envelope>`;

describe("a session with compression switched on", () => {
  it("sends envelopes compressed and says what it takes, the empty POST bare", async () => {
    const acs = await acsWith((response) => {
      response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync("<answer/>"));
    });
    const connection = connect(acs, { compression: "gzip" });
    expect((await connection.post(envelope)).body).toBe("<answer/>");
    await connection.post(undefined);
    const [first, empty] = acs.seen;
    expect(gunzipSync(first?.bytes ?? "").toString()).toBe(envelope);
    expect(first?.bytes.length).toBeLessThan(200);
    expect(first?.headers).toMatchObject({
      "content-encoding": "gzip",
      "accept-encoding": "gzip",
      "content-type": 'text/xml; charset="utf-8"',
      "content-length": String(first?.bytes.length),
    });
    expect(empty?.headers).toMatchObject({ "accept-encoding": "gzip", "content-length": "0" });
    expect(empty?.headers).not.toHaveProperty("content-encoding");
  });

  it("uses the zlib format for deflate", async () => {
    const acs = await acsWith((response) => {
      ok(response);
    });
    await connect(acs, { compression: "deflate" }).post(envelope);
    expect(inflateSync(acs.seen[0]?.bytes ?? "").toString()).toBe(envelope);
    expect(acs.seen[0]?.headers["content-encoding"]).toBe("deflate");
  });

  it("goes on without it when the ACS answers 415, for the rest of the session", async () => {
    const acs = await acsWith((response, { headers }) => {
      if ("content-encoding" in headers) response.writeHead(415).end();
      else ok(response);
    });
    const connection = connect(acs, { compression: "gzip" });
    expect((await connection.post(envelope)).body).toBe("<answer/>");
    await connection.post(envelope);
    expect(acs.seen.map(({ body }) => body === envelope)).toEqual([false, true, true]);
  });

  it("says nothing of compression while it is off", async () => {
    const acs = await acsWith((response) => {
      ok(response);
    });
    await connect(acs).post(envelope);
    expect(acs.seen[0]?.headers).not.toHaveProperty("content-encoding");
    expect(acs.seen[0]?.headers).not.toHaveProperty("accept-encoding");
    expect(acs.seen[0]?.body).toBe(envelope);
  });
});

describe("HTTPCompression", () => {
  const path = "Device.ManagementServer.HTTPCompression";
  const set = (value: string) =>
    ({ method: "SetParameterValues", parameters: [{ path, value }], parameterKey: "" }) as const;

  it("switches compression on from the next session, and off again", async () => {
    const box = new Box();
    const endpoint = await box.start();
    expect(endpoint.tree.get(`${path}Supported`)?.value).toBe("GZIP,Deflate");
    expect(endpoint.tree.get(path)?.value).toBe("Disabled");
    const coding = (): unknown => box.acs.sessions.at(-1)?.settings.compression;
    await box.ask(endpoint, set("GZIP"));
    expect(coding()).toBeUndefined();
    await box.ask(endpoint, set("Deflate"));
    expect(coding()).toBe("gzip");
    await box.ask(endpoint, set("Disabled"));
    expect(coding()).toBe("deflate");
    const [answer] = await box.ask(endpoint, set("Compress"));
    expect(answer).toMatchObject({ parameters: [{ path, code: 9007 }] });
    expect(coding()).toBeUndefined();
  });
});

describe("decompress", () => {
  const limit = 4 * 1024 * 1024;

  it("gives back what was compressed", async () => {
    const coding = fc.constantFrom("gzip" as const, "deflate" as const);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), coding, async (text, name) => {
        expect(await decompress(await compress(text, name), name, limit)).toEqual(
          Buffer.from(text),
        );
      }),
    );
  });

  it("takes x-gzip, deflate without its wrapper, and no coding at all", async () => {
    const text = Buffer.from(envelope);
    expect(await decompress(gzipSync(text), " X-GZIP ", limit)).toEqual(text);
    expect(await decompress(deflateSync(text), "deflate", limit)).toEqual(text);
    expect(await decompress(deflateRawSync(text), "deflate", limit)).toEqual(text);
    expect(await decompress(text, "identity", limit)).toEqual(text);
    expect(await decompress(text, undefined, limit)).toEqual(text);
  });

  it("never rejects for any bytes", async () => {
    const coding = fc.constantFrom("gzip", "deflate", "compress", "gzip, gzip", "br");
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1 }), coding, async (bytes, name) => {
        const body = await decompress(Buffer.from(bytes), name, limit);
        if (!Buffer.isBuffer(body)) expect(["unknown", "damaged"]).toContain(body.problem);
      }),
    );
  });

  it("gives up a bomb by its size, and by its ratio long before that", async () => {
    const zeros = (bytes: number): Buffer => gzipSync(Buffer.alloc(bytes));
    const problemOf = async (raw: Buffer, largest: number): Promise<unknown> => {
      const body = await decompress(raw, "gzip", largest);
      return Buffer.isBuffer(body) ? body.length : body.problem;
    };
    expect(await problemOf(zeros(200_000), limit)).toBe(200_000);
    expect(await problemOf(zeros(2_000_000), limit)).toBe("too-large");
    expect(await problemOf(zeros(200_000), 100_000)).toBe("too-large");
    expect(await problemOf(zeros(100_000_000), 1e9)).toBe("too-large");
    expect(await problemOf(gzipSync(zeros(100_000_000)), limit)).toBeTypeOf("number");
  });
});
