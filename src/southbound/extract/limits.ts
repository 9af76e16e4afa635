/**
 * What a document may cost. Real pages stay far below: the largest capture known has 91 KB and 1,500 elements; the
 * counters of a large fleet of address books reach 2 MB.
 */
export const extractLimits = {
  /** Octets of a document: 8 MiB, four times the largest export a printer is known to give. */
  bytes: 8 * 1024 * 1024,
  /** Elements within elements; Chromium's parser stops at 512 as well (kMaximumHTMLParserDOMTreeDepth). */
  depth: 512,
  /** Attributes of one element; scripts put some 30 on a control. */
  attributes: 1_000,
  /** Elements, attributes and runs of text of one page; values of one JSON or script; cells of one CSV. */
  nodes: 200_000,
  /** Texts one selector gives; more are cut. A table of users has some 1,000 rows at most (Ricoh's address book: 2,000 in batches of 50). */
  texts: 1_000,
  /** Characters of one text; longer ones are cut. As long as the longest TR-106 string mfpgate shows. */
  textLength: 16_384,
  /** Objects within objects of a JSON text; HP's CDM uses 7. */
  jsonDepth: 100,
  /** Words, numbers, texts and marks of one script; a JSON text of 4 MB has some 700,000. */
  tokens: 1_000_000,
  /** Steps of matching one document may take, some 0.2 s: selectors times elements they look at. */
  work: 20_000_000,
} as const;
