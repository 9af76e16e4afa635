import { createHmac, timingSafeEqual } from "node:crypto";

/** Message types of the Binding exchange (RFC 3489 §11.1); nothing else is spoken. */
export const stunType = {
  bindingRequest: 0x0001,
  bindingResponse: 0x0101,
  bindingError: 0x0111,
} as const;

/** Attributes this client sends or reads: RFC 3489 §11.2, RFC 5389 §18.2 and TR-069a6 Annex G. */
export const stunAttribute = {
  mappedAddress: 0x0001,
  responseAddress: 0x0002,
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  xorMappedAddress: 0x0020,
  /** Annex G: the sender listens here for connection requests. */
  connectionRequestBinding: 0xc001,
  /** Annex G: the binding is another than before. */
  bindingChange: 0xc002,
} as const;

/** One attribute; anything the other side made up is kept as it came. */
export interface StunAttribute {
  readonly type: number;
  readonly value: Buffer;
}

/** A STUN message without its integrity check. */
export interface StunMessage {
  readonly type: number;
  /** 16 bytes; RFC 5389 calls the first four the magic cookie. */
  readonly transactionId: Buffer;
  readonly attributes: readonly StunAttribute[];
}

const headerLength = 20;
const attributeHeaderLength = 4;
const integrityLength = 20;
/** RFC 3489 §11.2.8: the text of the HMAC is padded to a multiple of this. */
const integrityBlock = 64;
/** No answer to a Binding Request has more than a dozen. */
const mostAttributes = 64;

/** The bytes of a message; values are padded with zeros to four bytes. */
export function encodeStun({ type, transactionId, attributes }: StunMessage): Buffer {
  const body = attributes.flatMap(encodeAttribute);
  const header = Buffer.alloc(headerLength);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(
    body.reduce((length, part) => length + part.length, 0),
    2,
  );
  transactionId.copy(header, 4, 0, 16);
  return Buffer.concat([header, ...body]);
}

/** Like {@link encodeStun}, with MESSAGE-INTEGRITY as last attribute (RFC 3489 §11.2.8). */
export function encodeSignedStun(message: StunMessage, password: string): Buffer {
  const placeholder = {
    type: stunAttribute.messageIntegrity,
    value: Buffer.alloc(integrityLength),
  };
  const bytes = encodeStun({ ...message, attributes: [...message.attributes, placeholder] });
  const text = bytes.subarray(0, -(attributeHeaderLength + integrityLength));
  integrityOf(padded(text), password).copy(bytes, bytes.length - integrityLength);
  return bytes;
}

/** Undefined for anything that is no whole STUN message. */
export function decodeStun(bytes: Buffer): StunMessage | undefined {
  if (bytes.length < headerLength) return undefined;
  const type = bytes.readUInt16BE(0);
  if (type > 0x3fff || bytes.readUInt16BE(2) !== bytes.length - headerLength) return undefined;
  const attributes: StunAttribute[] = [];
  let offset = headerLength;
  while (offset < bytes.length) {
    const attribute = attributeAt(bytes, offset);
    if (attribute === undefined || attributes.length === mostAttributes) return undefined;
    attributes.push(attribute);
    offset += attributeHeaderLength + paddedLength(attribute.value.length);
  }
  return { type, transactionId: bytes.subarray(4, headerLength), attributes };
}

/** Whether a message that {@link decodeStun} read was signed with `password`; `absent`: it was not signed at all. */
export function checkIntegrity(bytes: Buffer, password: string): "absent" | "right" | "wrong" {
  let offset = headerLength;
  for (;;) {
    const attribute = attributeAt(bytes, offset);
    if (attribute === undefined) return "absent";
    if (attribute.type === stunAttribute.messageIntegrity)
      return isSigned(bytes, offset, attribute.value, password) ? "right" : "wrong";
    offset += attributeHeaderLength + paddedLength(attribute.value.length);
  }
}

/** RFC 3489 pads the text to 64 bytes, RFC 5389 does not and lets the length end with this attribute. Both are met. */
function isSigned(bytes: Buffer, offset: number, given: Buffer, password: string): boolean {
  if (given.length !== integrityLength) return false;
  const classic = bytes.subarray(0, offset);
  const modern = Buffer.from(classic);
  modern.writeUInt16BE(offset + attributeHeaderLength + integrityLength - headerLength, 2);
  return [padded(classic), modern].some((text) =>
    timingSafeEqual(integrityOf(text, password), given),
  );
}

function encodeAttribute({ type, value }: StunAttribute): readonly Buffer[] {
  const header = Buffer.alloc(attributeHeaderLength);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(value.length, 2);
  return [header, value, Buffer.alloc(paddedLength(value.length) - value.length)];
}

function attributeAt(bytes: Buffer, offset: number): StunAttribute | undefined {
  const start = offset + attributeHeaderLength;
  if (start > bytes.length) return undefined;
  const end = start + bytes.readUInt16BE(offset + 2);
  if (end > bytes.length) return undefined;
  return { type: bytes.readUInt16BE(offset), value: bytes.subarray(start, end) };
}

function integrityOf(text: Buffer, password: string): Buffer {
  return createHmac("sha1", password).update(text).digest();
}

function padded(text: Buffer): Buffer {
  const missing = (integrityBlock - (text.length % integrityBlock)) % integrityBlock;
  return Buffer.concat([text, Buffer.alloc(missing)]);
}

function paddedLength(length: number): number {
  return Math.ceil(length / 4) * 4;
}
