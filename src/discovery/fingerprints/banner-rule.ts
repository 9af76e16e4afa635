/** Where a printer says a line about itself. */
export const bannerKinds = ["ftp", "telnet", "http-title", "http-server", "pjl-id"] as const;
/** One of {@link bannerKinds}. */
export type BannerKind = (typeof bannerKinds)[number];

/** A pattern whose first group is the value, or several tried in order. RE2. */
export type ValuePattern = string | readonly string[];

/**
 * How one maker greets. Patterns look at the text with its white space collapsed. A value whose pattern does not fit is
 * not told.
 */
export interface BannerRule {
  readonly manufacturer: string;
  /** The rule is about greetings in which this is found. */
  readonly when: string;
  readonly product?: ValuePattern;
  /** Of the firmware, else of the service that greets. */
  readonly version?: ValuePattern;
  readonly serialNumber?: ValuePattern;
  /** Twelve hexadecimal digits. */
  readonly macAddress?: ValuePattern;
}
