import type { ProxierContext, ProxierParameter } from "./context.ts";

const deviceInfo = "Device.DeviceInfo.";

function fixed(name: string, read: (context: ProxierContext) => string): ProxierParameter {
  return { path: deviceInfo + name, type: "string", read };
}

function whole(
  path: string,
  read: (context: ProxierContext) => number,
  isVolatile = false,
): ProxierParameter {
  const parameter = {
    path,
    type: "unsignedInt",
    read: (context: ProxierContext) => Math.max(0, Math.floor(read(context))).toString(),
  } as const;
  return isVolatile ? { ...parameter, notification: "canDeny" } : parameter;
}

/** What is true of the box whatever it manages. */
export const proxierParameters: readonly ProxierParameter[] = [
  { path: "Device.RootDataModelVersion", type: "string", read: () => "2.17" },
  fixed("Manufacturer", ({ identity }) => identity.manufacturer),
  fixed("ManufacturerOUI", ({ identity }) => identity.oui),
  fixed("ModelName", ({ identity }) => identity.productClass),
  fixed("Description", () => "CWMP proxier for printers"),
  fixed("ProductClass", ({ identity }) => identity.productClass),
  fixed("SerialNumber", ({ identity }) => identity.serialNumber),
  fixed("HardwareVersion", ({ hardwareVersion }) => hardwareVersion),
  {
    ...fixed("SoftwareVersion", (context) => context.softwareVersion),
    notification: "forceEnabled",
  },
  {
    ...fixed("ProvisioningCode", ({ provisioningCode }) => provisioningCode.get()),
    writable: true,
    notification: "forceEnabled",
  },
  whole(
    `${deviceInfo}UpTime`,
    ({ clock, startedAtMs }) => (clock.nowMs() - startedAtMs) / 1000,
    true,
  ),
  {
    path: `${deviceInfo}FirstUseDate`,
    type: "dateTime",
    read: ({ firstUseDate }) => firstUseDate,
  },
];
