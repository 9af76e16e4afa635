import type { CaptureFacts } from "../capture-facts.ts";

const pixels =
  "pixels of a gauge whose full height differs by family; the fragment does not say which model it is of";

/** The toner gauges of a status page without the page around them. */
export const brotherL8900: CaptureFacts = {
  capture: "brother-mfc-l8900cdw",
  mapping: "vendor/brother/laser-ink",
  facts: {
    "low toner colours": { path: "Supply[ColorantName=Black].Status", as: "Low" },
  },
  without: {
    "toner black gauge height": pixels,
    "toner cyan gauge height": pixels,
    "toner magenta gauge height": pixels,
    "toner yellow gauge height": pixels,
  },
};
