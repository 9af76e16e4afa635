import type { ModelValue } from "../model/definition.ts";
import { formatDateTime, unknownTime } from "../model/values.ts";
import { authority } from "../shared/hosts.ts";
import type { EwsAccess, SnmpAccess } from "../southbound/driver.ts";
import { defaultTimeoutMs } from "../southbound/ews/web-client.ts";
import { snmpDefaults } from "../southbound/snmp/open-session.ts";
import { accessWith, addressWith, usualAgentPort } from "./interaction-access.ts";
import { type InteractionSettings, withSetting } from "./interaction-settings.ts";
import type { Reachability } from "./lifecycle.ts";
import type { FleetPorts } from "./ports.ts";
import type { PrinterLink } from "./printer-link.ts";
import type { Protocol } from "./protocol-outcomes.ts";

/** What the values are worked out from. */
export interface InteractionFacts {
  readonly link: PrinterLink;
  readonly accessFor: FleetPorts["accessFor"];
  /** Period of the class `status` as configured, milliseconds. */
  readonly statusPeriodMs: number;
  readonly reachability: Reachability;
  readonly lastContactMs: number | undefined;
}

/** The facts, with the access there is when nothing is switched off. */
interface Shown extends InteractionFacts {
  readonly settings: InteractionSettings;
  readonly isOn: Readonly<Record<Protocol, boolean>>;
  readonly snmp: SnmpAccess | undefined;
  readonly ews: EwsAccess | undefined;
}

/** Value of a parameter below `Interaction.`; secrets read empty; undefined: it is none of those mfpgate has. */
export function interactionValue(name: string, facts: InteractionFacts): ModelValue | undefined {
  return readers[name]?.(shown(facts));
}

/** The certificate has to be valid because the configuration says so. */
export function mustVerify(
  { settings, address }: PrinterLink,
  find: FleetPorts["accessFor"],
): boolean {
  const asConfigured = withSetting(settings, "EWS.VerifyCertificate", false);
  const pages = { ...asConfigured, "SNMP.Enable": false, "EWS.Enable": true };
  return accessWith(pages, address, find)?.ews?.tls?.verify === "ca";
}

function shown(facts: InteractionFacts): Shown {
  const { link, accessFor } = facts;
  const { settings, address } = link;
  const place = addressWith(settings, address);
  const onlyAgent = { ...settings, "SNMP.Enable": true };
  const onlyPages = { ...settings, "SNMP.Enable": false, "EWS.Enable": true };
  return {
    ...facts,
    settings,
    isOn: { snmp: place.snmpPort !== undefined, ews: settings["EWS.Enable"] ?? true },
    snmp: accessWith(onlyAgent, address, accessFor)?.snmp,
    ews: accessWith(onlyPages, address, accessFor)?.ews,
  };
}

/** How its pages let somebody in, as the model calls it. */
export function loginWord({ loginKind }: PrinterLink): string {
  return loginKind === undefined ? "None" : loginWords[loginKind];
}

const loginWords = { basic: "Basic", digest: "Digest", steps: "Form" } as const;
const secret = (): string => "";

