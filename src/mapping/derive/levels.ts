import { Missing, type Outcome } from "../evaluate/datum.ts";
import { type Inputs, listInput, numberInput, textInput } from "./inputs.ts";

/** RFC 3805 prtMarkerSuppliesLevel: -3 some remaining, -2 unknown, -1 other or no restriction. */
const someRemaining = -3;
const unknownLevel = -2;
const noRestriction = -1;

/** At and below this share a supply or tray counts as low; a box that has only this share of room as almost full. */
const lowPercent = 10;

const notMeasured = new Missing("level not measured");
const overCapacity = new Missing("level above capacity");
const noCapacity = new Missing("capacity not known");

/**
 * Remaining percent: level of capacity where both are measured; the level itself where the unit is percent and no
 * capacity is given. A level above capacity is no percentage (Brother's 150 %).
 */
export function remainingPercent(inputs: Inputs): Outcome {
  const level = numberInput(inputs, "level");
  const capacity = numberInput(inputs, "capacity");
  if (level === undefined || level < 0) return notMeasured;
  if (capacity !== undefined && capacity > 0)
    return level > capacity ? overCapacity : Math.round((100 * level) / capacity);
  if (textInput(inputs, "unit") !== "Percent") return noCapacity;
  return level > 100 ? overCapacity : level;
}

const missingCodes = ["SubunitMissing", "SubunitRemoved", "MarkerTonerCartridgeMissing"];
const emptyCodes = [
  "MarkerTonerEmpty",
  "MarkerInkEmpty",
  "MarkerPrintRibbonEmpty",
  "MarkerDeveloperEmpty",
  "MarkerOpcLifeOver",
  "SubunitLifeOver",
  "SubunitEmpty",
];
const fullCodes = ["MarkerWasteTonerReceptacleFull", "MarkerWasteInkReceptacleFull", "SubunitFull"];
const lowCodes = [
  "MarkerTonerAlmostEmpty",
  "MarkerInkAlmostEmpty",
  "MarkerPrintRibbonAlmostEmpty",
  "MarkerDeveloperAlmostEmpty",
  "MarkerOpcLifeAlmostOver",
  "SubunitLifeAlmostOver",
  "SubunitAlmostEmpty",
  "SubunitNearLimit",
];
const almostFullCodes = [
  "MarkerWasteTonerReceptacleAlmostFull",
  "MarkerWasteInkReceptacleAlmostFull",
  "SubunitAlmostFull",
];

/** What the printer's alerts say of one supply; the gravest wins. */
function statusByAlerts(codes: readonly string[]): string | undefined {
  const has = (wanted: readonly string[]): boolean => codes.some((code) => wanted.includes(code));
  if (has(missingCodes)) return "Missing";
  if (has(fullCodes)) return "Full";
  if (has(emptyCodes)) return "Empty";
  if (has(almostFullCodes)) return "AlmostFull";
  return has(lowCodes) ? "Low" : undefined;
}

/**
 * Condition of a supply. Alerts of the printer about this supply decide; else the level: nothing left is Empty, for a
 * receptacle (whose level is the room left, RFC 3805) Full.
 */
export function supplyStatus(inputs: Inputs): Outcome {
  const byAlerts = statusByAlerts(listInput(inputs, "alerts"));
  if (byAlerts !== undefined) return byAlerts;
  const isReceptacle =
    textInput(inputs, "class") === "ReceptacleThatIsFilled" ||
    /^Waste/.test(textInput(inputs, "type") ?? "");
  const words = isReceptacle ? (["Full", "AlmostFull"] as const) : (["Empty", "Low"] as const);
  return byLevel(inputs, words);
}

/** Condition of the media in an input tray. */
export function inputTrayStatus(inputs: Inputs): Outcome {
  const codes = listInput(inputs, "alerts");
  if (codes.includes("InputMediaTrayMissing") || codes.includes("SubunitMissing")) return "Missing";
  if (codes.includes("InputMediaSupplyEmpty") || codes.includes("SubunitEmpty")) return "Empty";
  if (codes.includes("InputMediaSupplyLow") || codes.includes("SubunitAlmostEmpty")) return "Low";
  return byLevel(inputs, ["Empty", "Low"]);
}

/** Condition of an output tray by the room left in it. */
export function outputTrayStatus(inputs: Inputs): Outcome {
  const codes = listInput(inputs, "alerts");
  if (codes.includes("OutputMediaTrayMissing") || codes.includes("SubunitMissing"))
    return "Missing";
  if (codes.includes("OutputMediaTrayFull") || codes.includes("SubunitFull")) return "Full";
  if (codes.includes("OutputMediaTrayAlmostFull") || codes.includes("SubunitAlmostFull"))
    return "AlmostFull";
  return byLevel(inputs, ["Full", "AlmostFull"]);
}

function byLevel(inputs: Inputs, [none, little]: readonly [string, string]): string {
  const level = numberInput(inputs, "level");
  if (level === undefined || level === unknownLevel || level < someRemaining) return "Unknown";
  if (level === someRemaining || level === noRestriction) return "OK";
  if (level === 0) return none;
  const percent = remainingPercent(inputs);
  return typeof percent === "number" && percent <= lowPercent ? little : "OK";
}
