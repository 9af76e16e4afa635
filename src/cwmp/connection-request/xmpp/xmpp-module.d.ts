/** The part of @xmpp/client 0.14 that `xmpp-package.ts` touches; the package brings no types. */
declare module "@xmpp/client" {
  import type { EventEmitter } from "node:events";

  export interface XmppElement {
    readonly name: string;
    readonly attrs: Readonly<Record<string, string | undefined>>;
    getChild(name: string): XmppElement | undefined;
    getChildElements(): readonly XmppElement[];
    getChildText(name: string): string | null;
  }

  /** How a stream gets its socket; asked by its prototype. */
  export interface XmppTransport {
    readonly name: string;
    readonly prototype: {
      readonly Socket: unknown;
      socketParameters(service: string): unknown;
    };
  }

  export interface XmppClient extends EventEmitter {
    readonly transports: XmppTransport[];
    readonly reconnect: { stop(): void };
    readonly iqCallee: {
      get(
        namespace: string,
        name: string,
        handler: (context: {
          readonly stanza: XmppElement;
          readonly element: XmppElement;
        }) => object,
      ): void;
    };
    readonly iqCaller: {
      /** Requests without answer, by id. */
      readonly handlers: Map<string, { readonly promise: Promise<unknown> }>;
    };
    /** Follows a redirection of the server. */
    _onSeeOtherHost: (error: Error) => void;
    connect(service: string): Promise<unknown>;
    /** Emits `online` with the full Jabber ID when the stream is ready. */
    open(options: { readonly domain: string; readonly lang: string }): Promise<unknown>;
    send(element: XmppElement): Promise<void>;
    stop(): Promise<unknown>;
  }

  export function client(options: {
    readonly service: string;
    readonly domain: string;
    readonly resource: string;
    readonly username: string;
    readonly password: string;
    readonly timeout: number;
  }): XmppClient;

  export function xml(
    name: string,
    attributes: Readonly<Record<string, string>> | string,
    ...children: readonly (XmppElement | string)[]
  ): XmppElement;
}
