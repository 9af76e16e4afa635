import { checkBoolean, checkOneOf } from "../value-check.ts";
import type { DefinitionGroup } from "./definition.ts";

/** TR-181i2 2.17 `Device.ManagementServer.`: how rows of tables are named (TR-069a6 §3.6.1). */
export const addressingDefinitions = {
  AliasBasedAddressing: { type: "boolean", initial: "true" },
  AutoCreateInstances: { type: "boolean", initial: "false", check: checkBoolean },
  InstanceMode: {
    type: "string",
    initial: "InstanceNumber",
    check: checkOneOf(["InstanceNumber", "InstanceAlias"]),
  },
  InstanceWildcardsSupported: { type: "boolean", initial: "true" },
} as const satisfies DefinitionGroup;
