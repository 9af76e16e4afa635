import { expect, it } from "vitest";
import { PageMemory } from "./page-memory.ts";
import type { FleetPorts, PrinterDrivers } from "./ports.ts";
import { PrinterLink } from "./printer-link.ts";
import { ProtocolOutcomes } from "./protocol-outcomes.ts";

it("keeps pins and refused passwords of a printer that moved, and where its server was not", () => {
  const forgotten: string[] = [];
  const drivers: Partial<PrinterDrivers> = {
    keep: () => "a pin",
    forgetOrigin: () => forgotten.push("origin"),
    forgetPages: () => forgotten.push("pages"),
    forgetMissing: () => forgotten.push("missing"),
  };
  const made: (string | undefined)[] = [];
  const ports: Partial<FleetPorts> = {
    mappings: () => ({ byName: () => undefined }) as unknown as ReturnType<FleetPorts["mappings"]>,
    driversFor: (kept) => {
      made.push(kept);
      return drivers as PrinterDrivers;
    },
  };
  const address = { host: "192.0.2.1", snmpPort: 161, ews: undefined, credential: undefined };
  const nobody = { oui: "", productClass: "", serialNumber: "", macAddress: undefined };
  const link = new PrinterLink({
    ...{ id: "p", identity: nobody, address, mapping: "base", upTime: undefined, kept: "a pin" },
    ports: ports as FleetPorts,
    pages: new PageMemory(undefined, { onChange: () => undefined, firmware: () => "" }),
    settings: {},
    outcomes: new ProtocolOutcomes(undefined),
    tell: () => undefined,
  });
  link.moveTo({ ...address, host: "192.0.2.9" });
  expect(link.kept).toBe("a pin");
  expect(made).toEqual(["a pin"]);
  expect(forgotten).toEqual(["origin", "pages", "missing"]);
});
