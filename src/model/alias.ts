import type { ObjectDefinition, ParameterDefinition } from "./definition.ts";

/** What every row of a table has beside what its object defines; kept by the CWMP endpoint, never by a mapping. */
const alias: ParameterDefinition = {
  name: "Alias",
  type: "string",
  access: "readWrite",
  description:
    "A name for the row that the ACS may choose and use in place of the instance number; cpe- and the number at first.",
  maxLength: 64,
};

/** The parameters of an object as an ACS finds them: those of a table with the Alias of its rows. */
export function presentedParameters({
  path,
  parameters,
}: ObjectDefinition): readonly ParameterDefinition[] {
  // The service object itself is a table, whose own path is empty.
  return path === "" || path.endsWith("{i}.") ? [alias, ...parameters] : parameters;
}
