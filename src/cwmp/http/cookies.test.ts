import { describe, expect, it } from "vitest";
import { CookieJar } from "./cookies.ts";

const nowMs = Date.UTC(2026, 0, 1);
const acs = new URL("https://acs.example.net/cwmp/in");

function jarWith(...lines: string[]): CookieJar {
  const jar = new CookieJar();
  jar.store(lines, acs, nowMs);
  return jar;
}

function sent(jar: CookieJar, url: string, atMs = nowMs): string | undefined {
  return jar.header(new URL(url), atMs);
}

describe("cookie jar", () => {
  it("sends a cookie without Path to every URL of the host", () => {
    const jar = jarWith("session=0123456789abcdef");
    expect(sent(jar, "https://acs.example.net/other")).toBe("session=0123456789abcdef");
    expect(sent(jar, "http://acs.example.net:7547/")).toBe("session=0123456789abcdef");
    expect(sent(jar, "https://acs2.example.net/cwmp/in")).toBeUndefined();
  });

  it("keeps to Path at segment borders and puts longer paths first", () => {
    const jar = jarWith("a=1; Path=/", "b=2; Path=/cwmp", "c=3; Path=/cwmpx");
    expect(sent(jar, "https://acs.example.net/cwmp/out")).toBe("b=2; a=1");
    expect(sent(jar, "https://acs.example.net/cwmpx")).toBe("c=3; a=1");
  });

  it("widens to the Domain given, but never to a foreign or top-level one", () => {
    expect(sent(jarWith("a=1; Domain=.example.net"), "https://b.example.net/")).toBe("a=1");
    expect(sent(jarWith("a=1; Domain=acs.example.net"), "https://x.acs.example.net/")).toBe("a=1");
    for (const domain of ["net", "other.net", "xample.net", "x.acs.example.net"]) {
      expect(sent(jarWith(`a=1; Domain=${domain}`), acs.href)).toBeUndefined();
    }
  });

  it("keeps Secure cookies off plain HTTP in both directions", () => {
    expect(sent(jarWith("a=1; Secure"), "http://acs.example.net/")).toBeUndefined();
    const jar = new CookieJar();
    jar.store(["a=1; Secure"], new URL("http://acs.example.net/"), nowMs);
    expect(sent(jar, acs.href)).toBeUndefined();
  });

  it("forgets what expired or was taken back", () => {
    const jar = jarWith("a=1; Max-Age=10", "b=2; Expires=Thu, 01 Jan 2026 00:01:00 GMT", "c=3");
    expect(sent(jar, acs.href, nowMs + 11_000)).toBe("b=2; c=3");
    jar.store(["c=; Max-Age=0"], acs, nowMs);
    expect(sent(jar, acs.href, nowMs + 61_000)).toBeUndefined();
  });

  it("replaces a cookie of the same name", () => {
    const jar = jarWith("session=old");
    jar.store(["session=new; HttpOnly"], acs, nowMs);
    expect(sent(jar, acs.href)).toBe("session=new");
  });

  it("ignores junk, oversized lines and more cookies than it holds", () => {
    const many = Array.from({ length: 100 }, (_, index) => `n${index}=1`);
    expect(
      sent(jarWith("", "=x", "novalue", "a\u0001=1", `b=${"x".repeat(5_000)}`), acs.href),
    ).toBe(undefined);
    expect(sent(jarWith(...many), acs.href)?.split("; ")).toHaveLength(32);
  });
});
