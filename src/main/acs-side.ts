import { randomBytes } from "node:crypto";
import type { Config } from "../config/config.ts";
import { EndpointManager } from "../cwmp/endpoint/endpoint-manager.ts";
import { createAcsClient } from "../cwmp/http/acs-client.ts";
import { managementServerNodesWith } from "../cwmp/management-server/management-server.ts";
import { dialectFor } from "../cwmp/session/dialect.ts";
import type { Transfers } from "../cwmp/transfers/transfers.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import { packageVersion } from "../shared/package-version.ts";
import type { Store } from "../store/store.ts";
import { openAcsListener } from "./acs-listener.ts";
import { createBoxTarget, openTransfers } from "./box-transfers/open-transfers.ts";
import { ConnectionRequests } from "./connection-requests.ts";
import { createEndpointDefaults } from "./endpoint-defaults.ts";
import { boxFactoryReset } from "./factory-reset.ts";
import { LearntAcs } from "./learnt-acs.ts";
import type { Life } from "./life.ts";
import { createPresentation } from "./presentation.ts";
import type { PresentedPrinters } from "./presented-printers.ts";
import { addProxier, createProxierModel, proxierIdentity } from "./proxier-endpoint.ts";

const log = logger("main.acs-side");

/** Everything that faces the ACS. */
export interface AcsSide {
  readonly endpoints: EndpointManager;
  readonly transfers: Transfers;
  readonly printers: PresentedPrinters;
  /** Where the ACS reaches the listener, without slash at the end. */
  readonly baseUrl: string;
  /** A device-type or data-model document by its file name. */
  document(name: string): string | undefined;
  /** Shows the printers known and begins sessions. */
  start(): Promise<void>;
}

/** What the ACS side is joined to. */
export interface AcsSideOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  readonly fleet: Fleet;
  readonly startedAtMs: number;
  readonly life: Life;
  /** Called after every session with the error code of a failed one. */
  readonly onSession: (errorCode: string | undefined) => void;
  /** Called after every request to the connection-request port. */
  readonly onConnectionRequest: (outcome: string) => void;
  /** The ACS asked the box itself to restart; the session is over. */
  readonly onReboot: () => void;
  /** Page of the local API that kicks; asked for when the ACS reads KickURL. */
  readonly kickUrl: () => string;
}

/** Opens the connection-request listener and prepares the endpoints. @throws {ListenError} port in use */
export async function createAcsSide(options: AcsSideOptions): Promise<AcsSide> {
  const { config, clock, store, life, onReboot } = options;
  const learnt = await LearntAcs.open({ config, clock, store, life });
  const listener = await openAcsListener({ ...options, learnt });
  const { server, deviceTypes, published, baseUrl } = listener;
  const transfers = await openTransfers(options);
  const endpoints = createEndpoints(options, transfers);
  const onOutcome = options.onConnectionRequest;
  const requests = await ConnectionRequests.open({ config, clock, store, life, onOutcome });
  const defaults = createEndpointDefaults(config, await boxSecret(store), {
    baseUrl,
    learnt: () => learnt.acs,
  });
  const identity = await proxierIdentity(config, store);
  const environment = {
    clock,
    periodsMs: config.pollingMs,
    proxier: identity,
    deviceTypes,
    managementNodes: managementServerNodesWith(requests.virtualLive),
  };
  const joined = { ...options, endpoints, requests, defaults, identity };
  const faces = await createPresentation({ ...joined, listener: server, environment });
  const live = { ...requests.boxLive, KickURL: options.kickUrl };
  const model = await createProxierModel({ ...joined, faces, deviceTypes, learnt, live });
  published.over(faces.publishTypes);
  const { tree, resettable } = model;
  const factoryReset = boxFactoryReset(resettable, store.events);
  const transferTarget = createBoxTarget(options);
  await addProxier({ ...joined, server, live, tree, onReboot, factoryReset, transferTarget });
  learnt.onChange(() => {
    inForce(listener.findBaseUrl().then(() => endpoints.defaultsChanged()));
  });
  const { printers } = faces;
  return {
    endpoints,
    transfers,
    printers,
    get baseUrl() {
      return baseUrl();
    },
    document: (name) => published.document(name),
    start: async () => {
      life.onEnd(faces.stop);
      await printers.start();
      await endpoints.start();
      requests.start(life);
    },
  };
}

/** Nobody waits for it. */
function inForce(work: Promise<void>): void {
  work.catch((error: unknown) => {
    log.error("what DHCP told could not be put in force", { error });
  });
}

function createEndpoints(
  { config, clock, store, onSession }: AcsSideOptions,
  transfers: Transfers,
): EndpointManager {
  return new EndpointManager({
    transfers,
    clock,
    transport: createAcsClient({ clock, userAgent: `mfpgate/${packageVersion()}` }),
    store: store.endpoints,
    maxConcurrentSessions: config.acs.maxConcurrentSessions,
    dialect: dialectFor(config.acs.cwmp),
    onSession: ({ errorCode }) => {
      onSession(errorCode);
    },
  });
}

/** What paths and passwords of connection requests are derived from; made once. */
function boxSecret(store: Store): Promise<string> {
  return store.settings.getOrCreate("box.secret", () => randomBytes(32).toString("hex"));
}
