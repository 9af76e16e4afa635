import { expect, it } from "vitest";
import { redact } from "../shared/redact.ts";
import { toPath } from "./model.ts";
import { registerSecretValues } from "./secret-values.ts";

it("blanks out what is hidden, and neither other values nor the usual community", () => {
  registerSecretValues([
    { path: toPath("Network.SMTP.Password"), value: "mail-pass-1" },
    { path: toPath("Network.SNMP.ReadCommunity"), value: "public" },
    { path: toPath("General.SystemLocation"), value: "Room 2" },
  ]);
  expect(redact("mail-pass-1 public Room 2")).toBe("[redacted] public Room 2");
});
