import { describe, expect, it } from "vitest";
import { EwsMemory, type EwsMemorySnapshot } from "./ews-memory.ts";
import { readEwsMemory } from "./ews-memory-snapshot.ts";

const full: EwsMemorySnapshot = {
  version: 1,
  certificate: { fingerprint: "AA:BB", seenAtMs: 1 },
  origin: { scheme: "https", port: 8443 },
  missing: [["GET /eprint", 404, 5]],
  refusals: { salt: "00", digest: "11", atMs: [1, 2] },
  timeoutMs: 20_000,
  lenientBecause: "HPE_INVALID_HEADER_TOKEN",
  hasMisbehaved: true,
};

describe("what was learned of a web server", () => {
  it("comes back from the store as it was", () => {
    const text = JSON.stringify(new EwsMemory(full).snapshot());
    expect(readEwsMemory(text).snapshot()).toEqual(full);
    expect(readEwsMemory(undefined).snapshot()).toEqual({
      version: 1,
      missing: [],
      hasMisbehaved: false,
    });
  });

  it("comes back as far as it is readable", () => {
    for (const text of [
      "",
      "null",
      "[]",
      "7",
      '{"missing":7,"origin":{"port":1},"refusals":{"atMs":["x"]}}',
    ])
      expect(readEwsMemory(text).snapshot()).toEqual({
        version: 1,
        missing: [],
        hasMisbehaved: false,
      });
    const damaged = JSON.stringify({
      ...full,
      origin: { scheme: "ftp", port: 21 },
      missing: [["x"], ...full.missing],
    });
    const { origin, ...rest } = full;
    expect(readEwsMemory(damaged).snapshot()).toEqual(rest);
    expect(origin?.scheme).toBe("https");
  });

  it("stays small, however many pages a server makes up", () => {
    const memory = new EwsMemory();
    const extracted = { values: new Map(), rows: new Map(), structure: new Map() };
    for (let page = 0; page < 2_000; page++) {
      memory.noteMissing(`GET /${page}`, 404, page);
      memory.notePage(String(page), {
        etag: "1",
        lastModified: undefined,
        bodyDigest: "",
        extracted,
        fetchedAtMs: 0,
      });
    }
    expect(memory.snapshot().missing).toHaveLength(256);
    expect([memory.knownPage("0"), memory.knownPage("1999")?.etag]).toEqual([undefined, "1"]);
    expect(memory.missingStatus("GET /1999", 2_000)).toBe(404);
  });
});
