import type { SupportedModel } from "../device-types.ts";
import { toPath } from "../../model/model.ts";
import { type VirtualContext, type VirtualParameter, textOf } from "./context.ts";

const deviceInfo = "Device.DeviceInfo.";

/** TR-181i2 allows 64 characters in most texts of DeviceInfo, 256 in Description. */
function cut(text: string, length = 64): string {
  return Array.from(text).slice(0, length).join("");
}

function fixed(name: string, read: (context: VirtualContext) => string): VirtualParameter {
  return { path: deviceInfo + name, type: "string", read };
}

/** A text of the printer: the first template that has one, else `otherwise`. */
function derived(
  name: string,
  templates: readonly string[],
  otherwise: (context: VirtualContext) => string,
): VirtualParameter {
  return {
    path: deviceInfo + name,
    type: "string",
    sources: templates.map((template) => toPath(template)),
    read: (context) => {
      for (const template of templates) {
        const text = textOf(context.snapshot, template);
        if (text !== undefined) return cut(text, name === "Description" ? 256 : 64);
      }
      return otherwise(context);
    },
  };
}

const proxierInfo: readonly VirtualParameter[] = [
  fixed("ProxierInfo.ManufacturerOUI", ({ environment }) => environment.proxier.oui),
  fixed("ProxierInfo.ProductClass", ({ environment }) => environment.proxier.productClass),
  fixed("ProxierInfo.SerialNumber", ({ environment }) => environment.proxier.serialNumber),
  fixed("ProxierInfo.ProxyProtocol", ({ view }) => view.facts().proxyProtocol),
];

/** Rows of SupportedDataModel: 1 the root, 2 the service object. */
const supportedModels: readonly VirtualParameter[] = [0, 1].flatMap((index) => {
  const row = `SupportedDataModel.${(index + 1).toString()}.`;
  const field = (name: string, pick: (model: SupportedModel) => string): VirtualParameter =>
    fixed(row + name, ({ environment, nodes }) => {
      const model = environment.deviceTypes.supportedBy(nodes, environment.managementNodes)[index];
      return model === undefined ? "" : pick(model);
    });
  return [
    field("URL", (model) => model.url),
    field("UUID", (model) => model.uuid),
    field("URN", (model) => model.urn),
    fixed(row + "Features", () => ""),
  ];
});

/** Paths that follow the list of parameters: told as changed when that list does. */
export const modelPaths: readonly string[] = supportedModels.map((parameter) => parameter.path);

/**
 * `Device.DeviceInfo.` of a printer, as far as the snapshot does not carry it. HardwareVersion and SoftwareVersion are
 * forced Inform parameters and therefore always there, empty when the printer does not tell.
 */
export const deviceInfoParameters: readonly VirtualParameter[] = [
  fixed("Manufacturer", ({ view }) => cut(view.identity.manufacturer)),
  fixed("ManufacturerOUI", ({ view }) => view.identity.oui),
  fixed("ProductClass", ({ view }) => cut(view.identity.productClass)),
  fixed("SerialNumber", ({ view }) => cut(view.identity.serialNumber)),
  derived("ModelName", ["General.ModelName"], ({ view }) => cut(view.identity.productClass)),
  derived("Description", ["General.MakeAndModel", "General.SystemInfo"], ({ view }) =>
    cut(`${view.identity.manufacturer} ${view.identity.productClass}`, 256),
  ),
  fixed("HardwareVersion", () => ""),
  { ...fixed("SoftwareVersion", () => ""), notification: "forceEnabled" },
  {
    ...fixed("ProvisioningCode", ({ provisioningCode }) => provisioningCode.get()),
    writable: true,
    notification: "forceEnabled",
  },
  { path: `${deviceInfo}SupportedDataModelNumberOfEntries`, type: "unsignedInt", read: () => "2" },
  ...supportedModels,
  ...proxierInfo,
];

/** `Device.DeviceInfo.UpTime` from the printer's own; only where it tells one. */
export const upTimeParameter: VirtualParameter = {
  path: `${deviceInfo}UpTime`,
  type: "unsignedInt",
  notification: "canDeny",
  sources: [toPath("General.UpTime")],
  read: ({ snapshot }) => textOf(snapshot, "General.UpTime") ?? "0",
};

/** Parameters of the root that every virtual device has. */
export const rootParameters: readonly VirtualParameter[] = [
  { path: "Device.RootDataModelVersion", type: "string", read: () => "2.17" },
  { path: "Device.InterfaceStackNumberOfEntries", type: "unsignedInt", read: () => "0" },
];

/** Tables of the root that exist without rows on every virtual device. */
export const rootTables: readonly string[] = ["Device.InterfaceStack."];
