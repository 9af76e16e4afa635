import { join } from "node:path";
import type { Config } from "../../config/config.ts";
import { FileServerAddresses } from "../../cwmp/transfers/file-server-addresses.ts";
import { createProtocols } from "../../cwmp/transfers/protocols/protocols.ts";
import { Transfers } from "../../cwmp/transfers/transfers.ts";
import type { Clock } from "../../shared/clock.ts";
import { packageVersion } from "../../shared/package-version.ts";
import type { Store } from "../../store/store.ts";
import { BoxTarget } from "./box-target.ts";

/** What transfers are joined to. */
export interface TransfersOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
}

/** Events an Upload of the list of events has at most. */
const mostEventLines = 10_000;

/** The transfers of all endpoints, as `transfers` of the configuration allows them; files lie in `dataDir/transfers`. */
export function openTransfers({ config, clock, store }: TransfersOptions): Promise<Transfers> {
  const { allowHosts, maxSize, requireSignature, sftpHostKeys } = config.transfers;
  const { ca, cert, key, insecure } = config.acs.tls;
  const addresses = new FileServerAddresses(allowHosts);
  return Transfers.open({
    clock,
    store: store.transfers,
    addresses,
    protocols: createProtocols({
      clock,
      addresses,
      tls: {
        insecure,
        ...(ca === undefined ? {} : { ca }),
        ...(cert === undefined ? {} : { cert }),
        ...(key === undefined ? {} : { key }),
      },
      userAgent: `mfpgate/${packageVersion()}`,
      sftpHostKeys,
    }),
    folder: join(config.dataDir, "transfers"),
    maxBytes: maxSize,
    requireSignature,
  });
}

/** The files of the box itself. */
export function createBoxTarget({ config, clock, store }: TransfersOptions): BoxTarget {
  return new BoxTarget({
    config,
    clock,
    eventLines: async () => {
      const events = await store.events.query({ limit: mostEventLines });
      return events.map(({ atMs, device = "-", kind, text }) =>
        [new Date(atMs).toISOString(), device, kind, text].join(" "),
      );
    },
  });
}
