import type { CaptureFacts } from "../capture-facts.ts";

/** The JSON pages of SyncThru Web Service 5. */
export const samsungM2070: CaptureFacts = {
  capture: "samsung-m2070",
  mapping: "vendor/samsung/printer",
  facts: {
    "hrDeviceStatus code": { path: "General.State", as: "Idle" },
    model_name: "General.ModelName",
    host_name: "General.SystemName",
    serial_num: "General.SerialNumber",
    mac_addr: "Network.Interface[*].PhysicalAddress",
    ip_addr: "Network.Interface[*].IPAddress",
    "toner black remaining": "Supply[Type=TonerCartridge].RemainingPercent",
    "tray1 capacity": "InputTray[Name=tray1].MaxCapacity",
    "installed input trays": { rows: "InputTray" },
    "display text": "General.ConsoleText",
    "black toner pages printed": "Supply[ColorantName=Black].PagesPrinted",
    "output tray capacity": "OutputTray[*].MaxCapacity",
    memory: "General.MemorySize",
    "active alerts": { rows: "Alert" },
    "colour device": "General.ColorSupported",
  },
  without: {
    "admin default password in use": "a warning for the site, no setting of the model",
  },
};

/** The HTML pages of SyncThru Web Service before that. */
export const samsungScx4623: CaptureFacts = {
  capture: "samsung-scx-4623",
  mapping: "vendor/samsung/syncthru-html",
  facts: {
    model: "General.ModelName",
    "host name": "General.SystemName",
    "IP address": "Network.Interface[*].IPAddress",
    contact: "General.OwnerContact",
    "tray 1 status": { path: "InputTray[Name=tray1].LevelStatus", as: "OK" },
    "tray 2 installed": { path: "InputTrayNumberOfEntries", as: 1 },
    "tray 3 installed": { path: "InputTrayNumberOfEntries", as: 1 },
    "fax installed": { path: "FaxModem[*].Name", as: "Fax" },
    "drum installed": { path: "SupplyNumberOfEntries", as: 1 },
    "black toner status": { path: "Supply[ColorantName=Black].Status", as: "OK" },
    "black toner remaining": "Supply[ColorantName=Black].RemainingPercent",
    "toner serial number": "Supply[ColorantName=Black].SerialNumber",
    "toner capacity": "Supply[ColorantName=Black].ServiceLifeImpressions",
    "toner status": { path: "Supply[ColorantName=Black].Status", as: "OK" },
    "MAC address": { path: "Network.Interface[*].PhysicalAddress", as: "00:15:99:85:84:a5" },
  },
  without: {
    location:
      "blank on the page; what is told is that of the settings page, which is another unit's",
    "toner vendor id": "who filled the cartridge, which is no order number",
    "ethernet speed": "the model has the speed that is, not the one that is asked for",
  },
};
