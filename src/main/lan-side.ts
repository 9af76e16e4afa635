import type { ServiceMetrics } from "../api/metrics.ts";
import type { Config } from "../config/config.ts";
import { Discovery } from "../discovery/discovery.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { ShapeRegistry } from "../model/shapes.ts";
import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import { openSnmpSession } from "../southbound/snmp/open-session.ts";
import { sharedUdpSockets } from "../southbound/snmp/udp-sockets.ts";
import type { Store } from "../store/store.ts";
import { createAccessFinder } from "./credentials.ts";
import type { MappingFolders } from "./mapping-folders.ts";

const log = logger("main.lan-side");

/** What the fleet is made of. */
export interface FleetParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  readonly shapes: ShapeRegistry;
  readonly mappings: MappingFolders;
  readonly metrics: ServiceMetrics;
}

/** The fleet over the real store, mappings and SNMP; its events go to the event list and the metrics. */
export function createFleet(parts: FleetParts): Fleet {
  const { config, clock, store, shapes, mappings, metrics } = parts;
  return new Fleet(
    {
      store: store.printers,
      mappings: () => mappings.current,
      shapes,
      openSession: (access, memory) => openSnmpSession(access, { clock, memory }),
      accessFor: createAccessFinder(config),
      clock,
      emit: ({ kind, device, text }) => {
        metrics.eventSeen(kind);
        store.events.append({ device, kind, text }).catch((error: unknown) => {
          log.error("event could not be written down", { device, kind, text, error });
        });
      },
    },
    { periodsMs: config.pollingMs, approval: config.discovery.approval },
  );
}

/** Discovery that offers what it finds to the fleet. */
export function createDiscovery(config: Config, clock: Clock, fleet: Fleet): Discovery {
  return new Discovery(
    {
      ...config.discovery,
      static: config.discovery.static.flatMap(({ host, snmp }) =>
        snmp === undefined ? [] : [{ host, ...snmp }],
      ),
      credentials: config.credentials,
    },
    {
      openSession: (access) => openSnmpSession(access, { clock }),
      clock,
      onCandidate: (candidate) => {
        if (fleet.offer(candidate)) return;
        log.warn("candidate dropped: too many wait", { host: candidate.access.host });
      },
    },
  );
}

/** SNMP datagrams of the process that were not taken, by reason. */
export function droppedDatagrams(): Readonly<Record<string, number>> {
  const { droppedUnknown, droppedOtherAddress, droppedMalformed } = sharedUdpSockets().counts;
  return {
    unknown: droppedUnknown,
    otherAddress: droppedOtherAddress,
    malformed: droppedMalformed,
  };
}
