import { type BannerKind, bannerKinds } from "./banner-rule.ts";
import { identifyBanner } from "./identify-banner.ts";

/** A printer as one greeting tells it; what it does not tell is empty. */
export interface GreetedIdentity {
  readonly manufacturer: string;
  /** Six hexadecimal digits of a MAC address in the greeting. */
  readonly oui: string;
  readonly productClass: string;
  readonly softwareVersion: string;
  readonly serialNumber: string;
}

/** What `mfpgate evaluate` prints of a collection of greetings. */
export interface BannerEvaluation {
  readonly mapping: "banners";
  /** Of the first greeting. */
  readonly identity: GreetedIdentity;
  readonly parameters: Readonly<Record<string, never>>;
  readonly examples: readonly { readonly input: string; readonly identity: GreetedIdentity }[];
}

/** Words by which a capture's manifest tells where its greetings were heard (`platform`). */
const platformWords: readonly (readonly [kind: BannerKind, words: RegExp])[] = [
  ["ftp", /\bftp\b/i],
  ["telnet", /\btelnet\b/i],
  ["pjl-id", /\bpjl\b/i],
  ["http-title", /\btitle\b/i],
  ["http-server", /\bserver\b/i],
];

/** Where the greetings of a capture were heard; all services when its manifest does not say. */
export function bannerKindsOf(platform: string): readonly BannerKind[] {
  const named = platformWords.filter(([, words]) => words.test(platform)).map(([kind]) => kind);
  return named.length === 0 ? bannerKinds : named;
}

/**
 * Identifies each greeting of a collection.
 *
 * @param texts greetings, from one printer or many
 * @param platform of the capture's manifest: `FTP greeting`, `HTTP page title or Server header`
 */
export function evaluateBanners(texts: readonly string[], platform: string): BannerEvaluation {
  const kinds = bannerKindsOf(platform);
  const examples = texts.map((input) => ({ input, identity: identityOf(kinds, input) }));
  const identity = examples[0]?.identity ?? nobody;
  return { mapping: "banners", identity, parameters: {}, examples };
}

const nobody: GreetedIdentity = {
  manufacturer: "",
  oui: "",
  productClass: "",
  softwareVersion: "",
  serialNumber: "",
};

function identityOf(kinds: readonly BannerKind[], text: string): GreetedIdentity {
  for (const kind of likelyFirst(kinds, text)) {
    const found = identifyBanner(kind, text);
    if (found === undefined) continue;
    return {
      manufacturer: found.manufacturer,
      oui: found.macAddress?.replaceAll(":", "").slice(0, 6).toUpperCase() ?? "",
      productClass: found.product ?? "",
      softwareVersion: found.version ?? "",
      serialNumber: found.serialNumber ?? "",
    };
  }
  return nobody;
}

/** `Product/1.0` and what calls itself a server is a header (RFC 9110 §10.2.4), not the title of a page. */
const looksLikeServer = /^\S+\/v?\d|http(?:d| server)\b/i;

function likelyFirst(kinds: readonly BannerKind[], text: string): readonly BannerKind[] {
  if (!kinds.includes("http-server") || !looksLikeServer.test(text)) return kinds;
  return ["http-server", ...kinds.filter((kind) => kind !== "http-server")];
}
