import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { PrinterAgeing } from "./ageing.ts";
import { MibView } from "./mib-view.ts";
import { mibObject, readNumber, readOctets, writeNumber } from "./printer-mib.ts";
import { type Recording, loadRecording } from "./recording.ts";

const folder = new URL("../../recordings/", import.meta.url);
const recordings = new Map<string, Recording>();
beforeAll(async () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".snmprec"))) {
    const recording = await loadRecording(new URL(file, folder).pathname);
    recordings.set(recording.name, recording);
  }
});

function age(name: string): {
  mib: MibView;
  ageing: PrinterAgeing;
  change: (oid: string) => number;
} {
  const recording = recordings.get(name);
  if (recording === undefined) throw new Error(`no recording ${name}`);
  const mib = new MibView(recording);
  const change = (oid: string): number =>
    (readNumber(mib, oid) ?? Number.NaN) - Number(recording.get(oid)?.value);
  return { mib, ageing: new PrinterAgeing(mib), change };
}

const textAt = (mib: MibView, oid: string): string =>
  Buffer.from(readOctets(mib, oid) ?? []).toString("latin1");
const lifeCount = `${mibObject.prtMarkerLifeCount}.1.1`;
const errorState = `${mibObject.hrPrinterDetectedErrorState}.1`;

describe("printing", () => {
  const e = "1.3.6.1.4.1";
  it.each([
    ["hp-color-laserjet-mfp-m4790dw", `${e}.11.2.3.9.4.2.1.4.1.2.`, ["5.0", "6.0", "7.0"]],
    [
      "kyocera-ecosys-m6690cidn",
      `${e}.1347.`,
      ["43.10.1.1.12.1.1", "42.3.1.2.1.1.1.1", "42.3.1.2.1.1.1.3"],
    ],
    ["xerox-versalink-c7090", `${e}.253.8.53.13.2.1.6.1.20.`, ["1", "34", "33"]],
    ["epson-wf-c18790", `${e}.1248.1.2.2.27.`, ["6.1.4.1.1.1", "1.1.3.1.1", "1.1.4.1.1"]],
    ["ricoh-im-c2590", `${e}.367.3.2.1.2.19.5.1.9.`, ["1", "9", "11"]],
    ["canon-ir-adv-c3290", `${e}.1602.1.11.1.3.1.4.`, ["101", "113", "123"]],
    ["konica-minolta-bizhub-c290i", `${e}.18334.1.1.1.5.7.2.`, ["1.1.0", "2.1.5.1.2", "2.1.5.2.2"]],
  ])("moves %s's total, mono and colour counter with the life count", (name, prefix, ends) => {
    const { ageing, change } = age(name);
    ageing.print(100, 30);
    expect(ends.map((end) => change(prefix + end))).toEqual([100, 70, 30]);
    expect(change(lifeCount)).toBe(100);
    expect(change(`${mibObject.prtMarkerPowerOnCount}.1.1`)).toBe(100);
  });

  it("counts in Brother's records without disturbing their frame", () => {
    const { mib, ageing } = age("brother-mfc-l8990cdw");
    ageing.print(10, 4);
    const records = Buffer.from(
      readOctets(mib, "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.10.0") ?? [],
    ).toString("hex");
    expect(records).toMatch(/^00010400003b88/); // 15230 + 10
    expect(records).toContain("010104000023a6"); // 9120 + 6
    expect(records).toContain("020104000017e2"); // 6110 + 4
    expect(records).toMatch(/ff$/);
  });

  it("measures a label printer in feet and turns its odometer along", () => {
    const { mib, ageing, change } = age("zebra-zd690");
    ageing.print(10);
    expect(change(lifeCount)).toBe(5);
    expect(textAt(mib, "1.3.6.1.4.1.10642.200.17.3.0")).toBe("242320 INCHES, 615493 CENTIMETERS");
  });

  it("prints nothing in colour on a monochrome printer", () => {
    const { ageing, change } = age("dell-s5890dn");
    ageing.print(10, 10);
    expect(change(`${mibObject.prtMarkerSuppliesLevel}.1.1`)).toBe(-10);
  });

  it("uses toner by the page where it is counted in impressions, colour toner for colour only", () => {
    const { ageing, change } = age("kyocera-ecosys-m6690cidn");
    ageing.print(100, 30);
    const changes = [1, 2, 3, 4].map((n) => change(`${mibObject.prtMarkerSuppliesLevel}.1.${n}`));
    expect(changes).toEqual([-30, -30, -30, -100]);
  });

  it("never touches the specials -2 and -3, and lets makers' levels fall in their steps", () => {
    const { mib, ageing, change } = age("ricoh-im-c2590");
    ageing.print(1_000, 500);
    expect(change(`${mibObject.prtMarkerSuppliesLevel}.1.1`)).toBe(0);
    const makerLevel = "1.3.6.1.4.1.367.3.2.1.2.24.1.1.5";
    expect([1, 2, 3].map((n) => readNumber(mib, `${makerLevel}.${n}`))).toEqual([60, 40, -100]);
  });

  it("keeps fractions of a percent between print runs", () => {
    const { ageing, change } = age("hp-color-laserjet-mfp-m4790dw");
    for (let n = 0; n < 100; n++) ageing.print(1, 0);
    expect(change(`${mibObject.prtMarkerSuppliesLevel}.1.1`)).toBe(-2);
  });

  it("wraps a Counter32", () => {
    const { mib, ageing } = age("dell-s5890dn");
    writeNumber(mib, lifeCount, 0xffff_ffff);
    ageing.print(3);
    expect(readNumber(mib, lifeCount)).toBe(2);
  });

  it("warns of toner once it becomes low, asks for new at 0, and is content when it is replaced", () => {
    const { mib, ageing } = age("kyocera-ecosys-m6690cidn");
    ageing.print(1_000, 0);
    expect(readOctets(mib, errorState)).toEqual(Uint8Array.of(0x20));
    ageing.print(2_000, 0);
    expect(readOctets(mib, errorState)).toEqual(Uint8Array.of(0x10));
    expect(ageing.isStopped).toBe(true);
    ageing.replaceSupplies();
    expect(readOctets(mib, errorState)).toEqual(Uint8Array.of(0));
    expect(readNumber(mib, `${mibObject.prtMarkerSuppliesLevel}.1.4`)).toBe(17_000);
  });
});

