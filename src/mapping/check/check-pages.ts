import type { MappingProblem } from "../errors.ts";
import { type ParsedFile, showPath } from "../format/parse-file.ts";
import type { ResolvedMapping } from "../format/resolve.ts";
import type { KeyPath } from "../format/yaml-document.ts";
import type { MappingFile, ParameterEntry } from "../schema.ts";
import { walkFile } from "./walk.ts";

/** A place in a file that names a page. */
interface PageUse {
  readonly name: string;
  readonly path: KeyPath;
}

/**
 * Pages that are neither a path nor a name in `pages`: they would be asked for under their name, and be missing. Only
 * shows once inheritance is applied, for a file may name pages of the files it extends, and fragments those of the
 * files that extend them.
 */
export function checkPages({ own, files, pages }: ResolvedMapping): readonly MappingProblem[] {
  if (own.name.startsWith("fragments/")) return [];
  const isKnown = ({ name }: PageUse): boolean => isPath(name) || pages.has(name);
  return files.flatMap((parsed) => [
    ...usesIn(parsed)
      .filter((use) => !isKnown(use))
      .map(({ name, path }) => problemAt(parsed, path, noSuchPage(name))),
    ...pagesWithoutPath(parsed, pages).map((path) => problemAt(parsed, path, noPath)),
  ]);
}

/** `{home}` and other placeholders stand for the beginning of a path. */
function isPath(name: string): boolean {
  return name.startsWith("/") || name.startsWith("{");
}

function usesIn({ file }: ParsedFile): readonly PageUse[] {
  const uses = [...usesOutsideSources(file), ...usesOfPages(file)];
  walkFile(file, ({ source, path }) => {
    if (source.ews !== undefined) uses.push({ name: source.ews, path: [...path, "ews"] });
  });
  uses.push(...usesOfWrites(file.parameters ?? {}, ["parameters"]));
  for (const [name, { rows, parameters }] of Object.entries(file.tables ?? {})) {
    const path = ["tables", name];
    if (rows?.ews !== undefined) uses.push({ name: rows.ews, path: [...path, "rows", "ews"] });
    uses.push(...usesOfWrites(parameters ?? {}, [...path, "parameters"]));
  }
  return uses;
}

function usesOutsideSources({ web, match }: MappingFile): PageUse[] {
  const home = web?.home?.ews;
  const documents = [match ?? []].flat().flatMap((alternative) => alternative.documents ?? []);
  return [
    ...(home === undefined ? [] : [{ name: home, path: ["web", "home"] }]),
    ...documents.flatMap(({ ews }) => (ews === undefined ? [] : [{ name: ews, path: ["match"] }])),
  ];
}

function usesOfPages({ pages }: MappingFile): PageUse[] {
  return Object.entries(pages ?? {}).flatMap(([name, { onlyWith = [], onlyWithout = [] }]) => [
    ...onlyWith.map((other) => ({ name: other, path: ["pages", name, "onlyWith"] })),
    ...onlyWithout.map((other) => ({ name: other, path: ["pages", name, "onlyWithout"] })),
  ]);
}

function usesOfWrites(
  parameters: Readonly<Record<string, ParameterEntry>>,
  path: KeyPath,
): PageUse[] {
  return Object.entries(parameters).flatMap(([name, { write }]) =>
    write?.ews === undefined ? [] : [{ name: write.ews, path: [...path, name, "write", "ews"] }],
  );
}

/** A page of which one file says how and another one where is complete. */
function pagesWithoutPath(
  { file }: ParsedFile,
  pages: ResolvedMapping["pages"],
): readonly KeyPath[] {
  return Object.keys(file.pages ?? {})
    .filter((name) => !isPath(name) && pages.get(name)?.path === undefined)
    .map((name) => ["pages", name]);
}

type Said = Pick<MappingProblem, "message" | "remedy">;

function noSuchPage(name: string): Said {
  const message = `pages has no ${name}`;
  return { message, remedy: "name one of pages, or write a path, which begins with /" };
}

const noPath: Said = {
  message: "it does not say where the page is",
  remedy: "give path, or use the path as its name",
};

function problemAt(parsed: ParsedFile, path: KeyPath, said: Said): MappingProblem {
  return {
    severity: "error",
    code: "mapping.unknown-page",
    file: parsed.path,
    line: parsed.lineOf(path),
    path: showPath(path),
    ...said,
  };
}
