import { type SchemaNode, schemaTree } from "./schema-tree.ts";

const lineWidth = 100;

const preamble = `# Configuration of mfpgate. Generated from the schema: change src/config/schema*.ts, then run "npm run generate".
# Every key is here. What is commented out is optional or shows the form of a list entry; other values are the defaults.
# Any text may hold \${env:NAME} or \${file:PATH}. Paths are relative to this file. Changes need a restart.
# yaml-language-server: $schema=./schema/config.schema.json
`;

/** The text of `config.example.yaml`: each key with what it means, its default or a sample. It loads without error. */
export function exampleConfig(): string {
  const lines = Object.entries(schemaTree().properties ?? {}).flatMap(([name, node]) => [
    "",
    ...keyLines(name, node, isRequired(schemaTree(), name)),
  ]);
  return `${preamble}${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

/** Description and value of one key; commented out when the key need not be there and has no default. */
function keyLines(name: string, node: SchemaNode, required: boolean): readonly string[] {
  const notes = node.notYet === true ? " No effect in this version." : "";
  const comment = wrapComment(`${node.description ?? ""}${notes}`);
  const entry = node.items?.properties === undefined ? [] : listLines(name, node.items);
  const isShown = required || (node.default !== undefined && node.notYet !== true);
  if (isShown) return [...comment, ...bodyLines(name, node), ...entry.map(commentOut)];
  const body = entry.length > 0 ? entry : bodyLines(name, node);
  return [...comment, ...body.map(commentOut)];
}

function bodyLines(name: string, node: SchemaNode): readonly string[] {
  if (node.properties !== undefined) return objectLines(name, node);
  if (Array.isArray(node.default)) {
    const sample = node.sample === undefined ? "" : ` # for example ["${node.sample}"]`;
    return [`${name}: ${JSON.stringify(node.default)}${sample}`];
  }
  return [`${name}: ${JSON.stringify(node.default ?? node.sample ?? "")}`];
}

function objectLines(name: string, node: SchemaNode): readonly string[] {
  const parts = Object.entries(node.properties ?? {}).flatMap(([key, part]) =>
    keyLines(key, part, isRequired(node, key)),
  );
  return parts.length === 0 ? [`${name}: {}`] : [`${name}:`, ...parts.map(indent)];
}

/** A list with one entry. */
function listLines(name: string, item: SchemaNode): readonly string[] {
  return [`${name}:`, ...entryLines(item)];
}

/** One list entry, every key shown. */
function entryLines(node: SchemaNode): readonly string[] {
  const lines = Object.entries(node.properties ?? {}).flatMap(([key, part]) => [
    ...wrapComment(part.description ?? ""),
    ...allLines(key, part),
  ]);
  return lines.map((line, index) => `  ${index === 0 ? "- " : "  "}${line}`);
}

/** A key inside a list entry with everything below it; all of it stands in a comment already. */
function allLines(name: string, node: SchemaNode): readonly string[] {
  if (node.properties === undefined) return bodyLines(name, node);
  return [
    `${name}:`,
    ...Object.entries(node.properties)
      .flatMap(([key, part]) => [...wrapComment(part.description ?? ""), ...allLines(key, part)])
      .map(indent),
  ];
}

function isRequired(node: SchemaNode, name: string): boolean {
  return node.required?.includes(name) === true;
}

function indent(line: string): string {
  return `  ${line}`;
}

function commentOut(line: string): string {
  return `# ${line}`;
}

function wrapComment(text: string): readonly string[] {
  const lines: string[] = [];
  let line = "#";
  for (const word of text.split(" ").filter((part) => part !== "")) {
    if (line.length + word.length + 1 > lineWidth - 6) {
      lines.push(line);
      line = "#";
    }
    line += ` ${word}`;
  }
  return line === "#" ? lines : [...lines, line];
}
