import type { Clock } from "../../shared/clock.ts";
import type { FrozenIdentity } from "../printer-view.ts";
import type { ComputedParameter, ProvisioningCode } from "../tree.ts";

/** What the parameters of the box itself are worked out from. */
export interface ProxierContext {
  /** Identity of the box, from its configuration. */
  readonly identity: FrozenIdentity;
  readonly softwareVersion: string;
  readonly hardwareVersion: string;
  readonly startedAtMs: number;
  readonly clock: Clock;
  readonly provisioningCode: ProvisioningCode;
  /** When the box was first in use, as text of a dateTime. */
  readonly firstUseDate: string;
}

/** A parameter the proxier works out for itself. */
export type ProxierParameter = ComputedParameter<ProxierContext>;
