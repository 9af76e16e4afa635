/** Inform and what concerns the device as a whole: methods, restart, reset, schedule, kick, vouchers. */
import type { DeviceId } from "../endpoint-store.ts";
import { numberOf, requiredChild, stringsOf, structsOf, textOf } from "./arguments.ts";
import type { MessageOf } from "./message.ts";
import { type MessageCodecs, nothing } from "./message-codec.ts";
import { decodeValues, encodeValues } from "./parameter-messages.ts";
import { array, number, strings, text } from "./xml-content.ts";
import type { XmlElement } from "./xml-reader.ts";

type DeviceMethod =
  | `${"Inform" | "GetRPCMethods" | "Reboot" | "FactoryReset" | "ScheduleInform" | "Kicked"}${"" | "Response"}`
  | "GetOptions"
  | "SetVouchers";

/** Codecs of everything that is about neither parameters nor files nor software. */
export const deviceCodecs: MessageCodecs<DeviceMethod> = {
  Inform: { encode: encodeInform, decode: decodeInform },
  InformResponse: {
    encode: () => number("MaxEnvelopes", 1),
    decode: () => ({ method: "InformResponse" }),
  },
  GetRPCMethods: { encode: nothing, decode: () => ({ method: "GetRPCMethods" }) },
  GetRPCMethodsResponse: {
    encode: ({ methods }) => strings("MethodList", methods),
    decode: (element) => ({
      method: "GetRPCMethodsResponse",
      methods: stringsOf(element, "MethodList"),
    }),
  },
  Reboot: {
    encode: ({ commandKey }) => text("CommandKey", commandKey),
    decode: (element) => ({ method: "Reboot", commandKey: textOf(element, "CommandKey", 32) }),
  },
  RebootResponse: { encode: nothing, decode: () => ({ method: "RebootResponse" }) },
  FactoryReset: { encode: nothing, decode: () => ({ method: "FactoryReset" }) },
  FactoryResetResponse: { encode: nothing, decode: () => ({ method: "FactoryResetResponse" }) },
  ScheduleInform: {
    encode: ({ delaySeconds, commandKey }) =>
      number("DelaySeconds", delaySeconds) + text("CommandKey", commandKey),
    decode: (element) => ({
      method: "ScheduleInform",
      delaySeconds: numberOf(element, "DelaySeconds"),
      commandKey: textOf(element, "CommandKey", 32),
    }),
  },
  ScheduleInformResponse: { encode: nothing, decode: () => ({ method: "ScheduleInformResponse" }) },
  GetOptions: {
    encode: ({ optionName }) => text("OptionName", optionName),
    decode: (element) => ({ method: "GetOptions", optionName: textOf(element, "OptionName", 64) }),
  },
  // What the vouchers say interests nobody here, so one empty one stands for them all.
  SetVouchers: {
    encode: () => '<VoucherList soap-enc:arrayType="soap-enc:base64[1]"><base64/></VoucherList>',
    decode: () => ({ method: "SetVouchers" }),
  },
  Kicked: {
    encode: ({ command, referer, arg, next }) =>
      text("Command", command) + text("Referer", referer) + text("Arg", arg) + text("Next", next),
    decode: (element) => ({
      method: "Kicked",
      command: textOf(element, "Command", 32),
      referer: textOf(element, "Referer", 64),
      arg: textOf(element, "Arg", 256),
      next: textOf(element, "Next", 1024),
    }),
  },
  KickedResponse: {
    encode: ({ nextUrl }) => text("NextURL", nextUrl),
    decode: (element) => ({ method: "KickedResponse", nextUrl: textOf(element, "NextURL", 1024) }),
  },
};

function encodeInform(inform: MessageOf<"Inform">): string {
  const { manufacturer, oui, productClass, serialNumber } = inform.deviceId;
  return (
    `<DeviceId>${text("Manufacturer", manufacturer)}${text("OUI", oui)}` +
    `${text("ProductClass", productClass)}${text("SerialNumber", serialNumber)}</DeviceId>` +
    array(
      "Event",
      "EventStruct",
      inform.events,
      ({ eventCode, commandKey }) => text("EventCode", eventCode) + text("CommandKey", commandKey),
    ) +
    number("MaxEnvelopes", 1) +
    `<CurrentTime>${inform.currentTime}</CurrentTime>` +
    number("RetryCount", inform.retryCount) +
    encodeValues(inform.parameters)
  );
}

function decodeInform(element: XmlElement): MessageOf<"Inform"> {
  return {
    method: "Inform",
    deviceId: decodeDeviceId(requiredChild(element, "DeviceId")),
    events: structsOf(element, "Event").map((item) => ({
      eventCode: textOf(item, "EventCode"),
      commandKey: textOf(item, "CommandKey"),
    })),
    currentTime: textOf(element, "CurrentTime").trim(),
    retryCount: numberOf(element, "RetryCount"),
    parameters: decodeValues(element),
  };
}

function decodeDeviceId(element: XmlElement): DeviceId {
  return {
    manufacturer: textOf(element, "Manufacturer"),
    oui: textOf(element, "OUI"),
    productClass: textOf(element, "ProductClass"),
    serialNumber: textOf(element, "SerialNumber"),
  };
}
