import type { IncomingHttpHeaders } from "node:http";
import type { DecodedEnvelope } from "../../cwmp/soap/message.ts";
import type { XmlElement } from "../../cwmp/soap/xml-reader.ts";

const cwmpNamespace = /^urn:dslforum-org:cwmp-1-[012]$/;

/** What is wrong with the HTTP headers of a CPE's POST (TR-069a6 §3.4.1). */
export function checkHeaders(headers: IncomingHttpHeaders, isEmpty: boolean): readonly string[] {
  const problems: string[] = [];
  const { soapaction, "content-type": contentType } = headers;
  if (isEmpty) {
    if (soapaction !== undefined) problems.push("empty POST with SOAPAction");
    if (contentType !== undefined) problems.push("empty POST with Content-Type");
    return problems;
  }
  if (soapaction === undefined) problems.push("envelope without SOAPAction");
  else if (soapaction !== "" && soapaction !== '""') problems.push("SOAPAction is not empty");
  if (!/^text\/xml\s*(;|$)/i.test(contentType ?? "")) {
    problems.push(`Content-Type is ${contentType ?? "missing"} instead of text/xml`);
  }
  return problems;
}

/** What is wrong with an envelope, whatever its message: header, arrays, value types, fault shape (CWMP XSDs). */
export function checkEnvelope(root: XmlElement, envelope: DecodedEnvelope): readonly string[] {
  const method = envelope.message.method;
  const problems = [...checkSoapHeader(root, method), ...checkElements(root)];
  if (!cwmpNamespace.test(envelope.namespace ?? "")) {
    problems.push(`namespace is ${envelope.namespace ?? "missing"}`);
  }
  if (envelope.message.method === "Invalid") {
    problems.push(`${envelope.message.requested}: ${envelope.message.reason}`);
  }
  if (method === "Fault") problems.push(...checkFault(root));
  return problems;
}

/** Header elements with the mustUnderstand they need, and where they are allowed. */
function checkSoapHeader(root: XmlElement, method: string): readonly string[] {
  const header = root.children.find(({ name }) => name === "Header");
  const problems: string[] = [];
  const ids = header?.children.filter(({ name }) => name === "ID") ?? [];
  if (ids.length !== 1) problems.push(`${ids.length} cwmp:ID headers`);
  if (ids.some(({ attributes }) => attributes.get("mustUnderstand") !== "1")) {
    problems.push("cwmp:ID without mustUnderstand=1");
  }
  for (const { name } of header?.children ?? []) {
    const isInformOnly = name === "SessionTimeout" || name === "SupportedCWMPVersions";
    if (isInformOnly && method !== "Inform") problems.push(`${name} header outside an Inform`);
    if (name === "HoldRequests" || name === "UseCWMPVersion") {
      problems.push(`${name} header from a CPE`);
    }
  }
  return problems;
}

function checkElements(root: XmlElement): readonly string[] {
  const problems: string[] = [];
  const visit = (element: XmlElement, depth: number): void => {
    const problem = checkArray(element) ?? checkValue(element) ?? checkNamespace(element, depth);
    if (problem !== undefined && problems.length < 20) problems.push(problem);
    for (const inner of element.children) visit(inner, depth + 1);
  };
  visit(root, 0);
  return problems;
}

const arrays: ReadonlySet<string> = new Set(["ParameterList", "Event", "MethodList", "AccessList"]);

/** `soap-enc:arrayType` is required on SOAP arrays, and its count must be true. */
function checkArray({ name, attributes, children }: XmlElement): string | undefined {
  const arrayType = attributes.get("arrayType");
  if (arrayType === undefined) return arrays.has(name) ? `${name} without arrayType` : undefined;
  const [, type, count] = /^[\w.-]+:(\w+)\[(\d+)\]$/.exec(arrayType) ?? [];
  if (type === undefined) return `${name}: arrayType ${arrayType} is not prefix:Type[count]`;
  if (Number(count) !== children.length) {
    return `${name}: arrayType says ${count ?? ""} items, found ${children.length}`;
  }
  const stranger = children.find((item) => item.name !== type);
  return stranger && `${name}: arrayType says ${type}, found ${stranger.name}`;
}

const valueTypes =
  /^(xsd:(string|int|long|unsignedInt|unsignedLong|boolean|dateTime|hexBinary|base64Binary)|soap-enc:base64)$/;

/** ACSs compare the type with its prefix, so nothing but `xsd:` will do. */
function checkValue({ name, attributes }: XmlElement): string | undefined {
  const type = attributes.get("type");
  if (name !== "Value") return undefined;
  if (type === undefined) return "Value without xsi:type";
  return valueTypes.test(type) ? undefined : `Value with xsi:type ${type}`;
}

/** Below the message element nothing is qualified (elementFormDefault), except the fault in its detail. */
function checkNamespace({ name, namespace }: XmlElement, depth: number): string | undefined {
  if (depth < 3 || namespace === undefined || name === "Fault") return undefined;
  return `${name} is in namespace ${namespace}, arguments have none`;
}

function checkFault(root: XmlElement): readonly string[] {
  const text = (name: string): string | undefined => find(root, name)?.text;
  const detail = find(root, "detail")?.children.find(({ name }) => name === "Fault");
  const problems: string[] = [];
  if (text("faultstring") !== "CWMP fault") problems.push('faultstring is not "CWMP fault"');
  if (!/^([\w-]+:)?(Client|Server)$/.test(text("faultcode") ?? "")) {
    problems.push(`faultcode is ${text("faultcode") ?? "missing"}`);
  }
  if (!cwmpNamespace.test(detail?.namespace ?? ""))
    problems.push("fault without cwmp:Fault detail");
  const code = Number(detail?.children.find(({ name }) => name === "FaultCode")?.text);
  if (!(code >= 9_000 && code < 9_900)) problems.push("fault without a CPE fault code");
  return problems;
}

function find(element: XmlElement, name: string): XmlElement | undefined {
  if (element.name === name) return element;
  for (const inner of element.children) {
    const found = find(inner, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
