import type { ServiceMetrics } from "../api/metrics.ts";
import type { Config } from "../config/config.ts";
import type { Candidate } from "../discovery/candidate.ts";
import { Discovery } from "../discovery/discovery.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { ShapeRegistry } from "../model/shapes.ts";
import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import { openSnmpSession } from "../southbound/snmp/open-session.ts";
import { sharedUdpSockets } from "../southbound/snmp/udp-sockets.ts";
import type { Store } from "../store/store.ts";
import { createAccessFinder, webAccess } from "./credentials.ts";
import type { MappingFolders } from "./mapping-folders.ts";
import { answersAtAll, createPrinterDrivers } from "./printer-drivers.ts";
import { createWritePolicy } from "./write-policy.ts";

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
      driversFor: (kept, tell) => createPrinterDrivers({ clock, kept, tell }),
      accessFor: createAccessFinder(config),
      writePolicy: createWritePolicy(config.writes),
      audit: (rows) => store.audit.append(rows),
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
    { ...config.discovery, credentials: config.credentials },
    {
      openSession: (access) => openSnmpSession(access, { clock }),
      askWebServer: (server, signal) => answersAtAll(server, { config, clock, signal }),
      clock,
      onCandidate: (candidate) => {
        if (fleet.offer(withWebAccess(candidate, config))) return;
        log.warn("candidate dropped: too many wait", { host: candidate.access.host });
      },
    },
  );
}

/** A candidate's web server is talked to as all are. */
function withWebAccess(candidate: Candidate, config: Config): Candidate {
  const { access } = candidate;
  if (access.ews === undefined) return candidate;
  const ews = { ...access.ews, ...webAccess(access.host, config) };
  return { ...candidate, access: { ...access, ews } };
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
