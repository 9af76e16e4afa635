import type { DeviceAccess, EwsAccess, SnmpAccess } from "../southbound/driver.ts";
import { securityWith } from "./interaction-security.ts";
import type { InteractionSettings } from "./interaction-settings.ts";
import type { FleetPorts, PrinterAddress } from "./ports.ts";

type FindAccess = FleetPorts["accessFor"];

/** Where agents are when nobody said so (RFC 3417 §3.1). */
export const usualAgentPort = 161;

/** Address with what settings say of it; a protocol that is switched off has no place in it. */
export function addressWith(
  settings: InteractionSettings,
  address: PrinterAddress,
): PrinterAddress {
  const isAgentAsked = settings["SNMP.Enable"] ?? address.snmpPort !== undefined;
  const port = settings["SNMP.Port"] ?? address.snmpPort ?? usualAgentPort;
  const ews = serverOf(settings["EWS.URL"]) ?? address.ews;
  return {
    ...address,
    snmpPort: isAgentAsked ? port : undefined,
    ews: settings["EWS.Enable"] === false ? undefined : ews,
  };
}

/**
 * The configured access to a printer with what settings say of it; they go before the configuration. Undefined when
 * there is no way in, or all are switched off.
 */
export function accessWith(
  settings: InteractionSettings,
  address: PrinterAddress,
  accessFor: FindAccess,
): DeviceAccess | undefined {
  const place = addressWith(settings, address);
  const configured = accessFor(place);
  const isAgentAsked = place.snmpPort !== undefined;
  const snmp = isAgentAsked ? snmpWith(settings, place, configured?.snmp) : undefined;
  // An agent that lets us in no more: what its pages tell must not pass for all there is.
  if (isAgentAsked && snmp === undefined) return undefined;
  const web = configured ?? accessFor({ ...place, snmpPort: undefined });
  const ews = settings["EWS.Enable"] === false ? undefined : ewsWith(settings, web?.ews);
  if (snmp === undefined && ews === undefined) return undefined;
  return { host: place.host, ...(snmp && { snmp }), ...(ews && { ews }) };
}

function snmpWith(
  settings: InteractionSettings,
  { host, snmpPort = usualAgentPort }: PrinterAddress,
  configured: SnmpAccess | undefined,
): SnmpAccess | undefined {
  const security = securityWith(settings, configured?.security);
  if (security === undefined) return undefined;
  const timeoutMs = inMs(settings["SNMP.Timeout"]);
  const retries = settings["SNMP.Retries"];
  return {
    port: snmpPort,
    ...configured,
    host,
    security,
    ...(settings["SNMP.Port"] !== undefined && { port: snmpPort }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(retries !== undefined && { retries }),
  };
}

function ewsWith(
  settings: InteractionSettings,
  configured: EwsAccess | undefined,
): EwsAccess | undefined {
  if (configured === undefined) return undefined;
  const { credential, tls, ...others } = configured;
  const {
    "EWS.Username": username = credential?.username,
    "EWS.Password": password = credential?.password,
  } = settings;
  const hasCredential = (username ?? password) !== undefined;
  const strict = { allowLegacy: tls?.allowLegacy ?? false, verify: "ca" } as const;
  const wantedTls = settings["EWS.VerifyCertificate"] === true ? strict : tls;
  const timeoutMs = inMs(settings["EWS.Timeout"]);
  return {
    ...others,
    ...serverOf(settings["EWS.URL"]),
    ...(hasCredential && {
      credential: { username: username ?? "", password: password ?? "" },
    }),
    ...(wantedTls && { tls: wantedTls }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
}

/** Scheme and port of a web address; its host is always the printer's. */
function serverOf(url: string | undefined): PrinterAddress["ews"] {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { protocol, port } = new URL(url);
  const scheme = protocol === "https:" ? "https" : "http";
  return { scheme, port: port === "" ? (scheme === "https" ? 443 : 80) : Number(port) };
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}
