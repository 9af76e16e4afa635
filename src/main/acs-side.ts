import { randomBytes } from "node:crypto";
import { release, type as systemType } from "node:os";
import type { Config } from "../config/config.ts";
import { EndpointManager } from "../cwmp/endpoint-manager.ts";
import type { DeviceId } from "../cwmp/endpoint-store.ts";
import { createAcsClient } from "../cwmp/http/acs-client.ts";
import {
  type ConnectionRequestServer,
  createConnectionRequestServer,
} from "../cwmp/http/connection-request-server.ts";
import {
  type LiveValues,
  managementServerNodesWith,
} from "../cwmp/management-server/management-server.ts";
import type { TransferTarget } from "../cwmp/parameter-tree.ts";
import { dialectFor } from "../cwmp/session/dialect.ts";
import type { Transfers } from "../cwmp/transfers/transfers.ts";
import { typeNodes } from "../cwmp/tree/shape.ts";
import type { Fleet } from "../fleet/fleet.ts";
import { publishedModelUrl } from "../model/device-type-document.ts";
import { DeviceTypes } from "../presentation/device-types.ts";
import { createProxierTree } from "../presentation/proxier/proxier-tree.ts";
import { presentedRoot } from "../presentation/root-model.ts";
import { xmppPart } from "../presentation/proxier/xmpp-part.ts";
import type { DeviceTree } from "../presentation/tree.ts";
import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import { packageVersion } from "../shared/package-version.ts";
import type { Store } from "../store/store.ts";
import { publicBaseUrl } from "./addresses.ts";
import { createBoxParts, firstUseDate } from "./box-parts.ts";
import { createBoxTarget, openTransfers } from "./box-transfers/open-transfers.ts";
import { proxierId } from "./box-service.ts";
import { ConnectionRequests } from "./connection-requests.ts";
import { createDiagnostics } from "./diagnostics.ts";
import { type EndpointDefaults, createEndpointDefaults } from "./endpoint-defaults.ts";
import { LearntAcs } from "./learnt-acs.ts";
import type { Life } from "./life.ts";
import { createPresentation } from "./presentation.ts";
import type { PresentedPrinters } from "./presented-printers.ts";
import { storedProvisioningCode } from "./provisioning-code.ts";
import { PublishedTypes } from "./published-types.ts";

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
  const { config, clock, store, fleet, life } = options;
  const { listen, publicUrl } = config.connectionRequest;
  let baseUrl = "";
  const learnt = await LearntAcs.open({ config, clock, store, life });
  const acsUrl = (): string => (config.acs.url === "" ? (learnt.acs.url ?? "") : config.acs.url);
  const root = presentedRoot(config.acs.rootDataModel);
  const deviceTypes = new DeviceTypes(
    () => baseUrl,
    root,
    (nodes) => typeNodes(nodes, root),
  );
  const published = new PublishedTypes(deviceTypes, clock);
  const listener = createConnectionRequestServer({
    listen,
    clock,
    onOutcome: options.onConnectionRequest,
    documents: (name) => {
      const url = publishedModelUrl(`${name}.xml`);
      return url === undefined ? published.document(`${name}.xml`) : { url };
    },
  });
  const port = await listener.start();
  life.onEnd(() => listener.stop());
  const findBaseUrl = async (): Promise<void> => {
    baseUrl = await publicBaseUrl({ publicUrl, host: listen.host, port, acsUrl: acsUrl() });
  };
  await findBaseUrl();
  const transfers = await openTransfers(options);
  const endpoints = createEndpoints(options, transfers);
  const onOutcome = options.onConnectionRequest;
  const requests = await ConnectionRequests.open({ config, clock, store, life, onOutcome });
  const secret = await boxSecret(store);
  const defaults = createEndpointDefaults(config, secret, {
    baseUrl: () => baseUrl,
    learnt: () => learnt.acs,
  });
  const identity = await proxierIdentity(config, store);
  const faces = await createPresentation({
    config,
    store,
    fleet,
    endpoints,
    listener,
    requests,
    defaults,
    environment: {
      clock,
      periodsMs: config.pollingMs,
      proxier: identity,
      deviceTypes,
      managementNodes: managementServerNodesWith(requests.virtualLive),
    },
  });
  const live = { ...requests.boxLive, KickURL: options.kickUrl };
  const tree = createProxierTree({
    identity,
    softwareVersion: packageVersion(),
    hardwareVersion: `${systemType()} ${release()}`.slice(0, 64),
    startedAtMs: options.startedAtMs,
    clock,
    provisioningCode: await storedProvisioningCode(
      store,
      proxierId,
      () => learnt.acs.provisioningCode ?? "",
    ),
    rows: faces.rows,
    modelRowOf: faces.modelRowOf,
    deviceTypes,
    managementNodes: managementServerNodesWith(live),
    firstUseDate: await firstUseDate(store, clock),
    parts: [
      ...(await createBoxParts({ config, clock, store, life, learnt })),
      xmppPart(requests.xmpp),
      await createDiagnostics({ ...options, endpoints, tree: () => tree }),
    ],
  });
  published.over(faces.publishTypes);
  const { onReboot } = options;
  await addProxier({
    endpoints,
    listener,
    requests,
    live,
    defaults,
    identity,
    tree,
    onReboot,
    transferTarget: createBoxTarget(options),
  });
  learnt.onChange(() => {
    inForce(findBaseUrl().then(() => endpoints.defaultsChanged()));
  });
  return {
    endpoints,
    transfers,
    printers: faces.printers,
    get baseUrl() {
      return baseUrl;
    },
    document: (name) => published.document(name),
    start: async () => {
      life.onEnd(faces.stop);
      await faces.printers.start();
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

interface ProxierParts {
  readonly endpoints: EndpointManager;
  readonly listener: ConnectionRequestServer;
  readonly requests: ConnectionRequests;
  readonly live: LiveValues;
  readonly defaults: EndpointDefaults;
  readonly identity: DeviceId;
  readonly tree: DeviceTree;
  readonly onReboot: () => void;
  readonly transferTarget: TransferTarget;
}

async function addProxier(parts: ProxierParts): Promise<void> {
  const { endpoints, listener, requests, live, defaults, identity, tree } = parts;
  const { onReboot, transferTarget } = parts;
  const path = defaults.pathOf(proxierId);
  const endpoint = await endpoints.add({
    endpointId: proxierId,
    deviceId: identity,
    tree: defaults.root.present(tree),
    rootModel: defaults.root,
    actions: {
      reboot: () => {
        onReboot();
        return Promise.resolve();
      },
      transfers: transferTarget,
    },
    defaults: defaults.managementServer(proxierId, identity),
    tls: defaults.tls,
    bootsWithProcess: true,
    isReachable: () => true,
    live,
    onSettings: () => {
      requests.settingsChanged();
    },
    connectionRequestUrl: () => defaults.urlOf(path),
  });
  listener.register(path, endpoint.connectionRequestTarget());
  requests.own(endpoint);
}

/** Identity of the box; a serial number of `auto` is made once and kept, so that the ACS sees one device for ever. */
async function proxierIdentity({ proxier }: Config, store: Store): Promise<DeviceId> {
  const serialNumber =
    proxier.serialNumber === "auto"
      ? await store.settings.getOrCreate("proxier.serialNumber", () =>
          randomBytes(6).toString("hex").toUpperCase(),
        )
      : proxier.serialNumber;
  return { ...proxier, serialNumber };
}
