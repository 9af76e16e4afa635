import { presentedParameters } from "./alias.ts";
import {
  type ObjectDefinition,
  type ParameterDefinition,
  type ParameterType,
  serviceObject,
} from "./definition.ts";
import { modelObjects } from "./model.ts";
import { attributes, escapeXml } from "./xml.ts";

/** Name and version of the service model (TR-106 §2.1). Minor versions only add. */
export const modelName = "X_MFPGATE-ORG_MFP:1.0";

/** `spec` of the document, also the URN of `SupportedDataModel`. */
export const modelSpec = "urn:mfpgate-org:x-mfpgate-org-mfp-1-0";

/** File name of the document; device types import it by this name. */
export const modelFile = "x-mfpgate-org-mfp-1-0.xml";

/** Name of the service object below `Device.Services.`, without its row. */
const serviceName = serviceObject.slice("Device.Services.".length, -1);

/** The parameter of `Device.Services.` that counts the service objects. */
export const serviceCount = `${serviceName}NumberOfEntries`;

/** The model as a TR-106 data-model document (cwmp-datamodel-1-9). */
export function dataModelDocument(): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- Generated from src/model by "npm run generate"; do not edit. -->
<dm:document xmlns:dm="urn:broadband-forum-org:cwmp:datamodel-1-9"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="urn:broadband-forum-org:cwmp:datamodel-1-9 https://www.broadband-forum.org/cwmp/cwmp-datamodel-1-9.xsd"
    spec="${modelSpec}" file="${modelFile}">
  <description>Printers and multifunction devices, names after the PWG Semantic Model.</description>
  <model name="${modelName}" isService="true">
    <parameter name="${serviceCount}" access="readOnly">
      <description>Number of printers.</description>
      <syntax><unsignedInt/></syntax>
    </parameter>
${modelObjects.map(objectElement).join("\n")}
  </model>
</dm:document>
`;
}

function objectElement(object: ObjectDefinition): string {
  const isTable = object.path.endsWith("{i}.") || object.path === "";
  const head = attributes({
    name: `${serviceName}.{i}.${object.path}`,
    access: "readOnly",
    minEntries: isTable ? "0" : "1",
    maxEntries: isTable ? "unbounded" : "1",
    numEntriesParameter: object.path === "" ? serviceCount : object.countedBy,
  });
  const lines = [
    `    <object${head}>`,
    `      <description>${escapeXml(object.description)}</description>`,
    ...presentedParameters(object).map(parameterElement),
    "    </object>",
  ];
  return lines.join("\n");
}

/** The definition of one parameter, indented as the content of an object. */
export function parameterElement(parameter: ParameterDefinition): string {
  const head = attributes({
    name: parameter.name,
    access: parameter.access,
    activeNotify: parameter.activeNotify,
  });
  return [
    `      <parameter${head}>`,
    `        <description>${escapeXml(parameter.description)}</description>`,
    `        <syntax${attributes({ hidden: parameter.hidden === true ? "true" : undefined })}>`,
    ...syntaxLines(parameter).map((line) => `          ${line}`),
    "        </syntax>",
    "      </parameter>",
  ].join("\n");
}

function syntaxLines(parameter: ParameterDefinition): string[] {
  const size = parameter.maxLength;
  const sizeFacet = size === undefined ? [] : [`  <size maxLength="${size.toString()}"/>`];
  // The size of a list value belongs to the list, its words to the items (TR-106 A.2.7.1).
  const list = parameter.list === true ? element("list", sizeFacet) : [];
  const facets = [
    ...(parameter.list === true ? [] : sizeFacet),
    ...rangeFacet(parameter),
    ...(parameter.enumeration ?? []).map(
      (word) => `  <enumeration${attributes({ value: word })}/>`,
    ),
    ...(parameter.units === undefined
      ? []
      : [`  <units${attributes({ value: parameter.units })}/>`]),
  ];
  return [...list, ...element(parameter.type, facets)];
}

function element(name: ParameterType | "list", facets: readonly string[]): string[] {
  return facets.length === 0 ? [`<${name}/>`] : [`<${name}>`, ...facets, `</${name}>`];
}

function rangeFacet({ minimum, maximum }: ParameterDefinition): string[] {
  if (minimum === undefined && maximum === undefined) return [];
  return [
    `  <range${attributes({ minInclusive: minimum?.toString(), maxInclusive: maximum?.toString() })}/>`,
  ];
}
