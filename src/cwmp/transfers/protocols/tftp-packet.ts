/** Packets of TFTP (RFC 1350) with options (RFC 2347): block size (RFC 2348) and transfer size (RFC 2349). */

/** Opcodes (RFC 1350 §5, RFC 2347). */
const opcodes = { read: 1, write: 2, data: 3, acknowledgement: 4, error: 5, options: 6 } as const;

/** One packet. Block numbers go round after 65535. */
export type TftpPacket =
  | {
      readonly kind: "read" | "write";
      readonly file: string;
      readonly options: ReadonlyMap<string, string>;
    }
  | { readonly kind: "data"; readonly block: number; readonly bytes: Buffer }
  | { readonly kind: "acknowledgement"; readonly block: number }
  | { readonly kind: "error"; readonly code: number; readonly text: string }
  | { readonly kind: "options"; readonly options: ReadonlyMap<string, string> };

/** A packet as it goes on the wire; requests are in binary mode. */
export function encodeTftp(packet: TftpPacket): Buffer {
  switch (packet.kind) {
    case "read":
    case "write":
      return withOpcode(
        opcodes[packet.kind],
        texts([packet.file, "octet", ...[...packet.options].flat()]),
      );
    case "data":
      return withOpcode(opcodes.data, Buffer.concat([number(packet.block), packet.bytes]));
    case "acknowledgement":
      return withOpcode(opcodes.acknowledgement, number(packet.block));
    case "error":
      return withOpcode(opcodes.error, Buffer.concat([number(packet.code), texts([packet.text])]));
    case "options":
      return withOpcode(opcodes.options, texts([...packet.options].flat()));
  }
}

/** Reads a packet; undefined for what is none. Never throws. */
export function decodeTftp(bytes: Buffer): TftpPacket | undefined {
  if (bytes.length < 4) return undefined;
  const rest = bytes.subarray(2);
  switch (bytes.readUInt16BE(0)) {
    case opcodes.read:
      return requestOf("read", rest);
    case opcodes.write:
      return requestOf("write", rest);
    case opcodes.data:
      return { kind: "data", block: rest.readUInt16BE(0), bytes: rest.subarray(2) };
    case opcodes.acknowledgement:
      return { kind: "acknowledgement", block: rest.readUInt16BE(0) };
    case opcodes.error: {
      const [text = ""] = textsIn(rest.subarray(2)) ?? [];
      return { kind: "error", code: rest.readUInt16BE(0), text };
    }
    case opcodes.options: {
      const options = optionsOf(textsIn(rest));
      return options === undefined ? undefined : { kind: "options", options };
    }
    default:
      return undefined;
  }
}

function requestOf(kind: "read" | "write", bytes: Buffer): TftpPacket | undefined {
  const [file, mode, ...rest] = textsIn(bytes) ?? [];
  const options = optionsOf(rest);
  if (file === undefined || mode?.toLowerCase() !== "octet" || options === undefined)
    return undefined;
  return { kind, file, options };
}

/** Names are compared in lower case (RFC 2347). */
function optionsOf(parts: readonly string[] | undefined): ReadonlyMap<string, string> | undefined {
  if (parts === undefined || parts.length % 2 !== 0) return undefined;
  const options = new Map<string, string>();
  for (let at = 0; at < parts.length; at += 2)
    options.set((parts[at] ?? "").toLowerCase(), parts[at + 1] ?? "");
  return options;
}

function textsIn(bytes: Buffer): readonly string[] | undefined {
  if (bytes.length === 0) return [];
  if (bytes.at(-1) !== 0) return undefined;
  return bytes.toString("utf8", 0, bytes.length - 1).split("\0");
}

function texts(parts: readonly string[]): Buffer {
  return Buffer.from(parts.map((part) => `${part}\0`).join(""), "utf8");
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value & 0xffff);
  return bytes;
}

function withOpcode(opcode: number, rest: Buffer): Buffer {
  return Buffer.concat([number(opcode), rest]);
}
