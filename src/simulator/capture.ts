import { readFile, stat } from "node:fs/promises";
import { extname, join, resolve, sep } from "node:path";
import { errorText } from "../shared/errors.ts";
import { isRecord } from "../shared/json.ts";
import { CaptureError } from "./recording.ts";

/** One piece of what was captured from a printer. */
export interface CapturePart {
  /** `snmprec`, `html`, `xml`, `json`, …: the manifest's `kind`, else the file's extension. */
  readonly kind: string;
  /** Absolute path. */
  readonly file: string;
  /** Path on the printer's web server, for parts of the embedded web server. */
  readonly urlPath?: string;
  /** `GET` unless given. */
  readonly method?: string;
  /** As the person who captured it wrote it down, perhaps not a media type. */
  readonly contentType?: string;
  /** IPP operation it answers: `Get-Printer-Attributes`. */
  readonly operation?: string;
  /** PJL command it answers: `@PJL INFO CONFIG`. */
  readonly command?: string;
}

/** A `.snmprec` file or a capture folder. */
export interface Capture {
  readonly path: string;
  readonly vendor?: string;
  readonly model?: string;
  /** What spoke: `IPP`, `DNS-SD _ipp._tcp`, `FTP greeting`, … as the person who captured it wrote it down. */
  readonly platform?: string;
  readonly parts: readonly CapturePart[];
}

const manifestName = "manifest.json";
const manifestSchema = "capture-manifest/1";
const maxParts = 1_000;

/**
 * Lists the parts of a capture: of a single `.snmprec` file, or of a folder with a `manifest.json` of the form
 * `capture-manifest/1`.
 *
 * @throws {CaptureError} when the path is neither, or a part lies outside the folder
 */
export async function readCapture(path: string): Promise<Capture> {
  const absolute = resolve(path);
  if (await isFolder(absolute)) return readFolder(absolute);
  if (extname(absolute) !== ".snmprec")
    throw new CaptureError(`${path} is neither a .snmprec file nor a folder with ${manifestName}`);
  return { path: absolute, parts: [{ kind: "snmprec", file: absolute }] };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw new CaptureError(`capture ${path} cannot be read: ${errorText(error)}`, error);
  }
}

async function readFolder(folder: string): Promise<Capture> {
  const manifest = await readManifest(join(folder, manifestName));
  const { files, vendor, model, platform } = manifest;
  if (!Array.isArray(files) || files.length > maxParts)
    throw new CaptureError(
      `${join(folder, manifestName)}: "files" must list 0 to ${maxParts} files`,
    );
  return {
    path: folder,
    ...(typeof vendor === "string" ? { vendor } : {}),
    ...(typeof model === "string" ? { model } : {}),
    ...(typeof platform === "string" ? { platform } : {}),
    parts: files.map((entry: unknown) => readPart(folder, entry)),
  };
}

async function readManifest(file: string): Promise<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new CaptureError(
      `${file} cannot be read (${errorText(error)}): name a .snmprec file or a capture folder`,
      error,
    );
  }
  if (!isRecord(parsed) || parsed["schema"] !== manifestSchema)
    throw new CaptureError(`${file}: "schema" must be "${manifestSchema}"`);
  return parsed;
}

function readPart(folder: string, entry: unknown): CapturePart {
  const fields = isRecord(entry) ? entry : {};
  const { file: name, kind: given } = fields;
  if (typeof name !== "string")
    throw new CaptureError(`${join(folder, manifestName)}: an entry of "files" has no "file"`);
  const file = resolve(folder, name);
  if (!file.startsWith(folder + sep))
    throw new CaptureError(`${join(folder, manifestName)}: ${name} lies outside the capture`);
  const kind = typeof given === "string" ? given : extname(name).slice(1);
  return { kind, file, ...textsOf(fields) };
}

/** The media type of a part, with parameters, at the beginning of what a person may have written after it. */
export function mediaTypeOf({ contentType = "" }: CapturePart): string | undefined {
  return /^[\w.+-]+\/[\w.+-]+(?:; ?[\w-]+=[\w.-]+)*/.exec(contentType)?.[0];
}

const textFields = ["urlPath", "method", "contentType", "operation", "command"] as const;

/** What the manifest tells of a part besides its file. */
function textsOf(fields: Record<string, unknown>): Partial<CapturePart> {
  const told = textFields.flatMap((name) => {
    const value = fields[name];
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  return Object.fromEntries(told);
}
