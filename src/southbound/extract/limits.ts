/**
 * What a document may cost. What real ones need was measured on 28 captured documents of five makers: at most 91 KB,
 * 700 elements, 27 levels deep, with 9 attributes each; JSON 7 levels deep; 1,400 tokens.
 */
export const extractLimits = {
  /** Octets of a document: 8 MiB, ninety times the largest page captured. */
  bytes: 8 * 1024 * 1024,
  /** Elements within elements; Chromium's parser stops at 512 as well (kMaximumHTMLParserDOMTreeDepth). */
  depth: 512,
  /** Attributes of one element. */
  attributes: 1_000,
  /** Elements, attributes and runs of text of one page; values of one JSON or script; cells of one CSV. */
  nodes: 200_000,
  /** Texts or rows one selector gives; more are cut. Ricoh's address books come in batches of 50. */
  texts: 1_000,
  /** Characters of one text; longer ones are cut. A certificate in PEM has 2,000 to 4,000. */
  textLength: 16_384,
  /** Brackets within brackets of a JSON text or a literal. */
  jsonDepth: 100,
  /** Words, numbers, texts and marks of one script; some 0.5 s. */
  tokens: 1_000_000,
  /** Steps of matching one document may take, some 0.5 s: selectors times elements they look at. */
  work: 20_000_000,
} as const;
