import type { ExtractedDocument } from "../extract/extract.ts";

/** Where a web server listens. */
export interface Origin {
  readonly scheme: "http" | "https";
  readonly port: number;
}

/** The certificate trusted on first use; `fingerprint` is SHA-256 in hexadecimal with colons. */
export interface PinnedCertificate {
  readonly fingerprint: string;
  readonly seenAtMs: number;
}

/** Passwords the printer refused lately; of the password a digest only. */
export interface PasswordRefusals {
  readonly salt: string;
  /** scrypt of user name and password, hexadecimal. */
  readonly digest: string;
  /** Times of the refusals in a row, oldest first. */
  readonly atMs: readonly number[];
}

/** What is to outlive the process, as plain JSON; holds no secret. */
export interface EwsMemorySnapshot {
  readonly version: 1;
  readonly certificate?: PinnedCertificate;
  readonly origin?: Origin;
  readonly missing: readonly (readonly [page: string, status: number, atMs: number])[];
  readonly refusals?: PasswordRefusals;
  readonly timeoutMs?: number;
  /** Error code of Node's strict HTTP parser that made the lenient one necessary. */
  readonly lenientBecause?: string;
  readonly hasMisbehaved: boolean;
}

/** What a page gave when it was fetched last, to be used again when the server says it is unchanged. */
export interface KnownPage {
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** Digest of the body: a server that says "unchanged" of a page that did change is noticed by it. */
  readonly bodyDigest: string;
  readonly extracted: ExtractedDocument;
  readonly fetchedAtMs: number;
}

/** A page that was missing is not asked for again for this long. */
const missingMs = 24 * 60 * 60 * 1000;
/** Printers have a few dozen pages; beyond this the oldest is forgotten. */
const mostPages = 64;
const mostMissing = 256;
/** The longest time-out ever learned. */
const longestTimeoutMs = 30_000;

/**
 * What was learned of one printer's web server. Kept by its session's owner over the sessions; {@link snapshot} is for
 * the store.
 */
export class EwsMemory {
  #certificate: PinnedCertificate | undefined;
  #toldOf: string | undefined;
  #origin: Origin | undefined;
  #refusals: PasswordRefusals | undefined;
  #timeoutMs: number | undefined;
  #lenientBecause: string | undefined;
  #hasMisbehaved: boolean;
  readonly #missing: Map<string, { readonly status: number; readonly atMs: number }>;
  readonly #pages = new Map<string, KnownPage>();
  /** Pages whose server says they are unchanged when they are not. */
  readonly #liars = new Set<string>();

