import { acsError } from "./http-errors.ts";
import type { ExchangeResponse } from "./http-exchange.ts";

const byteOrderMark = "\ufeff";

/**
 * The text of a response body, by the charset of its Content-Type (UTF-8 without one); undefined when empty.
 * @throws {AcsTransportError} `cwmp.bad-response` for a charset nobody knows
 */
export function decodeText(response: ExchangeResponse, url: URL): string | undefined {
  const { body, headers } = response;
  if (body.length === 0) return undefined;
  const charset = /charset\s*=\s*"?([\w.:-]{1,40})/i.exec(headers["content-type"] ?? "")?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) {
    const text = body.toString("utf8");
    return text.startsWith(byteOrderMark) ? text.slice(1) : text;
  }
  return decoderFor(charset, url).decode(body);
}

function decoderFor(charset: string, url: URL): { decode(bytes: Buffer): string } {
  try {
    return new TextDecoder(charset);
  } catch (cause) {
    const problem = `it answers in charset ${charset}, which is unknown here`;
    throw acsError(url, problem, { code: "cwmp.bad-response", cause });
  }
}
