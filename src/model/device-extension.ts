import { presentedParameters } from "./alias.ts";
import { parameterElement } from "./data-model-document.ts";
import type { ObjectDefinition } from "./definition.ts";
import { printerTest } from "./printer-test.ts";
import { attributes, escapeXml } from "./xml.ts";

/** A root model as the Broadband Forum publishes it. */
export interface PublishedRoot {
  readonly name: string;
  /** File name of the document, by which others import it. */
  readonly file: string;
  readonly spec: string;
}

/** What is ours in a root model: a document of its own (TR-106 A.2.10, extension of an existing model). */
export interface DeviceExtension extends PublishedRoot {
  readonly base: PublishedRoot;
}

/** Our extension of TR-181 Issue 2. */
export const device2Extension: DeviceExtension = {
  name: "X_MFPGATE-ORG_Device:2.17",
  file: "x-mfpgate-org-device-2-17-0.xml",
  spec: "urn:mfpgate-org:x-mfpgate-org-device-2-17-0",
  base: {
    name: "Device:2.17",
    file: "tr-181-2-17-0-cwmp.xml",
    spec: "urn:broadband-forum-org:tr-181-2-17-0-cwmp",
  },
};

/** The same objects in TR-181 Issue 1, Amendment 7. */
export const device1Extension: DeviceExtension = {
  name: "X_MFPGATE-ORG_Device:1.14",
  file: "x-mfpgate-org-device-1-14-0.xml",
  spec: "urn:mfpgate-org:x-mfpgate-org-device-1-14-0",
  base: {
    name: "Device:1.14",
    file: "tr-181-1-7-0.xml",
    spec: "urn:broadband-forum-org:tr-181-1-7-0",
  },
};

/** One per root model. */
export const deviceExtensions: readonly DeviceExtension[] = [device2Extension, device1Extension];

const server = "Device.ManagementServer.";

const text = (name: string, description: string, maxLength = 64) =>
  ({ name, type: "string", access: "readOnly", description, maxLength }) as const;

/** Objects that are ours, the same below every root; absolute paths. */
const extensionObjects: readonly ObjectDefinition[] = [
  {
    path: `${server}X_MFPGATE-ORG_ProxiedDevice.{i}.`,
    description:
      "One row per printer the proxier looks after, however it is shown: as a virtual device, as an embedded object, or not at all.",
    countedBy: "X_MFPGATE-ORG_ProxiedDeviceNumberOfEntries",
    parameters: [
      text(
        "ProxiedDeviceID",
        "The proxier's own name of the printer, the same for its whole life.",
        256,
      ),
      text("Manufacturer", "Maker of the printer."),
      text("ModelName", "Model of the printer."),
      text("SerialNumber", "Serial number of the printer."),
      {
        name: "Presentation",
        type: "string",
        access: "readWrite",
        description:
          "How the printer is to be shown; Auto leaves it to the rules of the proxier's configuration.",
        enumeration: ["Virtual", "Embedded", "None", "Auto"],
      },
      {
        name: "PresentedAs",
        type: "string",
        access: "readOnly",
        description: "How the printer is shown now.",
        enumeration: ["Virtual", "Embedded", "None"],
      },
    ],
  },
  printerTest,
];

/** Whether the extensions define the object or parameter at a template path (`Device.X_….{i}.Name`). */
export function isExtension(template: string): boolean {
  return extensionPaths.has(template);
}

const extensionPaths: ReadonlySet<string> = new Set(
  extensionObjects.flatMap((object) => {
    const { path, countedBy } = object;
    return [
      path,
      path.replace("{i}.", ""),
      ...presentedParameters(object).map(({ name }) => path + name),
      ...(countedBy === undefined ? [] : [parentOf(path) + countedBy]),
    ];
  }),
);

function parentOf(path: string): string {
  return path.replace(/[^.]+\.(\{i\}\.)?$/, "");
}

/** An extension as a TR-106 data-model document (cwmp-datamodel-1-9). */
export function deviceExtensionDocument({ name, file, spec, base }: DeviceExtension): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- Generated from src/model by "npm run generate"; do not edit. -->
<dm:document xmlns:dm="urn:broadband-forum-org:cwmp:datamodel-1-9"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="urn:broadband-forum-org:cwmp:datamodel-1-9 https://www.broadband-forum.org/cwmp/cwmp-datamodel-1-9.xsd"
    spec="${spec}" file="${file}">
  <description>What mfpgate adds to the root data model of a proxier.</description>
  <import file="${base.file}" spec="${base.spec}">
    <model name="${base.name}"/>
  </import>
  <model name="${name}" base="${base.name}">
${extensionObjects.flatMap(countElement).join("\n")}
${extensionObjects.map(objectElement).join("\n")}
  </model>
</dm:document>
`;
}

/** The count of a table belongs to the object above it, which TR-181 defines. */
function countElement({ path, countedBy }: ObjectDefinition): string[] {
  if (countedBy === undefined) return [];
  const head = { base: parentOf(path), access: "readOnly", minEntries: "1", maxEntries: "1" };
  return [
    `    <object${attributes(head)}>`,
    parameterElement({
      name: countedBy,
      type: "unsignedInt",
      access: "readOnly",
      description: `Number of rows of ${path.replace(".{i}.", "")}.`,
    }),
    "    </object>",
  ];
}

function objectElement(object: ObjectDefinition): string {
  const { path, description, countedBy } = object;
  const isTable = path.endsWith("{i}.");
  const head = attributes({
    name: path,
    access: "readOnly",
    minEntries: isTable ? "0" : "1",
    maxEntries: isTable ? "unbounded" : "1",
    numEntriesParameter: countedBy,
  });
  return [
    `    <object${head}>`,
    `      <description>${escapeXml(description)}</description>`,
    ...presentedParameters(object).map(parameterElement),
    "    </object>",
  ].join("\n");
}
