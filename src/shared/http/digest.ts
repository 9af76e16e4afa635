import { createHash, timingSafeEqual } from "node:crypto";

/** Header names of the digest algorithms understood, strongest first. */
export const digestAlgorithms = ["SHA-256", "SHA-256-sess", "MD5", "MD5-sess"] as const;
/** One of {@link digestAlgorithms}. */
export type DigestAlgorithm = (typeof digestAlgorithms)[number];

/** The algorithm a header names; absent means MD5 (RFC 2617 §3.2.1), undefined one we do not speak. */
export function digestAlgorithm(headerValue: string | undefined): DigestAlgorithm | undefined {
  const wanted = (headerValue ?? "MD5").toLowerCase();
  return digestAlgorithms.find((name) => name.toLowerCase() === wanted);
}

/** Everything that goes into a digest response. `quality` absent: the legacy form of RFC 2069. */
export interface DigestInput {
  readonly algorithm: DigestAlgorithm;
  readonly username: string;
  readonly password: string;
  readonly realm: string;
  readonly method: string;
  /** The request target exactly as in the request line. */
  readonly uri: string;
  readonly nonce: string;
  /** Client nonce; also part of the key of the `-sess` algorithms. */
  readonly cnonce: string;
  /** With qop=auth: the nonce count as eight hexadecimal digits. */
  readonly quality?: { readonly qop: "auth"; readonly nc: string };
}

/**
 * The `response` parameter: lower-case hex.
 * @see RFC 2617 §3.2.2.1 (request-digest), §3.2.2.2 (A1, `-sess`); RFC 7616 §3.4.1
 */
export function digestResponse(input: DigestInput): string {
  const hash = input.algorithm.startsWith("SHA-256") ? "sha256" : "md5";
  const isSession = input.algorithm.endsWith("-sess");
  const digest = (text: string): string => createHash(hash).update(text, "utf8").digest("hex");
  const base = digest(`${input.username}:${input.realm}:${input.password}`);
  const ha1 = isSession ? digest(`${base}:${input.nonce}:${input.cnonce}`) : base;
  const ha2 = digest(`${input.method}:${input.uri}`);
  if (input.quality === undefined) return digest(`${ha1}:${input.nonce}:${ha2}`);
  const { nc, qop } = input.quality;
  return digest(`${ha1}:${input.nonce}:${nc}:${input.cnonce}:${qop}:${ha2}`);
}

/** Compares two texts in a time that depends on neither content; lengths may differ. */
export function equalsConstantTime(a: string, b: string): boolean {
  const fingerprint = (text: string): Buffer => createHash("sha256").update(text, "utf8").digest();
  return timingSafeEqual(fingerprint(a), fingerprint(b));
}
