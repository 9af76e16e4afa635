import { EventEmitter } from "node:events";
import { type Socket, connect, isIP } from "node:net";
import { type TLSSocket, connect as connectTls } from "node:tls";
import type { CancelTimer, Clock } from "../../../shared/clock.ts";
import { XmppError } from "./xmpp-error.ts";

/** The XMPP server and how to trust it. */
export interface SecureSocketOptions {
  readonly clock: Clock;
  readonly host: string;
  readonly port: number;
  /** XMPP domain: what the certificate must be for (RFC 6120 §13.7.1.2). */
  readonly domain: string;
  /** TLS from the first byte (XEP-0368) instead of STARTTLS. */
  readonly isDirectTls: boolean;
  /** PEM; undefined: the system's. */
  readonly ca: string | undefined;
  /** Accepts any certificate. */
  readonly insecure: boolean;
}

const connectTimeoutMs = 15_000;
/** What a server says before TLS is a header and a short list. */
const longestPlainText = 16_384;
/** No stanza anybody needs here is longer. */
const longestStanza = 65_536;

/**
 * The socket under an XMPP stream. It is `connect`ed only when TLS stands: nothing but the request for TLS is ever sent
 * in the clear, whatever the server offers (TR-069a6 Annex K.2.1). Emits what the XMPP package listens to: `connect`,
 * `data`, `close`, `error`.
 */
export class SecureSocket extends EventEmitter {
  /** The package asks before it sends a password. */
  readonly secure = true;
  readonly #options: SecureSocketOptions;
  #socket: Socket | undefined;
  #cancelTimeout: CancelTimer | undefined;
  #sinceStanza = 0;

  constructor(options: SecureSocketOptions) {
    super();
    this.#options = options;
  }

  connect(): void {
    const { clock, host, port, isDirectTls } = this.#options;
    this.#cancelTimeout = clock.after(connectTimeoutMs, () => {
      this.#fail(new XmppError(`XMPP server ${host}:${port} does not answer`, "unreachable"));
    });
    const socket = connect({ host, port });
    this.#adopt(socket);
    socket.once("connect", () => {
      if (isDirectTls) this.#startTls(socket);
      else this.#askForTls(socket);
    });
  }

  write(text: string, done?: (error?: Error | null) => void): void {
    if (this.#socket === undefined) done?.(new XmppError("the XMPP stream is closed", "closed"));
    else this.#socket.write(text, done);
  }

  end(): void {
    this.#socket?.end();
  }

  destroy(): void {
    this.#cancelTimeout?.();
    this.#socket?.destroy();
  }

  /** A stanza is complete: what comes next is counted anew. */
  stanzaEnded(): void {
    this.#sinceStanza = 0;
  }

  #adopt(socket: Socket): void {
    this.#socket = socket;
    socket.setKeepAlive(true, 60_000);
    socket.on("error", (error) => {
      this.#fail(error);
    });
    socket.on("close", () => {
      if (this.#socket === socket) this.#closed();
    });
  }

  /** RFC 6120 §5.4, as text: the stream before TLS counts for nothing and is forgotten. */
  #askForTls(socket: Socket): void {
    const { domain } = this.#options;
    let text = "";
    let isAsked = false;
    const read = (chunk: Buffer): void => {
      text += chunk.toString("latin1");
      if (!isAsked && text.includes("</stream:features>")) {
        if (!/<starttls[\s/>]/.test(text)) {
          this.#fail(new XmppError(`the XMPP server of ${domain} offers no TLS`, "no-tls"));
          return;
        }
        isAsked = true;
        text = "";
        socket.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
      } else if (isAsked && /<proceed[^>]*>$/.test(text)) {
        socket.off("data", read);
        this.#startTls(socket);
      } else if (text.includes("<failure") || text.length > longestPlainText) {
        this.#fail(new XmppError(`the XMPP server of ${domain} refuses TLS`, "no-tls"));
      }
    };
    socket.on("data", read);
    socket.write(
      "<?xml version='1.0'?><stream:stream xmlns='jabber:client' " +
        `xmlns:stream='http://etherx.jabber.org/streams' to='${escaped(domain)}' version='1.0'>`,
    );
  }

  #startTls(plain: Socket): void {
    const { domain, ca, insecure, isDirectTls } = this.#options;
    const secure: TLSSocket = connectTls({
      socket: plain,
      host: domain,
      ...(isIP(domain) === 0 ? { servername: domain } : {}),
      ...(ca === undefined ? {} : { ca }),
      ...(isDirectTls ? { ALPNProtocols: ["xmpp-client"] } : {}),
      rejectUnauthorized: !insecure,
      minVersion: "TLSv1.2",
    });
    this.#adopt(secure);
    secure.on("data", (chunk: Buffer) => {
      this.#receive(chunk);
    });
    secure.once("secureConnect", () => {
      this.#cancelTimeout?.();
      this.emit("connect");
    });
  }

  /** The package parses synchronously; whatever a server sends, its errors end with this connection. */
  #receive(chunk: Buffer): void {
    this.#sinceStanza += chunk.length;
    if (this.#sinceStanza > longestStanza) {
      this.#fail(new XmppError("the XMPP server sends more than a stanza may have", "flood"));
      return;
    }
    try {
      this.emit("data", chunk);
    } catch (error) {
      this.#fail(new XmppError("the XMPP server sends nonsense", "malformed", error));
    }
  }

  #fail(error: Error): void {
    this.emit("error", error);
    this.destroy();
  }

  #closed(): void {
    this.#cancelTimeout?.();
    this.#socket = undefined;
    this.emit("close");
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>'"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
