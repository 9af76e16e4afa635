import { createHmac } from "node:crypto";
import type { DeviceId } from "../../endpoint-store.ts";
import type { ParameterValue } from "../../parameter-tree.ts";
import { escapeXml } from "../../soap/xml-text.ts";

/** What a lightweight notification says (TR-069a6 Annex M). */
export interface LightweightNotification {
  readonly deviceId: DeviceId;
  readonly username: string;
  readonly cnonce: string;
  readonly atMs: number;
  /** At least one. */
  readonly parameters: readonly ParameterValue[];
}

/** Where it goes and what proves where it comes from. */
export interface LightweightTarget {
  readonly host: string;
  readonly port: number;
  /** ManagementServer.Password. */
  readonly password: string;
}

/** The document of a notification, as cwmp-UDPLightweightNotification-1-0.xsd has it: every element qualified. */
export function encodeNotification(notification: LightweightNotification): string {
  const { deviceId, username, cnonce, atMs, parameters } = notification;
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<lwn:Notification xmlns:lwn="urn:broadband-forum-org:cwmp:lwnotif-1-0" ' +
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema" ' +
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
    element("TS", String(Math.floor(atMs / 1_000))) +
    element("UN", username.slice(0, 256)) +
    element("CN", cnonce) +
    element("OUI", deviceId.oui) +
    element("ProductClass", deviceId.productClass.slice(0, 64)) +
    element("SerialNumber", deviceId.serialNumber.slice(0, 64)) +
    parameters.map(parameter).join("") +
    "</lwn:Notification>"
  );
}

/**
 * The datagram that carries a document. The schema says nothing of it and Annex M was not at hand: the form is the one
 * that public implementations send, an HTTP POST whose `Signature` is the HMAC-SHA1 of the document, as 40 hex digits.
 */
export function frameNotification(document: string, target: LightweightTarget): Buffer {
  const { host, port, password } = target;
  const body = Buffer.from(document);
  const signature = createHmac("sha1", password).update(body).digest("hex").toUpperCase();
  const head = [
    "POST / HTTP/1.1",
    `Host: ${host.includes(":") ? `[${host}]` : host}:${port}`,
    'Content-Type: text/xml; charset="utf-8"',
    `Content-Length: ${body.length}`,
    `Signature: ${signature}`,
  ].join("\r\n");
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]);
}

function element(name: string, text: string): string {
  return `<lwn:${name}>${escapeXml(text)}</lwn:${name}>`;
}

function parameter({ path, type, value }: ParameterValue): string {
  const schemaType = type === "base64" ? "base64Binary" : type;
  const text = `<lwn:Value xsi:type="xsd:${schemaType}">${escapeXml(value)}</lwn:Value>`;
  return `<lwn:Param>${element("Name", path)}${text}</lwn:Param>`;
}
