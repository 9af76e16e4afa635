import type { CwmpMessage, MessageOf } from "./message.ts";
import type { XmlElement } from "./xml-reader.ts";

/** Methods whose element stands in the CWMP namespace, which is all but the SOAP fault. */
export type CwmpMethod = Exclude<CwmpMessage["method"], "Fault">;

/** Both directions of one message. */
export interface MessageCodec<Method extends CwmpMethod> {
  /** The content of its element, in the order of the schema's sequence. */
  readonly encode: (message: MessageOf<Method>) => string;
  /** @throws {ArgumentError} when an argument does not fit the schema */
  readonly decode: (element: XmlElement) => MessageOf<Method>;
}

/** One codec per method. */
export type MessageCodecs<Method extends CwmpMethod> = {
  readonly [Each in Method]: MessageCodec<Each>;
};

/** Encodes a message without arguments. */
export function nothing(): string {
  return "";
}
