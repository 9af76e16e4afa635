/** Who the gateway says it is (TR-069a6 Annex F). */
export interface GatewayIdentity {
  readonly oui: string;
  readonly serialNumber: string;
  readonly productClass: string;
}

/** What a DHCP answer tells about the ACS (TR-069a6 §3.1); what it does not tell is absent. */
export interface AcsOptions {
  readonly url?: string;
  readonly provisioningCode?: string;
  /** `CWMPRetryMinimumWaitInterval`, seconds. */
  readonly retryMinimumWaitS?: number;
  /** `CWMPRetryIntervalMultiplier`, thousandths. */
  readonly retryMultiplier?: number;
  readonly gateway?: GatewayIdentity;
}

/** Enterprise number of the Broadband Forum, whose sub-options these are. */
const broadbandForum = 3561;

/** Numbers of the sub-options; they differ by the option that carries them (BBF assigned numbers, DHCP). */
interface SubOptionCodes {
  readonly url: number;
  readonly provisioningCode: number;
  readonly retryMinimumWait: number;
  readonly retryMultiplier: number;
  readonly gatewayOui: number;
  readonly gatewaySerialNumber: number;
  readonly gatewayProductClass: number;
}

const acsFrom1 = { url: 1, provisioningCode: 2, retryMinimumWait: 3, retryMultiplier: 4 } as const;
const noGateway = { gatewayOui: -1, gatewaySerialNumber: -1, gatewayProductClass: -1 } as const;

const codesIn = {
  /** DHCPv4 option 43 has no place for the gateway. */
  option43: { ...acsFrom1, ...noGateway },
  /** DHCPv4 option 125: 1 to 6 were taken by Annex F when ACS discovery came. */
  option125: {
    url: 11,
    provisioningCode: 12,
    retryMinimumWait: 13,
    retryMultiplier: 14,
    gatewayOui: 4,
    gatewaySerialNumber: 5,
    gatewayProductClass: 6,
  },
  /** DHCPv6 option 17. */
  option17: { ...acsFrom1, gatewayOui: 14, gatewaySerialNumber: 15, gatewayProductClass: 16 },
} as const satisfies Readonly<Record<string, SubOptionCodes>>;

/**
 * Reads DHCPv4 option 43: encapsulated sub-options, or the bare URL that many a server is set up with.
 * @returns undefined when it is about something else
 */
export function parseOption43(bytes: Uint8Array): AcsOptions | undefined {
  const fields = splitFields(bytes, 1);
  if (fields !== undefined && [...fields.keys()].some((code) => code >= 1 && code <= 4))
    return optionsOf(fields, codesIn.option43);
  const url = textOf(bytes);
  return isAcsUrl(url) ? { url } : undefined;
}

/** Reads DHCPv4 option 125 (RFC 3925); undefined without a part of the Broadband Forum. */
export function parseOption125(bytes: Uint8Array): AcsOptions | undefined {
  const buffer = toBuffer(bytes);
  for (let at = 0; at + 5 <= buffer.length;) {
    const enterprise = buffer.readUInt32BE(at);
    const length = buffer.readUInt8(at + 4);
    const data = buffer.subarray(at + 5, at + 5 + length);
    if (enterprise === broadbandForum && data.length === length)
      return optionsOf(splitFields(data, 1), codesIn.option125);
    at += 5 + length;
  }
  return undefined;
}

/** Reads DHCPv6 option 17 (RFC 8415 §21.17); undefined when it is another enterprise's. */
export function parseOption17(bytes: Uint8Array): AcsOptions | undefined {
  const buffer = toBuffer(bytes);
  if (buffer.length < 4 || buffer.readUInt32BE(0) !== broadbandForum) return undefined;
  return optionsOf(splitFields(buffer.subarray(4), 2), codesIn.option17);
}

/** Whether a text can be the URL of an ACS: 256 characters at most, without user name and password. */
export function isAcsUrl(text: string): boolean {
  if (text.length > 256 || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === "" && password === "";
}

/** Code, length, value, … with numbers of `width` bytes; undefined when the lengths do not come out. */
function splitFields(bytes: Uint8Array, width: 1 | 2): ReadonlyMap<number, Buffer> | undefined {
  const buffer = toBuffer(bytes);
  const fields = new Map<number, Buffer>();
  let at = 0;
  while (at < buffer.length) {
    const code = buffer.readUIntBE(at, width);
    // Option 43 may be padded with 0 and ended by 255 (RFC 2132 §8.4).
    if (width === 1 && code === 0) {
      at += 1;
      continue;
    }
    if (width === 1 && code === 255) break;
    if (at + 2 * width > buffer.length) return undefined;
    const length = buffer.readUIntBE(at + width, width);
    const start = at + 2 * width;
    if (start + length > buffer.length) return undefined;
    fields.set(code, buffer.subarray(start, start + length));
    at = start + length;
  }
  return fields;
}

function optionsOf(
  fields: ReadonlyMap<number, Buffer> | undefined,
  codes: SubOptionCodes,
): AcsOptions | undefined {
  if (fields === undefined) return undefined;
  const text = (code: number): string | undefined => {
    const field = fields.get(code);
    return field === undefined ? undefined : textOf(field);
  };
  const url = text(codes.url);
  const provisioningCode = text(codes.provisioningCode)?.slice(0, 64);
  const retryMinimumWaitS = within(numberOf(fields.get(codes.retryMinimumWait)), 1);
  const retryMultiplier = within(numberOf(fields.get(codes.retryMultiplier)), 1_000);
  const gateway = gatewayOf(text, codes);
  return {
    ...(url === undefined || !isAcsUrl(url) ? {} : { url }),
    ...(provisioningCode === undefined ? {} : { provisioningCode }),
    ...(retryMinimumWaitS === undefined ? {} : { retryMinimumWaitS }),
    ...(retryMultiplier === undefined ? {} : { retryMultiplier }),
    ...(gateway === undefined ? {} : { gateway }),
  };
}

function gatewayOf(
  text: (code: number) => string | undefined,
  codes: SubOptionCodes,
): GatewayIdentity | undefined {
  const oui = text(codes.gatewayOui)?.toUpperCase();
  const serialNumber = text(codes.gatewaySerialNumber);
  if (oui === undefined || serialNumber === undefined || !/^[0-9A-F]{6}$/.test(oui))
    return undefined;
  const productClass = text(codes.gatewayProductClass) ?? "";
  return {
    oui,
    serialNumber: serialNumber.slice(0, 64),
    productClass: productClass.slice(0, 64),
  };
}

/** Servers send digits; some send the number itself. */
function numberOf(field: Buffer | undefined): number | undefined {
  if (field === undefined || field.length === 0) return undefined;
  const text = textOf(field);
  if (/^\d{1,5}$/.test(text)) return Number(text);
  return field.length <= 4 ? field.readUIntBE(0, field.length) : undefined;
}

/** Both parameters end at 65535; what is out of bounds was never meant for them. */
function within(value: number | undefined, least: number): number | undefined {
  return value !== undefined && value >= least && value <= 65_535 ? value : undefined;
}

/** Texts must not end with NUL (TR-069a6 §3.1), yet do; characters no parameter takes are left out. */
function textOf(bytes: Uint8Array): string {
  return toBuffer(bytes)
    .toString("utf8")
    .replace(/\0+$/, "")
    .replace(/[\p{Cc}\ufffd]/gu, "")
    .trim();
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
