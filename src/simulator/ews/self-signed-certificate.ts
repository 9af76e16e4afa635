import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIPv4 } from "node:net";
import { encodeOid } from "../../southbound/snmp/oid.ts";

/** A certificate and its key, PEM. */
export interface SelfSignedCertificate {
  readonly cert: string;
  readonly key: string;
}

const oid = {
  commonName: "2.5.4.3",
  organization: "2.5.4.10",
  subjectAltName: "2.5.29.17",
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
} as const;

/** Tags of ASN.1 (X.690 §8) that a certificate needs. */
const tag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
  sanDnsName: 0x82,
  sanIpAddress: 0x87,
} as const;

const validForMs = 10 * 365 * 86_400_000;
const oneDayMs = 86_400_000;

/**
 * Makes the certificate a printer makes for itself at its first start: P-256, valid for ten years from yesterday, a
 * stranger to every authority. Node signs but does not compose certificates, hence the few lines of DER here.
 *
 * @param host IPv4 address or name the certificate is for
 * @see RFC 5280 §4.1
 */
export function makeSelfSignedCertificate(host: string, nowMs: number): SelfSignedCertificate {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = der(tag.sequence, objectId(oid.ecdsaWithSha256));
  const name = der(
    tag.sequence,
    nameAttribute(oid.organization, "Simulated printer"),
    nameAttribute(oid.commonName, host),
  );
  const signed = der(
    tag.sequence,
    der(tag.version, der(tag.integer, Buffer.of(2))),
    der(tag.integer, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    name,
    der(tag.sequence, instant(nowMs - oneDayMs), instant(nowMs + validForMs)),
    name,
    keys.publicKey.export({ type: "spki", format: "der" }),
    der(tag.extensions, der(tag.sequence, alternativeName(host))),
  );
  const signature = sign("sha256", signed, keys.privateKey);
  const certificate = der(
    tag.sequence,
    signed,
    algorithm,
    der(tag.bitString, Buffer.of(0), signature),
  );
  return {
    cert: pem(certificate),
    key: keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** One element: tag, length in its shortest form, contents. */
function der(elementTag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(elementTag, length), content]);
  const octets = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(elementTag, ...octets), content]);
}

function objectId(text: string): Buffer {
  return der(tag.objectIdentifier, encodeOid(text));
}

function nameAttribute(type: string, value: string): Buffer {
  const attribute = der(tag.sequence, objectId(type), der(tag.utf8String, Buffer.from(value)));
  return der(tag.set, attribute);
}

function instant(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
  return der(tag.generalizedTime, Buffer.from(digits, "ascii"));
}

function alternativeName(host: string): Buffer {
  const value = isIPv4(host)
    ? der(tag.sanIpAddress, Buffer.from(host.split(".").map(Number)))
    : der(tag.sanDnsName, Buffer.from(host, "ascii"));
  return der(
    tag.sequence,
    objectId(oid.subjectAltName),
    der(tag.octetString, der(tag.sequence, value)),
  );
}

function pem(certificate: Uint8Array): string {
  const lines = Buffer.from(certificate).toString("base64").replace(/.{64}/g, "$&\n").trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
