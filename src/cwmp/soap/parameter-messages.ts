/** Parameters, attributes and objects: TR-069a6 A.3.2.1 to A.3.2.7. */
import type { ParameterAssignment } from "../parameter-tree.ts";
import {
  flagOf,
  numberOf,
  pathOf,
  requiredChild,
  stringsOf,
  structsOf,
  textOf,
} from "./arguments.ts";
import type { AttributeAssignment, ParameterAttribute } from "./message.ts";
import { type MessageCodecs, nothing } from "./message-codec.ts";
import { array, flag, number, strings, text } from "./xml-content.ts";
import type { XmlElement } from "./xml-reader.ts";
import { escapeXml } from "./xml-text.ts";

type ParameterMethod =
  | `${"Get" | "Set"}Parameter${"Values" | "Attributes"}${"" | "Response"}`
  | `GetParameterNames${"" | "Response"}`
  | `${"Add" | "Delete"}Object${"" | "Response"}`;

/** Codecs of everything that reads and writes the data model. */
export const parameterCodecs: MessageCodecs<ParameterMethod> = {
  GetParameterNames: {
    encode: ({ path, nextLevel }) => text("ParameterPath", path) + flag("NextLevel", nextLevel),
    decode: (element) => ({
      method: "GetParameterNames",
      path: pathOf(element, "ParameterPath"),
      nextLevel: flagOf(element, "NextLevel"),
    }),
  },
  GetParameterNamesResponse: {
    encode: ({ names }) =>
      array(
        "ParameterList",
        "ParameterInfoStruct",
        names,
        ({ path, writable }) => text("Name", path) + flag("Writable", writable),
      ),
    decode: (element) => ({
      method: "GetParameterNamesResponse",
      names: structsOf(element, "ParameterList").map((item) => ({
        path: pathOf(item, "Name"),
        writable: flagOf(item, "Writable"),
      })),
    }),
  },
  GetParameterValues: {
    encode: ({ paths }) => strings("ParameterNames", paths),
    decode: (element) => ({
      method: "GetParameterValues",
      paths: stringsOf(element, "ParameterNames"),
    }),
  },
  GetParameterValuesResponse: {
    encode: ({ parameters }) => encodeValues(parameters),
    decode: (element) => ({
      method: "GetParameterValuesResponse",
      parameters: decodeValues(element),
    }),
  },
  SetParameterValues: {
    encode: ({ parameters, parameterKey }) =>
      encodeValues(parameters) + text("ParameterKey", parameterKey),
    decode: (element) => ({
      method: "SetParameterValues",
      parameters: decodeValues(element),
      parameterKey: textOf(element, "ParameterKey", 32),
    }),
  },
  SetParameterValuesResponse: {
    encode: ({ status }) => number("Status", status),
    decode: (element) => ({
      method: "SetParameterValuesResponse",
      status: numberOf(element, "Status"),
    }),
  },
  SetParameterAttributes: {
    encode: ({ attributes }) =>
      array("ParameterList", "SetParameterAttributesStruct", attributes, encodeAssignment),
    decode: (element) => ({
      method: "SetParameterAttributes",
      attributes: structsOf(element, "ParameterList").map(decodeAssignment),
    }),
  },
  SetParameterAttributesResponse: {
    encode: nothing,
    decode: () => ({ method: "SetParameterAttributesResponse" }),
  },
  GetParameterAttributes: {
    encode: ({ paths }) => strings("ParameterNames", paths),
    decode: (element) => ({
      method: "GetParameterAttributes",
      paths: stringsOf(element, "ParameterNames"),
    }),
  },
  GetParameterAttributesResponse: {
    encode: ({ attributes }) =>
      array("ParameterList", "ParameterAttributeStruct", attributes, encodeAttribute),
    decode: (element) => ({
      method: "GetParameterAttributesResponse",
      attributes: structsOf(element, "ParameterList").map((item) => ({
        path: pathOf(item, "Name"),
        notification: numberOf(item, "Notification"),
        accessList: stringsOf(item, "AccessList"),
      })),
    }),
  },
  AddObject: {
    encode: encodeObject,
    decode: (element) => ({ method: "AddObject", ...decodeObject(element) }),
  },
  AddObjectResponse: {
    encode: ({ instanceNumber, status }) =>
      number("InstanceNumber", instanceNumber) + number("Status", status),
    decode: (element) => ({
      method: "AddObjectResponse",
      instanceNumber: numberOf(element, "InstanceNumber"),
      status: numberOf(element, "Status"),
    }),
  },
  DeleteObject: {
    encode: encodeObject,
    decode: (element) => ({ method: "DeleteObject", ...decodeObject(element) }),
  },
  DeleteObjectResponse: {
    encode: ({ status }) => number("Status", status),
    decode: (element) => ({ method: "DeleteObjectResponse", status: numberOf(element, "Status") }),
  },
};

interface ObjectArguments {
  readonly path: string;
  readonly parameterKey: string;
}

function encodeObject({ path, parameterKey }: ObjectArguments): string {
  return text("ObjectName", path) + text("ParameterKey", parameterKey);
}

function decodeObject(element: XmlElement): ObjectArguments {
  return {
    path: pathOf(element, "ObjectName"),
    parameterKey: textOf(element, "ParameterKey", 32),
  };
}

/** A ParameterList of ParameterValueStruct. */
export function encodeValues(parameters: readonly ParameterAssignment[]): string {
  return array("ParameterList", "ParameterValueStruct", parameters, ({ path, type, value }) => {
    const typed = type === undefined ? "" : ` xsi:type="xsd:${xsdType(type)}"`;
    return `${text("Name", path)}<Value${typed}>${escapeXml(value)}</Value>`;
  });
}

/** @throws {ArgumentError} without a ParameterList, a Name or a Value */
export function decodeValues(element: XmlElement): readonly ParameterAssignment[] {
  return structsOf(element, "ParameterList").map((item) => {
    const value = requiredChild(item, "Value");
    const type = typeName(value.attributes.get("type"));
    return {
      path: pathOf(item, "Name"),
      value: value.text,
      ...(type === undefined ? {} : { type }),
    };
  });
}

/** The XML Schema name of a CWMP type. */
function xsdType(type: string): string {
  return type === "base64" ? "base64Binary" : type;
}

/** `xsd:int` → `int`; both spellings of base64 → `base64`. */
function typeName(qualified: string | undefined): string | undefined {
  const local = qualified?.slice(qualified.lastIndexOf(":") + 1).trim();
  return local === "base64Binary" ? "base64" : local;
}

function encodeAttribute({ path, notification, accessList }: ParameterAttribute): string {
  return (
    text("Name", path) + number("Notification", notification) + strings("AccessList", accessList)
  );
}

function encodeAssignment({ path, notification, accessList }: AttributeAssignment): string {
  return (
    text("Name", path) +
    flag("NotificationChange", notification !== undefined) +
    number("Notification", notification ?? 0) +
    flag("AccessListChange", accessList !== undefined) +
    strings("AccessList", accessList ?? [])
  );
}

function decodeAssignment(item: XmlElement): AttributeAssignment {
  // What is not to be changed is not looked at: GenieACS leaves it empty.
  return {
    path: pathOf(item, "Name"),
    ...(flagOf(item, "NotificationChange") ? { notification: numberOf(item, "Notification") } : {}),
    ...(flagOf(item, "AccessListChange") ? { accessList: stringsOf(item, "AccessList") } : {}),
  };
}
