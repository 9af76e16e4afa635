import { createHash } from "node:crypto";
import type { SelectedMapping } from "../mapping/evaluation.ts";
import type { DocumentAnswers } from "../southbound/documents.ts";
import type { RawAnswers, ReadPlan } from "../southbound/driver.ts";

/** A page that is not built as it was: what is taken from it may be something else now. */
export interface PageChange {
  readonly page: string;
  /** Key of the extraction, and where it found its match before and now. */
  readonly extraction: string;
  readonly before: string;
  readonly now: string;
  readonly firmwareBefore: string;
  readonly firmwareNow: string;
}

/** How one page was built when it was believed last. */
interface KnownPage {
  readonly firmware: string;
  /** By extraction key: the chain of elements to its match. */
  readonly chains: Map<string, string>;
  isDistrusted: boolean;
}

/** Of another mapping, or another version of it, nothing counts. */
interface Kept {
  readonly mapping: string;
  readonly pages: Map<string, KnownPage>;
}

/** More pages, and more places on a page, than any mapping asks for. */
const mostPages = 200;
const mostChains = 500;
/** A chain is some 100 characters; names and classes are the printer's, and of a longer one the digest tells as much. */
const longestChain = 300;

/**
 * How a printer's pages are built. A firmware that puts another thing where a value was must not make a wrong value: a
 * page of which any extraction is found in another place than before is not believed until the mapping is another one
 * (its author has looked at it) or the operator says that it is right.
 */
export class PageMemory {
  readonly #onChange: (change: PageChange) => void;
  readonly #firmware: () => string;
  #kept: Kept;
  #isDirty = false;

  constructor(
    kept: string | undefined,
    parts: {
      /** Told once for each page. */
      readonly onChange: (change: PageChange) => void;
      /** The printer's firmware, as far as it is known. */
      readonly firmware: () => string;
    },
  ) {
    this.#onChange = parts.onChange;
    this.#firmware = parts.firmware;
    this.#kept = parseKept(kept);
  }

  /** Whether there is something to be saved. */
  get hasChanged(): boolean {
    return this.#isDirty;
  }

  /** What is to be saved. */
  text(): string {
    return formatKept(this.#kept);
  }

  /** It has been saved. */
  settle(): void {
    this.#isDirty = false;
  }

  /** Pages that are not believed now. */
  get distrusted(): readonly string[] {
    return [...this.#kept.pages].flatMap(([page, { isDistrusted }]) =>
      isDistrusted ? [page] : [],
    );
  }

  /** The operator says that the pages are right as they are; the pages that were not believed. */
  accept(): readonly string[] {
    const pages = this.distrusted;
    for (const page of pages) this.#kept.pages.delete(page);
    this.#isDirty ||= pages.length > 0;
    return pages;
  }

  /** Compares how the pages of an answer are built with how they were. */
  compare({ documents }: RawAnswers, plan: ReadPlan, mapping: SelectedMapping): void {
    if (documents === undefined) return;
    this.#begin(mapping);
    for (const { name } of plan.documents) {
      const structure = documents.structure(name);
      if (structure !== undefined) this.#comparePage(name, shortened(structure));
    }
  }

  /** The answers without those of pages that are not believed. */
  trusted(documents: DocumentAnswers, mapping: SelectedMapping): DocumentAnswers {
    const distrusted = new Set(this.#kept.mapping === versionOf(mapping) ? this.distrusted : []);
    if (distrusted.size === 0) return documents;
    return {
      values: (name, key) => (distrusted.has(name) ? "distrusted" : documents.values(name, key)),
      rows: (name, key) => (distrusted.has(name) ? "distrusted" : documents.rows(name, key)),
      structure: (name) => documents.structure(name),
    };
  }

  #begin(mapping: SelectedMapping): void {
    const version = versionOf(mapping);
    if (this.#kept.mapping === version) return;
    this.#kept = { mapping: version, pages: new Map() };
    this.#isDirty = true;
  }

  #comparePage(name: string, structure: ReadonlyMap<string, string>): void {
    const { pages } = this.#kept;
    const known = pages.get(name);
    if (known === undefined) {
      if (structure.size === 0 || pages.size >= mostPages) return;
      const chains = new Map([...structure].slice(0, mostChains));
      pages.set(name, { firmware: this.#firmware(), chains, isDistrusted: false });
      this.#isDirty = true;
      return;
    }
    for (const [extraction, now] of structure) this.#compareChain(name, known, extraction, now);
  }

  /** A chain never seen is kept; one that is gone is absence, and no change. */
  #compareChain(page: string, known: KnownPage, extraction: string, now: string): void {
    const before = known.chains.get(extraction);
    if (before === now || known.isDistrusted) return;
    this.#isDirty = true;
    if (before === undefined) {
      if (known.chains.size < mostChains) known.chains.set(extraction, now);
      return;
    }
    known.isDistrusted = true;
    const firmware = { firmwareBefore: known.firmware, firmwareNow: this.#firmware() };
    this.#onChange({ page, extraction, before, now, ...firmware });
  }
}

function shortened(structure: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if ([...structure.values()].every(({ length }) => length <= longestChain)) return structure;
  return new Map([...structure].map(([extraction, chain]) => [extraction, shortChain(chain)]));
}

function shortChain(chain: string): string {
  if (chain.length <= longestChain) return chain;
  const digest = createHash("sha256").update(chain).digest("hex").slice(0, 32);
  return `${chain.slice(0, longestChain / 2)}… (${digest})`;
}

/** For the operator: what is another, and what to do. */
export function describePageChange(change: PageChange, printerId: string): string {
  const { page, extraction, before, now, firmwareBefore, firmwareNow } = change;
  const isOther = firmwareBefore !== firmwareNow && firmwareBefore !== "" && firmwareNow !== "";
  const firmware = isOther ? ` (firmware ${firmwareBefore} → ${firmwareNow})` : "";
  return (
    `${page} is built in another way${firmware}: ${extraction} was at ${before}, is at ${now}; its values are ` +
    `not believed until the mapping is mended or mfpgate approve ${printerId} --pages says that they are right`
  );
}

function versionOf({ name, version }: SelectedMapping): string {
  return `${name}@${version}`;
}

/** As text: `[mapping, [[page, firmware, isDistrusted, [[extraction, chain], …]], …]]`. */
function formatKept({ mapping, pages }: Kept): string {
  const list = [...pages].map(([page, { firmware, isDistrusted, chains }]) => [
    page,
    firmware,
    isDistrusted,
    [...chains],
  ]);
  return JSON.stringify([mapping, list]);
}

/** What cannot be read is forgotten: pages are then learned afresh. */
function parseKept(text = "[]"): Kept {
  const [mapping, pages] = listOf(JSON.parse(text));
  const known = listOf(pages).flatMap((item): (readonly [string, KnownPage])[] => {
    const [page, firmware, isDistrusted, chains] = listOf(item);
    if (typeof page !== "string" || typeof firmware !== "string") return [];
    const pairs = listOf(chains).map(listOf).filter(isPair);
    return [[page, { firmware, isDistrusted: isDistrusted === true, chains: new Map(pairs) }]];
  });
  return { mapping: typeof mapping === "string" ? mapping : "", pages: new Map(known) };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isPair(value: readonly unknown[]): value is readonly [string, string] {
  return value.length === 2 && value.every((text) => typeof text === "string");
}
