import { ArgumentError, child } from "./arguments.ts";
import { decodeMessage } from "./codecs.ts";
import { SoapDecodeError } from "./errors.ts";
import type { CwmpHeader, DecodedEnvelope, DecodedMessage } from "./message.ts";
import { repairAmpersands } from "./repair.ts";
import { type XmlElement, type XmlLimits, XmlReader } from "./xml-reader.ts";

/** Fits any sane ACS; the hard upper bound of `maxLength` is 10 Mi characters whatever the configuration says. */
const defaultXmlLimits: XmlLimits = {
  maxLength: 2 * 1024 * 1024,
  maxDepth: 32,
  maxElements: 250_000,
};
const hardMaxLength = 10 * 1024 * 1024;

/** Parsing this much at a time takes a few milliseconds, so that other sessions go on meanwhile. */
const sliceLength = 64 * 1024;

const soapNamespace = "http://schemas.xmlsoap.org/soap/envelope/";
const cwmpNamespacePattern = /^urn:dslforum-org:cwmp-1-\d+$/;

/**
 * Reads one envelope, either direction: any prefixes, any `cwmp-1-N`, CDATA, comments.
 * @throws {SoapDecodeError} when it cannot be read at all; wrong arguments make a message `Invalid` instead
 */
export function decodeEnvelope(xml: string, limits: XmlLimits = defaultXmlLimits): DecodedEnvelope {
  try {
    return toEnvelope(readWhole(xml, limits));
  } catch (error) {
    const repaired = secondChance(xml, error);
    if (repaired === undefined) throw error;
    return toEnvelope(readWhole(repaired, limits));
  }
}

/** Like {@link decodeEnvelope}, but lets other work in between the slices of a large document. */
export async function decodeLargeEnvelope(
  xml: string,
  limits: XmlLimits = defaultXmlLimits,
): Promise<DecodedEnvelope> {
  if (xml.length <= sliceLength) return decodeEnvelope(xml, limits);
  try {
    return toEnvelope(await readInSlices(xml, limits));
  } catch (error) {
    const repaired = secondChance(xml, error);
    if (repaired === undefined) throw error;
    return toEnvelope(await readInSlices(repaired, limits));
  }
}

function readWhole(xml: string, limits: XmlLimits): XmlElement {
  const reader = createReader(xml, limits);
  reader.write(withoutPreamble(xml));
  return reader.end();
}

async function readInSlices(xml: string, limits: XmlLimits): Promise<XmlElement> {
  const reader = createReader(xml, limits);
  const document = withoutPreamble(xml);
  for (let start = 0; start < document.length; start += sliceLength) {
    reader.write(document.slice(start, start + sliceLength));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return reader.end();
}

function createReader(xml: string, limits: XmlLimits): XmlReader {
  const maxLength = Math.min(limits.maxLength, hardMaxLength);
  if (xml.length > maxLength) {
    throw new SoapDecodeError(`envelope of ${xml.length} characters, limit is ${maxLength}`, {
      code: "cwmp.envelope-too-large",
    });
  }
  return new XmlReader({ ...limits, maxLength });
}

/** A byte order mark or blank lines before the XML declaration are errors to a parser and nothing to us. */
function withoutPreamble(xml: string): string {
  return xml.trimStart();
}

/** A document that failed to parse gets a second chance; undefined when there is none, or the failure was another. */
function secondChance(xml: string, error: unknown): string | undefined {
  const isMalformed = error instanceof SoapDecodeError && error.code === "cwmp.malformed-xml";
  return isMalformed ? repairAmpersands(xml) : undefined;
}

function toEnvelope(root: XmlElement): DecodedEnvelope {
  const body = child(root, "Body");
  if (root.name !== "Envelope" || root.namespace !== soapNamespace || body === undefined) {
    throw new SoapDecodeError(`${root.name} is no SOAP 1.1 envelope`, {
      code: "cwmp.not-an-envelope",
    });
  }
  // A malformed fault of GenieACS (`soap-env:Body:Fault`) is an ordinary child here.
  const [element] = body.children;
  if (element === undefined) {
    throw new SoapDecodeError("SOAP body is empty", { code: "cwmp.not-an-envelope" });
  }
  const header = child(root, "Header");
  const notUnderstood = header?.children.find(isNotUnderstood)?.name;
  return {
    namespace: findNamespace(element, header),
    header: header === undefined ? {} : decodeHeader(header),
    ...(notUnderstood === undefined ? {} : { notUnderstood }),
    message: readMessage(element),
  };
}

const understoodHeaders: ReadonlySet<string> = new Set([
  "ID",
  "HoldRequests",
  "NoMoreRequests",
  "SessionTimeout",
  "SupportedCWMPVersions",
  "UseCWMPVersion",
]);

function isNotUnderstood({ name, attributes }: XmlElement): boolean {
  const mustUnderstand = attributes.get("mustUnderstand");
  return (mustUnderstand === "1" || mustUnderstand === "true") && !understoodHeaders.has(name);
}

function findNamespace(element: XmlElement, header: XmlElement | undefined): string | undefined {
  const candidates = [element, ...(header?.children ?? [])];
  return candidates.find(({ namespace }) => cwmpNamespacePattern.test(namespace ?? ""))?.namespace;
}

function decodeHeader(header: XmlElement): CwmpHeader {
  const id = child(header, "ID")?.text;
  const holdRequests = child(header, "HoldRequests")?.text.trim();
  const sessionTimeout = child(header, "SessionTimeout")?.text.trim();
  const supportedVersions = child(header, "SupportedCWMPVersions")?.text.trim();
  const useVersion = child(header, "UseCWMPVersion")?.text.trim();
  return {
    ...(id === undefined ? {} : { id }),
    ...(holdRequests === undefined ? {} : { holdRequests: /^(1|true)$/i.test(holdRequests) }),
    ...(sessionTimeout === undefined || !/^\d{1,9}$/.test(sessionTimeout)
      ? {}
      : { sessionTimeoutS: Number(sessionTimeout) }),
    ...(supportedVersions === undefined ? {} : { supportedVersions }),
    ...(useVersion === undefined ? {} : { useVersion }),
  };
}

function readMessage(element: XmlElement): DecodedMessage {
  try {
    return decodeMessage(element);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    return { method: "Invalid", requested: element.name, reason: error.message };
  }
}
