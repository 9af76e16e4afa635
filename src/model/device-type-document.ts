import { createHash } from "node:crypto";
import { modelFile, modelName, modelSpec, serviceCount } from "./data-model-document.ts";
import type { ActiveNotify } from "./definition.ts";
import { serviceObject } from "./definition.ts";
import {
  type DeviceExtension,
  device1Extension,
  device2Extension,
  deviceExtensions,
  isExtension,
} from "./device-extension.ts";
import { comparePaths } from "./snapshot.ts";
import { attributes } from "./xml.ts";

/** What a device type needs to know of one node of a device's tree; parameters have a type, objects end with a dot. */
export interface DeviceTypeNode {
  readonly path: string;
  readonly writable: boolean;
  readonly type?: string;
  readonly notification?: ActiveNotify;
}

/** A TR-106 device-type document; `uuid` follows from the content, so that a changed document never keeps its name. */
export interface DeviceTypeDocument {
  readonly uuid: string;
  /** URN of the data model it refers to, for `SupportedDataModel.{i}.URN`. */
  readonly urn: string;
  readonly xml: string;
}

/** The data model a device type is about. */
export interface ModelReference {
  readonly name: string;
  readonly file: string;
  readonly spec: string;
  readonly deviceType: string;
}

/** A root model, and what is ours in it. */
export interface RootModel extends ModelReference {
  readonly extension: ModelReference;
}

/** Root of TR-181 Issue 2. */
export const device2Model: RootModel = rootModel(device2Extension, "urn:mfpgate-org:device-2");

/** Root of TR-181 Issue 1, Amendment 7. */
export const device1Model: RootModel = rootModel(device1Extension, "urn:mfpgate-org:device-1");

function rootModel(extension: DeviceExtension, deviceType: string): RootModel {
  return { ...extension.base, deviceType, extension: { ...extension, deviceType } };
}

/** Where the Broadband Forum publishes the root models. */
const publisher = "https://cwmp-data-models.broadband-forum.org/";

/**
 * Address of a published model that device types import by its file name; undefined for any other file. A relative
 * import is resolved against the device type's own address (TR-106a15 A.2.3), so whoever serves one must know.
 */
export function publishedModelUrl(file: string): string | undefined {
  const isRoot = deviceExtensions.some(({ base }) => base.file === file);
  return isRoot ? publisher + file : undefined;
}

const serviceModel: ModelReference = {
  name: modelName,
  file: modelFile,
  spec: modelSpec,
  deviceType: "urn:mfpgate-org:x-mfpgate-org-mfp",
};

const services = "Device.Services.";

/**
 * The device type of the root: everything of `nodes` outside the service object. With parameters of our own it is one of
 * our extension of that root; what no document defines cannot be named and is left out.
 */
export function rootDeviceType(
  nodes: readonly DeviceTypeNode[],
  model: RootModel = device2Model,
): DeviceTypeDocument {
  const isDefined = (node: DeviceTypeNode): boolean => !isVendor(node) || isOurs(node);
  const own = nodes.filter((node) => !isService(node) && isDefined(node));
  return own.some(isVendor)
    ? deviceType(model.extension, own, [model, model.extension])
    : deviceType(model, own);
}

/** The device type of the service object; undefined when `nodes` has none. */
export function serviceDeviceType(
  nodes: readonly DeviceTypeNode[],
): DeviceTypeDocument | undefined {
  const own = nodes
    .filter(isService)
    .map((node) => ({ ...node, path: node.path.slice(services.length) }));
  return own.some((node) => node.type === undefined) ? deviceType(serviceModel, own) : undefined;
}

/** TR-106 §3.3: names of a vendor begin so. */
function isVendor({ path }: DeviceTypeNode): boolean {
  return /\.X_[^.]+\.?/.test(path);
}

function isOurs({ path }: DeviceTypeNode): boolean {
  return isExtension(toTypeTemplate(path));
}

/** Instance numbers do not matter to a type. */
function toTypeTemplate(path: string): string {
  return path.replace(/\.\d+(?=\.)/g, ".{i}");
}

function isService(node: DeviceTypeNode): boolean {
  return node.path.startsWith(serviceObject) || node.path === services + serviceCount;
}

