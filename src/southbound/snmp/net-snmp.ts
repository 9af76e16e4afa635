import { type RemoteInfo, type Socket, type SocketType, createSocket } from "node:dgram";
import netSnmp, {
  type NetSnmpCipher,
  type NetSnmpMessage,
  type NetSnmpSession,
  type NetSnmpUser,
} from "net-snmp";
import type { Clock } from "../../shared/clock.ts";
import type { SnmpV3Security } from "../driver.ts";
import { decryptDes, encryptDes } from "./des.ts";
import { abortedError } from "./community-transport.ts";
import {
  SnmpAbortedError,
  SnmpAuthError,
  SnmpDecodeError,
  SnmpEncodeError,
  SnmpError,
  SnmpTimeoutError,
  SnmpUnreachableError,
} from "./errors.ts";
import { pduType } from "./message.ts";
import { fromPackage, oidText, toPackage } from "./net-snmp-varbinds.ts";
import { type RoundTrip, backOff } from "./round-trip.ts";
import type { SnmpTransport, TransportReply, TransportRequest } from "./transport.ts";
import { type Peer, resolvePeer } from "./udp-sockets.ts";
import { nullValue } from "./value.ts";
import { toVarbindList } from "./varbind-list.ts";

/** Any version; v1 and v2c serve the comparison with our own codec. */
export type NetSnmpSecurity =
  | { readonly version: "1" | "2c"; readonly read: string; readonly write?: string }
  | { readonly version: "3"; readonly v3: SnmpV3Security };

/** What a net-snmp transport needs. */
export interface NetSnmpTransportOptions {
  readonly host: string;
  readonly port: number;
  readonly security: NetSnmpSecurity;
  /** Attempts after the first. */
  readonly retries: number;
  readonly roundTrip: RoundTrip;
  /** Measures round trips only; the package runs its own timers. */
  readonly clock: Clock;
}

/**
 * SNMPv3 by the net-snmp package, which is touched nowhere else. It keeps localized keys per pass phrase and engine, and
 * engine time per session, so a session should be kept. Each session has a socket of its own.
 */
export class NetSnmpTransport implements SnmpTransport {
  readonly version: "1" | "2c" | "3";
  readonly #options: NetSnmpTransportOptions;
  #session: { readonly session: NetSnmpSession; readonly isWriter: boolean } | undefined;
  #isClosed = false;
  #malformed: SnmpDecodeError | undefined;
  /** No encrypted answer has come yet. */
  #hasUnprovenPrivacy: boolean;

  /** @throws {SnmpError} `snmp.security` when privacy is asked for without authentication (RFC 3414 §1.4.3) */
  constructor(options: NetSnmpTransportOptions) {
    const { security } = options;
    if (security.version === "3" && security.v3.privacy && !security.v3.auth)
      throw new SnmpError(`SNMPv3 user ${security.v3.user}: privacy needs auth as well`, {
        code: "snmp.security",
      });
    this.version = security.version;
    this.#options = options;
    this.#hasUnprovenPrivacy = security.version === "3" && security.v3.privacy !== undefined;
  }

  async exchange(request: TransportRequest, signal?: AbortSignal): Promise<TransportReply> {
    const mayBeWrongKey = this.#hasUnprovenPrivacy && request.type !== pduType.set;
    try {
      return await this.#once(mayBeWrongKey ? { ...request, retries: 0 } : request, signal);
    } catch (error) {
      if (mayBeWrongKey && error instanceof SnmpTimeoutError)
        return await this.#afterSilence(request, signal);
      if (!isOutsideTimeWindow(error)) throw error;
      // The agent restarted or its clock jumped: a new session learns its engine time anew (RFC 3414 §2.3).
      this.#drop();
      return await this.#once(request, signal);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#drop();
  }

  /**
   * Agents drop what they cannot decrypt without a word (AES has no check of its own), so a wrong privacy key looks
   * like a printer that is off. One that answers the same user unencrypted is not off.
   */
  async #afterSilence(
    request: TransportRequest,
    signal: AbortSignal | undefined,
  ): Promise<TransportReply> {
    await this.#proveAlive(signal);
    try {
      return await this.#once(request, signal);
    } catch (error) {
      if (!(error instanceof SnmpTimeoutError)) throw error;
      const { host, security } = this.#options;
      throw authError(
        host,
        security,
        new Error("No answer to encrypted requests", { cause: error }),
      );
    }
  }

