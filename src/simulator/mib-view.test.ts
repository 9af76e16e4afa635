import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SnmpValue, snmpSyntax } from "../southbound/driver.ts";
import { compareOids } from "../southbound/snmp/oid.ts";
import { parseSnmprec } from "../southbound/snmp/snmprec.ts";
import { MibView } from "./mib-view.ts";
import { Recording } from "./recording.ts";

const number = (value: number): SnmpValue => ({ syntax: snmpSyntax.integer, value });

function viewOf(oids: readonly string[]): MibView {
  const text = oids.map((oid) => `${oid}|2|1`).join("\n");
  return new MibView(new Recording("test", parseSnmprec(text).varbinds));
}

function walk(view: MibView): string[] {
  const seen: string[] = [];
  for (let row = view.next("0.0"); row !== undefined; row = view.next(row.oid)) seen.push(row.oid);
  return seen;
}

describe("MibView", () => {
  it("walks the recording and its own changes in tree order, whatever was set and removed", () => {
    const oid = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 4 });
    const oids = fc.array(
      oid.map((arcs) => `1.3.${arcs.join(".")}`),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(oids, oids, oids, (recorded, added, removed) => {
        const view = viewOf(recorded);
        for (const name of added) view.set(name, number(2));
        for (const name of removed) view.remove(name);
        const expected = new Set([...recorded, ...added]);
        for (const name of removed) expected.delete(name);
        expect(walk(view)).toEqual([...expected].sort(compareOids));
      }),
    );
  });

  it("sees changed values, asks functions at every read, and leaves the recording alone", () => {
    const view = viewOf(["1.3.1", "1.3.2"]);
    let asked = 0;
    view.set("1.3.1", () => number(++asked));
    view.get("1.3.1");
    expect(view.next("1.3")?.value).toEqual(number(2));
    view.remove("1.3.2");
    expect(view.get("1.3.2")).toBeUndefined();
    expect(new MibView(view.recording).get("1.3.2")).toEqual(number(1));
  });

  it("brings a removed instance back when it is set again", () => {
    const view = viewOf(["1.3.1"]);
    view.remove("1.3.1");
    view.set("1.3.1", number(5));
    view.set("1.3.7", number(6));
    view.remove("1.3.7");
    view.set("1.3.7", number(8));
    expect(walk(view)).toEqual(["1.3.1", "1.3.7"]);
    expect(view.get("1.3.7")).toEqual(number(8));
  });

  it("lists a column by index and nothing of its neighbours", () => {
    const view = viewOf(["1.3.1.1.1", "1.3.1.2.1", "1.3.1.2.10", "1.3.1.22.1"]);
    expect([...view.column("1.3.1.2").keys()]).toEqual(["1", "10"]);
  });
});
