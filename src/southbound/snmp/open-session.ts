import { type Clock, systemClock } from "../../shared/clock.ts";
import { registerSecret } from "../../shared/redact.ts";
import type { SnmpAccess, SnmpSession } from "../driver.ts";
import { AgentMemory } from "./agent-memory.ts";
import { CommunityTransport } from "./community-transport.ts";
import { type ReadLimits, defaultReadLimits } from "./conversation.ts";
import { NetSnmpTransport } from "./net-snmp.ts";
import { RoundTrip } from "./round-trip.ts";
import { TransportSession } from "./session.ts";
import type { SnmpTransport } from "./transport.ts";
import { type UdpSockets, sharedUdpSockets } from "./udp-sockets.ts";

/** Used when the access names none. */
export const snmpDefaults = { timeoutMs: 1_500, retries: 2 } as const;

/** Everything here has a default. */
export interface SnmpSessionOptions {
  readonly clock?: Clock;
  /** v1/v2c only; the process-wide ones by default. */
  readonly sockets?: UdpSockets;
  /** What an earlier session with the same printer learned. */
  readonly memory?: AgentMemory;
  readonly limits?: Partial<ReadLimits>;
}

/**
 * A session with one agent. Opening sends nothing; the session may be kept for the life of the printer and should be,
 * as it learns what the agent can do. Secrets of `access` are registered with the redactor.
 *
 * @throws {SnmpError} `snmp.security` when SNMPv3 privacy is configured without authentication
 */
export function openSnmpSession(access: SnmpAccess, options: SnmpSessionOptions = {}): SnmpSession {
  registerSecrets(access);
  const clock = options.clock ?? systemClock;
  return new TransportSession({
    host: access.host,
    transport: openTransport(access, clock, options.sockets),
    memory: options.memory ?? new AgentMemory(),
    limits: { ...defaultReadLimits, ...options.limits },
    clock,
  });
}

function openTransport(
  access: SnmpAccess,
  clock: Clock,
  sockets: UdpSockets | undefined,
): SnmpTransport {
  const { host, port, security } = access;
  const timeoutMs = access.timeoutMs ?? snmpDefaults.timeoutMs;
  const retries = access.retries ?? snmpDefaults.retries;
  const roundTrip = new RoundTrip(timeoutMs);
  if (security.version === "3")
    return new NetSnmpTransport({ host, port, security, retries, roundTrip, clock });
  return new CommunityTransport({
    host,
    port,
    version: security.version,
    read: security.read,
    write: security.write,
    retries,
    roundTrip,
    sockets: sockets ?? sharedUdpSockets(),
    clock,
  });
}

function registerSecrets({ security }: SnmpAccess): void {
  const secrets =
    security.version === "3"
      ? [security.v3.auth?.key, security.v3.privacy?.key]
      : [security.write, security.read === "public" ? undefined : security.read];
  for (const secret of secrets) if (secret !== undefined) registerSecret(secret);
}
