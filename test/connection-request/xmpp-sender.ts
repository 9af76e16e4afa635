import { type XmppClient, type XmppElement, xml } from "@xmpp/client";
import type { SecureSocket } from "../../src/cwmp/connection-request/xmpp/secure-socket.ts";
import {
  askXmpp,
  createXmppClient,
  startXmpp,
} from "../../src/cwmp/connection-request/xmpp/xmpp-package.ts";
import { systemClock as clock } from "../../src/shared/clock.ts";

const namespace = "urn:broadband-forum-org:cwmp:xmppConnReq-1-0";
const domain = "localhost";

/** Who sends, and where. */
export interface XmppAccount {
  readonly port: number;
  readonly ca: string;
  readonly username: string;
  readonly password: string;
  readonly resource: string;
}

/** An ACS at an XMPP server of the domain `localhost`. */
export class XmppSender {
  readonly #xmpp: XmppClient;
  readonly #socket: SecureSocket;

  private constructor(account: XmppAccount) {
    const server = { host: "127.0.0.1", domain, isDirectTls: false, insecure: false };
    const { xmpp, socket } = createXmppClient({ clock, ...server, ...account });
    this.#xmpp = xmpp;
    this.#socket = socket;
  }

  static async open(account: XmppAccount): Promise<XmppSender> {
    const sender = new XmppSender(account);
    await startXmpp(sender.#xmpp, { clock, domain });
    return sender;
  }

  /** Sends a connection request; resolves with `result`, or the condition of the error that came back. */
  ask(to: string, username: string, password: string): Promise<string> {
    const fields = [xml("username", {}, username), xml("password", {}, password)];
    return this.send(xml("connectionRequest", { xmlns: namespace }, ...fields), to);
  }

  /** Sends any element in an IQ stanza of type get. */
  async send(child: XmppElement, to: string): Promise<string> {
    const answer = await askXmpp(this.#xmpp, { to, child, clock });
    if (answer === undefined) return "no answer";
    return answer.getChild("error")?.getChildElements()[0]?.name ?? "result";
  }

  close(): void {
    this.#socket.destroy();
  }
}
