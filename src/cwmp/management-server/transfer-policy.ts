import { type ValueCheck, checkBoolean, checkOneOf } from "../value-check.ts";
import type { DefinitionGroup } from "./definition.ts";

const longestFilter = 1_024;

/** File types that may stand in FileTypeFilter (TR-181i2 2.17). */
const filterable =
  /^(?:1 Firmware Upgrade Image|2 Web Content|3 Vendor Configuration File|4 Vendor Log File|X [0-9A-F]{6} .*)$/;

/** The entries of a list of strings (TR-106 §3.2.3): commas within them are percent-encoded. */
export function listEntries(text: string): readonly string[] {
  return text.trim() === ""
    ? []
    : text.split(",").map((entry) => entry.trim().replaceAll("%2C", ",").replaceAll("%25", "%"));
}

const checkFileTypes: ValueCheck = (text) => {
  if (text.length > longestFilter) return { reason: `is longer than ${longestFilter} characters` };
  const unknown = listEntries(text).find((entry) => !filterable.test(entry));
  return unknown === undefined ? { value: text } : { reason: `"${unknown}" is no file type of it` };
};

/**
 * TR-181i2 2.17 `Device.ManagementServer.AutonomousTransferCompletePolicy.`: which transfers nobody ordered the ACS hears of.
 * None, until it says so; then all.
 */
export const transferPolicyDefinitions = {
  "AutonomousTransferCompletePolicy.Enable": {
    type: "boolean",
    initial: "false",
    check: checkBoolean,
  },
  "AutonomousTransferCompletePolicy.FileTypeFilter": {
    type: "string",
    initial: "1 Firmware Upgrade Image,2 Web Content,3 Vendor Configuration File,4 Vendor Log File",
    check: checkFileTypes,
  },
  "AutonomousTransferCompletePolicy.ResultTypeFilter": {
    type: "string",
    initial: "Both",
    check: checkOneOf(["Success", "Failure", "Both"]),
  },
  "AutonomousTransferCompletePolicy.TransferTypeFilter": {
    type: "string",
    initial: "Both",
    check: checkOneOf(["Upload", "Download", "Both"]),
  },
} as const satisfies DefinitionGroup;
