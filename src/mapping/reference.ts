import { defaultPollClasses } from "./compile/poll-class.ts";
import { type Derivation, derivations } from "./derive/registry.ts";
import { type Enumeration, enumerations } from "./enumerations.ts";
import { transformDefinitions } from "./transforms/registry.ts";

/** More words than these are not listed; they are a MIB's own. */
const mostWordsListed = 12;

/** `docs/mapping-reference.md`: the closed lists a mapping file chooses from. Generated; never edited by hand. */
export function mappingReferencePage(): string {
  return [
    "# Mapping reference",
    "",
    "Generated from `src/mapping/` by `npm run generate`; see [mapping-files.md](mapping-files.md) for how to use it.",
    "",
    "## Transforms",
    "",
    "Written by name, or `{ name: argument }`.",
    "",
    table(["transform", "argument", "does"], transformRows()),
    "",
    "## Enumerations",
    "",
    "For `values: name`. What has no word stays as it is unless an “otherwise” is given.",
    "",
    table(["enumeration", "of", "words", "otherwise"], enumerationRows()),
    "",
    "## Derivations",
    "",
    "For `derive: name` with `inputs: { input: source }`; inputs left out count as unknown.",
    "",
    table(["derivation", "inputs", "gives"], derivationRows()),
    "",
    "## Default poll classes",
    "",
    "The first beginning that fits counts; a row set's or parameter's own `poll` comes before it.",
    "",
    table(
      ["path begins with", "poll class"],
      defaultPollClasses.map(([beginning, poll]) => [
        beginning === "" ? "anything else" : code(beginning),
        poll,
      ]),
    ),
    "",
  ].join("\n");
}

function transformRows(): string[][] {
  return Object.entries(transformDefinitions).map(([name, { argument, description }]) => [
    code(name),
    argument === "none" ? "" : argument,
    description,
  ]);
}

function enumerationRows(): string[][] {
  return Object.entries<Enumeration>(enumerations).map(
    ([name, { description, words, otherwise }]) => {
      const all = [...new Set(Object.values(words))];
      const listed = all.slice(0, mostWordsListed).join(", ");
      const more = all.length > mostWordsListed ? `, … (${all.length})` : "";
      return [code(name), description, listed + more, otherwise ?? ""];
    },
  );
}

function derivationRows(): string[][] {
  return Object.entries<Derivation>(derivations).map(([name, { inputs, description }]) => [
    code(name),
    inputs.join(", "),
    description,
  ]);
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
