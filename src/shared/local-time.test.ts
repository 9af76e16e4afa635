import { describe, expect, it } from "vitest";
import { formatLocalTime } from "./local-time.ts";

describe("local time", () => {
  it("is written with the offset of the zone", () => {
    const noon = Date.UTC(2026, 2, 1, 12);
    expect(formatLocalTime(noon, 60)).toBe("2026-03-01T13:00:00+01:00");
    expect(formatLocalTime(noon, -210)).toBe("2026-03-01T08:30:00-03:30");
  });

  it("is that of the system unless told, and the same instant", () => {
    const ms = Date.UTC(2026, 5, 1, 12, 30, 15);
    const text = formatLocalTime(ms);
    expect(text).toMatch(/^2026-0[56]-\d{2}T\d{2}:\d{2}:15[+-]\d{2}:\d{2}$/);
    expect(Date.parse(text)).toBe(ms);
  });
});
