import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/shared/clock.ts";
import { type EwsSimulator, startEwsSimulator } from "../../src/simulator/ews/ews-simulator.ts";
import { ewsStyles } from "../../src/simulator/ews/styles.ts";
import { MappedPrinter } from "./mapped-printer.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const credential = { username: "admin", password: "initpass" };

async function open(
  options: { readonly credential?: typeof credential } = {},
): Promise<{ pages: EwsSimulator; printer: MappedPrinter }> {
  const pages = await startEwsSimulator({ style: ewsStyles.toshiba, clock: systemClock });
  ends.push(() => pages.stop());
  const more = { ...options, allowUnverifiedWrites: true };
  const printer = await MappedPrinter.open(pages.host, pages.port, more);
  ends.push(() => printer.close());
  return { pages, printer };
}

describe("a Toshiba printer known by TopAccess alone", () => {
  it("is recognised and says who it is without a login", async () => {
    const { pages, printer } = await open();
    expect(printer.mapping.selected.name).toBe("vendor/toshiba/e-studio");
    const values = await printer.read();
    expect(values).toMatchObject({
      "General.Manufacturer": "Toshiba",
      "General.ModelName": "e-STUDIO SIM",
      "General.SerialNumber": "CSIM00001",
      "General.SystemName": "PRN-SIM",
    });
    expect(values["Network.LPD.Enable"]).toBeUndefined();
    const bodies = pages.requests.map(({ request }) => request.body);
    expect(bodies.join()).not.toContain("Login");
  });

  it("takes settings, one of them never told, and lets go of its session", async () => {
    const { pages, printer } = await open({ credential });
    const rowKey = "toshibaRecipients:email1";
    await printer.write([
      { template: "Network.SNMP.ReadCommunity", rowKey: undefined, value: "<&>" },
      { template: "Settings.EmailAlert.Recipient.{i}.Address", rowKey, value: "a@example.net" },
    ]);
    expect(pages.settings.get("Network.SNMP.ReadCommunity")).toBe("<&>");
    const values = await printer.read();
    expect(values[`Settings.EmailAlert.Recipient.[${rowKey}].Address`]).toBe("a@example.net");
    expect(values["Network.SNMP.ReadCommunity"]).toBeUndefined();
    await printer.close();
    expect(pages.requests.at(-1)?.request.body).toContain("<Logout>");
  });
});
