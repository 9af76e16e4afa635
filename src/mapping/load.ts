import { readFile, readdir } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { errorText } from "../shared/errors.ts";
import { checkFile } from "./check/check-file.ts";
import type { CompileOptions } from "./compile/program.ts";
import { MappingError, type MappingProblem, problemsError } from "./errors.ts";
import type { MappingSet } from "./evaluation.ts";
import { type MappingText, type ParsedFile, parseMappingFile } from "./format/parse-file.ts";
import { createMappingSet } from "./mapping-set.ts";

/** A mapping set with what the operator may want to know of how it came about. */
export interface LoadedMappings extends MappingSet {
  /** Files of earlier folders that a later folder replaced. */
  readonly replaced: readonly {
    readonly name: string;
    readonly by: string;
    readonly instead: string;
  }[];
  /** What is odd and does no harm. */
  readonly warnings: readonly MappingProblem[];
  /** All files by name. */
  readonly files: ReadonlyMap<string, ParsedFile>;
}

/** More files than these in one folder are a mistake (a folder given that is no mappings folder). */
const mostFiles = 5_000;

/**
 * Reads, checks and joins the mapping files of the folders; a file of a later folder replaces the one of the same name.
 *
 * @throws {MappingError} naming file, line, key and remedy of the first problem; all are in `problems`
 */
export async function loadMappings(
  folders: readonly string[],
  options: CompileOptions = {},
): Promise<LoadedMappings> {
  const { texts, replaced, warnings } = await readFolders(folders);
  const { files, problems } = parseAll(texts);
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw problemsError(errors);
  return { ...createMappingSet(files, options), replaced, warnings, files };
}

/** Parses and checks texts; files with errors are left out of `files`. */
export function parseAll(texts: Iterable<MappingText>): {
  readonly files: ReadonlyMap<string, ParsedFile>;
  readonly problems: readonly MappingProblem[];
} {
  const files = new Map<string, ParsedFile>();
  const problems: MappingProblem[] = [];
  for (const text of texts) {
    const result = parseMappingFile(text);
    if (!result.ok) {
      problems.push(...result.problems);
      continue;
    }
    problems.push(...checkFile(result.parsed));
    files.set(text.name, result.parsed);
  }
  return { files, problems };
}

/**
 * Texts of all `.yaml` files below the folders, those of later folders instead of earlier ones of the same name. A folder
 * without any is most often another one than was meant: a warning.
 */
export async function readFolders(folders: readonly string[]): Promise<{
  readonly texts: readonly MappingText[];
  readonly replaced: LoadedMappings["replaced"];
  readonly warnings: LoadedMappings["warnings"];
}> {
  const texts = new Map<string, MappingText>();
  const replaced: { name: string; by: string; instead: string }[] = [];
  const warnings: MappingProblem[] = [];
  for (const folder of folders) {
    const found = await readFolder(folder);
    if (found.length === 0) warnings.push(emptyFolder(folder));
    for (const text of found) {
      const earlier = texts.get(text.name);
      if (earlier !== undefined)
        replaced.push({ name: text.name, by: text.path, instead: earlier.path });
      texts.set(text.name, text);
    }
  }
  return { texts: [...texts.values()], replaced, warnings };
}

function emptyFolder(folder: string): MappingProblem {
  return {
    severity: "warning",
    code: "mapping.empty-folder",
    file: folder,
    line: 0,
    path: "",
    message: "holds no mapping file",
    remedy: "name the folder that holds your .yaml files, or leave it out",
  };
}

async function readFolder(folder: string): Promise<readonly MappingText[]> {
  const root = resolve(folder);
  const paths = await yamlFilesBelow(root);
  if (paths.length > mostFiles)
    throw new MappingError(`${folder} holds more than ${mostFiles} files`, "mapping.folder");
  return Promise.all(
    paths.sort().map(async (path) => ({
      name: relative(root, path)
        .split(sep)
        .join("/")
        .replace(/\.yaml$/, ""),
      path: relative(process.cwd(), path),
      text: await readFile(path, "utf8"),
    })),
  );
}

async function yamlFilesBelow(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(".yaml"))
      .map((entry) => resolve(entry.parentPath, entry.name));
  } catch (error) {
    throw new MappingError(
      `cannot read mappings folder ${root}: ${errorText(error)}; name an existing folder ("mappings" in the configuration)`,
      "mapping.folder",
    );
  }
}
