import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGlob, compileOidGlob } from "./glob.ts";
import { compareVersions } from "./version.ts";

describe("compileGlob", () => {
  it("fits without regard to case", () => {
    expect(compileGlob("taskalfa *ci").test("TASKalfa 6052ci")).toBe(true);
    expect(compileGlob("TASKalfa 6?52ci").test("TASKalfa 652ci")).toBe(false);
  });

  it("must fit from end to end, and does not slow down on many stars", () => {
    expect(compileGlob("Test*").test("a test")).toBe(false);
    expect(compileGlob("*").test("")).toBe(true);
    const startedMs = performance.now();
    expect(compileGlob(`${"*a".repeat(50)}b`).test("a".repeat(5_000))).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });

  it("agrees with the regular expression that means the same", () => {
    const piece = fc.constantFrom("a", "b", "*", "?");
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.array(fc.constantFrom("a", "b"), { maxLength: 10 }),
        (pattern, letters) => {
          const text = letters.join("");
          const same = pattern.map((c) => (c === "*" ? ".*" : c === "?" ? "." : c)).join("");
          expect(compileGlob(pattern.join("")).test(text)).toBe(new RegExp(`^${same}$`).test(text));
        },
      ),
    );
  });

  it("is fast on patterns that make regular expressions explode", () => {
    const glob = compileGlob("*a".repeat(40) + "b");
    expect(glob.test("a".repeat(5_000))).toBe(false);
  });

  it("counts what is not wild", () => {
    expect(compileGlob("1.3.6.*").literalCharacters).toBe(6);
  });
});

describe("compileOidGlob", () => {
  it("fits the node itself as well as what is below it, but no longer number", () => {
    const glob = compileOidGlob("1.3.6.1.4.1.1347.41.*");
    expect(glob.test("1.3.6.1.4.1.1347.41")).toBe(true);
    expect(glob.test("1.3.6.1.4.1.1347.41.2")).toBe(true);
    expect(glob.test("1.3.6.1.4.1.1347.411")).toBe(false);
  });
});

describe("compareVersions", () => {
  it.each([
    ["2.9", "2.10", -1],
    ["2.10", "2.10", 0],
    ["2.10.1", "2.10", 1],
    ["1G11F33", "1G11F4", 1],
    ["2ND_2000.004.702", "2ND_2000.005.000", -1],
  ])("%s against %s", (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign);
  });
});
