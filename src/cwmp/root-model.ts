/** What the CWMP engine has to know of the root data model its endpoints present (TR-181 Issue 1 or 2). */
export interface RootModel {
  /** Parameters every Inform carries (`forcedInform` of the model). */
  readonly forcedInform: readonly string[];
  /** Whether the model has this scalar of `Device.ManagementServer.`; absent: all that the engine has. */
  readonly hasSetting?: (name: string) => boolean;
}

/** `Device:2` (TR-181i2), the root of an endpoint that names no other. */
export const device2: RootModel = {
  forcedInform: [
    "Device.RootDataModelVersion",
    "Device.DeviceInfo.HardwareVersion",
    "Device.DeviceInfo.SoftwareVersion",
    "Device.DeviceInfo.ProvisioningCode",
    "Device.ManagementServer.ParameterKey",
    "Device.ManagementServer.ConnectionRequestURL",
    "Device.ManagementServer.AliasBasedAddressing",
  ],
};
