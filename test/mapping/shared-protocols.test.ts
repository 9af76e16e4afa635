import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { evaluateCapturedPrinter } from "../../src/cli/captured-printer.ts";
import type { MappingSet } from "../../src/mapping/evaluation.ts";
import { loadMappings } from "../../src/mapping/load.ts";
import { decodeIpp } from "../../src/southbound/ipp/message.ts";
import { factHomes, homelessFacts, ModelValues } from "./protocol-facts.ts";

const shared = resolve(import.meta.dirname, "../../../shared/protocols");
const isThere = existsSync(shared);
if (!isThere) process.stderr.write(`left out: ${shared} is missing\n`);

interface SharedFact {
  readonly name: string;
  readonly category: string;
  readonly value: unknown;
}

const foldersOf = (protocol: string): readonly string[] =>
  isThere ? readdirSync(join(shared, protocol)).map((name) => `${protocol}/${name}`) : [];

function factsOf(folder: string): readonly SharedFact[] {
  const text = readFileSync(join(shared, folder, "expected.json"), "utf8");
  return (JSON.parse(text) as { facts: readonly SharedFact[] }).facts;
}

/** Facts that are about an answer as a whole are those of the decoder, not of the model. */
const isOfDecoder = ({ category }: SharedFact): boolean => category === "IPP";

/** A name that says different things over different protocols has the protocol in front. */
function lookUp<T>(
  table: Readonly<Record<string, T>>,
  folder: string,
  name: string,
): T | undefined {
  return table[`${folder.split("/", 1)[0] ?? ""}: ${name}`] ?? table[name];
}

const printers = ["ipp", "mdns", "wsd", "escl"]
  .flatMap(foldersOf)
  .concat("pjl/lavaflow-info-config");
const collections = [...foldersOf("banners"), "pjl/info-id-examples"];

/** A UUID that was taken out of the capture cannot be one. */
const isRedacted = ({ value }: SharedFact): boolean => value === "<removed>";

describe.skipIf(!isThere)("captures of protocols beside SNMP and the web", () => {
  let mappings: MappingSet;
  beforeAll(async () => {
    mappings = await loadMappings([resolve(import.meta.dirname, "../../mappings")]);
  });

  it.each(printers)("%s comes out as its facts say", async (folder) => {
    const evaluation = await evaluateCapturedPrinter(mappings, join(shared, folder));
    if ("examples" in evaluation) throw new Error(`${folder} is a collection of greetings`);
    const model = new ModelValues(evaluation);
    const wrong = factsOf(folder).flatMap((fact) => {
      if (isOfDecoder(fact) || isRedacted(fact)) return [];
      const homes = lookUp(factHomes, folder, fact.name);
      if (homes === undefined)
        return lookUp(homelessFacts, folder, fact.name) === undefined
          ? [`${fact.name} is nowhere in the test`]
          : [];
      return homes.flatMap((home) => {
        const { wanted, found } = home(fact.value, model);
        const isRight = wanted.join("|") === found.join("|");
        return isRight ? [] : [`${fact.name}: ${found.join("|")} instead of ${wanted.join("|")}`];
      });
    });
    expect(wrong).toEqual([]);
  });

  it.each(foldersOf("ipp"))("%s is decoded as its facts say", (folder) => {
    const message = decodeIpp(readFileSync(join(shared, folder, "response.bin")));
    const { version, code, requestId, groups } = message;
    const decoded: Record<string, unknown> = {
      version: `${version.major}.${version.minor}`,
      "status or operation code": `0x${code.toString(16).padStart(4, "0")}`,
      "request id": requestId,
      groups: groups.map(({ tag, attributes }) => ({ tag, attributes: attributes.length })),
    };
    const facts = factsOf(folder).filter(isOfDecoder);
    expect(facts).toHaveLength(4);
    for (const { name, value } of facts) expect(decoded[name], name).toEqual(value);
  });

  it("are many facts, few of which the model has no place for", () => {
    const facts = printers.flatMap((folder) =>
      factsOf(folder).map((fact) => ({ folder, ...fact })),
    );
    const homeless = facts.filter(
      (fact) =>
        !isOfDecoder(fact) &&
        (isRedacted(fact) || lookUp(factHomes, fact.folder, fact.name) === undefined),
    );
    expect([facts.length, homeless.length]).toEqual([210, 54]);
  });
});

/** Keys of a greeting's facts, by what the evaluation calls them. */
const greetingKeys = {
  productClass: ["hw.model", "hw.product", "os.product"],
  softwareVersion: ["os.version", "hw.version", "service.version"],
  serialNumber: ["hw.serial_number"],
} as const;

describe.skipIf(!isThere)("collections of greetings", () => {
  it.each(collections)("%s are identified as their facts say", async (folder) => {
    const mappings = await loadMappings([resolve(import.meta.dirname, "../../mappings")]);
    const evaluation = await evaluateCapturedPrinter(mappings, join(shared, folder));
    if (!("examples" in evaluation)) throw new Error(`${folder} is no collection of greetings`);
    const facts = factsOf(folder).map(({ value }) => value as Readonly<Record<string, string>>);
    expect(evaluation.examples.map(({ input }) => input)).toEqual(
      facts.map((fact) => fact["input"]),
    );
    for (const [n, { input, identity }] of evaluation.examples.entries()) {
      const fact = facts[n] ?? {};
      expect(identity.manufacturer, input).toBe(fact["vendor"]);
      for (const [name, keys] of Object.entries(greetingKeys)) {
        const wanted = keys.map((key) => fact[key]).find((value) => value !== undefined);
        if (wanted !== undefined)
          expect(identity[name as keyof typeof greetingKeys], input).toBe(wanted);
      }
      const mac = fact["host.mac"];
      if (mac !== undefined) expect(identity.oui, input).toBe(mac.slice(0, 6));
    }
  });
});
