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

/** What the parameters of the box itself are worked out from. */
export interface ProxierContext {
  /** Identity of the box, from its configuration. */
  readonly identity: FrozenIdentity;
  readonly softwareVersion: string;
  readonly hardwareVersion: string;
  readonly startedAtMs: number;
  readonly clock: Clock;
  readonly provisioningCode: ProvisioningCode;
  readonly deviceTypes: DeviceTypes;
  /** `Device.ManagementServer.` as the CWMP engine shows it, for the device-type document. */
  readonly managementNodes: readonly TreeNode[];
  /** When the box was first in use, as text of a dateTime. */
  readonly firstUseDate: string;
  /** Nodes of the whole tree, for the device-type document; the same array as long as nothing changed. */
  readonly typeNodes: () => readonly TreeNode[];
}

/** A parameter the proxier works out for itself. */
export type ProxierParameter = ComputedParameter<ProxierContext>;
