import { readFile } from "node:fs/promises";
import { errorText } from "../../shared/errors.ts";
import { type Capture, type CapturePart, mediaTypeOf } from "../capture.ts";
import { CaptureError } from "../recording.ts";
import type { EwsStyle } from "./ews-site.ts";
import type { EwsAnswer, EwsHandler } from "./web-message.ts";

const typesByKind: Readonly<Record<string, string>> = {
  html: "text/html",
  htm: "text/html",
  xml: "text/xml",
  json: "application/json",
  js: "text/javascript",
  csv: "text/csv",
  txt: "text/plain",
};

/** Whether a capture holds pages of a web server. */
export function hasWebPages({ parts }: Capture): boolean {
  return parts.some(isPage);
}

/**
 * Serves the pages of a capture as they were recorded. Several answers to one request are given in their order, the
 * last one from then on. A part whose `urlPath` is no path, such as `(any unknown path)`, is the answer to unknown paths.
 *
 * @throws {CaptureError} when a part cannot be read
 */
export async function capturedSite({ parts }: Capture): Promise<EwsStyle> {
  const answers = new Map<string, EwsAnswer[]>();
  let unknown: EwsAnswer | undefined;
  for (const part of parts.filter(isRecorded)) {
    const answer = await recordedAnswer(part);
    if (!isPage(part)) unknown = { ...answer, status: 404 };
    else {
      const name = `${part.method ?? "GET"} ${part.urlPath ?? ""}`;
      answers.set(name, [...(answers.get(name) ?? []), answer]);
    }
  }
  const error = unknown;
  return () => ({
    routes: new Map([...answers].map(([name, recorded]) => [name, inTurn(recorded)])),
    ...(error === undefined ? {} : { notFound: () => error }),
  });
}

function isRecorded({ urlPath }: CapturePart): boolean {
  return urlPath !== undefined;
}

function isPage({ urlPath }: CapturePart): boolean {
  return urlPath?.startsWith("/") === true;
}

async function recordedAnswer(part: CapturePart): Promise<EwsAnswer> {
  const type = mediaTypeOf(part) ?? typesByKind[part.kind] ?? "application/octet-stream";
  const body = await readFile(part.file).catch((error: unknown) => {
    throw new CaptureError(`${part.file} cannot be read: ${errorText(error)}`, error);
  });
  return { status: 200, headers: { "Content-Type": type }, body };
}

function inTurn(answers: readonly EwsAnswer[]): EwsHandler {
  let n = 0;
  return () => answers[Math.min(n++, answers.length - 1)];
}
