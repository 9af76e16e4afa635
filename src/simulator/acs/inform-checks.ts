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

/** What is known besides the Inform itself. */
export interface InformSurroundings {
  /** Text of its MaxEnvelopes. */
  readonly maxEnvelopes: string | undefined;
  /** Whether the ACS asked for a parameter in Informs (TR-181i2 ManagementServer.InformParameter). */
  readonly isAskedFor: (path: string) => boolean;
}

/**
 * What is wrong with the content of an Inform.
 * @see TR-069a6 A.3.3.1, §3.7.1.5
 */
export function checkInform(
  inform: Inform,
  { maxEnvelopes, isAskedFor }: InformSurroundings,
): readonly string[] {
  return [
    ...checkDeviceId(inform),
    ...checkEvents(inform),
    ...checkParameters(inform, isAskedFor),
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
  return [...problems, ...checkCompanions(events.map(({ eventCode }) => eventCode))];
}

/** An `M …` event comes with the numbered event of its kind, and most of these with one of theirs (§3.7.1.5). */
const companions: readonly (readonly [string, string, "both ways" | "one way"])[] = [
  ["M Reboot", "1 BOOT", "one way"],
  ["M ScheduleInform", "3 SCHEDULED", "both ways"],
  ["M Download", "7 TRANSFER COMPLETE", "both ways"],
  ["M ScheduleDownload", "7 TRANSFER COMPLETE", "both ways"],
  ["M Upload", "7 TRANSFER COMPLETE", "both ways"],
  ["M ChangeDUState", "11 DU STATE CHANGE COMPLETE", "both ways"],
];

function checkCompanions(codes: readonly string[]): readonly string[] {
  const alone = companions.filter(
    ([order, event]) => codes.includes(order) && !codes.includes(event),
  );
  const needy = new Set(
    companions.filter(([, , ways]) => ways === "both ways").map(([, event]) => event),
  );
  const unexplained = [...needy].filter(
    (event) =>
      codes.includes(event) &&
      !companions.some(([order, itsEvent]) => itsEvent === event && codes.includes(order)),
  );
  return [
    ...alone.map(([order, event]) => `${order} without ${event}`),
    ...unexplained.map((event) => `${event} without an M event`),
  ];
}

function checkParameters(
  { parameters, events }: Inform,
  isAskedFor: (path: string) => boolean,
): readonly string[] {
  const paths = parameters.map(({ path }) => path);
  const forced: readonly string[] = paths.includes(forcedByIssue1[0])
    ? forcedByIssue1
    : forcedInformParameters;
  const missing = forced.filter((path) => !paths.includes(path));
  const repeated = firstRepeated(paths);
  const surplus = paths.find((path) => !forced.includes(path) && !isAskedFor(path));
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
