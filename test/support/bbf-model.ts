import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { SaxesParser } from "saxes";

const folder = resolve(import.meta.dirname, "../../../shared/spec");

/** Root data models of the Broadband Forum that stand beside the project. */
const files = {
  "Device:2.17": "tr-181-2-17-0-cwmp-full.xml",
  "Device:1.14": "tr-181-1-7-0-full.xml",
} as const;

/** Whether the published models are there; tests that need them say so when not. */
export const hasBbfModels = Object.values(files).every((file) => existsSync(resolve(folder, file)));

/** One node of a published model, by its path with `{i}` for row numbers. */
export interface ModelNode {
  readonly isWritable: boolean;
  /** Base type on the wire; undefined for objects. */
  readonly type?: string;
  readonly isForcedInform: boolean;
  readonly activeNotify: string;
  readonly enumeration: readonly string[];
  readonly isList: boolean;
  readonly maxLength: number | undefined;
}

/** A published model. */
export interface PublishedModel {
  readonly nodes: ReadonlyMap<string, ModelNode>;
  /** Paths of the parameters and objects a profile names, those of the profiles it is based on included. */
  readonly profiles: ReadonlyMap<string, readonly ProfileItem[]>;
}

/** One line of a profile. */
export interface ProfileItem {
  readonly path: string;
  readonly requirement: string;
}

/** Named types that are not strings (tr-106-types.xml). */
const namedTypes: Readonly<Record<string, string>> = {
  StatsCounter32: "unsignedInt",
  StatsCounter64: "unsignedLong",
  Dbm1000: "int",
};

const simpleTypes = new Set(
  "string int unsignedInt long unsignedLong boolean dateTime base64 hexBinary".split(" "),
);

const known = new Map<string, PublishedModel>();

/** Reads a published model; only where {@link hasBbfModels}. */
export function publishedModel(name: keyof typeof files): PublishedModel {
  let model = known.get(name);
  if (model === undefined) {
    model = parseModel(readFileSync(resolve(folder, files[name]), "utf8"));
    known.set(name, model);
  }
  return model;
}

/** A path with `{i}` in the place of numbers. */
export function templateOf(path: string): string {
  return path.replace(/\.\d+(?=\.)/g, ".{i}");
}

type Draft = { -readonly [Key in keyof ModelNode]: ModelNode[Key] } & { enumeration: string[] };

interface ProfileDraft {
  readonly parents: string[];
  readonly items: ProfileItem[];
}

function parseModel(xml: string): PublishedModel {
  const nodes = new Map<string, Draft>();
  const profiles = new Map<string, ProfileDraft>();
  const parser = new SaxesParser();
  let [object, profile] = ["", ""];
  let parameter: Draft | undefined;
  const open: string[] = [];
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const a = attributes as Readonly<Record<string, string | undefined>>;
    open.push(name);
    if (name === "profile") {
      profile = (a["name"] ?? "").trim();
      const parents = [a["base"], a["extends"]].flatMap((one) => one?.split(" ") ?? []);
      profiles.set(profile, { parents, items: [] });
    } else if (name === "object" && profile !== "") {
      object = a["ref"] ?? "";
      item(object, a);
    } else if (name === "parameter" && profile !== "") item(object + (a["ref"] ?? ""), a);
    else if (name === "object") {
      object = a["name"] ?? "";
      nodes.set(object, draft(a));
    } else if (name === "parameter") {
      parameter = draft(a);
      nodes.set(object + (a["name"] ?? ""), parameter);
    } else if (parameter !== undefined && open.includes("syntax")) syntax(parameter, name, a);
  });
  parser.on("closetag", ({ name }) => {
    open.pop();
    if (name === "parameter") parameter = undefined;
    if (name === "profile") profile = "";
    if (name === "object") object = "";
  });
  function item(path: string, a: Readonly<Record<string, string | undefined>>): void {
    if (a["status"] === "deleted") return;
    profiles.get(profile)?.items.push({ path, requirement: a["requirement"] ?? "" });
  }
  parser.write(xml).close();
  const all = (name: string): readonly ProfileItem[] => {
    const found = profiles.get(name);
    return found === undefined ? [] : [...found.parents.flatMap(all), ...found.items];
  };
  return {
    nodes,
    profiles: new Map([...profiles.keys()].map((name) => [name, all(name)])),
  };
}

function draft(a: Readonly<Record<string, string | undefined>>): Draft {
  return {
    isWritable: a["access"] === "readWrite",
    isForcedInform: a["forcedInform"] === "true",
    activeNotify: a["activeNotify"] ?? "normal",
    enumeration: [],
    isList: false,
    maxLength: undefined,
  };
}

function syntax(
  parameter: Draft,
  name: string,
  a: Readonly<Record<string, string | undefined>>,
): void {
  if (name === "list") parameter.isList = true;
  if (simpleTypes.has(name)) parameter.type = name;
  if (name === "dataType") parameter.type = namedTypes[a["ref"] ?? ""] ?? "string";
  if (name === "enumeration" && a["status"] !== "deleted")
    parameter.enumeration.push(a["value"] ?? "");
  if (name === "size" && a["maxLength"] !== undefined) parameter.maxLength = Number(a["maxLength"]);
}
