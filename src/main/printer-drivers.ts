import type { Config } from "../config/config.ts";
import type { PrinterDrivers } from "../fleet/ports.ts";
import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import { noSnmp } from "../southbound/device-answers.ts";
import type { DeviceAccess, DeviceSession, EwsAccess, ReadPlan } from "../southbound/driver.ts";
import { SouthboundError } from "../southbound/errors.ts";
import { AgentMemory } from "../southbound/snmp/agent-memory.ts";
import { openSnmpSession } from "../southbound/snmp/open-session.ts";
import { webAccess } from "./credentials.ts";

const log = logger("main.printer-drivers");

/** Drivers of one printer over its sessions. */
export function createPrinterDrivers(clock: Clock): PrinterDrivers {
  const memory = new AgentMemory();
  return {
    open: (access) => openSession(access, memory, clock),
    keep: () => undefined,
  };
}

function openSession({ snmp }: DeviceAccess, memory: AgentMemory, clock: Clock): DeviceSession {
  const agent = snmp === undefined ? undefined : openSnmpSession(snmp, { clock, memory });
  return {
    read: (plan, signal) => agent?.read(plan, signal) ?? Promise.resolve(noSnmp(clock.nowMs())),
    write: async (write, signal) => {
      if (write.driver !== "snmp" || agent === undefined)
        throw new SouthboundError("this printer cannot be written that way", {
          code: "southbound.no-driver",
        });
      await agent.write(write.writes, signal);
    },
    close: () => {
      agent?.close();
      return Promise.resolve();
    },
  };
}

/** Whether a web server answers anything at all; its front page is asked for, without logging in. */
export async function answersAtAll(
  server: EwsAccess,
  { config, clock, signal }: AskOptions,
): Promise<boolean> {
  const { tls, timeoutMs } = webAccess(server.host, config);
  const anonymous = { ...server, ...(tls && { tls }), ...(timeoutMs && { timeoutMs }) };
  const session = createPrinterDrivers(clock).open({ host: server.host, ews: anonymous });
  try {
    await session.read(frontPage, signal);
    return true;
  } catch (error) {
    if (!(error instanceof SouthboundError)) throw error;
    log.debug("web server does not answer", { host: server.host, error: error.message });
    return false;
  } finally {
    await session.close();
  }
}

interface AskOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

const frontPage: ReadPlan = {
  scalars: [],
  columns: [],
  documents: [
    {
      channel: "ews",
      name: "/",
      request: { path: "/" },
      extractions: [{ kind: "values", key: "status", selector: { status: true } }],
    },
  ],
};
