import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { loadMappings } from "../../src/mapping/load.ts";
import { differences } from "./capture-facts.ts";
import { samsungM2070 } from "./ews-facts/samsung.ts";

const shared = resolve(import.meta.dirname, "../../../shared/ews");
const captures = [samsungM2070];

if (!existsSync(shared)) process.stderr.write(`left out: ${shared} is missing\n`);

describe.skipIf(!existsSync(shared))("captured web pages", () => {
  it.each(captures.map((capture) => [capture.capture, capture] as const))(
    "of %s agree with their facts",
    async (name, capture) => {
      const mappings = await loadMappings([resolve(import.meta.dirname, "../../mappings")]);
      expect(await differences(join(shared, name), capture, mappings)).toEqual([]);
    },
  );
});
