import type { RawLease } from "./lease.ts";

/** Where the options of a DHCPv4 message begin, and what stands before them (RFC 2131 §2, §3). */
const cookieAt = 236;
const cookie = 0x63825363;
const yourAddressAt = 16;
const bootReply = 2;

/** Options of DHCPv4 (RFC 2132, RFC 3925) and DHCPv6 (RFC 8415). */
const codes4 = {
  pad: 0,
  nameServers: 6,
  vendorSpecific: 43,
  vendorIdentifying: 125,
  end: 255,
} as const;
const codes6 = { vendorOptions: 17 } as const;
const reply6 = 7;

/**
 * Reads a lease that is the server's message as it came, which is what dhcpcd keeps.
 * @returns undefined for bytes that are no such message
 */
export function parseMessageLease(bytes: Uint8Array): RawLease | undefined {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (message.length >= cookieAt + 4 && message.readUInt32BE(cookieAt) === cookie)
    return message[0] === bootReply ? lease4(message) : undefined;
  return message[0] === reply6 ? lease6(message) : undefined;
}

function lease4(message: Buffer): RawLease | undefined {
  const options = new Map<number, Buffer>();
  for (let at = cookieAt + 4; at < message.length;) {
    const code = message.readUInt8(at);
    if (code === codes4.end) break;
    if (code === codes4.pad) {
      at += 1;
      continue;
    }
    const length = message[at + 1];
    if (length === undefined || at + 2 + length > message.length) return undefined;
    const value = message.subarray(at + 2, at + 2 + length);
    // Long options come in pieces (RFC 3396).
    options.set(code, Buffer.concat([options.get(code) ?? Buffer.alloc(0), value]));
    at += 2 + length;
  }
  const vendorSpecific = options.get(codes4.vendorSpecific);
  const vendorIdentifying = options.get(codes4.vendorIdentifying);
  return {
    ...(vendorSpecific === undefined ? {} : { vendorSpecific }),
    ...(vendorIdentifying === undefined ? {} : { vendorIdentifying }),
    addresses: addresses4(message.subarray(yourAddressAt, yourAddressAt + 4)),
    nameServers: addresses4(options.get(codes4.nameServers) ?? Buffer.alloc(0)),
  };
}

function addresses4(bytes: Buffer): readonly string[] {
  const count = Math.floor(bytes.length / 4);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(4 * index, 4 * index + 4).join("."),
  );
}

function lease6(message: Buffer): RawLease | undefined {
  let vendorOptions6: Buffer | undefined;
  for (let at = 4; at + 4 <= message.length;) {
    const length = message.readUInt16BE(at + 2);
    if (at + 4 + length > message.length) return undefined;
    if (message.readUInt16BE(at) === codes6.vendorOptions)
      vendorOptions6 ??= message.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return {
    ...(vendorOptions6 === undefined ? {} : { vendorOptions6 }),
    addresses: [],
    nameServers: [],
  };
}
