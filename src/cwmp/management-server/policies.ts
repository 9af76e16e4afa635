import {
  checkBoolean,
  checkDateTime,
  checkInt,
  checkUnsignedInt,
  unknownTime,
} from "../value-check.ts";
import type { DefinitionGroup } from "./definition.ts";

/** TR-181i2 2.17 `Device.ManagementServer.`: what the device does by itself at certain times, and where it is kicked. */
export const policyDefinitions = {
  /** Seconds after the session; -1 = none. */
  DelayReboot: { type: "int", initial: "-1", check: checkInt(-1) },
  "HeartbeatPolicy.Enable": { type: "boolean", initial: "false", check: checkBoolean },
  "HeartbeatPolicy.InitiationTime": {
    type: "dateTime",
    initial: unknownTime,
    check: checkDateTime,
  },
  "HeartbeatPolicy.ReportingInterval": {
    type: "unsignedInt",
    initial: "3600",
    check: checkUnsignedInt(30),
  },
  /** "" where nobody can kick. */
  KickURL: { type: "string", initial: "" },
  /** A time that has passed means none. */
  ScheduleReboot: { type: "dateTime", initial: unknownTime, check: checkDateTime },
} as const satisfies DefinitionGroup;
