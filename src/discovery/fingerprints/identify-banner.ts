import { compilePattern, type Pattern } from "../../shared/regex.ts";
import type { BannerKind, BannerRule, ValuePattern } from "./banner-rule.ts";
import { DiscoveryError } from "../errors.ts";
import { ftpRules } from "./ftp.ts";
import { serverRules, titleRules } from "./http.ts";
import { pjlIdRules } from "./pjl-id.ts";
import { telnetRules } from "./telnet.ts";

/** What a greeting tells of a printer. */
export interface BannerIdentity {
  readonly manufacturer: string;
  readonly product?: string;
  /** Of the firmware, else of the service that greets. */
  readonly version?: string;
  readonly serialNumber?: string;
  /** `aa:bb:cc:dd:ee:ff`. */
  readonly macAddress?: string;
}

const tables: Readonly<Record<BannerKind, readonly BannerRule[]>> = {
  ftp: ftpRules,
  telnet: telnetRules,
  "http-title": titleRules,
  "http-server": serverRules,
  "pjl-id": pjlIdRules,
};

/** Greetings are a line or two; of longer ones the beginning counts. */
const longestBanner = 1_000;

/**
 * Who greets so. Nothing is guessed from servers and words that many makers use.
 *
 * @param text as received; a reply code, HTML entities of blanks, line ends and quotes may be in it
 * @returns undefined when no maker known greets so
 */
export function identifyBanner(kind: BannerKind, text: string): BannerIdentity | undefined {
  const line = cleaned(text);
  const rule = compiledRules(kind).find(({ when }) => when.test(line));
  if (rule === undefined) return undefined;
  const named = valueIn(rule.product, line);
  const product = named !== undefined && isService.test(named) ? undefined : named;
  const version = valueIn(rule.version, line);
  const serialNumber = valueIn(rule.serialNumber, line);
  const macAddress = valueIn(rule.macAddress, line);
  return {
    manufacturer: rule.manufacturer,
    ...(product === undefined ? {} : { product }),
    ...(version === undefined ? {} : { version }),
    ...(serialNumber === undefined ? {} : { serialNumber }),
    ...(macAddress === undefined ? {} : { macAddress: withColons(macAddress) }),
  };
}

/** A maker's name with a service behind it and no model: "HP FTP Print Server". */
const isService = /^(?:FTP|TELNET|HTTP|print server|server|network)\b/i;

/** Reply code of FTP, entities of blanks, quotes of PJL, white space. */
function cleaned(text: string): string {
  return text
    .slice(0, longestBanner)
    .replace(/^\s*220[ -]/, "")
    .replace(/&nbsp;|&#160;|\u00a0/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/^"(.*)"$/, "$1")
    .trim();
}

interface CompiledRule {
  readonly manufacturer: string;
  readonly when: Pattern;
  readonly product: readonly Pattern[];
  readonly version: readonly Pattern[];
  readonly serialNumber: readonly Pattern[];
  readonly macAddress: readonly Pattern[];
}

const compiled = new Map<BannerKind, readonly CompiledRule[]>();

/** Compiled when first asked for: most services never are. */
function compiledRules(kind: BannerKind): readonly CompiledRule[] {
  const known = compiled.get(kind) ?? tables[kind].map(compile);
  compiled.set(kind, known);
  return known;
}

function compile(rule: BannerRule): CompiledRule {
  return {
    manufacturer: rule.manufacturer,
    when: patternOf(rule.when),
    product: patternsOf(rule.product),
    version: patternsOf(rule.version),
    serialNumber: patternsOf(rule.serialNumber),
    macAddress: patternsOf(rule.macAddress),
  };
}

function patternsOf(given: ValuePattern | undefined): readonly Pattern[] {
  if (given === undefined) return [];
  return (typeof given === "string" ? [given] : given).map(patternOf);
}

/** @throws {DiscoveryError} never for the tables here, which a test compiles */
function patternOf(source: string): Pattern {
  const pattern = compilePattern(source);
  if (typeof pattern === "string")
    throw new DiscoveryError("discovery.bad-pattern", `banner pattern ${source}: ${pattern}`);
  return pattern;
}

function valueIn(patterns: readonly Pattern[], line: string): string | undefined {
  for (const pattern of patterns) {
    const value = pattern
      .capture(line)
      ?.trim()
      .replace(/[.,;:]+$/, "");
    if (value !== undefined && value !== "") return value;
  }
  return undefined;
}

function withColons(hexadecimal: string): string {
  return (hexadecimal.toLowerCase().match(/../g) ?? []).join(":");
}
