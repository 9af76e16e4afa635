import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import type { SnmpAccess, SnmpSession } from "../southbound/driver.ts";
import { SnmpAuthError, SnmpError } from "../southbound/snmp/errors.ts";
import type { Candidate, DiscoveredBy } from "./candidate.ts";
import type { DiscoveryCredential, Refusals } from "./credentials.ts";
import { description, isPrinter, sessionFindings, sessionPlan } from "./printer-questions.ts";

const log = logger("discovery.ask-host");

/** Short, as most hosts asked this way are there: one try more than none. */
const patience = { timeoutMs: 1_000, retries: 1 } as const;

/** How a host is asked, and with what patience. */
export interface AskOptions {
  readonly port: number;
  readonly discoveredBy: DiscoveredBy;
  readonly openSession: (access: SnmpAccess) => SnmpSession;
  readonly refusals: Refusals;
  readonly clock: Clock;
  /** The operator named this host: it is taken for a printer even if it has no standard printer objects. */
  readonly isTrusted: boolean;
  readonly signal?: AbortSignal;
}

/** Tries credentials on one host, in order, each once; the candidate made with the first that works and is a printer. */
export async function askHost(
  host: string,
  credentials: readonly DiscoveryCredential[],
  options: AskOptions,
): Promise<Candidate | undefined> {
  const { refusals, clock, signal } = options;
  for (const credential of credentials) {
    if (signal?.aborted === true) return undefined;
    if (!refusals.mayTry(host, credential, clock.nowMs())) continue;
    try {
      const candidate = await askWith(host, credential, options);
      refusals.forget(host, credential);
      if (candidate !== undefined) return candidate;
    } catch (error) {
      if (!(error instanceof SnmpError)) throw error;
      if (error instanceof SnmpAuthError) noteRefusal(host, credential, options);
      else log.debug("no answer", { host, error: error.message });
    }
  }
  return undefined;
}

async function askWith(
  host: string,
  credential: DiscoveryCredential,
  options: AskOptions,
): Promise<Candidate | undefined> {
  const access: SnmpAccess = { host, port: options.port, security: credential.security };
  const session = options.openSession({ ...access, ...patience });
  try {
    const found = sessionFindings(await session.read(sessionPlan, options.signal));
    if (!options.isTrusted && !isPrinter(found)) return undefined;
    const { discoveredBy } = options;
    return {
      access: { host, snmp: access },
      credential: credential.key,
      discoveredBy,
      ...description(found),
    };
  } finally {
    session.close();
  }
}

function noteRefusal(host: string, credential: DiscoveryCredential, options: AskOptions): void {
  const { refusals, clock } = options;
  refusals.note(host, credential, clock.nowMs());
  log.warn("credential refused; not tried again for a while", {
    host,
    credential: credential.key,
    refusals: refusals.count(host, credential),
  });
}
