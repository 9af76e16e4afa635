import { SocketAddress } from "node:net";
import { ProxierError } from "../shared/errors.ts";

/** Record types asked for and followed (RFC 1035 §3.2.2, RFC 3596). */
export const dnsType = { a: 1, cname: 5, aaaa: 28 } as const;

/** Response codes told apart (RFC 1035 §4.1.1). */
export const dnsCode = { noError: 0, serverFailure: 2, noSuchName: 3 } as const;

/** A question to a name server. */
export interface DnsQuestion {
  /** 0 to 65535. */
  readonly id: number;
  /** Without dot at the end. */
  readonly name: string;
  readonly type: number;
}

/** An answer as far as a name lookup needs it. */
export interface DnsAnswer {
  readonly id: number;
  readonly code: number;
  /** The server answers for its own zone (AA). */
  readonly isAuthoritative: boolean;
  /** The name and type asked for; undefined when the server left the question out. */
  readonly question: { readonly name: string; readonly type: number } | undefined;
  /** Addresses of the asked type, IPv4 dotted, IPv6 canonical, in the server's order. */
  readonly addresses: readonly string[];
}

/** Bytes that are no DNS answer. */
export class DnsMessageError extends ProxierError {
  override readonly name = "DnsMessageError";

  constructor(message: string) {
    super(message, { code: "diagnostics.dns-malformed" });
  }
}

/** Header flags: response, authoritative; and recursion desired in a question. */
const flags = { response: 0x8000, authoritative: 0x0400, recursionDesired: 0x0100 } as const;
const headerSize = 12;
const internet = 1;
/** A name has at most 255 bytes, a label 63 (RFC 1035 §2.3.4). */
const longestName = 255;
const longestLabel = 63;

/** Encodes a question. @throws {DnsMessageError} when the name cannot be asked for */
export function encodeDnsQuestion({ id, name, type }: DnsQuestion): Buffer {
  const header = Buffer.alloc(headerSize);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(flags.recursionDesired, 2);
  header.writeUInt16BE(1, 4);
  const end = Buffer.alloc(4);
  end.writeUInt16BE(type, 0);
  end.writeUInt16BE(internet, 2);
  return Buffer.concat([header, encodeName(name), end]);
}

function encodeName(name: string): Buffer {
  const labels = name.split(".").map((label) => Buffer.from(label, "utf8"));
  if (labels.some(({ length }) => length === 0 || length > longestLabel))
    throw new DnsMessageError("a label of the name is empty or longer than 63 bytes");
  const bytes = labels.flatMap((label) => [Buffer.from([label.length]), label]);
  const encoded = Buffer.concat([...bytes, Buffer.from([0])]);
  if (encoded.length > longestName) throw new DnsMessageError("the name is longer than 255 bytes");
  return encoded;
}

/**
 * Decodes an answer; records of other types and sections are passed over.
 * @throws {DnsMessageError} when it is none
 */
export function decodeDnsAnswer(bytes: Uint8Array): DnsAnswer {
  const reader = new Reader(Buffer.from(bytes));
  const id = reader.word();
  const bits = reader.word();
  if ((bits & flags.response) === 0) throw new DnsMessageError("a question, not an answer");
  const [questions, answers] = [reader.word(), reader.word()];
  reader.skip(4);
  let question: DnsAnswer["question"];
  for (let index = 0; index < questions; index++) {
    const name = reader.name();
    const type = reader.word();
    reader.skip(2);
    question ??= { name, type };
  }
  const addresses: string[] = [];
  for (let index = 0; index < answers; index++) {
    const address = readRecord(reader);
    if (address !== undefined) addresses.push(address);
  }
  const isAuthoritative = (bits & flags.authoritative) !== 0;
  return { id, code: bits & 0x0f, isAuthoritative, question, addresses };
}

/** The address in a record; undefined for records that have none. */
function readRecord(reader: Reader): string | undefined {
  reader.name();
  const type = reader.word();
  reader.skip(6);
  const data = reader.bytes(reader.word());
  if (type === dnsType.a && data.length === 4) return [...data].join(".");
  if (type !== dnsType.aaaa || data.length !== 16) return undefined;
  const groups = data.toString("hex").match(/.{4}/g) ?? [];
  return new SocketAddress({ address: groups.join(":"), family: "ipv6" }).address;
}

/** Reads through a message; everything beyond its end is a {@link DnsMessageError}. */
class Reader {
  readonly #message: Buffer;
  #at = 0;

  constructor(message: Buffer) {
    this.#message = message;
  }

  word(): number {
    return this.bytes(2).readUInt16BE();
  }

  skip(size: number): void {
    this.bytes(size);
  }

  bytes(size: number): Buffer {
    const end = this.#at + size;
    if (end > this.#message.length) throw new DnsMessageError("the message ends too early");
    const part = this.#message.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  /** A name, which may end with a pointer to an earlier one (RFC 1035 §4.1.4). */
  name(): string {
    const labels: string[] = [];
    let size = 0;
    let after: number | undefined;
    for (;;) {
      const length = this.bytes(1).readUInt8();
      if (length === 0) break;
      if (length < 0xc0) {
        if (length > longestLabel) throw new DnsMessageError("an unknown kind of label");
        labels.push(this.bytes(length).toString("utf8"));
        size += length + 1;
      } else {
        const target = ((length & 0x3f) << 8) | this.bytes(1).readUInt8();
        // Pointers lead backwards; anything else could go round for ever.
        if (target >= this.#at - 2) throw new DnsMessageError("a name points forward");
        after ??= this.#at;
        this.#at = target;
        size += 1; // bounds chains of pointers like labels
      }
      if (size > longestName) throw new DnsMessageError("a name is longer than 255 bytes");
    }
    this.#at = after ?? this.#at;
    return labels.join(".");
  }
}
