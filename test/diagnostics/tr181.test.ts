import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { rootDeviceType } from "../../src/model/device-type-document.ts";
import { deviceExtensionDocument, deviceExtensions } from "../../src/model/device-extension.ts";
import type { ParameterDefinition } from "../../src/model/definition.ts";
import { pingKind, traceRouteKind } from "../../src/presentation/proxier/diagnostics-ip-kinds.ts";
import {
  nameLookupKind,
  selfTestKind,
} from "../../src/presentation/proxier/diagnostics-other-kinds.ts";
import { diagnosticsPart } from "../../src/presentation/proxier/diagnostics-part.ts";
import {
  downloadKind,
  uploadKind,
} from "../../src/presentation/proxier/diagnostics-transfer-kinds.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { hasTr106Validator, reportLeftOut, validateTr106 } from "../support/validate-tr106.ts";
import { HeldRunners } from "./held-runners.ts";

const modelFile = resolve(import.meta.dirname, "../../../shared/spec/tr-181-2-17-0-cwmp-full.xml");

const runners = new HeldRunners();
const surroundings = {
  interfaceName: () => undefined,
  isPrinter: () => false,
  mostTransferBytes: 1_000_000,
  hasPing: true,
  hasTraceRoute: true,
};
const kinds = [
  pingKind(runners, surroundings),
  traceRouteKind(runners, surroundings),
  downloadKind(runners, surroundings),
  uploadKind(runners, surroundings),
  nameLookupKind(runners, surroundings),
  selfTestKind(runners),
];

/** What TR-181 says of a parameter, in the words of our definitions. */
function readModel(xml: string, object: string, name: string): Partial<ParameterDefinition> {
  const inObject = xml.split(`<object name="${object}"`)[1]?.split("</object>")[0] ?? "";
  const text = inObject.split(`<parameter name="${name}"`)[1]?.split("</parameter>")[0] ?? "";
  const attribute = (pattern: RegExp) => pattern.exec(text)?.[1];
  const whole = (pattern: RegExp) => {
    const found = attribute(pattern);
    return found === undefined ? undefined : Number(found);
  };
  const base: Readonly<Record<string, string>> = {
    URL: "string",
    IPAddress: "string",
    StatsCounter64: "unsignedLong",
  };
  const word =
    attribute(/<dataType ref="(\w+)"/) ?? attribute(/<(string|unsigned\w+|boolean|dateTime)/);
  const isList = text.includes("<list");
  const words = [...text.matchAll(/<enumeration value="(\w+)"/g)].map((match) => match[1] ?? "");
  return {
    name,
    // A list is a string on the wire, whatever its items are (TR-106 §3.2.3).
    type: isList ? "string" : ((base[word ?? ""] ?? word) as ParameterDefinition["type"]),
    access: attribute(/access="(\w+)"/) as ParameterDefinition["access"],
    activeNotify: (attribute(/activeNotify="(\w+)"/) ?? "normal") as "normal",
    ...defined("minimum", whole(/minInclusive="(\d+)"/)),
    ...defined("maximum", whole(/maxInclusive="(\d+)"/)),
    ...defined("maxLength", isList ? undefined : whole(/maxLength="(\d+)"/)),
    ...(words.length > 0 && !isList ? { enumeration: words } : {}),
  };
}

function defined(name: string, value: number | undefined): Record<string, number> {
  return value === undefined ? {} : { [name]: value };
}

/** Bounds that are not in the object itself: ours, and the 2048 characters of the data type URL. */
const ours = new Set([
  "NumberOfRepetitions maximum",
  "TestFileLength maximum",
  "DownloadURL maxLength",
  "UploadURL maxLength",
]);

if (existsSync(modelFile)) {
  const xml = readFileSync(modelFile, "utf8");
  describe("the definitions of tests", () => {
    it.each(kinds.map((kind) => [kind.object, kind] as const))(
      "of %s are those of TR-181",
      (object, kind) => {
        for (const { definition } of [...kind.arguments, ...kind.results]) {
          const model = readModel(xml, object, definition.name);
          expect(comparable(definition, model)).toEqual({ ...model, ...onlyNarrowed(definition) });
        }
        const { table } = kind;
        for (const { definition } of table?.columns ?? []) {
          const model = readModel(xml, `${object}${table?.name ?? ""}.{i}.`, definition.name);
          expect({
            type: definition.type,
            access: definition.access,
            activeNotify: definition.activeNotify,
          }).toEqual({
            type: model.type,
            access: model.access,
            activeNotify: model.activeNotify,
          });
        }
      },
    );
  });
} else reportLeftOut("comparison of diagnostics with TR-181");

/** Our definition, without what readOnly parameters need not repeat. */
function comparable(definition: ParameterDefinition, model: Partial<ParameterDefinition>) {
  const { description, ...rest } = definition;
  expect(description).toBe("");
  const limits =
    definition.access === "readOnly"
      ? {
          ...defined("maxLength", model.maxLength),
          ...(model.enumeration && { enumeration: model.enumeration }),
        }
      : {};
  return { activeNotify: "normal", ...limits, ...rest };
}

function onlyNarrowed(definition: ParameterDefinition) {
  const { name, maximum, maxLength } = definition;
  return {
    ...(ours.has(`${name} maximum`) ? defined("maximum", maximum) : {}),
    ...(ours.has(`${name} maxLength`) ? defined("maxLength", maxLength) : {}),
  };
}

describe("the device type", () => {
  const part = diagnosticsPart({
    runners,
    surroundings,
    clock: systemClock,
    stop: new AbortController().signal,
  });
  const document = rootDeviceType(part.typeNodes?.() ?? []);

  it("names every test, also the one of ours", () => {
    for (const { object } of kinds) expect(document.xml).toContain(`ref="${object}"`);
    expect(document.xml).toContain('ref="Device.X_MFPGATE-ORG_PrinterTest."');
    expect(document.xml).toContain('ref="Device.IP.Diagnostics.TraceRoute.RouteHops.{i}."');
    for (const extension of deviceExtensions)
      expect(deviceExtensionDocument(extension)).toContain(
        'name="Device.X_MFPGATE-ORG_PrinterTest."',
      );
  });

  if (hasTr106Validator) {
    it("is valid and names only what TR-181 and our extension define", () => {
      expect(validateTr106("dt.xml", document.xml)).toMatchObject({ valid: true });
      for (const extension of deviceExtensions) {
        const xml = deviceExtensionDocument(extension);
        expect(validateTr106("dm.xml", xml), extension.file).toMatchObject({ valid: true });
      }
    });
  } else reportLeftOut("schema validation of the device type of diagnostics");
});
