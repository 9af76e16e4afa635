import { randomUUID } from "node:crypto";
import type { EndpointStatus } from "../cwmp/endpoint/endpoint-config.ts";
import type { Fleet } from "../fleet/fleet.ts";
import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import type { Store } from "../store/store.ts";

const log = logger("main.self-test");

/** What the box looks at in itself. */
export interface SelfTestOptions {
  readonly settings: Pick<Store["settings"], "get" | "set" | "remove">;
  readonly fleet: Pick<Fleet, "status">;
  /** Of the proxier's own endpoint; undefined before it was added. */
  readonly endpoint: () => Pick<EndpointStatus, "lastSuccessAtMs" | "lastError"> | undefined;
}

const probeName = "selfTest.probe";

/** One line per thing: the store by writing and reading back, the ACS by the last session, the printers by their states. */
export async function runSelfTest(options: SelfTestOptions): Promise<readonly string[]> {
  return [
    `store: ${await testStore(options)}`,
    `ACS: ${describeAcs(options)}`,
    `printers: ${describePrinters(options)}`,
  ];
}

async function testStore({ settings }: SelfTestOptions): Promise<string> {
  const value = randomUUID();
  try {
    await settings.set(probeName, value);
    const isKept = (await settings.get(probeName)) === value;
    await settings.remove(probeName);
    return isKept ? "written and read back" : "FAILED: reads back something else";
  } catch (error) {
    log.error("store failed the self test", { error });
    return `FAILED: ${errorText(error)}`;
  }
}

function describeAcs({ endpoint }: SelfTestOptions): string {
  const { lastSuccessAtMs, lastError } = endpoint() ?? {};
  const last =
    lastSuccessAtMs === undefined ? "no session yet" : new Date(lastSuccessAtMs).toISOString();
  return lastError === undefined ? `last session ${last}` : `FAILED: ${lastError.text}; ${last}`;
}

function describePrinters({ fleet }: SelfTestOptions): string {
  const { printers, quarantined } = fleet.status();
  const states = Object.entries(printers).map(([state, count]) => `${count.toString()} ${state}`);
  return `${states.join(", ")}; ${quarantined.toString()} values quarantined`;
}
