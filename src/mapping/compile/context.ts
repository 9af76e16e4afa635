import type { Outcome } from "../evaluate/datum.ts";
import type { Row, Run } from "../evaluate/run.ts";
import { type DocumentNeed, needExtraction } from "./documents.ts";
import type { Selector } from "../../southbound/documents.ts";

/** A compiled source, parameter or input. Never throws. */
export type Reader = (run: Run, row: Row | undefined) => Outcome;

/** What must be read for something. */
export interface Needs {
  readonly scalars: Set<string>;
  readonly columns: Set<string>;
  /** By name. */
  readonly documents: Map<string, DocumentNeed>;
  /** Full templates of other parameters it refers to. */
  readonly parameters: Set<string>;
  /** Identity parts it refers to. */
  readonly identity: Set<string>;
}

/** Nothing needed yet. */
export function noNeeds(): Needs {
  return {
    scalars: new Set(),
    columns: new Set(),
    documents: new Map(),
    parameters: new Set(),
    identity: new Set(),
  };
}

/** Adds `extra` to `needs`. */
export function addNeeds(needs: Needs, extra: Needs): void {
  for (const oid of extra.scalars) needs.scalars.add(oid);
  for (const oid of extra.columns) needs.columns.add(oid);
  for (const document of extra.documents.values())
    for (const extraction of document.extractions.values())
      needExtraction(needs.documents, document, extraction);
  for (const template of extra.parameters) needs.parameters.add(template);
  for (const part of extra.identity) needs.identity.add(part);
}

/** What sources are compiled in: one mapping, one place in it. */
export interface CompileContext {
  readonly needs: Needs;
  /** Number of a column within the mapping. */
  columnId(oid: string): number;
  /** Reader of another parameter: short name in a row, full template else. */
  parameter(name: string): Reader;
  /** Reader of an identity part. */
  identity(part: string): Reader;
  /**
   * Takes a cell into the rows of the row set that comes from a document.
   * @returns the key of the cell; undefined when the rows come from elsewhere
   */
  cell(selector: Selector): string | undefined;
  /** Names of the rows of a row set whose rows are `fixed`; they stand for `{i}` in selectors. */
  readonly rowNames: readonly string[];
  /** Row table of a lookup: sources of its conditions are compiled in it. */
  readonly isRow: boolean;
}
