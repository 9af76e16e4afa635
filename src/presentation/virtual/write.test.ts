import { describe, expect, it } from "vitest";
import { MemoryPrinter, MemoryProvisioningCode } from "../../../test/support/memory-printer.ts";
import { toPath } from "../../model/model.ts";
import { writeTogether } from "./write.ts";

const name = toPath("General.SystemName");
const port = toPath("Interaction.SNMP.Port");

/** A write to the printer and to the box, of which the box's half comes to nothing and the printer is gone by then. */
async function writeBoth(ofTheBox: () => unknown) {
  const view = new MemoryPrinter();
  view.poll({ "General.SystemName": "lp1" }, { writable: true });
  Object.assign(view.interaction, {
    set: () => {
      view.writeAnswer = { outcome: "unreachable", reason: "gone" };
      return ofTheBox();
    },
  });
  const assignments = [
    { path: name, value: "lp2" },
    { path: port, value: "1161" },
  ];
  const result = await writeTogether(assignments, {
    view,
    who: "acs",
    provisioningCode: new MemoryProvisioningCode(),
    snapshot: view.snapshot(),
    during: () => undefined,
  });
  return { result, attempts: view.written.length };
}

describe("a write to printer and box of which the box's half fails", () => {
  it("names what the printer kept when it could not be set back", async () => {
    const failures = [{ path: port, reason: "no" }];
    const { result } = await writeBoth(() => Promise.resolve({ outcome: "failed", failures }));
    const text = `not every value was taken; could not be put back: ${name}`;
    expect(result).toMatchObject({ outcome: "refused", text });
  });

  it("says so too when the store failed", async () => {
    const { result, attempts } = await writeBoth(() => Promise.reject(new Error("disk full")));
    expect(attempts).toBe(2);
    expect(result).toMatchObject({
      outcome: "refused",
      text: "the settings could not be stored (disk full); not everything could be set back",
    });
  });
});
