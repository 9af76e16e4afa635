import { expect, it } from "vitest";
import { parseConfig } from "../config/load.ts";
import { type WritePolicy, createWritePolicy } from "./write-policy.ts";

function policyOf(writes: string): WritePolicy {
  return createWritePolicy(parseConfig(`{ acs: { url: http://a }, writes: ${writes} }`).writes);
}
const local = (text: string): number => new Date(text).getTime();

it("lets printers be restarted at any time when no window is given", () => {
  expect(policyOf("{}").mayRestartAt(0)).toBe(true);
  expect(policyOf("{}").readOnly).toBe(false);
  expect(policyOf("{ readOnly: true }").readOnly).toBe(true);
});

it("lets printers be restarted within a window, and names the next one outside", () => {
  const policy = policyOf('{ maintenanceWindows: ["Sat 22:00-06:00", "Wed 12:00-13:00"] }');
  expect(policy.mayRestartAt(local("2026-11-22T03:00"))).toBe(true);
  expect(policy.mayRestartAt(local("2026-11-22T07:00"))).toBe(
    "the next maintenance window (Wed 12:00-13:00) begins Wed 2026-11-25 12:00",
  );
  expect(policy.mayRestartAt(local("2026-11-26T07:00"))).toBe(
    "the next maintenance window (Sat 22:00-06:00) begins Sat 2026-11-28 22:00",
  );
});
