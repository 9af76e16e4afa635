import { type XmppElement, client, xml } from "@xmpp/client";
import { SecureSocket } from "../../src/cwmp/connection-request/xmpp/secure-socket.ts";
import { systemClock } from "../../src/shared/clock.ts";

const namespace = "urn:broadband-forum-org:cwmp:xmppConnReq-1-0";

/** An ACS at an XMPP server. */
export class XmppSender {
  readonly #xmpp;
  readonly #socket: SecureSocket;

  private constructor(account: XmppAccount) {
    this.#socket = new SecureSocket({
      clock: systemClock,
      host: "127.0.0.1",
      port: account.port,
      domain: "localhost",
      isDirectTls: false,
      ca: account.ca,
      insecure: false,
    });
    this.#xmpp = client({
      service: "xmpp://unused",
      domain: "localhost",
      timeout: 5_000,
      ...account,
    });
    const socket = this.#socket;
    const [tcp] = this.#xmpp.transports.filter((transport) => transport.name === "ConnectionTCP");
    const prototype = Object.create(tcp?.prototype ?? null) as object;
    Object.assign(prototype, {
      socketParameters: () => ({}),
      Socket: function Socket() {
        return socket;
      },
    });
    this.#xmpp.transports.splice(0, Infinity, { name: "test", prototype } as never);
    this.#xmpp.reconnect.stop();
    this.#xmpp.on("error", () => undefined);
  }

  static async open(account: XmppAccount): Promise<XmppSender> {
    const sender = new XmppSender(account);
    await sender.#xmpp.start();
    return sender;
  }

  /** Sends a connection request; returns `result` or the condition of the error that came back. */
  async ask(to: string, username: string, password: string): Promise<string> {
    const request = xml(
      "connectionRequest",
      { xmlns: namespace },
      xml("username", {}, username),
      xml("password", {}, password),
    );
    return this.send(request, to);
  }

  /** Sends any element in an IQ stanza of type get. */
  async send(element: XmppElement, to: string): Promise<string> {
    try {
      await this.#xmpp.iqCaller.get(element, to, 5_000);
      return "result";
    } catch (error) {
      return (error as { condition?: string }).condition ?? String(error);
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Who sends, and where. */
export interface XmppAccount {
  readonly port: number;
  readonly ca: string;
  readonly username: string;
  readonly password: string;
  readonly resource: string;
}
