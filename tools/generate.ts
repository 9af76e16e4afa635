/**
 * Writes every generated file of the project, or with `--check` says which are stale and exits 1.
 * To add one: append an entry to `generators`.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import { exampleConfig } from "../src/config/example.ts";
import { configJsonSchema } from "../src/config/schema-tree.ts";
import { dataModelDocument, modelFile } from "../src/model/data-model-document.ts";
import { deviceExtensionDocument, deviceExtensions } from "../src/model/device-extension.ts";
import { dataModelPage } from "../src/model/data-model-page.ts";
import { coverageOf, coveragePage } from "../src/mapping/coverage.ts";
import { parseAll, readFolders } from "../src/mapping/load.ts";
import { mappingReferencePage } from "../src/mapping/reference.ts";
import { mappingJsonSchema } from "../src/mapping/schema.ts";

interface Generator {
  /** Relative to the project's root. */
  readonly file: string;
  readonly content: () => string | Promise<string>;
}

const root = resolve(import.meta.dirname, "..");

const generators: readonly Generator[] = [
  { file: `schema/${modelFile}`, content: dataModelDocument },
  ...deviceExtensions.map((extension) => ({
    file: `schema/${extension.file}`,
    content: () => deviceExtensionDocument(extension),
  })),
  { file: "docs/data-model.md", content: () => formatted("docs/data-model.md", dataModelPage()) },
  { file: "schema/mapping.schema.json", content: mappingJsonSchema },
  {
    file: "docs/mapping-reference.md",
    content: () => formatted("docs/mapping-reference.md", mappingReferencePage()),
  },
  {
    file: "docs/coverage.md",
    content: async () => formatted("docs/coverage.md", await coverage()),
  },
  {
    file: "schema/config.schema.json",
    content: () => `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  },
  { file: "config.example.yaml", content: () => formatted("config.example.yaml", exampleConfig()) },
];

async function coverage(): Promise<string> {
  const { texts } = await readFolders([resolve(root, "mappings")]);
  return coveragePage(coverageOf(parseAll(texts).files));
}

/** As Prettier would lay it out, so that generating and formatting never disagree. */
async function formatted(file: string, text: string): Promise<string> {
  const path = resolve(root, file);
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}

function present(file: string): string | undefined {
  try {
    return readFileSync(resolve(root, file), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function run(isCheck: boolean): Promise<number> {
  const stale: string[] = [];
  for (const { file, content } of generators) {
    const text = await content();
    if (present(file) === text) continue;
    stale.push(file);
    if (isCheck) continue;
    mkdirSync(dirname(resolve(root, file)), { recursive: true });
    writeFileSync(resolve(root, file), text);
  }
  const verb = isCheck ? 'is stale; run "npm run generate"' : "written";
  process.stdout.write(stale.map((file) => `${file}: ${verb}\n`).join(""));
  return isCheck && stale.length > 0 ? 1 : 0;
}

process.exitCode = await run(process.argv.includes("--check"));
