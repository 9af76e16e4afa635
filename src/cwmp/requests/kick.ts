import { CpeRequestError, refuseLong } from "./cpe-request-error.ts";
import type { MessageOf } from "../soap/message.ts";

/** What the page behind KickURL was called with (TR-069a6 A.4.2.1). */
export interface Kick {
  readonly command: string;
  /** `Referer` of the browser; cut to the 64 characters there is room for. */
  readonly referer: string;
  readonly arg: string;
  /** Where the browser is to go if the ACS has nothing better. */
  readonly next: string;
}

/** One argument of RequestDownload. */
export interface FileTypeArgument {
  readonly name: string;
  readonly value: string;
}

const mostArguments = 16;

/** @throws {CpeRequestError} when an argument is longer than the schema allows */
export function kickedMessage({ command, referer, arg, next }: Kick): MessageOf<"Kicked"> {
  refuseLong("command", command, 32);
  refuseLong("arg", arg, 256);
  refuseLong("next", next, 1_024);
  return { method: "Kicked", command, referer: referer.slice(0, 64), arg, next };
}

/** @throws {CpeRequestError} when an argument is longer than the schema allows, or there are too many */
export function requestDownloadMessage(
  fileType: string,
  fileTypeArguments: readonly FileTypeArgument[],
): MessageOf<"RequestDownload"> {
  refuseLong("file type", fileType, 64);
  if (fileTypeArguments.length > mostArguments) {
    throw new CpeRequestError(`more than ${mostArguments} arguments`, "cwmp.invalid-argument");
  }
  for (const { name, value } of fileTypeArguments) {
    refuseLong("name", name, 64);
    refuseLong(name, value, 256);
  }
  return { method: "RequestDownload", fileType, fileTypeArguments };
}