  /** @throws {SnmpTimeoutError} when unencrypted requests are not answered either */
  async #proveAlive(signal: AbortSignal | undefined): Promise<void> {
    const { security } = this.#options;
    if (security.version !== "3") return;
    const { user, auth, context } = security.v3;
    const v3 = { user, ...(auth && { auth }), ...(context !== undefined && { context }) };
    const plain = new NetSnmpTransport({ ...this.#options, security: { version: "3", v3 } });
    try {
      const varbinds = [{ oid: "1.3.6.1.2.1.1.3.0", value: nullValue }];
      await plain.exchange({ type: pduType.get, varbinds }, signal);
    } catch (error) {
      // Refusing the lower security level is an answer as well.
      if (!(error instanceof SnmpAuthError)) throw error;
    } finally {
      plain.close();
    }
  }

  async #once(request: TransportRequest, signal: AbortSignal | undefined): Promise<TransportReply> {
    const { host, port, roundTrip, retries, clock } = this.#options;
    const peer = await resolvePeer(host, port);
    if (signal?.aborted === true) throw abortedError(signal);
    if (this.#isClosed) throw new SnmpAbortedError(`session with ${host} closed`);
    const session = this.#open(peer, request.type === pduType.set);
    session.retries = request.retries ?? retries;
    session.timeout = roundTrip.timeoutMs(0);
    this.#malformed = undefined;
    const sentAtMs = clock.nowMs();
    const reply = await this.#run(session, request, signal);
    // The package does not tell whether it had to repeat; a round trip within the first time-out was not repeated.
    const elapsedMs = clock.nowMs() - sentAtMs;
    this.#hasUnprovenPrivacy = false;
    if (elapsedMs < session.timeout) roundTrip.add(elapsedMs);
    return reply;
  }

  #run(
    session: NetSnmpSession,
    request: TransportRequest,
    signal: AbortSignal | undefined,
  ): Promise<TransportReply> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        session.cancelRequests(abortedError(signal ?? AbortSignal.abort()));
      };
      signal?.addEventListener("abort", onAbort);
      start(session, request, (error, result) => {
        signal?.removeEventListener("abort", onAbort);
        if (error !== null) reject(this.#translate(error));
        else resolveReply(result, resolve, reject);
      });
    });
  }

  #open(peer: Peer, isWriter: boolean): NetSnmpSession {
    if (
      this.#session !== undefined &&
      (this.version === "3" || this.#session.isWriter === isWriter)
    )
      return this.#session.session;
    this.#drop();
    const session = createSession(this.#options.security, peer, isWriter);
    const neededFlags = securityFlags(this.#options.security);
    session.on("error", (error) => {
      this.#malformed = new SnmpDecodeError(error.message, { cause: error });
    });
    // The package's own handler reports an error-status without its index and regroups GETBULK rows; the session above
    // wants the PDU as it came.
    session.onSimpleGetResponse = (request, message) => {
      const flags = message.msgGlobalData?.msgFlags ?? 0;
      if ((flags & neededFlags) === neededFlags) request.responseCb(null, message.pdu);
      else request.responseCb(new SnmpDecodeError("SNMPv3 answer below the asked security level"));
    };
    this.#session = { session, isWriter };
    return session;
  }

  #drop(): void {
    this.#session?.session.close();
    this.#session = undefined;
  }

  #translate(error: Error): SnmpError {
    const { host, port, security } = this.#options;
    if (error instanceof SnmpError) return error;
    if (error instanceof netSnmp.RequestTimedOutError)
      return this.#malformed ?? new SnmpTimeoutError(`no SNMP answer from ${host}:${port}`);
    if (error instanceof netSnmp.ResponseInvalidError) {
      if (error.code === invalid.timeWindow || error.message === "Not In Time Window")
        return new SnmpError(`${host}: outside the time window`, { code: timeWindowCode });
      if (error.code === invalid.authFailure || error.code === invalid.couldNotDecrypt)
        return authError(host, security, error);
      return new SnmpDecodeError(`${host}: ${error.message}`, { cause: error });
    }
    if (this.#isClosed) return new SnmpAbortedError(`session with ${host} closed`, error);
    return new SnmpUnreachableError(`${host}:${port}: ${error.message}`, error);
  }
}

/** The package's ResponseInvalidCode numbers that matter here. */
const invalid = { couldNotDecrypt: 4, authFailure: 5, timeWindow: 14 } as const;
const timeWindowCode = "snmp.time-window";

function isOutsideTimeWindow(error: unknown): boolean {
  return error instanceof SnmpError && error.code === timeWindowCode;
}

