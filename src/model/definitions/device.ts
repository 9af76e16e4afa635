import type { ParameterDefinition } from "../definition.ts";
import { list, moment, text, whole } from "./builders.ts";

/** Parameters of `Device.DeviceInfo.` (TR-181i2 2.17) a mapping may fill; the rest is identity or mfpgate's own. */
export const deviceInfoTargets: readonly ParameterDefinition[] = [
  text("ModelName", "Model of the printer.", { maxLength: 64 }),
  text("ModelNumber", "Maker's model number.", { maxLength: 64 }),
  text("Description", "Description of the printer.", { maxLength: 256 }),
  text("HardwareVersion", "Hardware version.", { maxLength: 64 }),
  {
    ...text("SoftwareVersion", "Firmware version.", { maxLength: 64 }),
    activeNotify: "forceEnabled",
  },
  list("AdditionalHardwareVersion", "Versions of other hardware.", { maxLength: 64 }),
  list("AdditionalSoftwareVersion", "Versions of other firmware components.", { maxLength: 64 }),
  {
    ...whole("UpTime", "Seconds since the printer last started.", { units: "seconds" }),
    activeNotify: "canDeny",
  },
  moment("FirstUseDate", "When the printer first worked with a known time."),
];
