/** One document as a printer sent it, or as a capture holds it. Can cross into a worker. */
export interface RawDocument {
  readonly bytes: Uint8Array;
  readonly contentType?: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly status: number;
  /** Path and query it was asked by; its suffix tells the format where nothing better does. */
  readonly path: string;
}
