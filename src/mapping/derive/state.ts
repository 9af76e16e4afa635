import { Missing, type Outcome } from "../evaluate/datum.ts";
import { type Inputs, numberInput, textInput } from "./inputs.ts";

const device = { unknown: 1, running: 2, warning: 3, testing: 4, down: 5 } as const;
const printer = { other: 1, unknown: 2, idle: 3, printing: 4, warmup: 5 } as const;

const notTold = new Missing("neither hrDeviceStatus nor hrPrinterStatus tells the state");

/**
 * State of the printer by the table under hrPrinterStatus in RFC 2790: down/other is off-line or a critical alert
 * (Stopped), running/other is standby (Idle: it accepts jobs), warming up is Processing, a warning changes nothing.
 */
export function printerState(inputs: Inputs): Outcome {
  const deviceStatus = numberInput(inputs, "device");
  const printerStatus = numberInput(inputs, "printer");
  if (deviceStatus === device.testing) return "Testing";
  if (printerStatus === printer.printing) return "Processing";
  if (printerStatus === printer.warmup) return "Processing";
  if (deviceStatus === device.down) return "Stopped";
  if (printerStatus === printer.idle) return "Idle";
  const isUp = deviceStatus === device.running || deviceStatus === device.warning;
  if (printerStatus === printer.other) return isUp ? "Idle" : "Other";
  if (printerStatus === printer.unknown || deviceStatus === device.unknown) return "Unknown";
  return notTold;
}

/** The reasons of the error bits, and Standby where the status table says so (running/other). */
export function stateReasons(inputs: Inputs): Outcome {
  const bits = inputs["errors"];
  if (typeof bits !== "string") return bits instanceof Missing ? bits : notTold;
  const isStandby =
    numberInput(inputs, "printer") === printer.other &&
    numberInput(inputs, "device") === device.running;
  return [...(bits === "" ? [] : [bits]), ...(isStandby ? ["Standby"] : [])].join(",");
}

const noModel = new Missing("no model told");

/** A model without the maker's name in front; the text as it is when nothing would be left. */
export function modelName(inputs: Inputs): Outcome {
  const model = textInput(inputs, "model");
  if (model === undefined) return noModel;
  const makers = [textInput(inputs, "maker"), ...(textInput(inputs, "aliases")?.split("\n") ?? [])];
  return withoutMaker(model, makers);
}

/** `Brother HL-L8260CDW series` of `Brother` → `HL-L8260CDW series`. */
export function withoutMaker(model: string, makers: readonly (string | undefined)[]): string {
  // Longest first: "Acme Corp. Laser" must not be left with "Corp. Laser" by "Acme".
  const names = makers.flatMap((maker) => (maker === undefined || maker === "" ? [] : maker));
  for (const maker of names.sort((a, b) => b.length - a.length)) {
    if (!model.toLowerCase().startsWith(`${maker.toLowerCase()} `)) continue;
    const rest = model.slice(maker.length + 1).trim();
    if (rest !== "") return withoutMaker(rest, makers);
  }
  return model;
}

const noSize = new Missing("size not told");

/** Kibibytes of hrStorage figures: a number of allocation units times their size in octets. */
export function kibibytes(inputs: Inputs): Outcome {
  const units = numberInput(inputs, "units");
  const unitOctets = numberInput(inputs, "unitOctets");
  if (units === undefined || unitOctets === undefined || units < 0) return noSize;
  const used = inputs["used"] === undefined ? 0 : numberInput(inputs, "used");
  if (used === undefined || used > units) return noSize;
  return Math.floor(((units - used) * unitOctets) / 1024);
}

const noLight = new Missing("times of the light not told");

/** A light is lit when it is on for some time (RFC 3805 prtConsoleOnTime, prtConsoleOffTime). */
export function isLit(inputs: Inputs): Outcome {
  const onTime = numberInput(inputs, "onTime");
  return onTime === undefined ? noLight : onTime > 0;
}
