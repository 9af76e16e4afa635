import type { IncomingMessage, ServerResponse } from "node:http";
import type { AcsAuthenticator } from "./acs-authenticator.ts";
import { type FileFault, type FileShelf, FileShelfError, type ShelvedFile } from "./file-shelf.ts";

/** One file a CPE may bring. */
const largestUpload = 64 * 1024 * 1024;

const prefix = "/files/";

/** Whether a path belongs to the files. */
export function isFilePath(path: string): boolean {
  return path.startsWith(prefix);
}

/** Serves `/files/NAME`: GET and HEAD with ranges for Download, PUT for Upload. */
export class FileServer {
  readonly #shelf: FileShelf;
  readonly #authenticator: AcsAuthenticator | undefined;

  constructor(shelf: FileShelf, authenticator: AcsAuthenticator | undefined) {
    this.#shelf = shelf;
    this.#authenticator = authenticator;
  }

  /** Answers one request whose path satisfies {@link isFilePath}. */
  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const name = path.slice(prefix.length);
    if (this.#authenticator?.admit(request, response) === false) {
      request.resume();
      this.#note(request, name, 401);
      return;
    }
    const fault = this.#shelf.takeFault(name);
    if (fault?.kind === "stall") {
      this.#note(request, name, 0);
    } else if (fault?.kind === "status") {
      request.resume();
      this.#finish(request, response, name, fault.status);
    } else if (request.method === "PUT") {
      await this.#take(request, response, name, fault);
    } else if (request.method === "GET" || request.method === "HEAD") {
      this.#serve(request, response, name, fault);
    } else {
      this.#finish(request, response.setHeader("Allow", "GET, HEAD, PUT"), name, 405);
    }
  }

  #serve(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    fault: FileFault | undefined,
  ): void {
    const file = this.#shelf.get(name);
    if (file === undefined) {
      this.#finish(request, response, name, 404);
      return;
    }
    const part = partOf(request, file);
    if (part === undefined) {
      response.setHeader("Content-Range", `bytes */${file.bytes.length}`);
      this.#finish(request, response, name, 416);
      return;
    }
    const { bytes, from } = part;
    const status = from === undefined ? 200 : 206;
    if (from !== undefined) {
      const last = file.bytes.length - 1;
      response.setHeader("Content-Range", `bytes ${from}-${last}/${file.bytes.length}`);
    }
    this.#note(request, name, status);
    response.writeHead(status, {
      "Content-Type": "application/octet-stream",
      "Content-Length": bytes.length,
      "Accept-Ranges": "bytes",
      ETag: file.etag,
    });
    if (request.method === "HEAD") response.end();
    else if (fault?.kind === "cut") cutOff(response, bytes.subarray(0, fault.afterBytes));
    else response.end(bytes);
  }

  async #take(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    fault: FileFault | undefined,
  ): Promise<void> {
    const parts: Buffer[] = [];
    let length = 0;
    for await (const part of request as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > largestUpload || (fault?.kind === "cut" && length > fault.afterBytes)) {
        this.#note(request, name, 0);
        response.destroy();
        return;
      }
      parts.push(part);
    }
    const isNew = this.#shelf.get(name) === undefined;
    try {
      this.#shelf.put(name, Buffer.concat(parts));
    } catch (error) {
      if (!(error instanceof FileShelfError)) throw error;
      this.#finish(request, response, name, 507);
      return;
    }
    this.#finish(request, response, name, isNew ? 201 : 204);
  }

  #finish(request: IncomingMessage, response: ServerResponse, name: string, status: number): void {
    this.#note(request, name, status);
    response.writeHead(status, status === 204 ? {} : { "Content-Length": 0 }).end();
  }

  #note({ method = "", headers }: IncomingMessage, name: string, status: number): void {
    this.#shelf.note({ method, name, range: headers.range, status });
  }
}

/** What is asked for: all of it, or from an offset on (RFC 9110 §14); undefined when that does not exist. */
function partOf(
  { headers }: IncomingMessage,
  { bytes, etag }: ShelvedFile,
): { readonly bytes: Buffer; readonly from: number | undefined } | undefined {
  const from = /^bytes=(\d{1,12})-$/.exec(headers.range ?? "")?.[1];
  const isSameFile = headers["if-range"] === undefined || headers["if-range"] === etag;
  if (from === undefined || !isSameFile) return { bytes, from: undefined };
  const offset = Number(from);
  return offset < bytes.length ? { bytes: bytes.subarray(offset), from: offset } : undefined;
}

function cutOff(response: ServerResponse, bytes: Buffer): void {
  response.write(bytes, () => {
    response.destroy();
  });
}
