import { describe, expect, it } from "vitest";
import {
  modelObjects,
  objectAt,
  parameterAt,
  parameterTemplates,
  parsePath,
  tableCountedBy,
  tableOf,
  toPath,
  toTemplate,
} from "./model.ts";

describe("the normalized model", () => {
  it("has names TR-106 allows and no name twice", () => {
    const name = /^[A-Za-z_][A-Za-z0-9_]*$/;
    const paths = modelObjects.map((object) => object.path);
    expect(new Set(paths).size).toBe(paths.length);
    for (const object of modelObjects) {
      const segments = object.path.replaceAll("{i}.", "").split(".").slice(0, -1);
      expect(segments.every((segment) => name.test(segment))).toBe(true);
      const names = object.parameters.map((parameter) => parameter.name);
      expect(new Set(names).size, object.path).toBe(names.length);
      expect(names.filter((text) => !name.test(text))).toEqual([]);
    }
  });

  it("counts every table in its parent, and nests at most one table", () => {
    for (const object of modelObjects) {
      const rows = object.path.split("{i}").length - 1;
      expect(rows, object.path).toBeLessThanOrEqual(1);
      expect(object.path.endsWith("{i}."), object.path).toBe(object.countedBy !== undefined);
    }
    expect(parameterAt("SupplyNumberOfEntries")?.type).toBe("unsignedInt");
    expect(tableCountedBy("Network.InterfaceNumberOfEntries")).toBe("Network.Interface.{i}.");
    expect(tableCountedBy("Settings.EmailAlert.RecipientNumberOfEntries")).toBe(
      "Settings.EmailAlert.Recipient.{i}.",
    );
    expect(parameterAt("Network.SNMP.TrapDestinationNumberOfEntries")).toBeDefined();
  });

  it("has a parent for every object", () => {
    for (const { path } of modelObjects) {
      const parent = path.replace(/[^.]+\.(\{i\}\.)?$/, "");
      expect(objectAt(parent), path).toBeDefined();
    }
  });

  it("makes every secret hidden text and every counter deniable", () => {
    for (const template of parameterTemplates) {
      const parameter = parameterAt(template);
      if (/(Password|Community)$/.test(template)) expect(parameter?.hidden, template).toBe(true);
      if (template.startsWith("Counters.") && parameter?.type !== "string") {
        const isCount = tableCountedBy(template) !== undefined;
        expect(parameter?.activeNotify, template).toBe(isCount ? undefined : "canDeny");
      }
    }
  });

  it("allows level specials and percentages below them nowhere", () => {
    for (const template of ["Supply.{i}.CurrentLevel", "InputTray.{i}.MaxCapacity"])
      expect(parameterAt(template)).toMatchObject({ type: "int", minimum: -3 });
    expect(parameterAt("Supply.{i}.RemainingPercent")).toMatchObject({ minimum: -3, maximum: 100 });
  });

  it("knows the targets a mapping may fill outside the service object", () => {
    expect(parameterAt("Device.DeviceInfo.SoftwareVersion")).toBeDefined();
    expect(parameterAt("Device.DeviceInfo.SerialNumber")).toBeUndefined();
  });
});

describe("paths", () => {
  it("turn into templates and back", () => {
    for (const template of parameterTemplates) {
      const instance = tableOf(template) === undefined ? undefined : 12;
      const path = toPath(template, instance);
      expect(toTemplate(path)).toBe(template);
      expect(parsePath(path)?.instance).toBe(instance);
    }
  });

  it("name the row of a virtual device", () => {
    expect(toPath("Supply.{i}.CurrentLevel", 3)).toBe(
      "Device.Services.X_MFPGATE-ORG_MFP.1.Supply.3.CurrentLevel",
    );
    expect(toPath("Settings.EmailAlert.Recipient.{i}.Address", 2)).toContain(
      ".Recipient.2.Address",
    );
  });

  it("of other parts of the tree have no template", () => {
    expect(toTemplate("Device.ManagementServer.URL")).toBeUndefined();
    expect(toTemplate("Device.Services.X_MFPGATE-ORG_MFPNumberOfEntries")).toBeUndefined();
    expect(toTemplate("")).toBeUndefined();
  });
});
