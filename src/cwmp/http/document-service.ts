import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { logger } from "../../shared/log.ts";

const log = logger("cwmp.http.document-service");

/** Somebody else publishes the document. */
export interface PublishedElsewhere {
  readonly url: string;
}

/** A document's text, or where it is. */
type Found = string | PublishedElsewhere | undefined;

/** Finds a device type document by the name between `/dt/` and `.xml`; undefined when there is none. */
export type DocumentSource = (name: string) => Promise<Found> | Found;

const documentPath = /^\/dt\/([0-9A-Za-z-]{1,64})\.xml$/;
/** Documents being made at the same time; more are put off with 503. */
const mostAtOnce = 16;
const largestDocument = 8 * 1024 * 1024;
/** A published document never changes under its name (TR-106a15: new content, new UUID). */
const cacheControl = "public, max-age=86400";

/** Whether `path` names a device type document at all. */
export function isDocumentPath(path: string): boolean {
  return documentPath.test(path);
}

/** Serves `/dt/<name>.xml`: public, cacheable, bounded. */
export class DocumentService {
  readonly #source: DocumentSource;
  #running = 0;

  constructor(source: DocumentSource) {
    this.#source = source;
  }

  /** Answers one GET whose path satisfies {@link isDocumentPath}; never throws. */
  serve(path: string, request: IncomingMessage, response: ServerResponse): void {
    if (this.#running >= mostAtOnce) {
      finish(response, 503);
      return;
    }
    this.#running += 1;
    const name = documentPath.exec(path)?.[1] ?? "";
    this.#send(name, request, response)
      .catch((error: unknown) => {
        log.error("document failed", { name, error });
        finish(response, 500);
      })
      .finally(() => {
        this.#running -= 1;
      });
  }

  async #send(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await this.#source(name);
    if (text === undefined) {
      finish(response, 404);
      return;
    }
    if (typeof text !== "string") {
      response.setHeader("Location", text.url);
      finish(response, 302);
      return;
    }
    const body = Buffer.from(text, "utf8");
    if (body.length > largestDocument) throw new Error(`document of ${body.length} bytes`);
    const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`;
    response.setHeader("ETag", etag);
    response.setHeader("Cache-Control", cacheControl);
    if (request.headers["if-none-match"] === etag) {
      finish(response, 304);
      return;
    }
    response.setHeader("Content-Type", "text/xml; charset=utf-8");
    response.setHeader("X-Content-Type-Options", "nosniff");
    finish(response, 200, body);
  }
}

function finish(response: ServerResponse, status: number, body?: Buffer): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = status;
  if (status !== 304) response.setHeader("Content-Length", body?.length ?? 0);
  response.end(body);
}
