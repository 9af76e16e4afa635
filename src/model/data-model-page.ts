import { type ObjectDefinition, type ParameterDefinition, serviceObject } from "./definition.ts";
import { modelFile, modelName } from "./data-model-document.ts";
import { deviceInfoTargets } from "./definitions/device.ts";
import { deviceInfoObject, modelObjects } from "./model.ts";

/** `docs/data-model.md`: the model for people who write mappings or ACS scripts. */
export function dataModelPage(): string {
  return `<!-- Generated from src/model by "npm run generate"; do not edit. -->

# Data model

Model \`${modelName}\`, as TR-106 document in [schema/${modelFile}](../schema/${modelFile}). All paths are
relative to \`${serviceObject}{i}.\`; on a virtual device the row is 1. A parameter the printer does not tell is absent,
never 0 or empty. **W** means the model lets it be written; whether it is writable on a given printer is decided by the
mapping and shown by GetParameterNames. Every row of a table has an \`Alias\` besides (string, **W**), a name for the row
that the ACS may choose and use in place of the instance number.

${modelObjects.map(section).join("\n")}
## \`${deviceInfoObject}\` (what a mapping may fill)

${table(deviceInfoTargets)}`;
}

function section(object: ObjectDefinition): string {
  const title = object.path === "" ? "The service object" : `\`${object.path}\``;
  const rows = object.parameters.length === 0 ? "" : `\n${table(object.parameters)}`;
  return `## ${title}\n\n${object.description}\n${rows}`;
}

function table(parameters: readonly ParameterDefinition[]): string {
  const rows = parameters.map((parameter) => {
    const access = parameter.access === "readWrite" ? "W" : "";
    return `| ${parameter.name} | ${typeText(parameter)} | ${access} | ${meaning(parameter)} |`;
  });
  return ["| parameter | type | | meaning |", "| --- | --- | --- | --- |", ...rows, ""].join("\n");
}

function typeText(parameter: ParameterDefinition): string {
  const type = parameter.list === true ? "list" : parameter.type;
  const { minimum, maximum, units } = parameter;
  const range =
    minimum === undefined && maximum === undefined
      ? ""
      : ` ${minimum?.toString() ?? ""}..${maximum?.toString() ?? ""}`;
  return `${type}${range}${units === undefined ? "" : `, ${units}`}`;
}

function meaning(parameter: ParameterDefinition): string {
  const words =
    parameter.enumeration === undefined
      ? ""
      : ` One${parameter.list === true ? " or more" : ""} of ${parameter.enumeration.join(", ")}.`;
  const hidden = parameter.hidden === true ? " Reads back empty." : "";
  return (parameter.description + words + hidden).replaceAll("|", "\\|");
}
