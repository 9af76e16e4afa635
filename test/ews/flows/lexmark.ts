import type { DocumentRead } from "../../../src/southbound/documents.ts";

/** Lexmark's webglue, always in English: names of supplies are in the language asked for. */
export const lexmarkStatus: DocumentRead = {
  channel: "ews",
  name: "status",
  request: { path: "/webglue/rawcontent?timedRefresh=1&c=Status&lang=en" },
  format: "json",
  extractions: [
    {
      kind: "rows",
      key: "supplies",
      each: { json: "$.nodes.supplies[*]" },
      cells: [
        { key: "name", selector: { json: "$.supplyName" } },
        { key: "level", selector: { json: "$.curlevel" } },
      ],
    },
  ],
};
