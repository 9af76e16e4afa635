import { type XmppClient, type XmppElement, client, xml } from "@xmpp/client";
import type { Clock } from "../../../shared/clock.ts";
import { errorText } from "../../../shared/errors.ts";
import { logger } from "../../../shared/log.ts";
import { withinDeadline } from "../../deadline.ts";
import { SecureSocket, type SecureSocketOptions } from "./secure-socket.ts";
import { XmppError } from "./xmpp-error.ts";
import type { XmppReply, XmppRequest } from "./xmpp-requests.ts";

const log = logger("cwmp.connection-request.xmpp.xmpp-package");

const requestNamespace = "urn:broadband-forum-org:cwmp:xmppConnReq-1-0";
const stanzaErrors = "urn:ietf:params:xml:ns:xmpp-stanzas";
const stepTimeoutMs = 10_000;
/** The package waits for ever for an answer to its password. */
const openTimeoutMs = 60_000;
const pingTimeoutMs = 20_000;
const stopTimeoutMs = 1_000;
const longestField = 256;

/** Counts of stanzas (TR-181i2 XMPP.Connection.{i}.Stats.). */
export interface XmppStatistics {
  received: number;
  sent: number;
  receivedErrors: number;
  sentErrors: number;
}

/** One stream: where to, as whom, and who hears what comes. */
export interface XmppStreamOptions extends SecureSocketOptions {
  readonly username: string;
  readonly password: string;
  readonly resource: string;
  readonly statistics: XmppStatistics;
  readonly onRequest: (request: XmppRequest) => XmppReply;
  /** The stream, once open, is gone; called once. */
  readonly onClose: () => void;
}

/** An open stream. */
export interface XmppStream {
  /** Full Jabber ID as the server made it. */
  readonly jabberId: string;
  /** Rejects when the server does not answer any more. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a stream with the @xmpp/client package, which is touched nowhere else. It brings SASL, resource binding and
 * stanzas; TLS is ours (`secure-socket.ts`), as is trying again.
 * @throws {XmppError} when there is no stream
 */
export async function openXmppStream(options: XmppStreamOptions): Promise<XmppStream> {
  const { domain, username, password, resource } = options;
  const xmpp = client({
    service: "xmpp://unused", // the socket knows where to
    domain,
    username,
    password,
    resource,
    timeout: stepTimeoutMs,
  });
  xmpp.reconnect.stop();
  const socket = useSocket(xmpp, options);
  let lastError: unknown;
  xmpp.on("error", (error: unknown) => {
    lastError = error;
    log.debug("stream error", { reason: errorText(error) });
  });
  // The package would leave a promise without handler; and where to is said by the configuration, not by a server.
  xmpp._onSeeOtherHost = (error) => {
    xmpp.emit("error", error);
  };
  answerRequests(xmpp, options);
  count(xmpp, socket, options.statistics);
  try {
    const jabberId = await start(xmpp, options);
    xmpp.once("disconnect", options.onClose);
    return {
      jabberId,
      ping: () => ping(xmpp, domain),
      close: () => close(xmpp, socket, options.clock),
    };
  } catch (error) {
    socket.destroy();
    throw explained(lastError ?? error, domain);
  }
}

async function start(xmpp: XmppClient, { clock, domain }: XmppStreamOptions): Promise<string> {
  const started = await withinDeadline(clock, clock.nowMs() + openTimeoutMs, xmpp.start());
  if (!started.late) return started.result.toString();
  throw new XmppError(`the XMPP server of ${domain} does not go on`, "unreachable");
}

/** Replaces the package's own ways of connecting, of which some know no TLS, by the one of ours. */
function useSocket(xmpp: XmppClient, options: SecureSocketOptions): SecureSocket {
  const socket = new SecureSocket(options);
  const [tcp] = xmpp.transports.filter(({ prototype }) => canSpeakXmpp(prototype));
  if (tcp === undefined) throw new XmppError("@xmpp/client has no TCP transport", "malformed");
  const prototype = Object.create(tcp.prototype) as typeof tcp.prototype;
  Object.assign(prototype, {
    socketParameters: () => ({}),
    // One stream, one socket: the package makes it by this constructor.
    Socket: function Socket() {
      return socket;
    },
  });
  xmpp.transports.splice(0, xmpp.transports.length, { name: "SecureTransport", prototype });
  return socket;
}

function canSpeakXmpp(prototype: { socketParameters(service: string): unknown }): boolean {
  try {
    return prototype.socketParameters("xmpp://example.net") !== undefined;
  } catch (error) {
    log.trace("transport not for XMPP over TCP", { reason: errorText(error) });
    return false;
  }
}

function answerRequests(xmpp: XmppClient, { onRequest }: XmppStreamOptions): void {
  xmpp.iqCallee.get(requestNamespace, "connectionRequest", ({ stanza, element }) => {
    const reply = onRequest({
      from: stanza.attrs["from"] ?? "",
      username: fieldOf(element, "username"),
      password: fieldOf(element, "password"),
    });
    if (reply === "result") return {};
    const type = reply === "not-authorized" ? "auth" : "cancel";
    return xml("error", { type }, xml(reply, stanzaErrors));
  });
}

function fieldOf(element: XmppElement, name: string): string {
  const text = element.getChildText(name) ?? "";
  return text.length > longestField ? "" : text;
}

function count(xmpp: XmppClient, socket: SecureSocket, statistics: XmppStatistics): void {
  xmpp.on("element", ({ attrs }: XmppElement) => {
    socket.stanzaEnded();
    statistics.received += 1;
    if (attrs["type"] === "error") statistics.receivedErrors += 1;
  });
  xmpp.on("send", ({ attrs }: XmppElement) => {
    statistics.sent += 1;
    if (attrs["type"] === "error") statistics.sentErrors += 1;
  });
}

/** XEP-0199; a server that knows no ping answers with an error and is there all the same. */
async function ping(xmpp: XmppClient, domain: string): Promise<void> {
  try {
    await xmpp.iqCaller.get(xml("ping", "urn:xmpp:ping"), domain, pingTimeoutMs);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "StanzaError") throw error;
  }
}

async function close(xmpp: XmppClient, socket: SecureSocket, clock: Clock): Promise<void> {
  const stopped = xmpp.stop();
  await withinDeadline(clock, clock.nowMs() + stopTimeoutMs, stopped);
  socket.destroy();
}

const untrusted = /^(DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_|ERR_TLS_CERT)/;

/** Says what is wrong in words of the operator. */
function explained(error: unknown, domain: string): XmppError {
  if (error instanceof XmppError) return error;
  const { name = "", code = "" } = error as { readonly name?: string; readonly code?: unknown };
  const reason = errorText(error);
  if (name === "SASLError")
    return new XmppError(`${domain} refuses the XMPP account: ${reason}`, "refused", error);
  if (typeof code === "string" && untrusted.test(code))
    return new XmppError(
      `certificate of the XMPP server of ${domain} not trusted (${reason}): set connectionRequest.xmpp.tls.ca`,
      "untrusted",
      error,
    );
  return new XmppError(`no XMPP stream to ${domain}: ${reason}`, "unreachable", error);
}
