import { createHmac } from "node:crypto";
import type { Config, StunConfig } from "../config/config.ts";
import type { DeviceId } from "../cwmp/endpoint-store.ts";
import { deriveConnectionRequestPath } from "../cwmp/http/connection-request-path.ts";
import {
  noConnectionRequestDefaults,
  xmppConnectionPath,
} from "../cwmp/management-server/connection-requests.ts";
import type {
  ConnectionRequestDefaults,
  ManagementServerDefaults,
} from "../cwmp/management-server/definition.ts";
import type { AcsTlsSettings } from "../cwmp/transport.ts";
import { type PresentedRoot, presentedRoot } from "../presentation/root-model.ts";
import type { AcsOptions } from "../system/dhcp/vendor-options.ts";

/** What every endpoint starts with, from the configuration; per-endpoint secrets are derived from one of the box. */
export interface EndpointDefaults {
  readonly tls: AcsTlsSettings;
  /** Root data model of every endpoint. */
  readonly root: PresentedRoot;
  managementServer(endpointId: string, identity: DeviceId): ManagementServerDefaults;
  /** Path of the endpoint's connection-request URL, unguessable without the box's secret. */
  pathOf(endpointId: string): string;
  urlOf(path: string): string;
}

/** @param boxSecret random, kept in the store; the same secret gives the same paths and passwords after a restart */
export function createEndpointDefaults(
  config: Config,
  boxSecret: string,
  around: { readonly baseUrl: () => string; readonly learnt: () => AcsOptions },
): EndpointDefaults {
  const { acs, connectionRequest } = config;
  const { ca, cert, key, insecure } = acs.tls;
  const connectionRequests = connectionRequestDefaults(connectionRequest);
  const shared = { acs, learnt: around.learnt, connectionRequests };
  return {
    root: presentedRoot(acs.rootDataModel),
    tls: {
      insecure,
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    },
    managementServer: (endpointId, identity) =>
      new ServerDefaults(shared, {
        username:
          connectionRequest.username === "auto"
            ? defaultUsername(identity)
            : connectionRequest.username,
        password:
          connectionRequest.password === "auto"
            ? derivePassword(boxSecret, endpointId)
            : connectionRequest.password,
      }),
    pathOf: (endpointId) => deriveConnectionRequestPath(boxSecret, endpointId),
    urlOf: (path) => `${around.baseUrl()}${path}`,
  };
}

/** What the defaults of all endpoints have in common. */
interface SharedDefaults {
  readonly acs: Config["acs"];
  readonly learnt: () => AcsOptions;
  readonly connectionRequests: ConnectionRequestDefaults;
}

/** Defaults of one endpoint; what DHCP tells is asked for each time. Costs an endpoint three references. */
class ServerDefaults implements ManagementServerDefaults {
  readonly periodicInformEnable = true;
  readonly connectionRequestUsername: string;
  readonly connectionRequestPassword: string;
  readonly #shared: SharedDefaults;

  constructor(
    shared: SharedDefaults,
    own: { readonly username: string; readonly password: string },
  ) {
    this.#shared = shared;
    this.connectionRequestUsername = own.username;
    this.connectionRequestPassword = own.password;
  }

  get url(): string {
    const { acs, learnt } = this.#shared;
    return acs.url === "" ? (learnt().url ?? "") : acs.url;
  }

  get retryMinimumWaitS(): number | undefined {
    return this.#shared.learnt().retryMinimumWaitS;
  }

  get retryMultiplier(): number | undefined {
    return this.#shared.learnt().retryMultiplier;
  }

  get username(): string {
    return this.#shared.acs.username ?? "";
  }

  get password(): string {
    return this.#shared.acs.password ?? "";
  }

  get periodicInformIntervalS(): number {
    return wholeSeconds(this.#shared.acs.periodicInformMs);
  }

  get connectionRequests(): ConnectionRequestDefaults {
    return this.#shared.connectionRequests;
  }
}

/** One object for all endpoints. */
function connectionRequestDefaults({
  stun,
  xmpp,
}: Config["connectionRequest"]): ConnectionRequestDefaults {
  return {
    ...noConnectionRequestDefaults,
    ...(stun === undefined ? {} : stunDefaults(stun)),
    ...(xmpp === undefined
      ? {}
      : { xmppConnection: xmppConnectionPath, allowedJabberIds: xmpp.allowedJabberIds }),
  };
}

function stunDefaults(stun: StunConfig): Partial<ConnectionRequestDefaults> {
  return {
    stunEnable: stun.enabled,
    ...(stun.server === undefined
      ? {}
      : { stunServerAddress: stun.server.host, stunServerPort: stun.server.port }),
    stunUsername: stun.username ?? "",
    stunPassword: stun.password ?? "",
    stunMinimumKeepAliveS: wholeSeconds(stun.minimumKeepAliveMs),
    stunMaximumKeepAliveS: wholeSeconds(stun.maximumKeepAliveMs),
  };
}

function wholeSeconds(ms: number): number {
  return Math.max(1, Math.round(ms / 1_000));
}

/** The form TR-069a6 §3.4.4 recommends: `OUI-ProductClass-SerialNumber`, unusual characters percent-encoded. */
function defaultUsername({ oui, productClass, serialNumber }: DeviceId): string {
  return [oui, productClass, serialNumber].map(encodeURIComponent).join("-");
}

function derivePassword(boxSecret: string, endpointId: string): string {
  const digest = createHmac("sha256", boxSecret).update(
    `connection-request password\n${endpointId}`,
  );
  return digest.digest("base64url").slice(0, 24);
}
