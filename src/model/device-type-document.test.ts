import {
  hasTr106Validator,
  reportLeftOut,
  validateTr106,
} from "../../test/support/validate-tr106.ts";
import { describe, expect, it } from "vitest";
import {
  type DeviceTypeNode,
  device1Model,
  device2Model,
  rootDeviceType,
  serviceDeviceType,
} from "./device-type-document.ts";

const service = "Device.Services.X_MFPGATE-ORG_MFP.";

function object(path: string): DeviceTypeNode {
  return { path, writable: false };
}

function parameter(path: string, writable = false): DeviceTypeNode {
  return { path, writable, type: "string" };
}

const nodes: readonly DeviceTypeNode[] = [
  object("Device."),
  parameter("Device.RootDataModelVersion"),
  object("Device.IP."),
  parameter("Device.IP.InterfaceNumberOfEntries"),
  object("Device.IP.Interface."),
  object("Device.Services."),
  parameter("Device.Services.X_MFPGATE-ORG_MFPNumberOfEntries"),
  object(service),
  object(`${service}1.`),
  object(`${service}1.Supply.`),
  object(`${service}1.Supply.1.`),
  parameter(`${service}1.Supply.1.Type`),
  object(`${service}1.Supply.2.`),
  parameter(`${service}1.Supply.2.Type`),
  { ...parameter(`${service}1.Supply.2.Reset`, true), notification: "canDeny" },
];

describe("device types", () => {
  it("keep the service object out of the root and the root out of the service", () => {
    expect(rootDeviceType(nodes).xml).not.toContain("MFP");
    const { xml } = serviceDeviceType(nodes) ?? { xml: "" };
    expect(xml).not.toContain("RootDataModelVersion");
    expect(xml).toContain('<parameter ref="X_MFPGATE-ORG_MFPNumberOfEntries" access="readOnly"/>');
  });

  it("merge rows into one template that supports what any row supports", () => {
    const { xml } = serviceDeviceType(nodes) ?? { xml: "" };
    expect(xml.match(/Supply\.\{i\}\./g)).toHaveLength(1);
    expect(xml.match(/ref="Type"/g)).toHaveLength(1);
    expect(xml).toContain('<parameter ref="Reset" access="readWrite" activeNotify="willDeny"/>');
  });

  it("leave out a table that has no rows, whose content nobody knows", () => {
    const { xml } = rootDeviceType(nodes);
    expect(xml).toContain('ref="Device.IP."');
    expect(xml).not.toContain("Device.IP.Interface.");
  });

  it.each([device1Model, device2Model])(
    "name what is ours below $name, and no stranger",
    (root) => {
      const test = "Device.X_MFPGATE-ORG_PrinterTest.";
      const own = [object("Device."), object(test), parameter(`${test}Reference`, true)];
      const stranger = parameter("Device.X_EXAMPLE-COM_Colour");
      const { xml, urn } = rootDeviceType([...own, stranger], root);
      expect(xml).toContain(`<object ref="${test}"`);
      expect(xml).toContain(`<model ref="X_MFPGATE-ORG_${root.name}">`);
      expect(xml).toContain(`<import file="${root.file}"`);
      expect(urn).toBe(root.extension.spec);
      expect(xml).not.toContain("EXAMPLE");
      if (hasTr106Validator) expect(validateTr106("own.xml", xml)).toMatchObject({ valid: true });
    },
  );

  it("have a uuid that follows from the content alone", () => {
    const { uuid } = rootDeviceType(nodes);
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(rootDeviceType([...nodes]).uuid).toBe(uuid);
    expect(rootDeviceType([...nodes, parameter("Device.DeviceInfo.UpTime")]).uuid).not.toBe(uuid);
    expect(serviceDeviceType([...nodes, parameter("Device.DeviceInfo.UpTime")])?.uuid).toBe(
      serviceDeviceType(nodes)?.uuid,
    );
  });

  it("do not exist for a service object that is not there", () => {
    expect(serviceDeviceType([object("Device."), object("Device.Services.")])).toBeUndefined();
  });

  if (hasTr106Validator) {
    it("are valid, and every name in them is one of the model's", () => {
      expect(validateTr106("root.xml", rootDeviceType(nodes).xml)).toMatchObject({ valid: true });
      const xml = serviceDeviceType(nodes)?.xml ?? "";
      expect(validateTr106("service.xml", xml)).toMatchObject({ valid: true });
      const stranger = xml.replace('ref="Type"', 'ref="NoSuchName"');
      expect(validateTr106("stranger.xml", stranger).report).toContain("NoSuchName");
    });
  } else reportLeftOut("schema validation of device types");
});
