import type { Checksum } from "../checksum.ts";
import type { PartFile } from "../part-file.ts";
import type { TransferScheme } from "../transfer-url.ts";

/** What every exchange with a file server is given. */
export interface FileServerRequest {
  readonly url: URL;
  /** Empty: no authentication. */
  readonly username: string;
  readonly password: string;
  /** Ends the exchange; its reason is the error to reject with. */
  readonly signal: AbortSignal;
}

/** A file to fetch. */
export interface FetchRequest extends FileServerRequest {
  /** Takes what arrives; may hold the beginning of the file already. */
  readonly part: PartFile;
}

/** A file to send. */
export interface SendRequest extends FileServerRequest {
  readonly path: string;
  readonly size: number;
  readonly contentType: string;
  readonly onBytes: (bytes: number) => void;
}

/** What the server said of a file that arrived whole. */
export interface FetchedFile {
  readonly checksums: readonly Checksum[];
}

/** One way to exchange files. Both methods throw `TransferError`. */
export interface FileProtocol {
  /** Resolves when the whole file is in `part`. */
  fetch(request: FetchRequest): Promise<FetchedFile>;
  /** Resolves when the server has confirmed the whole file. */
  send(request: SendRequest): Promise<void>;
}

/** Protocols by scheme; an absent one is answered 9013. */
export type FileProtocols = Readonly<Partial<Record<TransferScheme, FileProtocol>>>;
