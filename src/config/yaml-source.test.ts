import { describe, expect, it } from "vitest";
import { readYaml } from "./yaml-source.ts";

const nine = (item: string): string => `[${`${item},`.repeat(9)}]`;
const levels = Array.from(
  { length: 9 },
  (_, level) => `a${level}: &a${level} ${nine(level === 0 ? "x" : `*a${level - 1}`)}`,
);

describe("aliases", () => {
  it("stand for what they name", () => {
    expect(readYaml("a: &a [1]\nb: *a\n")).toMatchObject({ value: { a: [1], b: [1] } });
  });

  it.each([
    ["that contain themselves", "acs: &a { tls: *a }\n"],
    ["that multiply", `${levels.join("\n")}\n`],
  ])("%s are a mistake, not a crash", (_what, text) => {
    expect(readYaml(text)).toEqual([
      {
        line: 1,
        column: expect.any(Number) as unknown,
        text: "its aliases (*) contain themselves or too much; write the values out",
      },
    ]);
  });
});
