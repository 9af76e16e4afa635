/** How a connection request came, by the words of `SupportedConnReqMethods` (TR-181i2 2.17). */
export type ConnectionRequestMethod = "HTTP" | "STUN" | "XMPP";

/**
 * What the endpoint says to an authenticated connection request. `unreachable`: its device is off-line (TR-069a6
 * Annex J); `busy`: cannot be queued now; `disabled`: EnableCWMP is false, or the method is switched off.
 */
export type ConnectionRequestAnswer = "accepted" | "unreachable" | "busy" | "disabled";

/** One endpoint as connection requests see it. Credentials are asked each time, as the ACS may change them. */
export interface ConnectionRequestTarget {
  /** For the log only. */
  readonly endpointId: string;
  username(): string;
  /** Empty: nobody is let in. */
  password(): string;
  /** Queues the session and returns at once; the session may begin in a later turn, after the answer went out. */
  accept(method: ConnectionRequestMethod): ConnectionRequestAnswer;
}

/** A target of signed datagrams, whose replays must be recognized after a restart too. */
export interface UdpRequestTarget extends ConnectionRequestTarget {
  /** Whether the ACS expects to reach it by UDP: EnableCWMP and STUNEnable. Asked when several share a user name. */
  expectsUdp(): boolean;
  /** What was given to the last {@link keepReplayGuard}; undefined before the first. */
  replayGuard(): string | undefined;
  /** Resolves when it is on disk. */
  keepReplayGuard(text: string): Promise<void>;
}

/** A target of XMPP stanzas. */
export interface XmppRequestTarget extends ConnectionRequestTarget {
  /** ConnReqAllowedJabberIDs as the ACS wrote it; empty: everybody. */
  allowedJabberIds(): string;
}
