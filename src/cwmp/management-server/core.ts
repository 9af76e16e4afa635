import {
  checkBoolean,
  checkDateTime,
  checkHttpUrl,
  checkString,
  checkUnsignedInt,
  unknownTime,
} from "../value-check.ts";
import type { DefinitionGroup } from "./definition.ts";

const text256 = checkString(256);

/** TR-181i2 2.17 `Device.ManagementServer.`: ACS, sessions, retries and connection requests by HTTP. */
export const coreDefinitions = {
  ConnectionRequestPassword: {
    type: "string",
    initial: (defaults) => defaults.connectionRequestPassword,
    check: text256,
    isHidden: true,
  },
  ConnectionRequestURL: { type: "string", initial: "", notification: "forceDefaultEnabled" },
  ConnectionRequestUsername: {
    type: "string",
    initial: (defaults) => defaults.connectionRequestUsername,
    check: text256,
  },
  CWMPRetryIntervalMultiplier: {
    type: "unsignedInt",
    initial: (defaults) => String(defaults.retryMultiplier ?? 2_000),
    check: checkUnsignedInt(1_000, 65_535),
  },
  CWMPRetryMinimumWaitInterval: {
    type: "unsignedInt",
    initial: (defaults) => String(defaults.retryMinimumWaitS ?? 5),
    check: checkUnsignedInt(1, 65_535),
  },
  DefaultActiveNotificationThrottle: {
    type: "unsignedInt",
    initial: "0",
    check: checkUnsignedInt(0),
  },
  EnableCWMP: { type: "boolean", initial: "true", check: checkBoolean },
  HTTPConnectionRequestEnable: { type: "boolean", initial: "true", check: checkBoolean },
  ParameterKey: { type: "string", initial: "", notification: "canDeny" },
  Password: {
    type: "string",
    initial: (defaults) => defaults.password,
    check: text256,
    isHidden: true,
  },
  PeriodicInformEnable: {
    type: "boolean",
    initial: (defaults) => String(defaults.periodicInformEnable),
    check: checkBoolean,
  },
  PeriodicInformInterval: {
    type: "unsignedInt",
    initial: (defaults) => String(defaults.periodicInformIntervalS),
    check: checkUnsignedInt(1),
  },
  PeriodicInformTime: { type: "dateTime", initial: unknownTime, check: checkDateTime },
  UpgradesManaged: { type: "boolean", initial: "false", check: checkBoolean },
  URL: { type: "string", initial: (defaults) => defaults.url, check: checkHttpUrl },
  Username: { type: "string", initial: (defaults) => defaults.username, check: text256 },
} as const satisfies DefinitionGroup;
