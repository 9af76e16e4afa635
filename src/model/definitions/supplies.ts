import type { ObjectDefinition } from "../definition.ts";
import { choice, counter, flag, level, list, moment, signed, text, whole } from "./builders.ts";
import {
  capacityUnits,
  colorants,
  markerTechnologies,
  subunitStates,
  supplyClasses,
  supplyStatuses,
  supplyTypes,
} from "./enumerations.ts";

/** Print engines and what they use up, drums, fusers and rollers included. */
export const supplyObjects: readonly ObjectDefinition[] = [
  {
    path: "Marker.{i}.",
    description: "Print engines (prtMarkerTable).",
    countedBy: "MarkerNumberOfEntries",
    parameters: [
      choice("Technology", markerTechnologies, "Printing technology (prtMarkerMarkTech)."),
      choice(
        "CounterUnit",
        capacityUnits,
        "Unit of LifeCount and PowerOnCount (prtMarkerCounterUnit).",
      ),
      counter(
        "LifeCount",
        "Units marked since manufacture (prtMarkerLifeCount); the meter of the printer.",
      ),
      counter("PowerOnCount", "Units marked since power-on (prtMarkerPowerOnCount)."),
      signed("ProcessColorants", "Number of process colorants (prtMarkerProcessColorants)."),
      signed("SpotColorants", "Number of spot colorants (prtMarkerSpotColorants)."),
      signed(
        "AddressabilityFeedDir",
        "Resolution in feed direction, dots per unit (prtMarkerAddressabilityFeedDir).",
      ),
      signed(
        "AddressabilityXFeedDir",
        "Resolution across the feed direction (prtMarkerAddressabilityXFeedDir).",
      ),
      choice(
        "AddressabilityUnit",
        ["TenThousandthsOfInches", "Micrometers", "Other", "Unknown"],
        "Per how much length: 10000 of the unit (prtMarkerAddressabilityUnit).",
      ),
      list("Status", "State of the subunit (prtMarkerStatus).", { words: subunitStates }),
    ],
  },
  {
    path: "Supply.{i}.",
    description:
      "Consumables, receptacles and replaceable units (prtMarkerSuppliesTable and vendors' tables). Rows keep their number when a cartridge is swapped.",
    countedBy: "SupplyNumberOfEntries",
    parameters: [
      choice("Type", supplyTypes, "Kind of supply (prtMarkerSuppliesType)."),
      choice("Class", supplyClasses, "Consumed or filled (prtMarkerSuppliesClass)."),
      text("Description", "Name the printer gives it (prtMarkerSuppliesDescription).", {
        maxLength: 512,
      }),
      choice(
        "ColorantName",
        colorants,
        "Colorant it carries (prtMarkerColorantValue by colorant index).",
      ),
      choice(
        "CapacityUnit",
        capacityUnits,
        "Unit of MaxCapacity and CurrentLevel (prtMarkerSuppliesSupplyUnit).",
      ),
      level("MaxCapacity", "Capacity when new (prtMarkerSuppliesMaxCapacity)."),
      level(
        "CurrentLevel",
        "What remains; of a receptacle, the space that remains (prtMarkerSuppliesLevel).",
      ),
      {
        ...signed(
          "RemainingPercent",
          "CurrentLevel of MaxCapacity in percent; present only when both are known, or when the printer itself gives a percentage.",
          { units: "percent", minimum: -3, maximum: 100 },
        ),
        activeNotify: "canDeny",
      },
      choice("Status", supplyStatuses, "Condition derived from level, class and error bits."),
      text("PartNumber", "Maker's order number."),
      text("SerialNumber", "Serial number of the cartridge or unit."),
      moment("InstallDate", "When it was put in."),
      counter("PagesPrinted", "Pages printed with it.", "pages"),
      counter("EstimatedPagesRemaining", "The printer's own estimate.", "pages"),
      counter("ServiceLifeImpressions", "Rated life of a replaceable unit.", "impressions"),
      counter(
        "ImpressionsSinceReplaced",
        "Use of a replaceable unit since it was replaced.",
        "impressions",
      ),
      whole(
        "MarkerIndex",
        "Row of Marker the supply belongs to, 0 for the whole printer (prtMarkerSuppliesMarkerIndex).",
      ),
      flag("Reset", "Writing true tells the printer that the unit was replaced; reads false.", {
        writable: true,
      }),
    ],
  },
];
