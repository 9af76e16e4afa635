import type { MessageOf } from "../../cwmp/soap/message.ts";

type Inform = MessageOf<"Inform">;

/** Device:2.17 parameters with forcedInform. */
export const forcedInformParameters = [
  "Device.RootDataModelVersion",
  "Device.DeviceInfo.HardwareVersion",
  "Device.DeviceInfo.SoftwareVersion",
  "Device.DeviceInfo.ProvisioningCode",
  "Device.ManagementServer.ParameterKey",
  "Device.ManagementServer.ConnectionRequestURL",
  "Device.ManagementServer.AliasBasedAddressing",
] as const;

/** The same of Device:1 (TR-181i1); a device whose Inform has a DeviceSummary presents that root. */
const forcedByIssue1 = [
  "Device.DeviceSummary",
  "Device.DeviceInfo.HardwareVersion",
  "Device.DeviceInfo.SoftwareVersion",
  "Device.ManagementServer.ParameterKey",
  "Device.ManagementServer.ConnectionRequestURL",
  "Device.ManagementServer.AliasBasedAddressing",
  "Device.LAN.IPAddress",
] as const;

/**
 * What is wrong with the content of an Inform.
 * @param maxEnvelopes text of that argument
 * @see TR-069a6 A.3.3.1, §3.7.1.5
 */
export function checkInform(inform: Inform, maxEnvelopes: string | undefined): readonly string[] {
  return [
    ...checkDeviceId(inform),
    ...checkEvents(inform),
    ...checkParameters(inform),
    ...(maxEnvelopes === "1" ? [] : ["MaxEnvelopes is not 1"]),
    ...(Number.isNaN(Date.parse(inform.currentTime)) ? ["CurrentTime is no date"] : []),
  ];
}

function checkDeviceId({ deviceId }: Inform): readonly string[] {
  const problems: string[] = [];
  if (!/^[0-9A-F]{6}$/.test(deviceId.oui))
    problems.push(`OUI ${deviceId.oui} is not six upper-case hex digits`);
  if (deviceId.serialNumber === "") problems.push("SerialNumber is empty");
  for (const [name, text] of Object.entries<string>({ ...deviceId })) {
    if (text.length > 64) problems.push(`DeviceId ${name} is longer than 64`);
  }
  return problems;
}

function checkEvents({ events }: Inform): readonly string[] {
  const problems: string[] = [];
  if (events.length === 0 || events.length > 64) problems.push(`${events.length} events`);
  const singles = events.map(({ eventCode }) => eventCode).filter((code) => /^\d/.test(code));
  const repeated = firstRepeated(singles);
  if (repeated !== undefined) problems.push(`event ${repeated} twice`);
  for (const { eventCode, commandKey } of events) {
    if (!/^(\d{1,2} [A-Z ]+|M \w+|X [0-9A-F]{6} .+)$/.test(eventCode)) {
      problems.push(`event code ${eventCode}`);
    }
    if (/^\d/.test(eventCode) && commandKey !== "") problems.push(`${eventCode} with a CommandKey`);
    if (commandKey.length > 32) problems.push(`CommandKey of ${eventCode} is longer than 32`);
  }
  return problems;
}

function checkParameters({ parameters, events }: Inform): readonly string[] {
  const paths = parameters.map(({ path }) => path);
  const forced: readonly string[] = paths.includes(forcedByIssue1[0])
    ? forcedByIssue1
    : forcedInformParameters;
  const missing = forced.filter((path) => !paths.includes(path));
  const repeated = firstRepeated(paths);
  const surplus = paths.find((path) => !forced.includes(path));
  const isChange = events.some(({ eventCode }) => eventCode === "4 VALUE CHANGE");
  return [
    ...missing.map((path) => `forced parameter ${path} is missing`),
    ...(repeated === undefined ? [] : [`parameter ${repeated} twice`]),
    ...(surplus === undefined || isChange ? [] : [`parameter ${surplus} without 4 VALUE CHANGE`]),
  ];
}

function firstRepeated(items: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return items.find((item) => seen.size === seen.add(item).size);
}
