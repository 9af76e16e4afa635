import { join } from "node:path";
import type { Config } from "../../config/config.ts";
import { FileServerAddresses } from "../../cwmp/transfers/file-server-addresses.ts";
import { createProtocols } from "../../cwmp/transfers/protocols/protocols.ts";
import type { Transfer } from "../../cwmp/transfers/transfer.ts";
import { Transfers } from "../../cwmp/transfers/transfers.ts";
import type { Clock } from "../../shared/clock.ts";
import { logger } from "../../shared/log.ts";
import { packageVersion } from "../../shared/package-version.ts";
import type { OperationsEvent } from "../../store/event-log.ts";
import type { Store } from "../../store/store.ts";
import { proxierId } from "../box-names.ts";
import { BoxTarget } from "./box-target.ts";

const log = logger("main.box-transfers.open-transfers");

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
    onEnded: (transfer) => {
      store.events.append(eventOf(transfer)).catch((error: unknown) => {
        log.error("end of a transfer cannot be noted", { transfer: transfer.id, error });
      });
    },
  });
}

/** What `mfpgate events` shows of a transfer that is over. */
function eventOf({ endpointId, request, progress }: Transfer): OperationsEvent {
  const { kind, fileType, url } = request;
  const isFailed = progress.faultCode !== 0;
  const what = `${kind} of ${fileType}, ${new URL(url).host}`;
  return {
    ...(endpointId === proxierId ? {} : { device: endpointId }),
    kind: isFailed ? "transfer.failed" : "transfer.completed",
    text: isFailed ? `${what}: ${progress.faultString}` : what,
  };
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
