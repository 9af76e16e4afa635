import { randomBytes } from "node:crypto";
import { release, type as systemType } from "node:os";
import type { Config } from "../config/config.ts";
import type { EndpointManager } from "../cwmp/endpoint/endpoint-manager.ts";
import type { DeviceId } from "../cwmp/endpoint-store.ts";
import type { ConnectionRequestServer } from "../cwmp/http/connection-request-server.ts";
import {
  type LiveValues,
  managementServerNodesWith,
} from "../cwmp/management-server/management-server.ts";
import type { TransferTarget } from "../cwmp/parameter-tree.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { DeviceTypes } from "../presentation/device-types.ts";
import { createProxierTree } from "../presentation/proxier/proxier-tree.ts";
import { xmppPart } from "../presentation/proxier/xmpp-part.ts";
import type { DeviceTree } from "../presentation/tree.ts";
import type { Clock } from "../shared/clock.ts";
import { packageVersion } from "../shared/package-version.ts";
import type { Store } from "../store/store.ts";
import { createBoxParts, firstUseDate } from "./box-parts.ts";
import { proxierId } from "./box-names.ts";
import type { ConnectionRequests } from "./connection-requests.ts";
import { createDiagnostics } from "./diagnostics.ts";
import type { EndpointDefaults } from "./endpoint-defaults.ts";
import type { Resettable } from "./factory-reset.ts";
import type { LearntAcs } from "./learnt-acs.ts";
import type { Life } from "./life.ts";
import type { PresentationFaces } from "./presentation.ts";
import { storedProvisioningCode } from "./provisioning-code.ts";

/** Identity of the box; a serial number of `auto` is made once and kept, so that the ACS sees one device for ever. */
export async function proxierIdentity({ proxier }: Config, store: Store): Promise<DeviceId> {
  const serialNumber =
    proxier.serialNumber === "auto"
      ? await store.settings.getOrCreate("proxier.serialNumber", () =>
          randomBytes(6).toString("hex").toUpperCase(),
        )
      : proxier.serialNumber;
  return { ...proxier, serialNumber };
}

/** What the proxier's data model is made of. */
export interface ProxierModelOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  readonly life: Life;
  readonly fleet: Fleet;
  readonly startedAtMs: number;
  readonly identity: DeviceId;
  readonly faces: PresentationFaces;
  readonly deviceTypes: DeviceTypes;
  readonly endpoints: EndpointManager;
  readonly requests: ConnectionRequests;
  readonly learnt: LearntAcs;
  /** Values of `Device.ManagementServer.` that are asked for when read. */
  readonly live: LiveValues;
}

/** The proxier's data model. */
export interface ProxierModel {
  readonly tree: DeviceTree;
  /** Parts of it that keep what the ACS sets. */
  readonly resettable: readonly Resettable[];
}

/** Reads the machine and joins what is shown of the box, of its tests and of the printers to one tree. */
export async function createProxierModel(options: ProxierModelOptions): Promise<ProxierModel> {
  const { clock, store, identity, startedAtMs, faces, deviceTypes, requests, learnt } = options;
  const provisioningCode = await storedProvisioningCode(
    store,
    proxierId,
    () => learnt.acs.provisioningCode ?? "",
  );
  const diagnostics = await createDiagnostics({ ...options, tree: () => tree });
  const tree = createProxierTree({
    identity,
    softwareVersion: packageVersion(),
    hardwareVersion: `${systemType()} ${release()}`.slice(0, 64),
    startedAtMs,
    clock,
    provisioningCode,
    rows: faces.rows,
    modelRowOf: faces.modelRowOf,
    deviceTypes,
    managementNodes: managementServerNodesWith(options.live),
    firstUseDate: await firstUseDate(store, clock),
    parts: [...(await createBoxParts(options)), xmppPart(requests.xmpp), diagnostics],
  });
  return { tree, resettable: [provisioningCode, requests.xmpp, diagnostics, faces.printers] };
}

/** What the proxier's endpoint is joined to. */
export interface ProxierEndpointOptions {
  readonly endpoints: EndpointManager;
  readonly server: ConnectionRequestServer;
  readonly requests: ConnectionRequests;
  readonly live: LiveValues;
  readonly defaults: EndpointDefaults;
  readonly identity: DeviceId;
  readonly tree: DeviceTree;
  /** The ACS asked the box itself to restart; the session is over. */
  readonly onReboot: () => void;
  /** Forgets what the ACS set on the box outside its endpoint. */
  readonly factoryReset: () => Promise<void>;
  readonly transferTarget: TransferTarget;
}

/** Adds the box as an endpoint of its own, whose settings drive connection requests for all. */
export async function addProxier(options: ProxierEndpointOptions): Promise<void> {
  const { endpoints, server, requests, live, defaults, identity, tree } = options;
  const { onReboot, factoryReset, transferTarget } = options;
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
      factoryReset,
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
  server.register(path, endpoint.connectionRequestTarget());
  requests.own(endpoint);
}
