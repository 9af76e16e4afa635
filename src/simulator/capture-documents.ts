import { readFile } from "node:fs/promises";
import { errorText } from "../shared/errors.ts";
import type { Channel } from "../southbound/documents.ts";
import { SouthboundError } from "../southbound/errors.ts";
import type { RawDocument } from "../southbound/extract/raw-document.ts";
import { ippDocument } from "../southbound/ipp/document.ts";
import { recordedMdns } from "../southbound/mdns/recorded.ts";
import { commandName, parsePjlAnswers, pjlDocument } from "../southbound/pjl/answer.ts";
import { type Capture, type CapturePart, mediaTypeOf } from "./capture.ts";
import { channelOf } from "./capture-channel.ts";
import { CaptureError } from "./recording.ts";

/** A document of a capture under the name mappings ask for it by. */
export interface CapturedDocument {
  readonly channel: Channel;
  /** Path of a page; `printer-attributes`, `jobs`; a PJL command; `txt`; `metadata`; `ftp`, `telnet`. */
  readonly name: string;
  readonly raw: RawDocument;
}

/** Greetings of a capture, of one printer or of many. */
export interface CapturedBanners {
  readonly texts: readonly string[];
  readonly platform: string;
}

const maxBytes = 16 * 1024 * 1024;

/**
 * The documents of a capture, decoded where their protocol is no text, in the order of its manifest. Of several answers
 * to one request the first counts: later ones show the printer after somebody changed something.
 *
 * @throws {CaptureError} when a part cannot be read or is not what it is said to be
 */
export async function capturedDocuments(capture: Capture): Promise<readonly CapturedDocument[]> {
  const found = new Map<string, CapturedDocument>();
  for (const part of capture.parts)
    for (const document of await documentsOf(part, capture.platform ?? "")) {
      const key = `${document.channel} ${document.name}`;
      if (!found.has(key)) found.set(key, document);
    }
  return withPrintService([...found.values()]);
}

/** Without a record of IPP that of another print service counts: they tell of the printer in the same keys. */
function withPrintService(documents: readonly CapturedDocument[]): readonly CapturedDocument[] {
  if (documents.some(({ channel, name }) => channel === "mdns" && name === "txt")) return documents;
  const other = documents.find(
    ({ channel, name }) =>
      channel === "mdns" && /^txt _(?:printer|pdl-datastream)\._tcp/i.test(name),
  );
  return other === undefined ? documents : [...documents, { ...other, name: "txt" }];
}

/**
 * The greetings of a capture that holds a list of them, instead of documents of one printer.
 *
 * @returns undefined when it holds none
 * @throws {CaptureError} when a part cannot be read
 */
export async function capturedBanners(capture: Capture): Promise<CapturedBanners | undefined> {
  const platform = capture.platform ?? "";
  for (const part of capture.parts) {
    if (channelOf(part, platform) !== "banner" || part.kind !== "json") continue;
    const listed = parseJson(part, await bytesOf(part));
    if (Array.isArray(listed))
      return { texts: listed.filter((text) => typeof text === "string"), platform };
  }
  return undefined;
}

function parseJson({ file }: CapturePart, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw new CaptureError(`${file} is no JSON: ${errorText(error)}`, error);
  }
}

async function documentsOf(
  part: CapturePart,
  platform: string,
): Promise<readonly CapturedDocument[]> {
  const channel = channelOf(part, platform);
  if (channel === undefined) return [];
  const bytes = await bytesOf(part);
  try {
    return decoders[channel]({ part, platform, bytes });
  } catch (error) {
    if (!(error instanceof SouthboundError)) throw error;
    throw new CaptureError(`${part.file} is no ${channel} document: ${error.message}`, error);
  }
}

async function bytesOf({ file }: CapturePart): Promise<Buffer> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new CaptureError(`${file} cannot be read`, error);
  });
  if (bytes.length > maxBytes) throw new CaptureError(`${file} is longer than ${maxBytes} octets`);
  return bytes;
}

/** One part with its bytes. */
interface LoadedPart {
  readonly part: CapturePart;
  readonly platform: string;
  readonly bytes: Buffer;
}

const decoders: Readonly<Record<Channel, (loaded: LoadedPart) => readonly CapturedDocument[]>> = {
  ews: ({ part, bytes }) => {
    const path = part.urlPath ?? "/";
    return [{ channel: "ews", name: path, raw: raw(bytes, path, mediaTypeOf(part)) }];
  },
  ipp: ({ part, bytes }) => {
    const name = ippNames[part.operation ?? "Get-Printer-Attributes"] ?? part.operation ?? "";
    return [{ channel: "ipp", name, raw: json(ippDocument(bytes)) }];
  },
  pjl: ({ part, bytes }) => pjlDocuments(part, bytes.toString("latin1")),
  mdns: ({ bytes }) => {
    const announced = recordedMdns(bytes.toString("utf8"));
    return [{ channel: "mdns", name: mdnsName(announced.service), raw: json(announced) }];
  },
  wsd: ({ bytes }) => [
    { channel: "wsd", name: "metadata", raw: raw(bytes, "", "application/soap+xml") },
  ],
  banner: ({ platform, bytes }) => {
    const name = bannerName(platform);
    return name === undefined
      ? []
      : [{ channel: "banner", name, raw: raw(bytes, "", "text/plain") }];
  },
};

/** Names mappings know answers by. */
const ippNames: Readonly<Record<string, string>> = {
  "Get-Printer-Attributes": "printer-attributes",
  "Get-Jobs": "jobs",
};

/** A part is the answer to its command, or holds several answers that repeat theirs. */
function pjlDocuments({ command }: CapturePart, text: string): readonly CapturedDocument[] {
  const answers =
    command === undefined ? parsePjlAnswers(text) : [pjlDocument(text, commandName(command))];
  return answers
    .filter((answer) => answer.command !== "")
    .map((answer) => ({ channel: "pjl", name: answer.command, raw: json(answer) }));
}

/** The record of IPP is what mappings ask for; others keep the name of their service. */
function mdnsName(service: string | undefined): string {
  return service === undefined || /^_ipps?\._tcp/i.test(service) ? "txt" : `txt ${service}`;
}

/** A list of greetings is no document of one printer. */
function bannerName(platform: string): string | undefined {
  return ["ftp", "telnet"].find((name) => new RegExp(`\\b${name}\\b`, "i").test(platform));
}

function json(value: unknown): RawDocument {
  return raw(Buffer.from(JSON.stringify(value), "utf8"), "", "application/json");
}

function raw(bytes: Uint8Array, path: string, contentType: string | undefined): RawDocument {
  const headers = new Map(contentType === undefined ? [] : [["content-type", contentType]]);
  return {
    bytes,
    headers,
    status: 200,
    path,
    ...(contentType === undefined ? {} : { contentType }),
  };
}
