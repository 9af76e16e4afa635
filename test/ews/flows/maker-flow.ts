import type { DocumentRead, Selector } from "../../../src/southbound/documents.ts";
import type { ExchangeStep, WebProfile } from "../../../src/southbound/exchange.ts";
import type { EwsStyle } from "../../../src/simulator/ews/ews-site.ts";

/** How one maker's web server is read and written, as a mapping would say it, shown on one setting. */
export interface MakerFlow {
  readonly style: EwsStyle;
  readonly profile: WebProfile;
  /** The setting it is shown on, its value at first and the one to write. */
  readonly setting: string;
  readonly from: string;
  readonly to: string;
  /** Document `page`, key `value`. */
  readonly read: DocumentRead;
  readonly write: {
    readonly needsLogin: boolean;
    readonly steps: (to: string) => readonly ExchangeStep[];
  };
  /** Whether forms carry tokens that can expire. */
  readonly hasTokens: boolean;
  /** Method and path of the request that logs out. */
  readonly logout?: string;
}

/** What a flow reads: one value of one page. */
export function pageValue(
  path: string,
  selector: Selector,
  rest: Omit<DocumentRead, "channel" | "name" | "extractions"> = {},
): DocumentRead {
  const extractions = [{ kind: "values", key: "value", selector }] as const;
  return { channel: "ews", name: "page", request: { path }, extractions, ...rest };
}

/** The setting most flows are shown on. */
export const timeServer = {
  setting: "Network.Time.NTPServer1",
  from: "ntp.example.net",
  to: "ntp2.example.net",
} as const;
/** Its label on English pages. */
export const timeServerLabel = "Primary Time Server";
/** English pages, wherever the printer has them. */
export const english = { "Accept-Language": "en" } as const;
