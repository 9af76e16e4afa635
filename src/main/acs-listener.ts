import type { Config } from "../config/config.ts";
import {
  type ConnectionRequestServer,
  createConnectionRequestServer,
} from "../cwmp/http/connection-request-server.ts";
import { typeNodes } from "../cwmp/tree/shape.ts";
import { publishedModelUrl } from "../model/device-type-document.ts";
import { DeviceTypes } from "../presentation/device-types.ts";
import { presentedRoot } from "../presentation/root-model.ts";
import type { Clock } from "../shared/clock.ts";
import { publicBaseUrl } from "./addresses.ts";
import type { LearntAcs } from "./learnt-acs.ts";
import type { Life } from "./life.ts";
import { PublishedTypes } from "./published-types.ts";

/** What the listener is joined to. */
export interface AcsListenerOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly life: Life;
  readonly learnt: LearntAcs;
  /** Called after every request to the connection-request port. */
  readonly onConnectionRequest: (outcome: string) => void;
}

/** What the ACS calls: connection requests, and the documents that say what an endpoint supports. */
export interface AcsListener {
  readonly server: ConnectionRequestServer;
  readonly deviceTypes: DeviceTypes;
  readonly published: PublishedTypes;
  /** Where the ACS reaches it, without slash at the end. */
  readonly baseUrl: () => string;
  /** Finds `baseUrl` anew; for when the ACS is another. */
  readonly findBaseUrl: () => Promise<void>;
}

/** Opens the listener until the end of the service. @throws {ListenError} port in use */
export async function openAcsListener(options: AcsListenerOptions): Promise<AcsListener> {
  const { config, clock, life, learnt } = options;
  const { listen, publicUrl } = config.connectionRequest;
  let baseUrl = "";
  const root = presentedRoot(config.acs.rootDataModel);
  const deviceTypes = new DeviceTypes(
    () => baseUrl,
    root,
    (nodes) => typeNodes(nodes, root),
  );
  const published = new PublishedTypes(deviceTypes, clock);
  const server = createConnectionRequestServer({
    listen,
    clock,
    onOutcome: options.onConnectionRequest,
    documents: (name) => {
      const url = publishedModelUrl(`${name}.xml`);
      return url === undefined ? published.document(`${name}.xml`) : { url };
    },
  });
  const port = await server.start();
  life.onEnd(() => server.stop());
  const findBaseUrl = async (): Promise<void> => {
    const acsUrl = config.acs.url === "" ? (learnt.acs.url ?? "") : config.acs.url;
    baseUrl = await publicBaseUrl({ publicUrl, host: listen.host, port, acsUrl });
  };
  await findBaseUrl();
  return { server, deviceTypes, published, baseUrl: () => baseUrl, findBaseUrl };
}
