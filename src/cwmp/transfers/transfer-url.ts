/** Schemes files are exchanged by. */
export const transferSchemes = ["http:", "https:", "ftp:", "sftp:", "tftp:"] as const;
/** One of {@link transferSchemes}. */
export type TransferScheme = (typeof transferSchemes)[number];

/** Longest URL (CWMP XSD). */
const longestUrl = 256;

/** A URL that may be used, or the fault that says why not: 9003 or 9013. */
export type ParsedTransferUrl =
  | { readonly url: URL; readonly scheme: TransferScheme }
  | { readonly faultCode: 9003 | 9013; readonly reason: string };

/** Reads the URL of a Download or Upload (TR-069a6 A.3.2.8: no userinfo in it). */
export function parseTransferUrl(text: string): ParsedTransferUrl {
  if (text.length > longestUrl) return invalid(`URL is longer than ${longestUrl} characters`);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return invalid("URL cannot be read");
  if (url.username !== "" || url.password !== "")
    return invalid("URL has user information; it belongs into Username and Password");
  const scheme = schemeOf(url);
  if (scheme === undefined)
    return { faultCode: 9013, reason: `${url.protocol} is not among ${transferSchemes.join(" ")}` };
  if (url.hostname === "") return invalid("URL names no host");
  return { url, scheme };
}

/** The scheme when it is one of ours. */
export function schemeOf(url: URL): TransferScheme | undefined {
  return transferSchemes.find((scheme) => scheme === url.protocol);
}

/** A URL for messages and logs: without query values, which may be secret. */
export function printableTransferUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}${url.search === "" ? "" : "?…"}`;
}

function invalid(reason: string): ParsedTransferUrl {
  return { faultCode: 9003, reason };
}
