import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { MappingSet } from "../../src/mapping/evaluation.ts";
import { loadMappings } from "../../src/mapping/load.ts";
import { type Fact, factsOf, recordingNames, sharedRecordings } from "./shared-facts.ts";

const folder = sharedRecordings();

/** Facts that differ on purpose, `recording: fact` → why. The list must not grow. */
const knownDifferences: Readonly<Record<string, string>> = {
  "hp-envy-6000: Supply.1.ColorantName":
    "the printer calls a colorant `tri-color ink cartridge`; the model has colour words, so it is Other",
  "hp-envy-6000: Supply.2.ColorantName":
    "the printer calls a colorant `black ink cartridge`; the model's word is Black",
  "xerox-workcentre-7845: Network.Interface.2.PhysicalAddress": "a MAC of zeros is no address",
  "zebra-zebranet-wired-ps: Network.Interface.3.PhysicalAddress": "a MAC of zeros is no address",
};

if (folder === undefined)
  // eslint-disable-next-line no-console -- whoever runs the tests must see what was left out
  console.log(
    "left out: ../shared/recordings is not there, so the mappings meet no foreign recordings",
  );

describe.skipIf(folder === undefined)("recordings of real printers", () => {
  const results = new Map<string, readonly Fact[]>();
  let mappings: MappingSet;

  beforeAll(async () => {
    mappings = await loadMappings([resolve(import.meta.dirname, "../../mappings")]);
    for (const name of recordingNames(folder ?? ""))
      results.set(name, factsOf(folder ?? "", name, mappings));
    // eslint-disable-next-line no-console -- the table is the report
    console.log(factTable(results));
  });

  it("come out as the independent oracle says, but for the known differences", () => {
    const wrong = [...results].flatMap(([name, facts]) =>
      facts
        .filter(({ isRight }) => !isRight)
        .map((fact) => ({ ...fact, name: `${name}: ${fact.name}` })),
    );
    expect(wrong.filter(({ name }) => knownDifferences[name] === undefined)).toEqual([]);
  });

  it("hold every known difference, so that the list shrinks when one is gone", () => {
    const wrong = new Set(
      [...results].flatMap(([name, facts]) =>
        facts.filter(({ isRight }) => !isRight).map((fact) => `${name}: ${fact.name}`),
      ),
    );
    expect(Object.keys(knownDifferences).filter((name) => !wrong.has(name))).toEqual([]);
  });

  it("give thousands of facts to compare", () => {
    const total = [...results.values()].reduce((sum, facts) => sum + facts.length, 0);
    expect(total).toBeGreaterThan(2_000);
  });
});

/** Share of facts right per recording, as lines of text. */
function factTable(results: ReadonlyMap<string, readonly Fact[]>): string {
  const lines = [...results].map(([name, facts]) => {
    const right = facts.filter(({ isRight }) => isRight).length;
    return `${name.padEnd(34)} ${right.toString().padStart(4)} of ${facts.length.toString().padStart(4)}`;
  });
  const all = [...results.values()].flat();
  const right = all.filter(({ isRight }) => isRight).length;
  return [...lines, `all: ${right} of ${all.length} facts right`].join("\n");
}
