import type { ModelValue } from "../model/definition.ts";
import { parameterAt, toTemplate } from "../model/model.ts";
import { checkValue } from "../model/values.ts";

/**
 * What somebody set of how mfpgate talks to one printer, by parameter below `Interaction.`; what is absent is as
 * configured. The address is not among them: it is where the printer is.
 */
export interface InteractionSettings {
  /** Seconds between two polls of the class `status`. */
  readonly PollInterval?: number;
  readonly "SNMP.Enable"?: boolean;
  readonly "SNMP.Port"?: number;
  /** `v1`, `v2c` or `v3`. */
  readonly "SNMP.Version"?: string;
  readonly "SNMP.ReadCommunity"?: string;
  readonly "SNMP.WriteCommunity"?: string;
  readonly "SNMP.SecurityName"?: string;
  readonly "SNMP.AuthProtocol"?: string;
  readonly "SNMP.AuthPassword"?: string;
  readonly "SNMP.PrivProtocol"?: string;
  readonly "SNMP.PrivPassword"?: string;
  /** Seconds. */
  readonly "SNMP.Timeout"?: number;
  readonly "SNMP.Retries"?: number;
  readonly "EWS.Enable"?: boolean;
  readonly "EWS.URL"?: string;
  readonly "EWS.Username"?: string;
  readonly "EWS.Password"?: string;
  readonly "EWS.VerifyCertificate"?: boolean;
  /** Seconds. */
  readonly "EWS.Timeout"?: number;
}

/** Whatever is below it is mfpgate's own. */
export const interactionPrefix = "Interaction.";

/** Name below `Interaction.` of a path or template; undefined for other parts of the tree. */
export function interactionName(path: string): string | undefined {
  const template = toTemplate(path) ?? path;
  if (!template.startsWith(interactionPrefix)) return undefined;
  return template.slice(interactionPrefix.length);
}

/** What is so unless somebody wants it otherwise. */
const usualSwitches: Readonly<Record<string, boolean>> = {
  "EWS.Enable": true,
  "EWS.VerifyCertificate": false,
};

/**
 * Settings with one of them changed. The empty text, pages that are used and a certificate that need not be valid give it
 * back to the configuration.
 *
 * @param value fits the model
 */
export function withSetting(
  settings: InteractionSettings,
  name: string,
  value: ModelValue,
): InteractionSettings {
  const isGivenBack = value === "" || value === usualSwitches[name];
  if (!isGivenBack) return { ...settings, [name]: value };
  return Object.fromEntries(Object.entries(settings).filter(([other]) => other !== name));
}

/** As kept on disk; undefined when there is nothing to keep. Holds secrets. */
export function formatSettings(settings: InteractionSettings): string | undefined {
  return Object.keys(settings).length === 0 ? undefined : JSON.stringify(settings);
}

/** Inverse of {@link formatSettings}; what another version of the model does not take is left out. */
export function parseSettings(text: string | undefined): InteractionSettings {
  const json: unknown = JSON.parse(text ?? "{}");
  if (typeof json !== "object" || json === null) return {};
  let settings: InteractionSettings = {};
  for (const [name, value] of Object.entries(json) as readonly (readonly [string, unknown])[])
    if (isValid(name, value)) settings = withSetting(settings, name, value);
  return settings;
}

function isValid(name: string, value: unknown): value is ModelValue {
  const definition = parameterAt(interactionPrefix + name);
  const isValue = ["string", "number", "boolean"].includes(typeof value);
  return isValue && definition !== undefined && checkValue(definition, value as ModelValue).ok;
}
