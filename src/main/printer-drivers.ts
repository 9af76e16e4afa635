import type { Config } from "../config/config.ts";
import type { FleetEventKind } from "../fleet/fleet-event.ts";
import type { DriverNews, PrinterDrivers, WebServerFacts } from "../fleet/ports.ts";
import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import { openDeviceSession } from "../southbound/device-session.ts";
import type { EwsAccess, ReadPlan } from "../southbound/driver.ts";
import { SouthboundError } from "../southbound/errors.ts";
import type { EwsMemory } from "../southbound/ews/ews-memory.ts";
import { readEwsMemory } from "../southbound/ews/ews-memory-snapshot.ts";
import type { EwsNotice } from "../southbound/ews/notice.ts";
import { AgentMemory } from "../southbound/snmp/agent-memory.ts";
import { webAccess } from "./credentials.ts";

const log = logger("main.printer-drivers");

/** What drivers of one printer are made with. */
export interface DriverParts {
  readonly clock: Clock;
  /** What {@link PrinterDrivers.keep} gave last. */
  readonly kept?: string | undefined;
  readonly tell?: DriverNews;
}

const eventKinds: Readonly<Record<EwsNotice["kind"], FleetEventKind>> = {
  "certificate-pinned": "certificatePinned",
  "certificate-changed": "certificateChanged",
  "password-refused": "passwordRefused",
  "page-misbehaved": "pageMisbehaved",
};

/** Drivers of one printer over its sessions. */
export function createPrinterDrivers({ clock, kept, tell }: DriverParts): PrinterDrivers {
  const memory = new LazyMemory(kept);
  return {
    open: (access) =>
      openDeviceSession(access, {
        clock,
        memory,
        notice: ({ kind, text }) => tell?.(eventKinds[kind], text),
      }),
    keep: () => memory.kept,
    forgetPages: () => {
      memory.opened?.forgetPages();
    },
    forgetMissing: () => {
      memory.opened?.forgetMissing();
    },
    forgetOrigin: () => {
      if (memory.isUsed) memory.ews.origin = undefined;
    },
    forgetRefusal: () => {
      const wasRefused = memory.ews.refusals !== undefined;
      memory.ews.forgetRefusedPassword();
      return wasRefused;
    },
    web: () => webFacts(memory.ews),
    forgetCertificate: () => {
      const { ews } = memory;
      if (ews.certificate === undefined) return false;
      ews.forgetCertificate();
      return true;
    },
  };
}

function webFacts({ origin, certificate, refusals }: EwsMemory): WebServerFacts {
  const passwordRefusedAtMs = refusals?.atMs.at(-1);
  return {
    ...(origin && { origin }),
    ...(certificate && { certificate: certificate.fingerprint }),
    ...(passwordRefusedAtMs !== undefined && { passwordRefusedAtMs }),
  };
}

/** Most printers are never asked for pages; of those nothing is learned, and nothing kept in memory. */
class LazyMemory {
  readonly snmp = new AgentMemory();
  readonly #kept: string | undefined;
  #ews: EwsMemory | undefined;

  constructor(kept: string | undefined) {
    this.#kept = kept;
  }

  get ews(): EwsMemory {
    this.#ews ??= readEwsMemory(this.#kept);
    return this.#ews;
  }

  get opened(): EwsMemory | undefined {
    return this.#ews;
  }

  /** Whether anything was ever learned. */
  get isUsed(): boolean {
    return this.#ews !== undefined || this.#kept !== undefined;
  }

  get kept(): string | undefined {
    return this.#ews === undefined ? this.#kept : JSON.stringify(this.#ews.snapshot());
  }
}

/** Whether a web server answers anything at all; its front page is asked for, without logging in. */
export async function answersAtAll(
  server: EwsAccess,
  { config, clock, signal }: AskOptions,
): Promise<boolean> {
  const { tls, timeoutMs } = webAccess(server.host, config);
  const anonymous = { ...server, ...(tls && { tls }), ...(timeoutMs && { timeoutMs }) };
  const session = createPrinterDrivers({ clock }).open({ host: server.host, ews: anonymous });
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
