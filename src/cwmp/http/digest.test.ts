import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ManualClock } from "../../shared/manual-clock.ts";
import { redact } from "../../shared/redact.ts";
import { parseAuthHeader, quoteHeaderValue } from "../../shared/http/auth-header.ts";
import { digestResponse } from "../../shared/http/digest.ts";
import { HttpAuthentication } from "../../shared/http/digest-client.ts";
import { DigestServer } from "./digest-server.ts";

const mufasa = {
  username: "Mufasa",
  realm: "testrealm@host.com",
  password: "Circle Of Life",
  method: "GET",
  uri: "/dir/index.html",
  nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
  cnonce: "0a4f113b",
} as const;

describe("digest response", () => {
  it("equals the example of RFC 2617 §3.5", () => {
    const quality = { qop: "auth", nc: "00000001" } as const;
    const response = digestResponse({ ...mufasa, algorithm: "MD5", quality });
    expect(response).toBe("6629fae49393a05397450978507c4ef1");
  });

  it("equals the SHA-256 example of RFC 7616 §3.9.1", () => {
    const response = digestResponse({
      algorithm: "SHA-256",
      username: "Mufasa",
      realm: "http-auth@example.org",
      password: "Circle of Life",
      method: "GET",
      uri: "/dir/index.html",
      nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
      cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
      quality: { qop: "auth", nc: "00000001" },
    });
    expect(response).toBe("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
  });

  it("equals the legacy form without qop", () => {
    expect(digestResponse({ ...mufasa, algorithm: "MD5" })).toBe(
      "670fd8c2df070c60b045671b8b24ff02",
    );
  });
});

describe("authentication header parser", () => {
  it("separates several challenges and unescapes quoted strings", () => {
    const entries = parseAuthHeader(
      'Negotiate, NTLM TlRMTVNTUAAC==, Basic realm="a, b", Digest realm="say \\"hi\\"", nonce=abc,qop="auth,auth-int"',
    );
    expect(entries.map((entry) => entry.scheme)).toEqual(["negotiate", "ntlm", "basic", "digest"]);
    expect(entries[2]?.parameters.get("realm")).toBe("a, b");
    expect(Object.fromEntries(entries[3]?.parameters ?? [])).toEqual({
      realm: 'say "hi"',
      nonce: "abc",
      qop: "auth,auth-int",
    });
  });

  it("reads back any quoted value", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{0,60}$/), (value) => {
        const [entry] = parseAuthHeader(`Digest realm=${quoteHeaderValue(value)}, nonce="n"`);
        expect(entry?.parameters.get("realm")).toBe(value);
        expect(entry?.parameters.get("nonce")).toBe("n");
      }),
    );
  });

  it("survives junk of any kind and length", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400, unit: "binary" }), (junk) => {
        expect(parseAuthHeader(`Digest ${junk}`).length).toBeLessThanOrEqual(8);
      }),
    );
    for (const unit of ['a="', '\\"', "a=,", 'a="\\', " ", ",", "x "]) {
      expect(parseAuthHeader(unit.repeat(100_000)).length).toBeLessThanOrEqual(8);
    }
  });
});

const credentials = { username: "us\\er", password: "pass" };

function client(allowBasic = false): HttpAuthentication {
  return new HttpAuthentication(credentials, { allowBasic }, () => "c0");
}

function field(header: string | undefined, name: string): string | undefined {
  return parseAuthHeader(header ?? "")[0]?.parameters.get(name);
}

describe("authentication client", () => {
  it("sends nothing before it is asked", () => {
    expect(client().header("POST", "/")).toBeUndefined();
  });

  it("answers digest with auth where auth-int is offered too, and counts the nonce up", () => {
    const authentication = client();
    const challenge = 'Digest realm="GenieACS",qop="auth,auth-int",nonce="n1"';
    expect(authentication.challenged(challenge)).toBe("retry");
    const first = authentication.header("POST", "/acs?x=1");
    expect(field(first, "qop")).toBe("auth");
    expect(field(first, "nc")).toBe("00000001");
    expect(field(first, "uri")).toBe("/acs?x=1");
    expect(field(first, "algorithm")).toBeUndefined();
    expect(field(first, "username")).toBe("us\\er");
    expect(field(authentication.header("POST", "/acs"), "nc")).toBe("00000002");
  });

  it("answers the legacy form without qop, nc and cnonce", () => {
    const authentication = client();
    authentication.challenged('Digest realm="r", nonce="n", opaque="o"');
    const header = authentication.header("POST", "/");
    expect(header).not.toMatch(/qop|nc=|cnonce/);
    expect(field(header, "opaque")).toBe("o");
  });

  it("prefers the strongest digest of several and never basic beside digest", () => {
    const authentication = client(true);
    authentication.challenged(
      'Basic realm="b", Digest realm="r", nonce="m", algorithm=MD5, qop="auth", Digest realm="r", nonce="s", algorithm=SHA-256, qop="auth"',
    );
    expect(field(authentication.header("POST", "/"), "algorithm")).toBe("SHA-256");
    const onlyInteger = 'Basic realm="b", Digest realm="r", nonce="m", qop="auth-int"';
    expect(client(true).challenged(onlyInteger)).toBe("no-usable-scheme");
  });

  it("answers basic only where it is allowed", () => {
    expect(client(false).challenged('Basic realm="b"')).toBe("no-usable-scheme");
    const authentication = client(true);
    expect(authentication.challenged('Basic realm="b"')).toBe("retry");
    expect(authentication.header("POST", "/")).toBe("Basic dXNcZXI6cGFzcw==");
    expect(redact("you sent dXNcZXI6cGFzcw==")).toBe("you sent [redacted]");
  });

  it("takes a second refusal as wrong credentials, but follows stale=true to the new nonce", () => {
    const challenge = (nonce: string, stale = ""): string =>
      `Digest realm="r", qop="auth", nonce="${nonce}"${stale}`;
    const authentication = client();
    authentication.beginRequest();
    expect(authentication.challenged(challenge("a"))).toBe("retry");
    expect(authentication.challenged(challenge("b", ", stale=TRUE"))).toBe("retry");
    expect(field(authentication.header("POST", "/"), "nonce")).toBe("b");
    expect(field(authentication.header("POST", "/"), "nc")).toBe("00000002");
    expect(authentication.challenged(challenge("c"))).toBe("wrong-credentials");
  });

  it("takes a refusal without a challenge as wrong credentials, as GenieACS sends it", () => {
    const authentication = client();
    authentication.challenged('Digest realm="GenieACS",qop="auth,auth-int",nonce="n1"');
    expect(authentication.challenged(undefined)).toBe("wrong-credentials");
  });

  it("does not follow a peer that calls every nonce stale for ever", () => {
    const authentication = client();
    const verdicts = Array.from({ length: 6 }, () =>
      authentication.challenged('Digest realm="r", qop="auth", nonce="n", stale=true'),
    );
    expect(verdicts).toContain("wrong-credentials");
  });

  it("asks again with the new nonce when a credential sent unasked is refused on a later request", () => {
    const authentication = client();
    authentication.challenged('Digest realm="r", qop="auth", nonce="a"');
    authentication.beginRequest();
    expect(authentication.challenged('Digest realm="r", qop="auth", nonce="b"')).toBe("retry");
  });

  it("says that credentials are missing", () => {
    const authentication = new HttpAuthentication(undefined, { allowBasic: true });
    expect(authentication.challenged('Basic realm="b"')).toBe("no-credentials");
  });
});

