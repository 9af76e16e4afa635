import { isIP } from "node:net";
import type { ModelValue } from "../model/definition.ts";
import { isSpecialAddress } from "../shared/special-addresses.ts";
import { addressWith } from "./interaction-access.ts";
import { securityProblem } from "./interaction-security.ts";
import { type InteractionSettings, interactionName } from "./interaction-settings.ts";
import { isOnHost, loginWord, mustVerify } from "./interaction-values.ts";
import type { FleetPorts } from "./ports.ts";
import type { PrinterLink } from "./printer-link.ts";
import type { PrinterWrite, WriteFailure } from "./write-port.ts";

/** How a printer is to be talked to, and where. */
export interface NextInteraction {
  readonly settings: InteractionSettings;
  readonly host: string;
}

/** Who is asked what it makes of the wishes. */
export interface RuleContext {
  readonly link: PrinterLink;
  readonly accessFor: FleetPorts["accessFor"];
}

/** An IP address or a DNS name, as in the configuration. */
const hostPattern = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?$/;
/** RFC 3414 §11.2. */
const shortestPassPhrase = 8;
/** Settings that only make sense together. */
const securityName = /^SNMP\.(?:Enable|Version|.*Community|SecurityName|Auth.*|Priv.*)$/;

/** Why these may not be set together, by parameter; values fit the model. `next` is what would come of them. */
export function objectionsTo(
  writes: readonly PrinterWrite[],
  next: NextInteraction,
  context: RuleContext,
): readonly WriteFailure[] {
  const failures = writes.flatMap(({ path, value }) => {
    const reason = rules[interactionName(path) ?? ""]?.(value, next, context);
    return reason === undefined ? [] : [{ path, reason, isInvalidValue: true }];
  });
  const last = writes.findLast(({ path }) => securityName.test(interactionName(path) ?? ""));
  const problem = last === undefined ? undefined : agentProblem(next, context);
  if (last === undefined || problem === undefined) return failures;
  return [...failures, { path: last.path, reason: problem, isInvalidValue: true }];
}

type Rule = (value: ModelValue, next: NextInteraction, context: RuleContext) => string | undefined;

const rules: Readonly<Record<string, Rule>> = {
  "SNMP.Address": (value, _next, { link }) => addressProblem(String(value), link.address.host),
  "SNMP.AuthPassword": (value) => passPhraseProblem(String(value)),
  "SNMP.PrivPassword": (value) => passPhraseProblem(String(value)),
  "EWS.URL": (value, { host }) => urlProblem(String(value), host),
  "EWS.AuthMethod": (value, _next, { link }) => {
    const word = loginWord(link);
    return value === word ? undefined : `the mapping of this printer knows no login but ${word}`;
  },
  "EWS.VerifyCertificate": (value, _next, { link, accessFor }) =>
    value === false && mustVerify(link, accessFor)
      ? "the configuration wants certificates verified (ews.tls.verify: ca)"
      : undefined,
};

/** An ACS has no business to send us to this box or its link, unless the printer is there. */
function addressProblem(host: string, current: string): string | undefined {
  if (isIP(host) === 0 && !hostPattern.test(host))
    return "is no host: an IP address or a DNS name without scheme, port or path";
  if (isSpecialAddress(host) && !isSpecialAddress(current))
    return "is an address of this box, its link or a multicast group, where no printer is";
  return undefined;
}

function passPhraseProblem(text: string): string | undefined {
  if (text === "" || text.length >= shortestPassPhrase) return undefined;
  return `is shorter than ${shortestPassPhrase} characters (RFC 3414 §11.2)`;
}

function urlProblem(text: string, host: string): string | undefined {
  if (text === "") return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol) || text !== text.trim())
    return "is no address of web pages: http://HOST:PORT/ or https://HOST:PORT/";
  if (!isOnHost(text, host)) return `leads to another host than the printer's, ${host}`;
  const isBare = url.pathname === "/" && url.search + url.hash + url.username + url.password === "";
  return isBare && url.port !== "0"
    ? undefined
    : "may hold scheme, host and port only: the mapping knows the pages, Username and Password the account";
}

/** Why the agent could not be asked any more. */
function agentProblem(
  { settings, host }: NextInteraction,
  { link, accessFor }: RuleContext,
): string | undefined {
  const place = addressWith(settings, { ...link.address, host });
  if (place.snmpPort === undefined) return undefined;
  return securityProblem(settings, accessFor(place)?.snmp?.security);
}