  constructor(known: EwsMemorySnapshot = { version: 1, missing: [], hasMisbehaved: false }) {
    this.#certificate = known.certificate;
    this.#origin = known.origin;
    this.#refusals = known.refusals;
    this.#timeoutMs = known.timeoutMs;
    this.#lenientBecause = known.lenientBecause;
    this.#hasMisbehaved = known.hasMisbehaved;
    this.#missing = new Map(
      known.missing.slice(0, mostMissing).map(([page, status, atMs]) => [page, { status, atMs }]),
    );
  }

  snapshot(): EwsMemorySnapshot {
    return {
      version: 1,
      ...(this.#certificate && { certificate: this.#certificate }),
      ...(this.#origin && { origin: this.#origin }),
      missing: [...this.#missing].map(([page, { status, atMs }]) => [page, status, atMs] as const),
      ...(this.#refusals && { refusals: this.#refusals }),
      ...(this.#timeoutMs !== undefined && { timeoutMs: this.#timeoutMs }),
      ...(this.#lenientBecause !== undefined && { lenientBecause: this.#lenientBecause }),
      hasMisbehaved: this.#hasMisbehaved,
    };
  }

  get certificate(): PinnedCertificate | undefined {
    return this.#certificate;
  }

  pinCertificate(fingerprint: string, nowMs: number): void {
    this.#certificate = { fingerprint, seenAtMs: nowMs };
  }

  /** The operator says that another certificate is right: the next one is pinned. */
  forgetCertificate(): void {
    this.#certificate = undefined;
  }

  /** Whether nobody was told yet that this other certificate was seen; true once per certificate. */
  isNewsOfCertificate(text: string): boolean {
    const isNews = this.#toldOf !== text;
    this.#toldOf = text;
    return isNews;
  }

  /** Where the server was found last, when that is not where it is configured. */
  get origin(): Origin | undefined {
    return this.#origin;
  }

  set origin(origin: Origin | undefined) {
    this.#origin = origin;
  }

  get lenientBecause(): string | undefined {
    return this.#lenientBecause;
  }

  /** The server breaks the rules of HTTP: `code` of the parser says which. */
  noteLenient(code: string): void {
    this.#lenientBecause = code;
  }

  /** A page of this printer took too long to take apart; all further ones go to the worker. */
  get hasMisbehaved(): boolean {
    return this.#hasMisbehaved;
  }

  noteMisbehaviour(): void {
    this.#hasMisbehaved = true;
  }

  /** How long to wait for the server's next octet. */
  timeoutMs(configuredMs: number): number {
    const mostMs = Math.max(configuredMs, longestTimeoutMs);
    return Math.min(mostMs, Math.max(configuredMs, this.#timeoutMs ?? configuredMs));
  }

  /** A server that was there did not answer in time: it gets half as long again. */
  noteSlow(configuredMs: number): void {
    this.#timeoutMs = Math.min(
      Math.max(configuredMs, longestTimeoutMs),
      Math.round(this.timeoutMs(configuredMs) * 1.5),
    );
  }

  /** An answer came within `elapsedMs`; what was granted is slowly taken back. */
  noteFast(configuredMs: number, elapsedMs: number): void {
    const waitMs = this.timeoutMs(configuredMs);
    if (this.#timeoutMs === undefined || elapsedMs > waitMs / 4) return;
    const lessMs = Math.round(waitMs * 0.9);
    this.#timeoutMs = lessMs > configuredMs ? lessMs : undefined;
  }

  /** The status (404, 410) with which the page was missing lately. */
  missingStatus(page: string, nowMs: number): number | undefined {
    const entry = this.#missing.get(page);
    if (entry === undefined) return undefined;
    if (nowMs - entry.atMs < missingMs) return entry.status;
    this.#missing.delete(page);
    return undefined;
  }

  noteMissing(page: string, status: number, nowMs: number): void {
    this.#missing.delete(page);
    dropOldest(this.#missing, mostMissing);
    this.#missing.set(page, { status, atMs: nowMs });
  }

  /** Missing pages are asked for again: at identity polls, after a restart, or when somebody says so. */
  forgetMissing(): void {
    this.#missing.clear();
  }

  knownPage(key: string): KnownPage | undefined {
    return this.#liars.has(key) ? undefined : this.#pages.get(key);
  }

  /** Takes what a full answer gave. A page that changed under an unchanged validator is never believed again. */
  notePage(key: string, page: KnownPage): void {
    const before = this.#pages.get(key);
    if (before !== undefined && isLie(before, page) && this.#liars.size < mostPages)
      this.#liars.add(key);
    this.#pages.delete(key);
    dropOldest(this.#pages, mostPages);
    this.#pages.set(key, page);
  }

  /** Nothing read before counts: after a write, or a restart. */
  forgetPages(): void {
    this.#pages.clear();
  }

  get refusals(): PasswordRefusals | undefined {
    return this.#refusals;
  }

  /** Somebody says that the password is right after all: it is tried again, as far as the count of refusals allows. */
  forgetRefusedPassword(): void {
    if (this.#refusals !== undefined) this.#refusals = { ...this.#refusals, digest: "" };
  }

  /** Refused passwords; undefined when one was taken, which opens the printer's account again. */
  set refusals(refusals: PasswordRefusals | undefined) {
    this.#refusals = refusals;
  }
}

/** Whether the page changed although its validator, if it has one, says it did not. */
function isLie(before: KnownPage, now: KnownPage): boolean {
  if (now.etag === undefined && now.lastModified === undefined) return false;
  const isSame = before.etag === now.etag && before.lastModified === now.lastModified;
  return isSame && before.bodyDigest !== now.bodyDigest;
}

function dropOldest(table: Map<string, unknown>, most: number): void {
  const oldest = table.keys().next();
  if (table.size >= most && oldest.done !== true) table.delete(oldest.value);
}