const readers: Readonly<Record<string, (shown: Shown) => ModelValue>> = {
  PollInterval: ({ settings, statusPeriodMs }) =>
    settings.PollInterval ?? inSeconds(statusPeriodMs),
  "SNMP.Enable": ({ isOn, reachability }) => isOn.snmp && reachability !== "Retired",
  "SNMP.Address": ({ link }) => link.address.host,
  "SNMP.Port": ({ settings, snmp, link }) =>
    settings["SNMP.Port"] ?? snmp?.port ?? link.address.snmpPort ?? usualAgentPort,
  "SNMP.Version": ({ settings, snmp }) =>
    settings["SNMP.Version"] ?? `v${snmp?.security.version ?? "2c"}`,
  "SNMP.ReadCommunity": secret,
  "SNMP.WriteCommunity": secret,
  "SNMP.SecurityName": (shown) => shown.settings["SNMP.SecurityName"] ?? userOf(shown)?.user ?? "",
  "SNMP.AuthProtocol": (shown) =>
    shown.settings["SNMP.AuthProtocol"] ?? protocolWord(userOf(shown)?.auth),
  "SNMP.AuthPassword": secret,
  "SNMP.PrivProtocol": (shown) =>
    shown.settings["SNMP.PrivProtocol"] ?? protocolWord(userOf(shown)?.privacy),
  "SNMP.PrivPassword": secret,
  "SNMP.Timeout": ({ snmp }) => inSeconds(snmp?.timeoutMs ?? snmpDefaults.timeoutMs),
  "SNMP.Retries": ({ snmp }) => snmp?.retries ?? snmpDefaults.retries,
  "SNMP.Status": (shown) => statusOf("snmp", shown),
  "SNMP.LastSuccess": (shown) => lastSuccess("snmp", shown),
  "EWS.Enable": ({ isOn, reachability }) => isOn.ews && reachability !== "Retired",
  "EWS.URL": urlOf,
  "EWS.Username": ({ ews }) => ews?.credential?.username ?? "",
  "EWS.Password": secret,
  "EWS.AuthMethod": ({ link }) => loginWord(link),
  "EWS.VerifyCertificate": ({ ews }) => ews?.tls?.verify === "ca",
  "EWS.Timeout": ({ ews }) => inSeconds(ews?.timeoutMs ?? defaultTimeoutMs),
  "EWS.Status": (shown) => statusOf("ews", shown),
  "EWS.LastSuccess": (shown) => lastSuccess("ews", shown),
};

function userOf({ snmp }: Shown) {
  return snmp?.security.version === "3" ? snmp.security.v3 : undefined;
}

function protocolWord(of: { readonly protocol: string } | undefined): string {
  return of?.protocol.toUpperCase() ?? "None";
}

/** As it was set while the printer is there; else where its server is looked for, or was found. */
function urlOf({ settings, link, ews }: Shown): string {
  const url = settings["EWS.URL"];
  const { host } = link.address;
  if (url !== undefined && isOnHost(url, host)) return url;
  if (url === undefined && link.web !== undefined) return link.web.address;
  return ews === undefined ? "" : `${ews.scheme}://${authority(host, ews.port)}/`;
}

/** Whether a web address is one of this host. */
export function isOnHost(url: string, host: string): boolean {
  if (!URL.canParse(url) || !URL.canParse(`http://${authority(host, 80)}/`)) return false;
  return new URL(url).hostname === new URL(`http://${authority(host, 80)}/`).hostname;
}

function statusOf(protocol: Protocol, shown: Shown): string {
  const { isOn, reachability, link, [protocol]: access } = shown;
  const isUsed = isOn[protocol] && (protocol === "snmp" || link.asksForPages);
  if (reachability === "Retired" || !isUsed) return "Disabled";
  if (access === undefined) return "AuthError";
  const outcome = link.outcomes.get(protocol);
  if (outcome !== undefined) return outcome.status;
  // Not used since outcomes are kept.
  if (protocol === "snmp") return reachability === "Unreachable" ? "Timeout" : "OK";
  return link.web?.passwordRefusedAtMs === undefined ? "Timeout" : "AuthError";
}

function lastSuccess(protocol: Protocol, { link, isOn, lastContactMs }: Shown): string {
  const outcome = link.outcomes.get(protocol);
  // Successes of the agent are on disk as those of the printer.
  const isContact = protocol === "snmp" && isOn.snmp && outcome?.status !== "AuthError";
  const atMs = Math.max(outcome?.lastSuccessMs ?? 0, (isContact ? lastContactMs : 0) ?? 0);
  return atMs === 0 ? unknownTime : formatDateTime(atMs);
}

function inSeconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
