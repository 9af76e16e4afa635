import type { Outcome } from "../evaluate/datum.ts";
import type { Inputs } from "./inputs.ts";
import * as levels from "./levels.ts";
import * as state from "./state.ts";

/** A value computed of several; the list is closed, like that of the transforms. */
export interface Derivation {
  readonly description: string;
  /** Names of the inputs it looks at. */
  readonly inputs: readonly string[];
  readonly compute: (inputs: Inputs) => Outcome;
}

/** All derivations a mapping may name in `derive`. */
export const derivations = {
  remainingPercent: {
    description:
      "100 × level / capacity, rounded; absent for specials, unknown capacity and levels above capacity; the level itself when unit is Percent and no capacity is given.",
    inputs: ["level", "capacity", "unit"],
    compute: levels.remainingPercent,
  },
  supplyStatus: {
    description:
      "OK, Low, Empty, Missing, AlmostFull, Full, Unknown from alert words, else from level, capacity, class and type; 10 % and less is Low (AlmostFull).",
    inputs: ["level", "capacity", "unit", "class", "type", "alerts"],
    compute: levels.supplyStatus,
  },
  inputTrayStatus: {
    description: "OK, Low, Empty, Missing, Unknown from alert words, else from level and capacity.",
    inputs: ["level", "capacity", "unit", "alerts"],
    compute: levels.inputTrayStatus,
  },
  outputTrayStatus: {
    description:
      "OK, AlmostFull, Full, Missing, Unknown from alert words, else from the room left.",
    inputs: ["level", "capacity", "unit", "alerts"],
    compute: levels.outputTrayStatus,
  },
  printerState: {
    description:
      "Idle, Processing, Stopped, Testing, Unknown from hrDeviceStatus and hrPrinterStatus (RFC 2790).",
    inputs: ["device", "printer"],
    compute: state.printerState,
  },
  stateReasons: {
    description:
      "Reasons of the error bits, and Standby for a running device whose printer status is other.",
    inputs: ["errors", "device", "printer"],
    compute: state.stateReasons,
  },
  modelName: {
    description:
      "The model without the maker's name (or one of its aliases, one per line) in front.",
    inputs: ["model", "maker", "aliases"],
    compute: state.modelName,
  },
  kibibytes: {
    description: "(units − used) × unitOctets in kibibytes.",
    inputs: ["units", "unitOctets", "used"],
    compute: state.kibibytes,
  },
  isLit: {
    description: "true when onTime is above 0.",
    inputs: ["onTime"],
    compute: state.isLit,
  },
} as const satisfies Readonly<Record<string, Derivation>>;

/** A name a mapping may give in `derive`. */
export type DerivationName = keyof typeof derivations;

/** Names of all derivations. */
export const derivationNames = Object.keys(derivations) as [DerivationName, ...DerivationName[]];
