/** Value sets of the PWG Semantic Model, verbatim; where a MIB numbers them, in the order of its numbers. */

/** State of the printer (PWG System Object, RFC 8011 `printer-state`). */
export const printerStates = [
  "Other",
  "Unknown",
  "Idle",
  "Processing",
  "Stopped",
  "Testing",
  "Down",
] as const;

/** State of a subunit; a list carries the availability first, then alerts and transitions (RFC 3805 PrtSubUnitStatusTC). */
export const subunitStates = [
  "AvailableAndActive",
  "AvailableAndBusy",
  "AvailableAndIdle",
  "AvailableAndStandby",
  "CriticalAlerts",
  "Down",
  "Offline",
  "Online",
  "Transitioning",
  "UnavailableAndBroken",
  "UnavailableAndOnRequest",
  "Unknown",
  "WarningAlerts",
] as const;

/** RFC 3805 prtMarkerSuppliesType 1–34 and IANA-PRINTER-MIB 35–36. */
export const supplyTypes = [
  "Other",
  "Unknown",
  "Toner",
  "WasteToner",
  "Ink",
  "InkCartridge",
  "InkRibbon",
  "WasteInk",
  "Opc",
  "Developer",
  "FuserOil",
  "SolidWax",
  "RibbonWax",
  "WasteWax",
  "Fuser",
  "CoronaWire",
  "FuserOilWick",
  "CleanerUnit",
  "FuserCleaningPad",
  "TransferUnit",
  "TonerCartridge",
  "FuserOiler",
  "Water",
  "WasteWater",
  "GlueWaterAdditive",
  "WastePaper",
  "BindingSupply",
  "BandingSupply",
  "StitchingWire",
  "ShrinkWrap",
  "PaperWrap",
  "Staples",
  "Inserts",
  "Covers",
  "MatteToner",
  "MatteInk",
] as const;

/** RFC 3805 prtMarkerSuppliesClass: other(1), supplyThatIsConsumed(3), receptacleThatIsFilled(4). */
export const supplyClasses = [
  "Other",
  "Unknown",
  "SupplyThatIsConsumed",
  "ReceptacleThatIsFilled",
] as const;

/** RFC 3805 capacity and counter units; `HundrethsOfFluidOunces` is the Semantic Model's own spelling. */
export const capacityUnits = [
  "Other",
  "Unknown",
  "TenThousandthsOfInches",
  "Micrometers",
  "Characters",
  "Lines",
  "Impressions",
  "Sheets",
  "DotRow",
  "Hours",
  "ThousandthsOfOunces",
  "TenthsOfGrams",
  "HundrethsOfFluidOunces",
  "TenthsOfMilliliters",
  "Feet",
  "Meters",
  "Items",
  "Percent",
] as const;

/** Condition of a supply as derived from level, class and error bits. */
export const supplyStatuses = [
  "OK",
  "Low",
  "Empty",
  "Missing",
  "Full",
  "AlmostFull",
  "Unknown",
] as const;

/** Condition of the media in a tray. */
export const trayLevelStatuses = ["OK", "Low", "Empty", "Missing", "Unknown"] as const;

/** RFC 3805 prtInputType. */
export const inputTrayTypes = [
  "Other",
  "Unknown",
  "SheetFeedAutoRemovableTray",
  "SheetFeedAutoNonRemovableTray",
  "SheetFeedManual",
  "ContinuousRoll",
  "ContinuousFanFold",
] as const;

/** RFC 3805 prtOutputType. */
export const outputTrayTypes = [
  "Other",
  "Unknown",
  "RemovableBin",
  "UnremovableBin",
  "ContinuousRollDevice",
  "MailBox",
  "ContinuousFanFold",
] as const;

/** Colorant names. */
export const colorants = [
  "Other",
  "Unknown",
  "Red",
  "Green",
  "Blue",
  "Cyan",
  "Magenta",
  "Yellow",
  "Black",
  "Orange",
  "White",
] as const;

/** RFC 3805 prtMarkerMarkTech, in its order. */
export const markerTechnologies = [
  "Other",
  "Unknown",
  "ElectrophotographicLED",
  "ElectrophotographicLaser",
  "ElectrophotographicOther",
  "ImpactMovingHeadDotMatrix9pin",
  "ImpactMovingHeadDotMatrix24pin",
  "ImpactMovingHeadDotMatrixOther",
  "ImpactMovingHeadFullyFormed",
  "ImpactBand",
  "ImpactOther",
  "InkjetAqueous",
  "InkjetSolid",
  "InkjetOther",
  "Pen",
  "ThermalTransfer",
  "ThermalSensitive",
  "ThermalDiffusion",
  "ThermalOther",
  "Electroerosion",
  "Electrostatic",
  "PhotographicMicrofiche",
  "PhotographicImagesetter",
  "PhotographicOther",
  "IonDeposition",
  "EBeam",
  "Typesetter",
] as const;

/** PWG condition severities, completed by the two of prtAlertSeverityLevel they lack. */
export const alertSeverities = [
  "Other",
  "Informational",
  "Warning",
  "WarningBinaryChangeEvent",
  "Critical",
] as const;

/** RFC 3805 prtCoverStatus. */
export const coverStatuses = [
  "Other",
  "Unknown",
  "CoverOpen",
  "CoverClosed",
  "InterlockOpen",
  "InterlockClosed",
] as const;

/** RFC 2863 ifOperStatus in TR-181 words. */
export const interfaceStates = [
  "Up",
  "Down",
  "Testing",
  "Unknown",
  "Dormant",
  "NotPresent",
  "LowerLayerDown",
] as const;

/** Kinds of network interface, a grouping of IANAifType. */
export const interfaceTypes = [
  "Other",
  "Ethernet",
  "WiFi",
  "Loopback",
  "PPP",
  "Tunnel",
  "USB",
  "Bluetooth",
  "Unknown",
] as const;

/** Sheet sides (RFC 8011 `sides`). */
export const sides = ["OneSided", "TwoSidedLongEdge", "TwoSidedShortEdge"] as const;

/** Page orientation (RFC 8011 `orientation-requested`). */
export const orientations = [
  "Portrait",
  "Landscape",
  "ReverseLandscape",
  "ReversePortrait",
] as const;

/** Colour handling (PWG 5100.13 `print-color-mode`). */
export const colorModes = ["Auto", "Monochrome", "Color", "BiLevel", "HighlightColor"] as const;