function authError(host: string, security: NetSnmpSecurity, error: Error): SnmpAuthError {
  const user = security.version === "3" ? `user ${security.v3.user}` : "the community";
  return new SnmpAuthError(
    `${host} refuses SNMPv${security.version} ${user}: ${error.message.toLowerCase()}; check user, protocols and keys`,
    error,
  );
}

/** The package's DES needs OpenSSL's legacy provider, which Node 20 does not load; its table of ciphers takes ours. */
const des: NetSnmpCipher = {
  encryptPdu(scopedPdu, _protocol, passPhrase, authProtocol, { engineID }) {
    const key = netSnmp.Authentication.passwordToKey(authProtocol, passPhrase, engineID);
    const { cipherText, salt } = encryptDes(scopedPdu, key);
    return { encryptedPdu: cipherText, msgPrivacyParameters: salt };
  },
  decryptPdu(encryptedPdu, _protocol, salt, passPhrase, authProtocol, { engineID }) {
    const key = netSnmp.Authentication.passwordToKey(authProtocol, passPhrase, engineID);
    return decryptDes(encryptedPdu, key, salt);
  },
};
Object.assign(netSnmp.Encryption.algorithms[netSnmp.PrivProtocols.des] ?? {}, des);

/** msgFlags an answer must carry (RFC 3412 §6.4): the package accepts less. */
function securityFlags(security: NetSnmpSecurity): number {
  if (security.version !== "3") return 0;
  return (security.v3.auth ? 1 : 0) | (security.v3.privacy ? 2 : 0);
}

function createSession(security: NetSnmpSecurity, peer: Peer, isWriter: boolean): NetSnmpSession {
  const options = {
    port: peer.port,
    transport: peer.family === 4 ? ("udp4" as const) : ("udp6" as const),
    backoff: backOff,
    dgramModule: { createSocket: (type: SocketType) => createPeerSocket(type, peer) },
  };
  if (security.version === "3") {
    const { context } = security.v3;
    return netSnmp.createV3Session(peer.address, toUser(security.v3), {
      ...options,
      ...(context !== undefined && { context }),
    });
  }
  const version = security.version === "1" ? netSnmp.Version1 : netSnmp.Version2c;
  const community = isWriter ? (security.write ?? security.read) : security.read;
  return netSnmp.createSession(peer.address, community, { ...options, version });
}

function toUser({ user, auth, privacy }: SnmpV3Security): NetSnmpUser {
  const level = privacy ? "authPriv" : auth ? "authNoPriv" : "noAuthNoPriv";
  return {
    name: user,
    level: netSnmp.SecurityLevel[level],
    ...(auth && { authProtocol: netSnmp.AuthProtocols[auth.protocol], authKey: auth.key }),
    ...(privacy && {
      privProtocol: netSnmp.PrivProtocols[privacy.protocol],
      privKey: privacy.key,
    }),
  };
}

/** The package takes answers from anywhere; this socket lets only the printer's through. */
function createPeerSocket(type: SocketType, peer: Peer): Socket {
  const socket = createSocket(type);
  const emit = socket.emit.bind(socket) as (event: string | symbol, ...args: unknown[]) => boolean;
  socket.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event !== "message") return emit(event, ...args);
    const from = args[1] as RemoteInfo;
    return from.address === peer.address && from.port === peer.port && emit(event, ...args);
  };
  return socket;
}

function start(
  session: NetSnmpSession,
  { type, varbinds, maxRepetitions }: TransportRequest,
  done: (error: Error | null, result?: unknown) => void,
): void {
  const oids = varbinds.map(oidText);
  switch (type) {
    case pduType.get:
      session.get(oids, done);
      return;
    case pduType.getNext:
      session.getNext(oids, done);
      return;
    case pduType.getBulk:
      session.getBulk(oids, 0, maxRepetitions ?? 1, done);
      return;
    case pduType.set:
      session.set(varbinds.map(toPackage), done);
  }
}

function resolveReply(
  result: unknown,
  resolve: (reply: TransportReply) => void,
  reject: (error: unknown) => void,
): void {
  const { errorStatus, errorIndex, varbinds } = result as NetSnmpMessage["pdu"];
  try {
    resolve({ errorStatus, errorIndex, varbinds: toVarbindList(varbinds.map(fromPackage)) });
  } catch (error) {
    if (!(error instanceof SnmpEncodeError)) reject(error);
    else reject(new SnmpDecodeError(error.message, { cause: error }));
  }
}
