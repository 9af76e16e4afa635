import { isRecord } from "../../shared/json.ts";
import { EwsMemory, type EwsMemorySnapshot, type Origin } from "./ews-memory.ts";

/**
 * The memory whose snapshot is the JSON `text`. What is not as it should be is left out: it is learned again. A lost pin
 * is the exception: a damaged text gives a memory that trusts the next certificate, so the store must not damage it.
 */
export function readEwsMemory(text: string | undefined): EwsMemory {
  const json = parse(text ?? "{}");
  const snapshot: EwsMemorySnapshot = {
    version: 1,
    ...optional("certificate", json["certificate"], isCertificate),
    ...optional("origin", json["origin"], isOrigin),
    ...optional("refusals", json["refusals"], isRefusals),
    ...optional("timeoutMs", json["timeoutMs"], isNumber),
    ...optional("lenientBecause", json["lenientBecause"], isText),
    missing: Array.isArray(json["missing"]) ? json["missing"].filter(isMissing) : [],
    hasMisbehaved: json["hasMisbehaved"] === true,
  };
  return new EwsMemory(snapshot);
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    return isRecord(json) ? json : {};
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {};
  }
}

function optional<Key extends string, Value>(
  key: Key,
  value: unknown,
  is: (value: unknown) => value is Value,
): { readonly [K in Key]?: Value } {
  return is(value) ? ({ [key]: value } as { readonly [K in Key]?: Value }) : {};
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isCertificate(value: unknown): value is NonNullable<EwsMemorySnapshot["certificate"]> {
  return isRecord(value) && isText(value["fingerprint"]) && isNumber(value["seenAtMs"]);
}

function isOrigin(value: unknown): value is Origin {
  if (!isRecord(value) || !isNumber(value["port"])) return false;
  return value["scheme"] === "http" || value["scheme"] === "https";
}

function isRefusals(value: unknown): value is NonNullable<EwsMemorySnapshot["refusals"]> {
  if (!isRecord(value) || !isText(value["salt"]) || !isText(value["digest"])) return false;
  return Array.isArray(value["atMs"]) && value["atMs"].every(isNumber);
}

function isMissing(value: unknown): value is EwsMemorySnapshot["missing"][number] {
  if (!Array.isArray(value)) return false;
  const [page, status, atMs] = value as readonly unknown[];
  return isText(page) && isNumber(status) && isNumber(atMs);
}
