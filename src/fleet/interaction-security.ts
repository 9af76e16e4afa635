import type { SnmpAccess, SnmpV3Security } from "../southbound/driver.ts";
import type { InteractionSettings } from "./interaction-settings.ts";

type Security = SnmpAccess["security"];

/** Words of the model and what drivers call them. */
const versions = { v1: "1", v2c: "2c", v3: "3" } as const;
const authProtocols = {
  MD5: "md5",
  SHA: "sha",
  SHA224: "sha224",
  SHA256: "sha256",
  SHA384: "sha384",
  SHA512: "sha512",
} as const;
const privacyProtocols = {
  DES: "des",
  AES: "aes",
  AES256B: "aes256b",
  AES256R: "aes256r",
} as const;

/**
 * The configured way into an agent with what settings say of it. Undefined when the two together let nobody in; see
 * {@link securityProblem}.
 */
export function securityWith(
  settings: InteractionSettings,
  configured: Security | undefined,
): Security | undefined {
  const result = join(settings, configured);
  return typeof result === "string" ? undefined : result;
}

/** What is missing for a way into the agent. */
export function securityProblem(
  settings: InteractionSettings,
  configured: Security | undefined,
): string | undefined {
  const result = join(settings, configured);
  return typeof result === "string" ? result : undefined;
}

function join(settings: InteractionSettings, configured: Security | undefined): Security | string {
  const version = versionWith(settings, configured);
  if (version !== "3")
    return communityWith(settings, version, configured?.version === "3" ? undefined : configured);
  const v3 = userWith(settings, configured?.version === "3" ? configured.v3 : undefined);
  return typeof v3 === "string" ? v3 : { version, v3 };
}

/** The version that is spoken with these settings. */
export function versionWith(
  settings: InteractionSettings,
  configured: Security | undefined,
): Security["version"] {
  return lookUp(versions, settings["SNMP.Version"]) ?? configured?.version ?? "2c";
}

type Community = Exclude<Security, { readonly version: "3" }>;

function communityWith(
  settings: InteractionSettings,
  version: Community["version"],
  configured: Community | undefined,
): Community | string {
  // As in the configuration, a version named without a community goes with the usual one.
  const usual = settings["SNMP.Version"] === undefined ? undefined : "public";
  const read = settings["SNMP.ReadCommunity"] ?? configured?.read ?? usual;
  const write = settings["SNMP.WriteCommunity"] ?? configured?.write;
  if (read === undefined) return "no ReadCommunity is set or configured";
  return { version, read, ...(write !== undefined && { write }) };
}

function userWith(
  settings: InteractionSettings,
  configured: SnmpV3Security | undefined,
): SnmpV3Security | string {
  const { auth: knownAuth, privacy: knownPrivacy, ...known } = configured ?? {};
  const user = settings["SNMP.SecurityName"] ?? configured?.user;
  const auth = keyed(
    protocolWith(authProtocols, settings["SNMP.AuthProtocol"], knownAuth),
    settings["SNMP.AuthPassword"] ?? knownAuth?.key,
  );
  const privacy = keyed(
    protocolWith(privacyProtocols, settings["SNMP.PrivProtocol"], knownPrivacy),
    settings["SNMP.PrivPassword"] ?? knownPrivacy?.key,
  );
  if (user === undefined) return "version v3 needs SecurityName";
  if (auth === "noKey") return "AuthProtocol needs AuthPassword";
  if (privacy === "noKey") return "PrivProtocol needs PrivPassword";
  if (privacy !== undefined && auth === undefined)
    return "PrivProtocol needs AuthProtocol: SNMP encrypts only what it authenticates";
  return { ...known, user, ...(auth && { auth }), ...(privacy && { privacy }) };
}

/** `None` is a word too: it takes away what is configured. */
function protocolWith<Name extends string>(
  names: Readonly<Record<string, Name>>,
  word: string | undefined,
  configured: { readonly protocol: Name } | undefined,
): Name | undefined {
  return word === undefined ? configured?.protocol : lookUp(names, word);
}

interface Keyed<Name> {
  readonly protocol: Name;
  readonly key: string;
}

function keyed<Name>(
  protocol: Name | undefined,
  key: string | undefined,
): Keyed<Name> | "noKey" | undefined {
  if (protocol === undefined) return undefined;
  return key === undefined ? "noKey" : { protocol, key };
}

function lookUp<Name extends string>(
  names: Readonly<Record<string, Name>>,
  word: string | undefined,
): Name | undefined {
  return names[word ?? ""];
}