function deviceType(
  model: ModelReference,
  nodes: readonly DeviceTypeNode[],
  imported: readonly ModelReference[] = [model],
): DeviceTypeDocument {
  const body = [
    ...imported.flatMap(({ name, file, spec }) => [
      `  <import${attributes({ file, spec })}>`,
      `    <model${attributes({ name })}/>`,
      "  </import>",
    ]),
    `  <model${attributes({ ref: model.name })}>`,
    ...objectLines(nodes),
    "  </model>",
  ].join("\n");
  const uuid = nameBasedUuid(body);
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<dt:document xmlns:dt="urn:broadband-forum-org:cwmp:devicetype-1-6"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="urn:broadband-forum-org:cwmp:devicetype-1-6 https://www.broadband-forum.org/cwmp/cwmp-devicetype-1-6.xsd"
    deviceType="${model.deviceType}" uuid="${uuid}">
${body}
</dt:document>
`;
  return { uuid, urn: model.spec, xml };
}

interface ObjectSupport {
  readonly parameters: Map<string, { writable: boolean; willDeny: boolean }>;
  /** Rows: an ACS can add or delete them. */
  canCreate: boolean;
  canDelete: boolean;
  /** Has something directly below it; a table without rows has not. */
  isUsed: boolean;
}

function objectLines(nodes: readonly DeviceTypeNode[]): string[] {
  const objects = collect(nodes);
  const templates = [...objects.keys()].sort(comparePaths);
  return templates.flatMap((template) => {
    const support = objects.get(template);
    return support?.isUsed === true ? objectElement(template, support) : [];
  });
}

/** Merges the rows of each table into one template: supported is what any row supports. */
function collect(nodes: readonly DeviceTypeNode[]): Map<string, ObjectSupport> {
  const objects = new Map<string, ObjectSupport>();
  for (const { path, writable, type, notification } of nodes) {
    const template = toTypeTemplate(path);
    const [, parent = "", name = ""] = /^(.*\.|)([^.]+\.?)$/.exec(template) ?? [];
    if (type !== undefined) {
      const parameters = at(objects, parent).parameters;
      const known = parameters.get(name);
      const willDeny = notification === "canDeny";
      parameters.set(name, { writable: writable || known?.writable === true, willDeny });
      at(objects, parent).isUsed = true;
    } else if (name === "{i}.") {
      at(objects, template).canDelete ||= writable;
    } else {
      at(objects, template + "{i}.").canCreate ||= writable;
      at(objects, template);
      if (parent !== "") at(objects, parent).isUsed = true;
    }
  }
  return objects;
}

function at(objects: Map<string, ObjectSupport>, template: string): ObjectSupport {
  const known = objects.get(template);
  if (known !== undefined) return known;
  const fresh = { parameters: new Map(), canCreate: false, canDelete: false, isUsed: false };
  objects.set(template, fresh);
  return fresh;
}

function objectElement(template: string, support: ObjectSupport): string[] {
  const parameters = [...support.parameters].map(
    ([name, { writable, willDeny }]) =>
      `<parameter${attributes({
        ref: name,
        access: writable ? "readWrite" : "readOnly",
        activeNotify: willDeny ? "willDeny" : undefined,
      })}/>`,
  );
  // A service model's own parameters (the count of its rows) stand outside any object.
  if (template === "") return parameters.map((line) => `    ${line}`);
  const isTable = template.endsWith("{i}.");
  const head = attributes({
    ref: template,
    access: objectAccess(support),
    minEntries: isTable ? "0" : "1",
    maxEntries: isTable ? "unbounded" : "1",
  });
  return [`    <object${head}>`, ...parameters.map((line) => `      ${line}`), "    </object>"];
}

function objectAccess({ canCreate, canDelete }: ObjectSupport): string {
  if (canCreate) return canDelete ? "createDelete" : "create";
  return canDelete ? "delete" : "readOnly";
}

/** Namespace of our device types (RFC 4122 §4.3). */
const uuidNamespace = Buffer.from("6d8b0f0d2b6c4c2e9a35b9f6a5d0f3c1", "hex");

function nameBasedUuid(content: string): string {
  const hash = createHash("sha1").update(uuidNamespace).update(content).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
