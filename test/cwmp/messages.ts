import type { CwmpMessage } from "../../src/cwmp/soap/message.ts";

/** One message of every method, with the characters and empty lists that break codecs. */
export const exampleMessages: readonly CwmpMessage[] = [
  {
    method: "Inform",
    deviceId: {
      manufacturer: "Größe & Söhne <GmbH>",
      oui: "00005E",
      productClass: "Laser 500",
      serialNumber: 'SN"1',
    },
    events: [
      { eventCode: "0 BOOTSTRAP", commandKey: "" },
      { eventCode: "M Reboot", commandKey: "key" },
    ],
    currentTime: "2026-01-01T01:00:00+01:00",
    retryCount: 3,
    parameters: [
      { path: "Device.A", type: "unsignedInt", value: "7" },
      { path: "Device.B", type: "base64", value: "AAEC" },
      { path: "Device.C", type: "hexBinary", value: "00FF" },
    ],
  },
  { method: "InformResponse" },
  { method: "GetRPCMethods" },
  { method: "GetRPCMethodsResponse", methods: ["GetRPCMethods", "Reboot"] },
  { method: "GetParameterNames", path: "", nextLevel: true },
  {
    method: "GetParameterNamesResponse",
    names: [
      { path: "Device.", writable: false },
      { path: "Device.A", writable: true },
    ],
  },
  { method: "GetParameterValues", paths: ["Device.", "Device.A"] },
  { method: "GetParameterValuesResponse", parameters: [] },
  {
    method: "SetParameterValues",
    parameters: [{ path: "Device.A", type: "string", value: " two\tlines\r\nand ]]> " }],
    parameterKey: "k",
  },
  { method: "SetParameterValuesResponse", status: 0 },
  {
    method: "SetParameterAttributes",
    attributes: [
      { path: "Device.A", notification: 2 },
      { path: "Device.", accessList: ["Subscriber"] },
    ],
  },
  { method: "SetParameterAttributesResponse" },
  { method: "GetParameterAttributes", paths: ["Device.A"] },
  {
    method: "GetParameterAttributesResponse",
    attributes: [{ path: "Device.A", notification: 2, accessList: [] }],
  },
  { method: "AddObject", path: "Device.T.", parameterKey: "" },
  { method: "AddObjectResponse", instanceNumber: 4, status: 0 },
  { method: "DeleteObject", path: "Device.T.4.", parameterKey: "x" },
  { method: "DeleteObjectResponse", status: 1 },
  { method: "Reboot", commandKey: "" },
  { method: "RebootResponse" },
  { method: "Fault", code: 9005, text: "Invalid parameter name: Device.Ü" },
  {
    method: "Fault",
    code: 9003,
    text: "Invalid arguments",
    parameters: [
      { path: "Device.A", code: 9007, text: "out of range" },
      { path: "Device.B", code: 9008, text: "read-only" },
    ],
  },
];
