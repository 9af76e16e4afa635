import type { Config } from "../config/config.ts";
import { formatDateTime } from "../model/values.ts";
import type { TreePart } from "../presentation/composed-tree.ts";
import { gatewayInfoPart } from "../presentation/proxier/gateway-info.ts";
import { machinePart } from "../presentation/proxier/machine-part.ts";
import { vendorFilesPart } from "../presentation/proxier/vendor-files.ts";
import type { Clock } from "../shared/clock.ts";
import { formatLocalTime } from "../shared/local-time.ts";
import type { Store } from "../store/store.ts";
import { MachineMonitor } from "../system/machine-monitor.ts";
import { machineReader } from "../system/read-machine.ts";
import { boxFiles } from "./box-files.ts";
import type { LearntAcs } from "./learnt-acs.ts";
import type { Life } from "./life.ts";

/** Owner under which rows of the machine get their numbers. */
const rowOwner = "box";

/** What the box's own parts of the proxier's tree are joined to. */
export interface BoxPartsOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  readonly life: Life;
  readonly learnt: LearntAcs;
}

/** Reads the machine, then follows it until the end of the service. */
export async function createBoxParts(options: BoxPartsOptions): Promise<readonly TreePart[]> {
  const { config, clock, store, life, learnt } = options;
  const machine = await MachineMonitor.open(clock, machineReader(config.dataDir));
  machine.start();
  life.onEnd(() => {
    machine.stop();
  });
  const part = await machinePart({
    machine,
    clock,
    numbers: { assign: (table, keys) => store.instances.assign(rowOwner, table, keys) },
    lease: () => learnt.lease,
    localTime: (atMs) => formatLocalTime(atMs),
  });
  const gateway = gatewayInfoPart({
    gateway: () => learnt.gateway,
    onChange: (listener) => learnt.onChange(listener),
  });
  return [part, vendorFilesPart(boxFiles(config)), gateway];
}

/** `DeviceInfo.FirstUseDate`: when this data directory was first used, kept for ever. */
export function firstUseDate(store: Store, clock: Clock): Promise<string> {
  return store.settings.getOrCreate("box.firstUseDate", () => formatDateTime(clock.nowMs()));
}
