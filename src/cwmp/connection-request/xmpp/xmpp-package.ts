import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type XmppClient, type XmppElement, client, xml } from "@xmpp/client";
import type { Clock } from "../../../shared/clock.ts";
import { errorText } from "../../../shared/errors.ts";
import { logger } from "../../../shared/log.ts";
import { withinDeadline } from "../../deadline.ts";
import { SecureSocket, type SecureSocketOptions } from "./secure-socket.ts";
import { XmppError } from "./xmpp-error.ts";
import type { XmppReply, XmppRequest } from "./xmpp-requests.ts";

const log = logger("cwmp.connection-request.xmpp.xmpp-package");

/** Where to is known to the socket. */
const service = "xmpp://unused";
const requestNamespace = "urn:broadband-forum-org:cwmp:xmppConnReq-1-0";
const stanzaErrors = "urn:ietf:params:xml:ns:xmpp-stanzas";
const stepTimeoutMs = 10_000;
/** The package waits for ever for an answer to its password. */
const openTimeoutMs = 60_000;
const answerTimeoutMs = 20_000;
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
  const { domain, clock, statistics } = options;
  const { xmpp, socket } = createXmppClient(options);
  let lastError: unknown;
  xmpp.on("error", (error: unknown) => {
    lastError = error;
  });
  answerRequests(xmpp, options);
  count(xmpp, statistics);
  try {
    const jabberId = await startXmpp(xmpp, options);
    xmpp.once("disconnect", options.onClose);
    return {
      jabberId,
      ping: () => ping(xmpp, domain, clock),
      close: () => close(xmpp, socket, clock),
    };
  } catch (error) {
    socket.destroy();
    throw explained(lastError ?? error, domain);
  }
}

/** A client of the package on a socket of ours, rid of what would end the process or go ways of its own. */
export function createXmppClient(
  options: SecureSocketOptions & Pick<XmppStreamOptions, "username" | "password" | "resource">,
): { readonly xmpp: XmppClient; readonly socket: SecureSocket } {
  const { domain, username, password, resource } = options;
  const account = { domain, username, password, resource };
  const xmpp = client({ service, timeout: stepTimeoutMs, ...account });
  xmpp.reconnect.stop();
  const socket = useSocket(xmpp, options);
  xmpp.on("error", (error: unknown) => {
    log.debug("stream error", { reason: errorText(error) });
  });
  xmpp.on("element", () => {
    socket.stanzaEnded();
  });
  // The package would leave a promise without handler; and where to is said by the configuration, not by a server.
  xmpp._onSeeOtherHost = (error) => {
    xmpp.emit("error", error);
  };
  // A refusal may be there before the package waits for it, and would end the process.
  const { handlers } = xmpp.iqCaller;
  const remember = handlers.set.bind(handlers);
  handlers.set = (id, deferred) => {
    deferred.promise.catch((error: unknown) => {
      log.debug("request refused", { reason: errorText(error) });
    });
    return remember(id, deferred);
  };
  return { xmpp, socket };
}

/**
 * Opens the stream; resolves with the full Jabber ID. Step by step, as the package's own `start` leaves a promise
 * without handler when the server sends nonsense.
 */
export async function startXmpp(
  xmpp: XmppClient,
  { clock, domain }: Pick<SecureSocketOptions, "clock" | "domain">,
): Promise<string> {
  await xmpp.connect(service);
  const gone = once(xmpp, "disconnect").then(() => {
    throw new XmppError(`the XMPP server of ${domain} closed the stream`, "closed");
  });
  const opened = Promise.all([once(xmpp, "online"), xmpp.open({ domain, lang: "en" })]);
  const deadlineMs = clock.nowMs() + openTimeoutMs;
  const started = await withinDeadline(clock, deadlineMs, Promise.race([opened, gone]));
  if (started.late)
    throw new XmppError(`the XMPP server of ${domain} does not go on`, "unreachable");
  const [[jabberId]] = started.result as [unknown[], unknown]; // events give their arguments as an array
  return String(jabberId);
}

/** Sends an IQ stanza of type get; resolves with its answer, result or error, or undefined when none comes. */
export async function askXmpp(
  xmpp: XmppClient,
  { to, child, clock }: { readonly to: string; readonly child: XmppElement; readonly clock: Clock },
): Promise<XmppElement | undefined> {
  const id = randomUUID();
  let hear: (element: XmppElement) => void = () => undefined;
  const answered = new Promise<XmppElement>((resolve) => {
    hear = (element) => {
      if (element.name === "iq" && element.attrs["id"] === id) resolve(element);
    };
  });
  xmpp.on("element", hear);
  try {
    await xmpp.send(xml("iq", { type: "get", id, to }, child));
    const settled = await withinDeadline(clock, clock.nowMs() + answerTimeoutMs, answered);
    return settled.late ? undefined : settled.result;
  } finally {
    xmpp.off("element", hear);
  }
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

function count(xmpp: XmppClient, statistics: XmppStatistics): void {
  xmpp.on("element", ({ attrs }: XmppElement) => {
    statistics.received += 1;
    if (attrs["type"] === "error") statistics.receivedErrors += 1;
  });
  xmpp.on("send", ({ attrs }: XmppElement) => {
    statistics.sent += 1;
    if (attrs["type"] === "error") statistics.sentErrors += 1;
  });
}

/** XEP-0199; a server that knows no ping answers with an error and is there all the same. */
async function ping(xmpp: XmppClient, domain: string, clock: Clock): Promise<void> {
  const answer = await askXmpp(xmpp, { to: domain, child: xml("ping", "urn:xmpp:ping"), clock });
  if (answer === undefined)
    throw new XmppError(`the XMPP server of ${domain} does not answer any more`, "closed");
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
