import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { evaluateAnswers } from "../../src/mapping/capture-evaluation.ts";
import { formatProblem } from "../../src/mapping/errors.ts";
import { lintMappings } from "../../src/mapping/lint.ts";
import {
  type LoadedMappings,
  loadMappings,
  parseAll,
  readFolders,
} from "../../src/mapping/load.ts";
import { checkValue } from "../../src/model/values.ts";
import { parameterAt } from "../../src/model/model.ts";
import { pollClasses } from "../../src/model/snapshot.ts";
import { snmpSyntax } from "../../src/southbound/driver.ts";
import { RecordedAnswers } from "../../src/southbound/snmp/recorded-answers.ts";
import { type RecordedVarbind, parseSnmprec } from "../../src/southbound/snmp/snmprec.ts";

const root = resolve(import.meta.dirname, "../..");
const readAtMs = Date.UTC(2025, 0, 1);

const recordings = readdirSync(resolve(root, "recordings"))
  .filter((name) => name.endsWith(".snmprec"))
  .map((name) => ({
    name: name.slice(0, -".snmprec".length),
    recording: parseSnmprec(readFileSync(resolve(root, "recordings", name), "utf8")),
  }));

describe("the mappings that come with mfpgate", () => {
  let mappings: LoadedMappings;
  beforeAll(async () => {
    mappings = await loadMappings([resolve(root, "mappings")]);
  });

  it("pass the linter without errors", async () => {
    const { texts } = await readFolders([resolve(root, "mappings")]);
    const problems = lintMappings(
      texts,
      recordings.map(({ name, recording }) => ({
        name,
        answers: new RecordedAnswers(recording, readAtMs),
      })),
    );
    const errors = problems.filter(({ severity }) => severity === "error");
    expect(errors.map(formatProblem)).toEqual([]);
  });

  it("all compile and plan to read something in every file", () => {
    for (const name of mappings.names) {
      const plan = mappings.byName(name)?.readPlan(pollClasses);
      const places = (plan?.documents ?? [])
        .flatMap(({ extractions }) => extractions)
        .map((extraction) => (extraction.kind === "rows" ? extraction.cells.length : 1));
      const read = places.reduce((sum, cells) => sum + cells, plan?.columns.length ?? 0);
      expect(read, name).toBeGreaterThan(10);
      expect(new Set(plan?.scalars).size, name).toBe(plan?.scalars.length);
    }
  });

  it.each(recordings)(
    "give $name values the model allows, from what they plan to read",
    ({ recording }) => {
      const everything = new RecordedAnswers(recording, readAtMs);
      const mapping = mappings.select(everything);
      const planned = new RecordedAnswers(recording, readAtMs, mapping.readPlan(pollClasses));
      const { parameters } = mapping.evaluate(planned, pollClasses);
      expect(parameters).toEqual(mapping.evaluate(everything, pollClasses).parameters);
      for (const { template, value } of parameters) {
        const definition = parameterAt(template);
        expect(
          definition && checkValue(definition, value).ok,
          `${template} = ${String(value)}`,
        ).toBe(true);
      }
      expect(evaluateAnswers(mappings, everything).identity.serialNumber).not.toBe("");
    },
  );

  it.each(recordings)(
    "poll $name class by class to the same values as all at once",
    ({ recording }) => {
      const answers = new RecordedAnswers(recording, readAtMs);
      const mapping = mappings.select(answers);
      const all = mapping.evaluate(answers, pollClasses).parameters;
      const one = pollClasses.flatMap((pollClass) => {
        const planned = new RecordedAnswers(recording, readAtMs, mapping.readPlan([pollClass]));
        return mapping.evaluate(planned, [pollClass]).parameters;
      });
      const key = ({
        template,
        rowKey,
      }: {
        template: string;
        rowKey: string | undefined;
      }): string => `${template} ${rowKey ?? ""}`;
      const sorted = (list: typeof all): typeof all =>
        [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));
      expect(sorted(one)).toEqual(sorted(all));
    },
  );

  it("give problems and never exceptions when cut off or garbled", async () => {
    const { texts } = await readFolders([resolve(root, "mappings")]);
    const junk = fc.constantFrom(
      "{",
      "]",
      ": ",
      "\t",
      "- ",
      "&a ",
      "*a ",
      "<<: ",
      "!!x ",
      "\u0000",
      "? ",
      "'",
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.nat(8_000),
        junk,
        fc.boolean(),
        (file, at, extra, isCut) => {
          const position = at % file.text.length;
          const rest = isCut ? "" : file.text.slice(position);
          const text = file.text.slice(0, position) + extra + rest;
          for (const { message, line } of parseAll([{ ...file, text }]).problems) {
            expect(message).not.toBe("");
            expect(line).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("never throw, and never give what the model forbids, whatever a printer sends", () => {
    const anyValue = fc.oneof(
      fc.record({ syntax: fc.constant(snmpSyntax.integer), value: fc.integer() }),
      fc.record({
        syntax: fc.constant(snmpSyntax.octetString),
        value: fc.uint8Array({ maxLength: 24 }),
      }),
      fc.record({
        syntax: fc.constant(snmpSyntax.objectIdentifier),
        value: fc.constant("1.3.6.1.4.1.11"),
      }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...recordings),
        fc.infiniteStream(fc.option(anyValue, { freq: 3 })),
        fc.infiniteStream(fc.nat(9)),
        ({ recording }, values, dice) => {
          const rolls = [...dice.take(recording.varbinds.length)];
          const others = [...values.take(recording.varbinds.length)];
          const varbinds = recording.varbinds.flatMap((varbind, n): RecordedVarbind[] => {
            const roll = rolls[n] ?? 9;
            if (roll === 0) return [];
            const value = roll < 4 ? (others[n] ?? null) : null;
            return [value === null ? varbind : { ...varbind, value }];
          });
          const answers = new RecordedAnswers({ varbinds, skipped: [] }, readAtMs);
          const { parameters } = mappings.select(answers).evaluate(answers, pollClasses);
          for (const { template, value } of parameters) {
            const definition = parameterAt(template);
            expect(definition && checkValue(definition, value).ok, template).toBe(true);
          }
          evaluateAnswers(mappings, answers);
        },
      ),
      { numRuns: 60 },
    );
  });
});
