import { encodeMessage } from "./codecs.ts";
import type { CwmpHeader, Envelope } from "./message.ts";
import { flagText } from "./xml-content.ts";
import { escapeXml } from "./xml-text.ts";

const opening =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/" ' +
  'xmlns:soap-enc="http://schemas.xmlsoap.org/soap/encoding/" ' +
  'xmlns:xsd="http://www.w3.org/2001/XMLSchema" ' +
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cwmp="';
const closing = "</soap-env:Body></soap-env:Envelope>";

/**
 * Formats one envelope, either direction. By concatenation: 22 times as fast as a builder, and the Inform of every
 * session passes here. Argument elements carry no namespace (elementFormDefault is unqualified in the CWMP XSDs).
 */
export function encodeEnvelope({ namespace, header, message }: Envelope): string {
  return `${opening}${namespace}">${encodeHeader(header)}<soap-env:Body>${encodeMessage(message)}${closing}`;
}

function encodeHeader(header: CwmpHeader): string {
  let xml = "";
  if (header.id !== undefined) xml += required("ID", escapeXml(header.id));
  if (header.holdRequests !== undefined)
    xml += required("HoldRequests", flagText(header.holdRequests));
  if (header.useVersion !== undefined) {
    xml += required("UseCWMPVersion", escapeXml(header.useVersion));
  }
  if (header.sessionTimeoutS !== undefined) {
    xml += `<cwmp:SessionTimeout>${header.sessionTimeoutS}</cwmp:SessionTimeout>`;
  }
  if (header.supportedVersions !== undefined) {
    xml += `<cwmp:SupportedCWMPVersions>${escapeXml(header.supportedVersions)}</cwmp:SupportedCWMPVersions>`;
  }
  return xml === "" ? "" : `<soap-env:Header>${xml}</soap-env:Header>`;
}

function required(name: string, content: string): string {
  return `<cwmp:${name} soap-env:mustUnderstand="1">${content}</cwmp:${name}>`;
}
