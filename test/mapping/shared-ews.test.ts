import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { MappingSet } from "../../src/mapping/evaluation.ts";
import { loadMappings } from "../../src/mapping/load.ts";
import { differences } from "./capture-facts.ts";
import { brotherL8900 } from "./ews-facts/brother.ts";
import { epsonCaptures } from "./ews-facts/epson.ts";
import { hpColorLaser178, hpSmartTank580 } from "./ews-facts/hp.ts";
import { ricohAddressBook } from "./ews-facts/ricoh.ts";
import { samsungM2070, samsungScx4623 } from "./ews-facts/samsung.ts";

const shared = resolve(import.meta.dirname, "../../../shared/ews");
const captures = [
  samsungM2070,
  samsungScx4623,
  hpColorLaser178,
  hpSmartTank580,
  ...epsonCaptures,
  brotherL8900,
  ricohAddressBook,
];

if (!existsSync(shared)) process.stderr.write(`left out: ${shared} is missing\n`);

describe.skipIf(!existsSync(shared))("captured web pages", () => {
  let mappings: MappingSet;
  beforeAll(async () => {
    mappings = await loadMappings([resolve(import.meta.dirname, "../../mappings")]);
  });

  it.each(captures.map((capture) => [capture.capture, capture] as const))(
    "of %s agree with their facts",
    async (name, capture) => {
      expect(await differences(join(shared, name), capture, mappings)).toEqual([]);
    },
  );
});
