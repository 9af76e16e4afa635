import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ServiceMetrics, createMetrics } from "./api/metrics.ts";
import { createRoutes } from "./api/routes.ts";
import { startApiServer } from "./api/server.ts";
import type { Config } from "./config/config.ts";
import { formatProblem } from "./config/errors.ts";
import type { Discovery } from "./discovery/discovery.ts";
import type { Fleet } from "./fleet/fleet.ts";
import { type AcsSide, createAcsSide } from "./main/acs-side.ts";
import { proxierId, tokenFile } from "./main/box-names.ts";
import { BoxService } from "./main/box-service.ts";
import {
  type FoundConfiguration,
  findConfiguration,
  noteConfiguration,
} from "./main/box-transfers/replaced-configuration.ts";
import { createDiscovery, createFleet, droppedDatagrams } from "./main/lan-side.ts";
import { Life } from "./main/life.ts";
import { MappingFolders, mappingFolders } from "./main/mapping-folders.ts";
import { ShapeRegistry } from "./model/shapes.ts";
import { type Clock, systemClock } from "./shared/clock.ts";
import { logger } from "./shared/log.ts";
import { registerSecret } from "./shared/redact.ts";
import { type Store, openStore } from "./store/store.ts";

const log = logger("main");

/** The running service. */
export interface Service {
  readonly apiUrl: string;
  /** Bearer token of the local API. */
  readonly apiToken: string;
  /** Where the ACS reaches the connection-request listener. */
  readonly connectionRequestBase: string;
  readonly box: BoxService;
  /** Resolves when the ACS asked the box itself to restart (Reboot of the proxier): stop it and start another. */
  readonly restartRequested: Promise<void>;
  /** The start is over and a trial of the configuration decided: notices one that was replaced on the box. Never rejects. */
  configurationDecided(): Promise<void>;
  stop(): Promise<void>;
}

const maintainEveryMs = 24 * 3_600_000;

/**
 * Starts everything the configuration asks for and resolves when it runs. On failure whatever was started is stopped
 * again, last first.
 *
 * @throws {ProxierError} of the room that failed: mapping, store, listener, …
 */
export async function startService(config: Config, clock: Clock = systemClock): Promise<Service> {
  const life = new Life();
  try {
    const configuration = await findConfiguration(config.file);
    const rooms = await joinRooms(config, clock, life);
    await startRooms(rooms, clock, life);
    const { api, acsSide, box, restart } = rooms;
    log.info("service runs", {
      api: api.url,
      acs: config.acs.url,
      printers: rooms.fleet.printers().length,
    });
    return {
      apiUrl: api.url,
      apiToken: api.token,
      connectionRequestBase: acsSide.baseUrl,
      box,
      restartRequested: restart.given,
      configurationDecided: () => noticeReplaced(configuration, rooms, clock),
      stop: () => life.end(),
    };
  } catch (error) {
    await endAfterFailure(life);
    throw error;
  }
}

/** At worst the next start notices it. */
async function noticeReplaced(
  configuration: FoundConfiguration,
  { store, acsSide }: Rooms,
  clock: Clock,
): Promise<void> {
  const proxier = acsSide.endpoints.get(proxierId);
  try {
    await noteConfiguration(configuration, {
      settings: store.settings,
      clock,
      report: async (transfer) => proxier?.reportAutonomous(transfer),
    });
  } catch (error) {
    log.error("the configuration in force cannot be noted", { error });
  }
}

/** The cause of the failed start is what the operator must hear; trouble while tidying up is for the log. */
async function endAfterFailure(life: Life): Promise<void> {
  try {
    await life.end();
  } catch (error) {
    log.error("not everything could be stopped after the failed start", { error });
  }
}

interface Rooms {
  readonly mappings: MappingFolders;
  readonly store: Store;
  readonly fleet: Fleet;
  readonly discovery: Discovery;
  readonly acsSide: AcsSide;
  readonly box: BoxService;
  readonly api: { readonly url: string; readonly token: string };
  readonly restart: Signal;
}

