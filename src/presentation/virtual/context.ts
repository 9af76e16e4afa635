import type { PollClass, Snapshot } from "../../model/snapshot.ts";
import { toPath } from "../../model/model.ts";
import { valueAt } from "../../model/shapes.ts";
import type { Clock } from "../../shared/clock.ts";
import type { DeviceTypes } from "../device-types.ts";
import type { FrozenIdentity, PrinterView } from "../printer-view.ts";
import type { ComputedParameter, ProvisioningCode, TreeNode } from "../tree.ts";

/** What all virtual devices of one box share. */
export interface VirtualEnvironment {
  readonly clock: Clock;
  /** How old values of a class may get, milliseconds (`polling`). */
  readonly periodsMs: Readonly<Record<PollClass, number>>;
  /** Identity of the box, for `ProxierInfo`. */
  readonly proxier: FrozenIdentity;
  readonly deviceTypes: DeviceTypes;
  /** `Device.ManagementServer.` as the CWMP engine shows it, for the device-type document. */
  readonly managementNodes: readonly TreeNode[];
  /** Told of every write to a printer's virtual device that took: what else waits for these parameters is outdated. */
  readonly onWritten?: (printerId: string, paths: readonly string[]) => Promise<void>;
}

/** What a computed parameter of a virtual device is worked out from. */
export interface VirtualContext {
  readonly view: PrinterView;
  readonly snapshot: Snapshot;
  readonly nodes: readonly TreeNode[];
  readonly provisioningCode: ProvisioningCode;
  readonly environment: VirtualEnvironment;
}

/** A parameter of a virtual device that is not in the snapshot. */
export type VirtualParameter = ComputedParameter<VirtualContext>;

/** Text of a model parameter of the printer; undefined when it does not tell, or tells nothing. */
export function textOf(
  snapshot: Snapshot,
  template: string,
  instance?: number,
): string | undefined {
  const value = valueAt(snapshot, toPath(template, instance));
  return value === undefined || value === "" ? undefined : value.toString();
}
