import type { CaptureFacts } from "../capture-facts.ts";

/** The JSON pages of SyncThru Web Service 5. */
export const samsungM2070: CaptureFacts = {
  capture: "samsung-m2070",
  mapping: "vendor/samsung/printer",
  facts: {
    model_name: "General.ModelName",
    host_name: "General.SystemName",
    serial_num: "General.SerialNumber",
    "toner black remaining": "Supply[Type=TonerCartridge].RemainingPercent",
    memory: "General.MemorySize",
  },
  without: {
    "admin default password in use": "a warning for the site, no setting of the model",
    "colour device": "the model says it by its supplies",
  },
};
