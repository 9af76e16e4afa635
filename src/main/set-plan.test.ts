import { describe, expect, it } from "vitest";
import { MemoryPrinter } from "../../test/support/memory-printer.ts";
import type { CheckedAssignments } from "../cwmp/rpc/assignments.ts";
import type { PrinterWrite } from "../fleet/write-port.ts";
import type { WritePreview } from "../fleet/write-preview.ts";
import { toPath } from "../model/model.ts";
import { SouthboundError } from "../southbound/errors.ts";
import type { Place } from "./box-places.ts";
import { planSet } from "./set-plan.ts";

const row = "Device.Services.X_MFPGATE-ORG_MFP.7.";
const name = "General.SystemName";
const password = "Network.SMTP.Password";

/** A printer with a name and a password, shown as row 7 of the proxier; `planWrites` tells what it was asked. */
function embedded(plan?: Partial<WritePreview>) {
  const printer = new MemoryPrinter();
  printer.poll({ [name]: "lp1", [password]: "" }, { writable: true });
  const asked: (readonly PrinterWrite[])[] = [];
  const planning = {
    snapshot: () => printer.snapshot(),
    interaction: printer.interaction,
    planWrites: (writes: readonly PrinterWrite[]): Promise<WritePreview> => {
      asked.push(writes);
      const [first] = writes;
      const step = {
        paths: writes.map(({ path }) => path),
        write: { driver: "snmp", writes: [] } as const,
        description: "SNMP SET 1.2.3",
        restarts: undefined,
        isUnreadable: false,
      };
      const before = new Map(first === undefined ? [] : [[first.path, "lp-fresh"]]);
      return Promise.resolve({ steps: [step], objections: [], before, ...plan });
    },
  };
  const values = new Map([
    [row + name, { path: row + name, type: "string", value: "lp1" }],
    ["Device.ManagementServer.URL", { path: "", type: "string", value: "http://old" }],
  ]);
  const place = { row, endpoint: { tree: { get: (path: string) => values.get(path) } } };
  return { planning, asked, place: place as unknown as Place };
}

function checked(part: Partial<CheckedAssignments>): CheckedAssignments {
  return { faults: [], own: [], foreign: [], asAsked: (faults) => faults, ...part };
}

describe("the plan of a set", () => {
  it("asks the printer by its own names and answers by those that were used", async () => {
    const { planning, asked, place } = embedded();
    const foreign = [{ path: row + name, value: "lp2" }];
    const own = [{ path: "Device.ManagementServer.URL", value: "http://new" }];
    const plan = await planSet(checked({ foreign, own }), place, planning);
    expect(asked).toEqual([[{ path: toPath(name), value: "lp2" }]]);
    expect(plan.steps).toEqual([
      { driver: "snmp", description: "SNMP SET 1.2.3", paths: [row + name], restarts: null },
      {
        driver: "mfpgate",
        description: "kept in the box",
        paths: ["Device.ManagementServer.URL"],
        restarts: null,
      },
    ]);
    expect(plan.changes).toEqual([
      { path: row + name, from: "lp-fresh", to: "lp2" },
      { path: "Device.ManagementServer.URL", from: "http://old", to: "http://new" },
    ]);
  });

  it("shows no secret, neither old nor new", async () => {
    const { planning, place } = embedded();
    const foreign = [{ path: row + password, value: "open-sesame" }];
    const plan = await planSet(checked({ foreign }), place, planning);
    expect(plan.changes).toEqual([{ path: row + password, from: "[redacted]", to: "[redacted]" }]);
    expect(JSON.stringify(plan)).not.toContain("open-sesame");
  });

  it("has no steps when anything is objected to, and asks no printer about what is wrong in itself", async () => {
    const { planning, asked, place } = embedded({
      objections: [{ path: toPath(name), reason: "too long" }],
    });
    const foreign = [{ path: row + name, value: "lp2" }];
    const objected = await planSet(checked({ foreign }), place, planning);
    expect(objected).toMatchObject({
      steps: [],
      objections: [{ path: row + name, code: null, text: "too long" }],
    });
    const faults = [{ path: "Device.X", code: 9005 as const, text: "is no parameter" }];
    const wrong = await planSet(checked({ foreign, faults }), place, planning);
    expect(wrong).toMatchObject({ steps: [], objections: faults });
    expect(asked).toHaveLength(1);
  });

  it("tells what keeps mfpgate from talking to the printer in that way, and asks no printer", async () => {
    const { planning, asked, place } = embedded();
    const path = `${row}Interaction.SNMP.Port`;
    const foreign = [{ path, value: "1161" }];
    const kept = await planSet(checked({ foreign }), place, planning);
    expect(kept.steps).toMatchObject([{ driver: "mfpgate", paths: [path] }]);
    planning.interaction.objection = "no";
    const objected = await planSet(checked({ foreign }), place, planning);
    expect(objected).toMatchObject({ steps: [], objections: [{ path, code: 9007, text: "no" }] });
    expect(asked).toEqual([]);
  });

  it("says that a silent printer cannot be asked", async () => {
    const { planning, place } = embedded();
    const silent = new SouthboundError("no answer from 192.0.2.1", { code: "snmp.timeout" });
    const plan = planSet(checked({ foreign: [{ path: row + name, value: "lp2" }] }), place, {
      ...planning,
      planWrites: () => Promise.reject(silent),
    });
    await expect(plan).rejects.toMatchObject({
      status: 502,
      message: "the printer cannot be asked: no answer from 192.0.2.1",
    });
  });
});
