import type { ParameterAccess, ParameterDefinition } from "../definition.ts";

/** What a definition may say beyond name, type and description. */
interface Extras {
  /** Settable in principle; whether it is on a given printer is decided by its mapping. */
  readonly writable?: boolean;
  readonly units?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

/** Long enough for every Printer-MIB string (255 octets) unless a definition says otherwise. */
const usualLength = 256;

/** RFC 3805 levels start here: -1 no restriction, -2 unknown, -3 some remaining. */
const lowestLevel = -3;

function access(extras: Extras): ParameterAccess {
  return extras.writable === true ? "readWrite" : "readOnly";
}

/** Free text. */
export function text(name: string, description: string, extras: Extras = {}): ParameterDefinition {
  return {
    name,
    type: "string",
    access: access(extras),
    description,
    maxLength: extras.maxLength ?? usualLength,
  };
}

/** Text that reads back empty. */
export function secret(name: string, description: string): ParameterDefinition {
  return {
    name,
    type: "string",
    access: "readWrite",
    description,
    maxLength: usualLength,
    hidden: true,
  };
}

/** One word of `words`. */
export function choice(
  name: string,
  words: readonly string[],
  description: string,
  extras: Extras = {},
): ParameterDefinition {
  return { name, type: "string", access: access(extras), description, enumeration: words };
}

/** Comma-separated list; of `words` when given, else of free text (TR-106 §3.2.3). */
export function list(
  name: string,
  description: string,
  extras: Extras & { readonly words?: readonly string[] } = {},
): ParameterDefinition {
  const base = { name, type: "string", access: access(extras), description, list: true } as const;
  const maxLength = extras.maxLength ?? 1024;
  return extras.words === undefined
    ? { ...base, maxLength }
    : { ...base, maxLength, enumeration: extras.words };
}

/** True or false. */
export function flag(name: string, description: string, extras: Extras = {}): ParameterDefinition {
  return { name, type: "boolean", access: access(extras), description };
}

/** Instant in UTC. */
export function moment(name: string, description: string): ParameterDefinition {
  return { name, type: "dateTime", access: "readOnly", description };
}

/** Whole number from 0 that an ACS may watch. */
export function whole(name: string, description: string, extras: Extras = {}): ParameterDefinition {
  return { name, type: "unsignedInt", access: access(extras), description, ...facets(extras) };
}

/** Whole number that may be negative. */
export function signed(
  name: string,
  description: string,
  extras: Extras = {},
): ParameterDefinition {
  return { name, type: "int", access: access(extras), description, ...facets(extras) };
}

/** Level or capacity of RFC 3805; the specials -1, -2 and -3 stay as they are and are never a percentage. */
export function level(name: string, description: string, units?: string): ParameterDefinition {
  return {
    name,
    type: "int",
    access: "readOnly",
    description: `${description} -1: other or no restriction, -2: unknown, -3: some remaining (RFC 3805).`,
    minimum: lowestLevel,
    activeNotify: "canDeny",
    ...(units === undefined ? {} : { units }),
  };
}

/** Count that only grows; active notification may be refused, because it changes with every page. */
export function counter(name: string, description: string, units?: string): ParameterDefinition {
  return {
    name,
    type: "unsignedInt",
    access: "readOnly",
    description,
    activeNotify: "canDeny",
    ...(units === undefined ? {} : { units }),
  };
}

/** Like `counter` for amounts that outgrow 32 bits (octets). */
export function largeCounter(
  name: string,
  description: string,
  units?: string,
): ParameterDefinition {
  return { ...counter(name, description, units), type: "unsignedLong" };
}

function facets(extras: Extras): Pick<ParameterDefinition, "minimum" | "maximum" | "units"> {
  return {
    ...(extras.minimum === undefined ? {} : { minimum: extras.minimum }),
    ...(extras.maximum === undefined ? {} : { maximum: extras.maximum }),
    ...(extras.units === undefined ? {} : { units: extras.units }),
  };
}

/** TCP or UDP port of a service, settable. */
export function port(description: string): ParameterDefinition {
  return whole("Port", description, { writable: true, minimum: 1, maximum: 65_535 });
}

/** The switch of a service, settable. */
export function enable(description: string): ParameterDefinition {
  return flag("Enable", description, { writable: true });
}
