import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ParameterDefinition } from "./definition.ts";
import {
  checkValue,
  fitText,
  formatDateTime,
  formatMicroTime,
  fromWire,
  toWire,
  unknownTime,
} from "./values.ts";

function definition(rest: Partial<ParameterDefinition>): ParameterDefinition {
  return { name: "P", type: "string", access: "readWrite", description: "", ...rest };
}

describe("wire values", () => {
  it("reads 1, 0, true and false as booleans and writes true and false", () => {
    const flag = definition({ type: "boolean" });
    expect(["1", "true", " true "].map((text) => fromWire(text, flag))).toEqual(
      Array(3).fill({ ok: true, value: true }),
    );
    expect(["0", "false"].map((text) => fromWire(text, flag))).toEqual(
      Array(2).fill({ ok: true, value: false }),
    );
    expect(toWire(true, "boolean")).toBe("true");
    expect(fromWire("yes", flag)).toMatchObject({ ok: false, problem: "type" });
  });

  it("keeps the specials of levels but nothing below them", () => {
    const level = definition({ type: "int", minimum: -3 });
    expect(fromWire("-3", level)).toEqual({ ok: true, value: -3 });
    expect(fromWire("-4", level)).toMatchObject({ ok: false, problem: "range" });
  });

  it("refuses numbers outside their type and text that is no number", () => {
    const whole = definition({ type: "unsignedInt" });
    expect(fromWire("4294967295", whole)).toEqual({ ok: true, value: 4_294_967_295 });
    expect(fromWire("4294967296", whole)).toMatchObject({ problem: "range" });
    expect(fromWire("-1", whole)).toMatchObject({ problem: "range" });
    for (const text of ["", "1.5", "0x10", "1e3", "abc", "NaN"])
      expect(fromWire(text, whole)).toMatchObject({ problem: "type" });
  });

  it("brings dateTimes to UTC whole seconds and keeps Unknown Time", () => {
    const moment = definition({ type: "dateTime" });
    expect(fromWire("2026-01-01T00:00:00.000Z", moment)).toEqual({
      ok: true,
      value: "2026-01-01T00:00:00Z",
    });
    expect(fromWire("2026-06-01T12:00:00+02:00", moment)).toEqual({
      ok: true,
      value: "2026-06-01T10:00:00Z",
    });
    expect(fromWire(unknownTime, moment)).toEqual({ ok: true, value: unknownTime });
    expect(fromWire("0001-01-03T03:04:05", moment)).toEqual({
      ok: true,
      value: "0001-01-03T03:04:05",
    });
  });

  it("refuses dateTimes without zone and days the calendar does not have", () => {
    const moment = definition({ type: "dateTime" });
    for (const text of ["2026-01-01T00:00:00", "2026-02-30T00:00:00Z", "2026-01-01", "now", ""])
      expect(fromWire(text, moment)).toMatchObject({ ok: false, problem: "type" });
  });

  it("checks every item of a list and drops blanks around commas", () => {
    const list = definition({ list: true, enumeration: ["A", "B"] });
    expect(fromWire(" A , B ", list)).toEqual({ ok: true, value: "A,B" });
    expect(fromWire("", list)).toEqual({ ok: true, value: "" });
    expect(fromWire("A,C", list)).toMatchObject({ problem: "enumeration" });
    expect(fromWire("A,,B", list)).toMatchObject({ problem: "enumeration" });
  });

  it("counts characters, not code units, against the length", () => {
    const short = definition({ maxLength: 2 });
    expect(fromWire("😀😀", short)).toMatchObject({ ok: true });
    expect(fromWire("abc", short)).toMatchObject({ problem: "length" });
    expect(fitText(short, "😀😀😀")).toBe("😀😀");
    expect(fitText(short, "ab")).toBe("ab");
  });

  it("gives back what was written, for every number of every type", () => {
    for (const type of ["int", "unsignedInt", "long", "unsignedLong"] as const) {
      const whole = definition({ type });
      fc.assert(
        fc.property(fc.maxSafeInteger(), (value) => {
          const check = checkValue(whole, value);
          if (!check.ok) return;
          expect(fromWire(toWire(check.value, type), whole)).toEqual({ ok: true, value });
        }),
      );
    }
  });

  it("gives back every instant it wrote", () => {
    const moment = definition({ type: "dateTime" });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (seconds) => {
        const text = formatDateTime(seconds * 1000);
        expect(fromWire(text, moment)).toEqual({ ok: true, value: text });
      }),
    );
  });

  it("answers any text for any type without throwing", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom("string", "int", "unsignedInt", "boolean", "dateTime", "unsignedLong"),
        (text, type) => {
          expect(typeof fromWire(text, definition({ type })).ok).toBe("boolean");
        },
      ),
    );
  });

  it("refuses values of another kind than the definition's", () => {
    expect(checkValue(definition({ type: "boolean" }), "true")).toMatchObject({ problem: "type" });
    expect(checkValue(definition({ type: "int" }), "1")).toMatchObject({ problem: "type" });
    expect(checkValue(definition({}), 1)).toMatchObject({ problem: "type" });
    expect(checkValue(definition({ type: "int" }), 1.5)).toMatchObject({ problem: "type" });
  });
});

describe("an instant of a measurement", () => {
  it("is written to the microsecond", () => {
    const instant = Date.UTC(2008, 3, 9, 15, 1, 5, 0) * 1000 + 123_456;
    expect(formatMicroTime(instant)).toBe("2008-04-09T15:01:05.123456Z");
    expect(formatMicroTime(instant - 123_449)).toBe("2008-04-09T15:01:05.000007Z");
  });
});
