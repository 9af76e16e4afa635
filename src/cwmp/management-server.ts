import { registerSecret } from "../shared/redact.ts";
import type {
  AssignmentFault,
  CwmpType,
  NotificationRule,
  ParameterAssignment,
  ParameterNode,
  ParameterValue,
} from "./parameter-tree.ts";
import {
  type ValueCheck,
  checkBoolean,
  checkDateTime,
  checkHttpUrl,
  checkString,
  checkUnsignedInt,
  unknownTime,
} from "./value-check.ts";

/** Path of the object whose scalars this file owns. */
export const managementServerPath = "Device.ManagementServer.";

/** Values of the configuration, in force until the ACS writes others. Durations in seconds. */
export interface ManagementServerDefaults {
  /** Empty: no ACS, no sessions. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly periodicInformEnable: boolean;
  readonly periodicInformIntervalS: number;
  readonly connectionRequestUsername: string;
  readonly connectionRequestPassword: string;
}

/** Where the values come from that nobody sets. */
export interface ManagementServerSources {
  readonly defaults: ManagementServerDefaults;
  /** What the ACS set, and `ParameterKey`: name → text. Read at each call. */
  readonly settings: ReadonlyMap<string, string>;
  /** `http://host:port/path` of this endpoint, or "" while the listener is closed. */
  readonly connectionRequestUrl: () => string;
}

/** Types that occur here. */
type SettingType = Extract<CwmpType, "string" | "unsignedInt" | "boolean" | "dateTime">;

interface Definition {
  readonly type: SettingType;
  /** In force when the ACS set nothing. */
  readonly initial: string | ((defaults: ManagementServerDefaults) => string);
  /** Absent: read-only. */
  readonly check?: ValueCheck;
  /** Reads back as "" (TR-181i2 `hidden`). */
  readonly isHidden?: true;
  readonly notification?: NotificationRule;
}

const text256 = checkString(256);

/** TR-181i2 2.17 `Device.ManagementServer.`: what this project supports, in order of path. */
const definitions = {
  AliasBasedAddressing: { type: "boolean", initial: "false" },
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
    initial: "2000",
    check: checkUnsignedInt(1_000, 65_535),
  },
  CWMPRetryMinimumWaitInterval: {
    type: "unsignedInt",
    initial: "5",
    check: checkUnsignedInt(1, 65_535),
  },
  DefaultActiveNotificationThrottle: {
    type: "unsignedInt",
    initial: "0",
    check: checkUnsignedInt(0),
  },
  EnableCWMP: { type: "boolean", initial: "true", check: checkBoolean },
  HTTPConnectionRequestEnable: { type: "boolean", initial: "true", check: checkBoolean },
  InstanceWildcardsSupported: { type: "boolean", initial: "false" },
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
  SupportedConnReqMethods: { type: "string", initial: "HTTP" },
  UpgradesManaged: { type: "boolean", initial: "false", check: checkBoolean },
  URL: { type: "string", initial: (defaults) => defaults.url, check: checkHttpUrl },
  Username: { type: "string", initial: (defaults) => defaults.username, check: text256 },
} as const satisfies Readonly<Record<string, Definition>>;

/** Name of a scalar below `Device.ManagementServer.`. */
export type ManagementServerName = keyof typeof definitions;

const definitionOf: ReadonlyMap<string, Definition> = new Map(Object.entries(definitions));

/** The nodes this file owns; one array for all endpoints. */
export const managementServerNodes: readonly (ParameterNode & {
  readonly type?: SettingType;
})[] = [
  { path: "Device.", writable: false },
  { path: managementServerPath, writable: false },
  ...[...definitionOf].map(([name, { type, check, notification }]) => ({
    path: managementServerPath + name,
    writable: check !== undefined,
    type,
    ...(notification === undefined ? {} : { notification }),
  })),
];

/** Whether `path` is a scalar that belongs to the endpoint itself and not to its device. */
export function isManagementServerScalar(path: string): boolean {
  return path.startsWith(managementServerPath) && definitionOf.has(nameOf(path));
}

/** Whether the scalar reads back as "". */
export function isHiddenSetting(name: string): boolean {
  return definitionOf.get(name)?.isHidden === true;
}

/** The `Device.ManagementServer.` scalars of one endpoint. Holds no values itself: two references per endpoint. */
export class ManagementServer {
  readonly #sources: ManagementServerSources;

  constructor(sources: ManagementServerSources) {
    this.#sources = sources;
  }

  /** The text in force, also of hidden parameters. For the engine; the ACS gets {@link get}. */
  text(name: ManagementServerName): string {
    if (name === "ConnectionRequestURL") return this.#connectionRequestUrl();
    return this.#sources.settings.get(name) ?? this.#initial(definitions[name]);
  }

  /** An unsignedInt in force. */
  number(name: ManagementServerName): number {
    return Number(this.text(name));
  }

  /** A boolean in force. */
  flag(name: ManagementServerName): boolean {
    return this.text(name) === "true";
  }

  /** The value as the ACS sees it; undefined when `path` is none of these scalars. */
  get(path: string): ParameterValue | undefined {
    const name = nameOf(path);
    if (!path.startsWith(managementServerPath) || !isName(name)) return undefined;
    const { type, isHidden }: Definition = definitions[name];
    return { path, type, value: isHidden === true ? "" : this.text(name) };
  }

  /** Checks one assignment to a writable scalar. */
  validate({ path, value }: ParameterAssignment): AssignmentFault | undefined {
    const checked = definitionOf.get(nameOf(path))?.check?.(value);
    if (checked === undefined) return { path, code: 9008, text: "is read-only" };
    return "reason" in checked ? { path, code: 9007, text: checked.reason } : undefined;
  }

  /** Settings to be stored for assignments that all validated. Passwords are registered with the redactor. */
  settingsFor(assignments: readonly ParameterAssignment[]): ReadonlyMap<string, string> {
    const settings = new Map<string, string>();
    for (const { path, value } of assignments) {
      const name = nameOf(path);
      const checked = definitionOf.get(name)?.check?.(value);
      if (checked === undefined || "reason" in checked) continue;
      if (isHiddenSetting(name)) registerSecret(checked.value);
      settings.set(name, checked.value);
    }
    return settings;
  }

  // TR-181i2: while connection requests are off the URL must be empty.
  #connectionRequestUrl(): string {
    const isOpen = this.flag("EnableCWMP") && this.flag("HTTPConnectionRequestEnable");
    return isOpen ? this.#sources.connectionRequestUrl() : "";
  }

  #initial({ initial }: Definition): string {
    return typeof initial === "string" ? initial : initial(this.#sources.defaults);
  }
}

function isName(name: string): name is ManagementServerName {
  return definitionOf.has(name);
}

function nameOf(path: string): string {
  return path.slice(managementServerPath.length);
}
