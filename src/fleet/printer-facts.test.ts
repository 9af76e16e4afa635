import { expect, it } from "vitest";
import { SimpleMapping } from "../../test/fleet/simple-mapping.ts";
import { readOnlyReason } from "./printer-facts.ts";
import type { PrinterLink } from "./printer-link.ts";

const location = "General.SystemLocation";

class UnverifiedMapping extends SimpleMapping {
  override readonly writable = new Set<string>();
  override readonly unverified = new Set([location]);
}

function reasonWith(mapping: SimpleMapping, readOnly = false): string | undefined {
  const link = { mapping, settings: {}, mayWrite: () => true } as unknown as PrinterLink;
  return readOnlyReason(location, link, { readOnly, mayRestartAt: () => true });
}

it("names the key that would allow a write nobody has seen working", () => {
  expect(reasonWith(new UnverifiedMapping())).toMatch(/writes\.allowUnverified/);
  expect(reasonWith(new UnverifiedMapping(), true)).toMatch(/writes\.readOnly/);
  expect(reasonWith(new SimpleMapping())).toBe("cannot be set before the printer is read again");
});