describe("digest server", () => {
  const clock = new ManualClock();
  const request = { method: "GET", target: "/cr/1", scope: "/cr/1", ...credentials };

  function server(mostUsedNonces = 100): DigestServer {
    return new DigestServer({ realm: "r", clock, nonceLifetimeMs: 60_000, mostUsedNonces });
  }

  function answer(challenge: string, password = "pass"): HttpAuthentication {
    const authentication = new HttpAuthentication(
      { username: credentials.username, password },
      { allowBasic: false },
    );
    expect(authentication.challenged(challenge)).toBe("retry");
    return authentication;
  }

  it("accepts the right answer once and a replay of it never", () => {
    const digest = server();
    const client = answer(digest.challenge("/cr/1"));
    const header = client.header("GET", "/cr/1");
    expect(digest.verify(header, request)).toBe("accepted");
    expect(digest.verify(header, request)).toBe("stale");
    expect(digest.verify(client.header("GET", "/cr/1"), request)).toBe("accepted");
  });

  it("accepts the legacy form once", () => {
    const digest = server();
    const legacy = digest.challenge("/cr/1").replace(' qop="auth",', "");
    const client = answer(legacy);
    const header = client.header("GET", "/cr/1");
    expect(header).not.toContain("qop");
    expect(digest.verify(header, request)).toBe("accepted");
    expect(digest.verify(header, request)).toBe("stale");
  });

  it("refuses a wrong password, user, target, method and realm", () => {
    const digest = server();
    const wrong = answer(digest.challenge("/cr/1"), "guess").header("GET", "/cr/1");
    expect(digest.verify(wrong, request)).toBe("refused");
    const right = answer(digest.challenge("/cr/1"));
    expect(digest.verify(right.header("GET", "/cr/2"), request)).toBe("refused");
    expect(digest.verify(right.header("POST", "/cr/1"), request)).toBe("refused");
    const header = right.header("GET", "/cr/1");
    expect(digest.verify(header, { ...request, username: "other" })).toBe("refused");
    expect(digest.verify(header?.replace('realm="r"', 'realm="x"'), request)).toBe("refused");
    expect(digest.verify(header, request)).toBe("accepted");
  });

  it("refuses a nonce of another scope, of another server and of its own making", () => {
    const digest = server();
    const elsewhere = answer(digest.challenge("/cr/2")).header("GET", "/cr/1");
    expect(digest.verify(elsewhere, request)).toBe("stale");
    const foreign = answer(server().challenge("/cr/1")).header("GET", "/cr/1");
    expect(digest.verify(foreign, request)).toBe("stale");
    const invented = answer('Digest realm="r", qop="auth", nonce="zzz"').header("GET", "/cr/1");
    expect(digest.verify(invented, request)).toBe("stale");
  });

  it("calls an old nonce stale", async () => {
    const digest = server();
    const client = answer(digest.challenge("/cr/1"));
    await clock.advance(60_001);
    expect(digest.verify(client.header("GET", "/cr/1"), request)).toBe("stale");
    expect(digest.challenge("/cr/1", true)).toContain("stale=true");
  });

  it("never forgets a used nonce so that it could be replayed", () => {
    const digest = server(3);
    const headers = Array.from({ length: 8 }, () =>
      answer(digest.challenge("/cr/1")).header("GET", "/cr/1"),
    );
    for (const header of headers) digest.verify(header, request);
    for (const header of headers) expect(digest.verify(header, request)).toBe("stale");
  });

  it("never accepts arbitrary input", () => {
    const digest = server();
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (junk) => {
        expect(["absent", "refused"]).toContain(digest.verify(`Digest ${junk}`, request));
      }),
    );
    expect(digest.verify(undefined, request)).toBe("absent");
    expect(digest.verify("Basic dXNlcjpwYXNz", request)).toBe("absent");
  });
});
