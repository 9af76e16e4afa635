import { Missing } from "../evaluate/datum.ts";
import type { Transform } from "./transform.ts";

const notStatus = new Missing("not a PrtSubUnitStatusTC");

/** Availability, the low three bits of PrtSubUnitStatusTC (RFC 3805). */
const availability = [
  "AvailableAndIdle",
  "UnavailableAndOnRequest",
  "AvailableAndStandby",
  "UnavailableAndBroken",
  "AvailableAndActive",
  "Unknown",
  "AvailableAndBusy",
] as const;

const conditions = [
  [8, "WarningAlerts"],
  [16, "CriticalAlerts"],
  [32, "Offline"],
  [64, "Transitioning"],
] as const;

/** PrtSubUnitStatusTC as a list of words: availability first, then non-critical and critical alerts, offline, transitioning. */
export const subUnitStatus: Transform = (value) => {
  if (typeof value !== "number" || value < 0 || value > 126) return notStatus;
  const words = conditions.filter(([bit]) => (value & bit) !== 0).map(([, word]) => word);
  return [availability[value & 7] ?? "Unknown", ...words].join(",");
};

/**
 * hrPrinterDetectedErrorState bits, most significant first (RFC 2790), as RFC 8011 §5.4.12 keywords in Semantic Model
 * spelling. noPaper and inputTrayEmpty are both MediaEmpty ("at least one input tray is empty").
 */
const errorReasons = [
  "MediaLow",
  "MediaEmpty",
  "MarkerSupplyLow",
  "MarkerSupplyEmpty",
  "DoorOpen",
  "MediaJam",
  "Offline",
  "ServiceRequested",
  "InputTrayMissing",
  "OutputTrayMissing",
  "MarkerSupplyMissing",
  "OutputAreaAlmostFull",
  "OutputAreaFull",
  "MediaEmpty",
  "PreventiveMaintenanceOverdue",
] as const;

const notBits = new Missing("not an error state");

/** Whether bit `n` of a BITS value is set, bit 0 the most significant of the first octet. */
function hasBit(octets: Uint8Array, n: number): boolean {
  return ((octets[n >> 3] ?? 0) & (0x80 >> (n & 7))) !== 0;
}

/** Error bits as a list of reasons; no octets or no bits: the empty list. */
export const errorStateReasons: Transform = (value) => {
  if (!(value instanceof Uint8Array)) return notBits;
  const reasons = errorReasons.filter((_, n) => hasBit(value, n));
  return [...new Set(reasons)].join(",");
};
