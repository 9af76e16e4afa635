import type { Clock } from "../../shared/clock.ts";
import type { DeviceTypes } from "../device-types.ts";
import type { FrozenIdentity, PrinterView } from "../printer-view.ts";
import type { ComputedParameter, ProvisioningCode, TreeNode } from "../tree.ts";

/** The printers shown as virtual devices. */
export interface VirtualDevices {
  list(): readonly PrinterView[];
  /** Row of the printer in `VirtualDevice.{i}.`, from 1; given once and never reused. */
  instanceOf(printerId: string): number;
  /** Called after printers came or went. Returns the unsubscribe function. */
  onChange(listener: () => void): () => void;
}

/** Everything the proxier's own tree is made of. */
export interface ProxierTreeOptions {
  /** Identity of the box, from its configuration. */
  readonly identity: FrozenIdentity;
  readonly softwareVersion: string;
  readonly hardwareVersion: string;
  readonly startedAtMs: number;
  readonly clock: Clock;
  readonly provisioningCode: ProvisioningCode;
  readonly devices: VirtualDevices;
  readonly deviceTypes: DeviceTypes;
  /** `Device.ManagementServer.` as the CWMP engine shows it, for the device-type document. */
  readonly managementNodes: readonly TreeNode[];
  /** Memory of the box in bytes (`node:os`). */
  readonly memory: () => { readonly totalBytes: number; readonly freeBytes: number };
}

/** What a computed parameter of the proxier is worked out from. */
export interface ProxierContext extends ProxierTreeOptions {
  /** Nodes for the device-type document. */
  readonly typeNodes: readonly TreeNode[];
  readonly deviceCount: number;
}

/** A parameter the proxier works out for itself. */
export type ProxierParameter = ComputedParameter<ProxierContext>;
