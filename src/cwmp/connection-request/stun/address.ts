import { isIPv4, isIPv6 } from "node:net";
import { authority } from "../../../shared/hosts.ts";

/** A UDP address: literal IP address and port. */
export interface UdpAddress {
  readonly host: string;
  readonly port: number;
}

const family = { ipv4: 1, ipv6: 2 } as const;
/** Value of MAPPED-ADDRESS and its kin (RFC 3489 §11.2.1); undefined for a host that is no literal address. */
export function encodeAddress({ host, port }: UdpAddress): Buffer | undefined {
  const bytes = isIPv4(host) ? ipv4Bytes(host) : isIPv6(host) ? ipv6Bytes(host) : undefined;
  if (bytes === undefined) return undefined;
  const header = Buffer.from([0, bytes.length === 4 ? family.ipv4 : family.ipv6, 0, 0]);
  header.writeUInt16BE(port, 2);
  return Buffer.concat([header, bytes]);
}

/** Undefined for a value that is no address. IPv6 comes out in the form the system writes it. */
export function decodeAddress(value: Buffer): UdpAddress | undefined {
  const isV4 = value.length === 8 && value[1] === family.ipv4;
  const isV6 = value.length === 20 && value[1] === family.ipv6;
  if (!isV4 && !isV6) return undefined;
  const bytes = value.subarray(4);
  return { host: isV4 ? bytes.join(".") : ipv6Text(bytes), port: value.readUInt16BE(2) };
}

/**
 * Masks or unmasks the value of XOR-MAPPED-ADDRESS.
 * @param mask 16 bytes: the transaction id, of which RFC 5389 §15.2 calls the first four the magic cookie
 */
export function xorAddress(value: Buffer, mask: Buffer): Buffer {
  const masked = Buffer.from(value);
  for (let i = 4; i < masked.length; i += 1) masked[i] = (value[i] ?? 0) ^ (mask[i - 4] ?? 0);
  for (let i = 2; i < Math.min(4, masked.length); i += 1)
    masked[i] = (value[i] ?? 0) ^ (mask[i - 2] ?? 0);
  return masked;
}

/** `host:port`, IPv6 in brackets (RFC 3986 authority). */
export function authorityOf({ host, port }: UdpAddress): string {
  return authority(host, port);
}

/** Whether both name the same address and port. */
export function isSameAddress(a: UdpAddress | undefined, b: UdpAddress | undefined): boolean {
  return a !== undefined && b !== undefined && a.host === b.host && a.port === b.port;
}

/** The address without the `::ffff:` under which a socket for both families shows IPv4. */
export function plainHost(host: string): string {
  return host.startsWith("::ffff:") && isIPv4(host.slice(7)) ? host.slice(7) : host;
}

function ipv4Bytes(host: string): Buffer {
  return Buffer.from(host.split(".").map(Number));
}

function ipv6Bytes(host: string): Buffer {
  // URL writes every form the same way, an IPv4 tail included.
  const text = new URL(`http://[${host.split("%", 1)[0] ?? ""}]`).hostname.slice(1, -1);
  const [head = "", tail] = text.split("::");
  const left = groups(head);
  const right = groups(tail ?? "");
  const zeros = Array<number>(tail === undefined ? 0 : 8 - left.length - right.length).fill(0);
  const bytes = Buffer.alloc(16);
  [...left, ...zeros, ...right].forEach((group, index) => bytes.writeUInt16BE(group, index * 2));
  return bytes;
}

function groups(text: string): readonly number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

function ipv6Text(bytes: Buffer): string {
  const text = [0, 2, 4, 6, 8, 10, 12, 14].map((at) => bytes.readUInt16BE(at).toString(16));
  return new URL(`http://[${text.join(":")}]`).hostname.slice(1, -1);
}