describe("a jam", () => {
  it("shows in error bits, statuses, a new alert row, the counters of alerts and the console", () => {
    const { mib, ageing, change } = age("hp-color-laserjet-mfp-m4790dw");
    const before = [...mib.column(`${mibObject.prtAlertEntry}.2`).keys()];
    ageing.jam();
    expect(readOctets(mib, errorState)).toEqual(Uint8Array.of(0x24));
    expect(readNumber(mib, `${mibObject.hrPrinterStatus}.1`)).toBe(1);
    expect(readNumber(mib, `${mibObject.hrDeviceStatus}.1`)).toBe(5);
    const rows = [...mib.column(`${mibObject.prtAlertEntry}.2`).keys()];
    expect(rows).toEqual([...before, "1.59"]);
    expect(readNumber(mib, `${mibObject.prtAlertEntry}.7.1.59`)).toBe(8);
    expect(change(`${mibObject.prtAlertAllEvents}.1`)).toBe(1);
    expect(change(`${mibObject.prtAlertCriticalEvents}.1`)).toBe(1);
    expect(textAt(mib, `${mibObject.prtConsoleDisplayBufferText}.1.1`)).toBe("Paper jam");
  });

  it("leaves no trace when cleared but the alert counters, and the next has a new index", () => {
    const { mib, ageing } = age("hp-color-laserjet-mfp-m4790dw");
    ageing.jam();
    ageing.jam();
    ageing.clearJam();
    const changed = mib.recording.varbinds.filter(
      ({ oid, value }) => mib.get(oid)?.value.toString() !== value.value.toString(),
    );
    expect(changed.map(({ oid }) => oid)).toEqual([
      `${mibObject.prtAlertCriticalEvents}.1`,
      `${mibObject.prtAlertAllEvents}.1`,
    ]);
    ageing.jam();
    expect(mib.get(`${mibObject.prtAlertEntry}.2.1.60`)).toBeDefined();
  });

  it("keeps the printer stopped until every cause is gone", () => {
    const { mib, ageing } = age("brother-mfc-l8990cdw");
    ageing.openCover();
    ageing.jam();
    ageing.clearJam();
    expect(ageing.isStopped).toBe(true);
    expect(readNumber(mib, `${mibObject.prtCoverStatus}.1.1`)).toBe(3);
    ageing.closeCover();
    expect(readNumber(mib, `${mibObject.prtCoverStatus}.1.1`)).toBe(4);
    expect(readNumber(mib, `${mibObject.hrPrinterStatus}.1`)).toBe(3);
  });
});
