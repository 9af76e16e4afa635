import type { DeviceId } from "../endpoint-store.ts";
import type { ParameterAssignment } from "../parameter-tree.ts";
import {
  ArgumentError,
  child,
  flagOf,
  numberOf,
  pathOf,
  requiredChild,
  stringsOf,
  textOf,
} from "./arguments.ts";
import { SoapDecodeError } from "./errors.ts";
import type {
  AttributeAssignment,
  CwmpHeader,
  CwmpMessage,
  DecodedEnvelope,
  DecodedMessage,
  MessageOf,
  ParameterFault,
} from "./message.ts";
import { type XmlElement, type XmlLimits, XmlReader } from "./xml-reader.ts";

/** Fits any sane ACS; the hard upper bound of `maxLength` is 10 Mi characters whatever the configuration says. */
export const defaultXmlLimits: XmlLimits = {
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
    const repaired = repairAmpersands(xml, error);
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
    const repaired = repairAmpersands(xml, error);
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

/**
 * GenieACS puts URLs in unescaped. A document that failed to parse gets a second chance with every bare `&`
 * escaped, except inside CDATA; undefined when there is none, or when the failure was another.
 */
function repairAmpersands(xml: string, error: unknown): string | undefined {
  if (!(error instanceof SoapDecodeError) || error.code !== "cwmp.malformed-xml") return undefined;
  const repaired = xml.replace(
    /<!\[CDATA\[[^]*?\]\]>|&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)/g,
    (match) => (match === "&" ? "&amp;" : match),
  );
  return repaired === xml ? undefined : repaired;
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
    message: decodeMessage(element),
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

function decodeMessage(element: XmlElement): DecodedMessage {
  const method = element.name;
  if (!isDecodable(method)) return { method: "Unknown", requested: method };
  try {
    return decoders[method](element);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    return { method: "Invalid", requested: method, reason: error.message };
  }
}

function isDecodable(method: string): method is CwmpMessage["method"] {
  return Object.hasOwn(decoders, method);
}

/** One reader per method; adding an RPC is adding a line here and a case to the encoder. */
const decoders: {
  readonly [Method in CwmpMessage["method"]]: (element: XmlElement) => MessageOf<Method>;
} = {
  Inform: decodeInform,
  InformResponse: () => ({ method: "InformResponse" }),
  GetRPCMethods: () => ({ method: "GetRPCMethods" }),
  GetRPCMethodsResponse: (element) => ({
    method: "GetRPCMethodsResponse",
    methods: stringsOf(element, "MethodList"),
  }),
  GetParameterNames: (element) => ({
    method: "GetParameterNames",
    path: pathOf(element, "ParameterPath"),
    nextLevel: flagOf(element, "NextLevel"),
  }),
  GetParameterNamesResponse: (element) => ({
    method: "GetParameterNamesResponse",
    names: structs(element, "ParameterList").map((item) => ({
      path: pathOf(item, "Name"),
      writable: flagOf(item, "Writable"),
    })),
  }),
  GetParameterValues: (element) => ({
    method: "GetParameterValues",
    paths: stringsOf(element, "ParameterNames"),
  }),
  GetParameterValuesResponse: (element) => ({
    method: "GetParameterValuesResponse",
    parameters: decodeValues(element),
  }),
  SetParameterValues: (element) => ({
    method: "SetParameterValues",
    parameters: decodeValues(element),
    parameterKey: textOf(element, "ParameterKey", 32),
  }),
  SetParameterValuesResponse: (element) => ({
    method: "SetParameterValuesResponse",
    status: numberOf(element, "Status"),
  }),
  SetParameterAttributes: (element) => ({
    method: "SetParameterAttributes",
    attributes: structs(element, "ParameterList").map(decodeAttributeAssignment),
  }),
  SetParameterAttributesResponse: () => ({ method: "SetParameterAttributesResponse" }),
  GetParameterAttributes: (element) => ({
    method: "GetParameterAttributes",
    paths: stringsOf(element, "ParameterNames"),
  }),
  GetParameterAttributesResponse: (element) => ({
    method: "GetParameterAttributesResponse",
    attributes: structs(element, "ParameterList").map((item) => ({
      path: pathOf(item, "Name"),
      notification: numberOf(item, "Notification"),
      accessList: stringsOf(item, "AccessList"),
    })),
  }),
  AddObject: (element) => ({
    method: "AddObject",
    path: pathOf(element, "ObjectName"),
    parameterKey: textOf(element, "ParameterKey", 32),
  }),
  AddObjectResponse: (element) => ({
    method: "AddObjectResponse",
    instanceNumber: numberOf(element, "InstanceNumber"),
    status: numberOf(element, "Status"),
  }),
  DeleteObject: (element) => ({
    method: "DeleteObject",
    path: pathOf(element, "ObjectName"),
    parameterKey: textOf(element, "ParameterKey", 32),
  }),
  DeleteObjectResponse: (element) => ({
    method: "DeleteObjectResponse",
    status: numberOf(element, "Status"),
  }),
  Reboot: (element) => ({ method: "Reboot", commandKey: textOf(element, "CommandKey", 32) }),
  RebootResponse: () => ({ method: "RebootResponse" }),
  Fault: decodeFault,
};

function decodeInform(element: XmlElement): MessageOf<"Inform"> {
  return {
    method: "Inform",
    deviceId: decodeDeviceId(requiredChild(element, "DeviceId")),
    events: structs(element, "Event").map((item) => ({
      eventCode: textOf(item, "EventCode"),
      commandKey: textOf(item, "CommandKey"),
    })),
    currentTime: textOf(element, "CurrentTime").trim(),
    retryCount: numberOf(element, "RetryCount"),
    parameters: decodeValues(element),
  };
}

function decodeDeviceId(element: XmlElement): DeviceId {
  return {
    manufacturer: textOf(element, "Manufacturer"),
    oui: textOf(element, "OUI"),
    productClass: textOf(element, "ProductClass"),
    serialNumber: textOf(element, "SerialNumber"),
  };
}

function decodeFault(element: XmlElement): MessageOf<"Fault"> {
  const detail = child(element, "detail");
  const fault = detail === undefined ? undefined : child(detail, "Fault");
  const parameters = (fault?.children ?? [])
    .filter(({ name }) => name === "SetParameterValuesFault")
    .map(decodeParameterFault);
  const text = fault === undefined ? textOf(element, "faultstring") : textOf(fault, "FaultString");
  return {
    method: "Fault",
    // A fault without detail is answered by nobody, so a wrong code must not become fault 9003.
    code: fault === undefined ? 0 : faultCodeOf(fault),
    text,
    ...(parameters.length === 0 ? {} : { parameters }),
  };
}

function decodeParameterFault(element: XmlElement): ParameterFault {
  return {
    path: textOf(element, "ParameterName").trim(),
    code: faultCodeOf(element),
    text: textOf(element, "FaultString"),
  };
}

function faultCodeOf(element: XmlElement): number {
  const text = textOf(element, "FaultCode").trim();
  return /^\d{1,5}$/.test(text) ? Number(text) : 0;
}

function decodeValues(element: XmlElement): readonly ParameterAssignment[] {
  return structs(element, "ParameterList").map((item) => {
    const value = requiredChild(item, "Value");
    const type = typeName(value.attributes.get("type"));
    return {
      path: pathOf(item, "Name"),
      value: value.text,
      ...(type === undefined ? {} : { type }),
    };
  });
}

/** `xsd:int` → `int`; both spellings of base64 → `base64`. */
function typeName(qualified: string | undefined): string | undefined {
  const local = qualified?.slice(qualified.lastIndexOf(":") + 1).trim();
  return local === "base64Binary" ? "base64" : local;
}

function decodeAttributeAssignment(item: XmlElement): AttributeAssignment {
  // What is not to be changed is not looked at: GenieACS leaves it empty.
  return {
    path: pathOf(item, "Name"),
    ...(flagOf(item, "NotificationChange") ? { notification: numberOf(item, "Notification") } : {}),
    ...(flagOf(item, "AccessListChange") ? { accessList: stringsOf(item, "AccessList") } : {}),
  };
}

function structs(parent: XmlElement, name: string): readonly XmlElement[] {
  return requiredChild(parent, name).children;
}
