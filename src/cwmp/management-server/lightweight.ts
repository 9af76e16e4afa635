import {
  checkDateTime,
  checkOneOf,
  checkString,
  checkUnsignedInt,
  unknownTime,
} from "../value-check.ts";
import type { DefinitionGroup } from "./definition.ts";

/** TR-181i2 2.17 `Device.ManagementServer.`: notifications by datagram (TR-069a6 Annex M). */
export const lightweightDefinitions = {
  LightweightNotificationProtocolsSupported: { type: "string", initial: "UDP" },
  LightweightNotificationProtocolsUsed: {
    type: "string",
    initial: "",
    check: checkOneOf(["", "UDP"]),
  },
  LightweightNotificationTriggerInterval: {
    type: "unsignedInt",
    initial: "0",
    check: checkUnsignedInt(0),
  },
  LightweightNotificationTriggerTime: {
    type: "dateTime",
    initial: unknownTime,
    check: checkDateTime,
  },
  UDPLightweightNotificationHost: { type: "string", initial: "", check: checkString(256) },
  UDPLightweightNotificationPort: {
    type: "unsignedInt",
    initial: "7547",
    check: checkUnsignedInt(1, 65_535),
  },
} as const satisfies DefinitionGroup;
