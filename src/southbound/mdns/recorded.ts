import { errorText } from "../../shared/errors.ts";
import { MdnsDecodeError } from "./errors.ts";
import { mdnsDocument, type MdnsDocument, type MdnsRecord } from "./txt.ts";

/**
 * Reads an announcement kept as JSON in a capture: `{ instance, service, host, port, txt }`, where `txt` is a list of
 * `key=value` or an object, and null is unknown.
 *
 * @throws {MdnsDecodeError}
 */
export function recordedMdns(json: string): MdnsDocument {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    throw new MdnsDecodeError(`a recorded announcement is no JSON: ${errorText(error)}`);
  }
  if (typeof parsed !== "object" || parsed === null)
    throw new MdnsDecodeError("a recorded announcement is no object");
  return mdnsDocument(recordOf(new Map(Object.entries(parsed))));
}

function recordOf(fields: ReadonlyMap<string, unknown>): MdnsRecord {
  const text = (name: string): string | undefined => {
    const value = fields.get(name);
    return typeof value === "string" ? value : undefined;
  };
  const [instance, service, host] = [text("instance"), text("service"), text("host")];
  const port = fields.get("port");
  return {
    ...(instance === undefined ? {} : { instance }),
    ...(service === undefined ? {} : { service }),
    ...(host === undefined ? {} : { host }),
    ...(typeof port === "number" ? { port } : {}),
    txt: stringsOf(fields.get("txt")),
  };
}

function stringsOf(txt: unknown): readonly string[] {
  if (Array.isArray(txt)) return txt.filter((item) => typeof item === "string");
  if (typeof txt !== "object" || txt === null)
    throw new MdnsDecodeError('a recorded announcement has no "txt"');
  return Object.entries(txt).map(([key, value]) =>
    value === true ? key : `${key}=${String(value)}`,
  );
}
