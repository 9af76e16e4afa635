import { type EndpointState, internalSettings } from "../endpoint/endpoint-state.ts";
import type { ManagementServer } from "../management-server/management-server.ts";
import type {
  ConnectionRequestAnswer,
  ConnectionRequestMethod,
  UdpRequestTarget,
  XmppRequestTarget,
} from "./target.ts";

/** One endpoint as the target of connection requests of every kind. */
export class EndpointTarget implements UdpRequestTarget, XmppRequestTarget {
  readonly #management: ManagementServer;
  readonly #state: EndpointState;
  readonly #accept: (method: ConnectionRequestMethod) => ConnectionRequestAnswer;

  constructor(
    management: ManagementServer,
    state: EndpointState,
    accept: (method: ConnectionRequestMethod) => ConnectionRequestAnswer,
  ) {
    this.#management = management;
    this.#state = state;
    this.#accept = accept;
  }

  get endpointId(): string {
    return this.#state.endpointId;
  }

  username(): string {
    return this.#management.text("ConnectionRequestUsername");
  }

  password(): string {
    return this.#management.text("ConnectionRequestPassword");
  }

  accept(method: ConnectionRequestMethod): ConnectionRequestAnswer {
    return this.#accept(method);
  }

  expectsUdp(): boolean {
    return this.#management.flag("EnableCWMP") && this.#management.flag("STUNEnable");
  }

  replayGuard(): string | undefined {
    return this.#state.settings.get(internalSettings.replayGuard);
  }

  async keepReplayGuard(text: string): Promise<void> {
    await this.#state.commit({ setSettings: new Map([[internalSettings.replayGuard, text]]) });
  }

  allowedJabberIds(): string {
    return this.#management.text("ConnReqAllowedJabberIDs");
  }
}