/** Constructs every room and joins them; the two listeners are open then, but nobody is asked anything yet. */
async function joinRooms(config: Config, clock: Clock, life: Life): Promise<Rooms> {
  for (const warning of config.warnings)
    log.warn("configuration", { problem: formatProblem(warning) });
  const startedAtMs = clock.nowMs();
  const mappings = await MappingFolders.load(mappingFolders(config.mappings), clock, {
    allowUnverifiedWrites: config.writes.allowUnverified,
  });
  life.onEnd(() => {
    mappings.stop();
  });
  const shapes = new ShapeRegistry();
  const store = await openStore({
    dataDir: config.dataDir,
    clock,
    internShape: (shape) => shapes.adopt(shape),
  });
  life.onEnd(() => store.close());
  const metrics = createMetrics({
    printersByReachability: () => box.printersByReachability(),
    pollQueue: () => fleet.status().polling.queued,
    sessionQueue: () => acsSide.endpoints.counts().queued,
    droppedDatagrams,
  });
  const fleet = createFleet({ config, clock, store, shapes, mappings, metrics });
  const discovery = createDiscovery(config, clock, fleet);
  const onSession = (errorCode: string | undefined): void => {
    metrics.sessionEnded(errorCode === undefined ? "ok" : "failed");
    if (errorCode !== undefined) metrics.errorSeen(errorCode);
  };
  const restart = createSignal();
  const parts = { config, clock, store, fleet, startedAtMs };
  const acsSide = await createAcsSide({
    ...parts,
    life,
    onSession,
    onConnectionRequest: (outcome) => {
      metrics.connectionRequestSeen(outcome);
    },
    onReboot: restart.give,
    kickUrl: () => `${api.url}/kick`,
  });
  const box = new BoxService({
    ...parts,
    discovery,
    presented: acsSide.printers,
    endpoints: acsSide.endpoints,
    transfers: acsSide.transfers,
    connectionRequestBase: () => acsSide.baseUrl,
    document: (name) => acsSide.document(name),
  });
  const api = await startApi({ config, store, box, metrics, life });
  return { mappings, store, fleet, discovery, acsSide, box, api, restart };
}

/** Sets everything going, from what is known to what is looked for. */
async function startRooms(rooms: Rooms, clock: Clock, life: Life): Promise<void> {
  const { mappings, store, fleet, discovery, acsSide, box } = rooms;
  life.onEnd(() => fleet.stop());
  await fleet.start();
  life.onEnd(() => acsSide.endpoints.stop());
  await acsSide.start();
  followMappings(mappings, fleet);
  discovery.start();
  life.onEnd(() => discovery.stop());
  maintain(store, clock, life);
  box.ready(true);
  life.onEnd(() => {
    box.ready(false);
  });
}

interface Signal {
  readonly given: Promise<void>;
  readonly give: () => void;
}

/** A promise that somebody else fulfils. */
function createSignal(): Signal {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

/** An edited mapping file is in force without a restart. */
function followMappings(mappings: MappingFolders, fleet: Fleet): void {
  mappings.watch(() => {
    fleet.reloadMappings().catch((error: unknown) => {
      log.error("printers could not be read by the new mapping files", { error });
    });
  });
}

/** Once a day thins what is older than the retention. */
function maintain(store: Store, clock: Clock, life: Life): void {
  let cancel = clock.after(maintainEveryMs, run);
  life.onEnd(() => {
    cancel();
  });
  function run(): void {
    cancel = clock.after(maintainEveryMs, run);
    store.maintain().catch((error: unknown) => {
      log.error("store could not be maintained", { error });
    });
  }
}

interface ApiParts {
  readonly config: Config;
  readonly store: Store;
  readonly box: BoxService;
  readonly metrics: ServiceMetrics;
  readonly life: Life;
}

/** The local API with its token, which `auto` makes once; the file lets the command line find it. */
async function startApi(
  parts: ApiParts,
): Promise<{ readonly url: string; readonly token: string }> {
  const { config, store, box, metrics, life } = parts;
  const token =
    config.api.token === "auto"
      ? await store.settings.getOrCreate("api.token", () => randomBytes(24).toString("base64url"))
      : config.api.token;
  registerSecret(token);
  await writeFile(join(config.dataDir, tokenFile), `${token}\n`, { mode: 0o600 });
  const { host, port } = config.api.listen;
  const server = await startApiServer({ host, port, token, routes: createRoutes(box, metrics) });
  life.onEnd(() => server.stop());
  return { url: server.url, token };
}
