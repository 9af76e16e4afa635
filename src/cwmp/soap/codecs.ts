import { deviceCodecs } from "./device-messages.ts";
import { decodeFault, encodeFault } from "./fault-message.ts";
import type { CwmpMessage, DecodedMessage, MessageOf } from "./message.ts";
import type { CwmpMethod, MessageCodecs } from "./message-codec.ts";
import { parameterCodecs } from "./parameter-messages.ts";
import { softwareCodecs } from "./software-messages.ts";
import { transferCodecs } from "./transfer-messages.ts";
import type { XmlElement } from "./xml-reader.ts";

/** Every message of CWMP. Adding one is adding it to `message.ts` and to the codecs of its concern. */
const codecs: MessageCodecs<CwmpMethod> = {
  ...deviceCodecs,
  ...parameterCodecs,
  ...transferCodecs,
  ...softwareCodecs,
};

/** The element that stands in the SOAP body. */
export function encodeMessage(message: CwmpMessage): string {
  if (message.method === "Fault") return encodeFault(message);
  const content = encodeContent(message.method, message);
  return `<cwmp:${message.method}>${content}</cwmp:${message.method}>`;
}

function encodeContent<Method extends CwmpMethod>(
  method: Method,
  message: MessageOf<Method>,
): string {
  return codecs[method].encode(message);
}

/**
 * Reads the element that stands in the SOAP body. A method nobody knows is a message too.
 * @throws {ArgumentError} when the arguments do not fit the schema
 */
export function decodeMessage(element: XmlElement): DecodedMessage {
  const method = element.name;
  if (method === "Fault") return decodeFault(element);
  return isKnown(method)
    ? codecs[method].decode(element)
    : { method: "Unknown", requested: method };
}

function isKnown(method: string): method is CwmpMethod {
  return Object.hasOwn(codecs, method);
}
