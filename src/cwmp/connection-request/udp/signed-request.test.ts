import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SignedRequest, isSignedWith, parseSignedRequest } from "./signed-request.ts";

interface Fields {
  readonly ts: string;
  readonly id: string;
  readonly un: string;
  readonly cn: string;
}

const password = "secret";

function datagram(fields: Fields, key = password): Buffer {
  const text = fields.ts + fields.id + fields.un + fields.cn;
  const sig = createHmac("sha1", key).update(text).digest("hex");
  const query = Object.entries({ ...fields, sig }).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  return Buffer.from(`GET http://10.0.0.1:7547?${query.join("&")} HTTP/1.1\r\n\r\n`);
}

const usual: Fields = { ts: "1700000000", id: "42", un: "00005E-box-1", cn: "f00d" };
const parse = (text: string): SignedRequest | undefined => parseSignedRequest(Buffer.from(text));
const text = datagram(usual).toString();

describe("a UDP connection request", () => {
  it("is read with its signature, whatever the values and their encoding", () => {
    const value = fc.string({ minLength: 1, maxLength: 30, unit: "grapheme" });
    fc.assert(
      fc.property(fc.nat(), value, value, value, (ts, id, un, cn) => {
        const request = parseSignedRequest(datagram({ ts: String(ts), id, un, cn }));
        expect(request).toMatchObject({ timestampS: ts, messageId: id, username: un });
        expect(request && isSignedWith(request, password)).toBe(true);
        expect(request && isSignedWith(request, "other")).toBe(false);
      }),
    );
  });

  it("is read as GenieACS sends it: Host header, signature in lower case", () => {
    const sent = text.replace("\r\n\r\n", "\r\nHost: 10.0.0.1:7547\r\n\r\n");
    expect(parse(sent)).toBeDefined();
  });

  it("may have its signature in upper case", () => {
    const upper = text.replace(/sig=([0-9a-f]+)/, (_, sig: string) => `sig=${sig.toUpperCase()}`);
    const request = parse(upper);
    expect(request && isSignedWith(request, password)).toBe(true);
  });

  it("lets nobody in where there is no password", () => {
    const request = parseSignedRequest(datagram(usual, ""));
    expect(request && isSignedWith(request, "")).toBe(false);
  });

  it.each([
    ["another method", text.replace("GET", "POST")],
    ["another version", text.replace("HTTP/1.1", "HTTP/1.0")],
    ["no line end", text.replace(/\r\n/g, "")],
    ["no query", "GET http://10.0.0.1:7547 HTTP/1.1\r\n\r\n"],
    ["no timestamp", text.replace(/ts=\d+&/, "")],
    ["a timestamp that is no number", text.replace(/ts=\d+/, "ts=now")],
    ["no id", text.replace("id=42&", "")],
    ["an empty id", text.replace("id=42", "id=")],
    ["no name", text.replace(/un=[^&]+&/, "")],
    ["no nonce", text.replace(/cn=[^&]+&/, "")],
    ["no signature", text.replace(/&sig=[0-9a-f]+/, "")],
    ["a short signature", text.replace(/sig=[0-9a-f]/, "sig=")],
    ["a field given twice", text.replace("id=42", "id=42&id=43")],
    ["a value wrongly encoded", text.replace("id=42", "id=%zz")],
    ["a value too long", text.replace("id=42", `id=${"4".repeat(300)}`)],
    ["more than a datagram of this kind can have", text + "x".repeat(3_000)],
  ])("is not one with %s", (_, changed) => {
    expect(changed).not.toBe(text);
    expect(parse(changed)).toBeUndefined();
  });

  it("is not to be proven by a changed value", () => {
    for (const [from, to] of [
      ["id=42", "id=43"],
      ["ts=1700000000", "ts=1700000001"],
      ["un=00005E-box-1", "un=00005E-box-2"],
      ["cn=f00d", "cn=f00e"],
    ] as const) {
      const request = parse(text.replace(from, to));
      expect(request && isSignedWith(request, password)).toBe(false);
    }
  });

  it("is read or refused, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        parseSignedRequest(Buffer.concat([Buffer.from("GET /?"), bytes]));
        parseSignedRequest(Buffer.from(bytes));
      }),
    );
  });
});
