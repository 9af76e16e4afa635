import type { CaptureFacts } from "../capture-facts.ts";

const supply = (colorant: string, name: string): string =>
  `Supply[ColorantName=${colorant}].${name}`;

/** LEDM documents of an engine built by Samsung. */
export const hpColorLaser178: CaptureFacts = {
  capture: "hp-color-laser-mfp-178nw",
  mapping: "vendor/hp/samsung-built",
  facts: {
    model: "General.MakeAndModel",
    "product number": "General.ProductNumber",
    firmware: "Device.DeviceInfo.SoftwareVersion",
    "device language": "General.NaturalLanguage",
    "status category": { path: "General.StateReasons", as: "Standby" },
    "alert count": { rows: "Alert" },
    "alert ids": { path: "Alert[*].Code", as: "genuineHP" },
    "alert severity": { path: "Alert[*].Severity", as: "Informational" },
    "K remaining": supply("Black", "RemainingPercent"),
    "C remaining": supply("Cyan", "RemainingPercent"),
    "M remaining": supply("Magenta", "RemainingPercent"),
    "Y remaining": supply("Yellow", "RemainingPercent"),
    "Y state": { path: supply("Yellow", "Status"), as: "Low" },
    "K part number": supply("Black", "PartNumber"),
    "C part number": supply("Cyan", "PartNumber"),
    "M part number": supply("Magenta", "PartNumber"),
    "Y part number": supply("Yellow", "PartNumber"),
    "consumable count": { rows: "Supply" },
    "consumable type": { path: supply("Black", "Type"), as: "Toner" },
    "host name": "General.SystemName",
    adaptors: { path: "Network.Interface[*].Type", as: "WiFi" },
    "DNS-SD service name": "General.PrinterName",
  },
  without: {
    "admin password status": "a warning for the site, no setting of the model",
    "duplex unit":
      "the model has rows for ways of the paper that are there, not for those that are not",
    "supported applications": "what the firmware can, not what is switched on",
    "direct print": "printing over Wi-Fi Direct has no place in the model",
  },
};

/** CDM documents. */
export const hpSmartTank580: CaptureFacts = {
  capture: "hp-smart-tank-580-590",
  mapping: "vendor/hp/cdm",
  facts: {
    model: "General.ModelName",
    manufacturer: "General.Manufacturer",
    "product number": "General.ProductNumber",
    "serial number": "General.SerialNumber",
    firmware: "Device.DeviceInfo.SoftwareVersion",
    "install date": { path: "General.InstallDate", as: "2025-03-14T00:00:00Z" },
    "total impressions": "Counters.Impressions",
    "monochrome impressions": "Counters.MonochromeImpressions",
    "colour impressions": "Counters.FullColorImpressions",
    "copy impressions": "Counters.Copy.Impressions",
    sheets: "Counters.TotalSheets",
    "scan images total": "Counters.Images",
    "v1/v2 enabled": "Network.SNMP.V1V2cEnable",
    "read community set": { path: "Network.SNMP.ReadCommunity", as: "" },
    "port 9100 enabled": "Network.RawPort.Enable",
    "ipp enabled": "Network.IPP.Enable",
    "wsd print enabled": "Network.WSD.Enable",
    "alert count": { rows: "Alert" },
    "alert categories": { path: "Alert[*].Code", as: "usedSupplyPrompt" },
    "alert colours": { path: "Alert[*].Description", as: "CMY inkCartridge" },
  },
  without: {
    "send images as reported": "-16 is no count; absent on purpose",
    access: "whether the agent may be written is no setting of the model",
    "public allowed": "a community of its own, no setting of the model",
    "write community set": "the model reads communities back empty, set or not",
    "ipps enabled": "the model has one switch for IPP",
    "airprint enabled": "the model has no switch for AirPrint",
    "llmnr enabled": "the model has no LLMNR",
  },
};
