import {
  type UdpAddress,
  decodeAddress,
  encodeAddress,
  isSameAddress,
  xorAddress,
} from "./address.ts";
import {
  type StunAttribute,
  type StunMessage,
  encodeSignedStun,
  encodeStun,
  stunAttribute,
  stunType,
} from "./message.ts";

/** RFC 5389 §6. */
const magicCookie = Buffer.from([0x21, 0x12, 0xa4, 0x42]);
/** TR-069a6 Annex G: the value of CONNECTION-REQUEST-BINDING, blank at the end included. */
const listensHere = Buffer.from("dslforum.org/TR-111 ");

/** What a Binding Request says. */
export interface BindingRequest {
  /** 16 bytes. */
  readonly transactionId: Buffer;
  /** The request leaves from the port that takes connection requests; absent for a secondary port. */
  readonly listens?: true;
  /** The binding changed since the last request (with `listens`). */
  readonly isChanged?: boolean;
  /** Where the server is to send its answer (RFC 3489 §11.2.2); servers of RFC 5389 ignore it. */
  readonly responseAddress?: UdpAddress;
  /** Only after the server asked for it (error 401). */
  readonly credentials?: StunCredentials;
}

/** STUNUsername and STUNPassword. */
export interface StunCredentials {
  readonly username: string;
  readonly password: string;
}

/** What the server answered. */
export type BindingAnswer =
  | { readonly kind: "mapped"; readonly address: UdpAddress }
  /** RFC 3489 §11.2.9; 401 asks for credentials. */
  | { readonly kind: "error"; readonly code: number; readonly reason: string };

/** The bytes of a Binding Request (RFC 3489 §11.1, TR-069a6 Annex G). */
export function encodeBindingRequest(request: BindingRequest): Buffer {
  const message = {
    type: stunType.bindingRequest,
    transactionId: request.transactionId,
    attributes: [...attributesOf(request)],
  };
  const { credentials } = request;
  return credentials === undefined
    ? encodeStun(message)
    : encodeSignedStun(message, credentials.password);
}

/** Undefined for a message that answers no Binding Request. */
export function bindingAnswer(message: StunMessage): BindingAnswer | undefined {
  switch (message.type) {
    case stunType.bindingResponse: {
      const address = mappedAddress(message);
      return address === undefined ? undefined : { kind: "mapped", address };
    }
    case stunType.bindingError:
      return errorOf(valueOf(message, stunAttribute.errorCode));
    default:
      return undefined;
  }
}

function* attributesOf(request: BindingRequest): Generator<StunAttribute> {
  const { responseAddress, credentials } = request;
  const address = responseAddress && encodeAddress(responseAddress);
  if (address !== undefined) yield { type: stunAttribute.responseAddress, value: address };
  if (request.listens === true)
    yield { type: stunAttribute.connectionRequestBinding, value: listensHere };
  if (request.isChanged === true)
    yield { type: stunAttribute.bindingChange, value: Buffer.alloc(0) };
  if (credentials !== undefined)
    yield { type: stunAttribute.username, value: alignedText(credentials.username) };
}

/** RFC 3489 §11.2.6: the length is a multiple of four, which blanks make it. */
function alignedText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4, " ")]);
}

/** XOR-MAPPED-ADDRESS first: gateways rewrite addresses they recognize. */
function mappedAddress(message: StunMessage): UdpAddress | undefined {
  const { transactionId } = message;
  const masked = valueOf(message, stunAttribute.xorMappedAddress);
  const plainValue = valueOf(message, stunAttribute.mappedAddress);
  const plain = plainValue && decodeAddress(plainValue);
  if (masked === undefined) return plain;
  // Servers of RFC 5389 may use their cookie although the request came without; stund uses the transaction id.
  const byCookie = xorAddress(masked, Buffer.concat([magicCookie, transactionId.subarray(4)]));
  if (isSameAddress(plain, decodeAddress(byCookie))) return plain;
  return decodeAddress(xorAddress(masked, transactionId)) ?? plain;
}

function errorOf(value: Buffer | undefined): BindingAnswer {
  const code = ((value?.[2] ?? 0) & 0x07) * 100 + (value?.[3] ?? 0);
  return { kind: "error", code, reason: value?.subarray(4, 132).toString().trimEnd() ?? "" };
}

function valueOf({ attributes }: StunMessage, type: number): Buffer | undefined {
  return attributes.find((attribute) => attribute.type === type)?.value;
}
