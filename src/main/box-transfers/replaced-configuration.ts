import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { AutonomousTransfer } from "../../cwmp/transfers/autonomous-transfer.ts";
import type { Clock } from "../../shared/clock.ts";
import { logger } from "../../shared/log.ts";
import type { Settings } from "../../store/settings.ts";
import { hashOf, readTrial } from "./config-trial.ts";

const log = logger("main.box-transfers.replaced-configuration");

/** Setting that keeps which configuration was in force last. */
const lastSetting = "box.configuration";

/** The configuration file as a start of the service found it. */
export interface FoundConfiguration {
  readonly file: string;
  /** SHA-256, hexadecimal. */
  readonly content: string;
  readonly bytes: number;
  /** When it was written, as the file system says. */
  readonly writtenAtMs: number;
}

/** Which configuration was in force, and what the last trial was then. */
interface LastConfiguration {
  readonly content: string;
  /** Id of a trial; "" = there was none. */
  readonly trial: string;
}

/** What a replaced configuration is noticed with. */
export interface ReplacedConfigurationOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly report: (transfer: AutonomousTransfer) => Promise<unknown>;
}

/** Reads the configuration file, at the start of the service. */
export async function findConfiguration(file: string): Promise<FoundConfiguration> {
  const text = await readFile(file);
  const { mtimeMs } = await stat(file);
  return { file, content: hashOf(text), bytes: text.length, writtenAtMs: mtimeMs };
}

/**
 * The service runs with this configuration, and a trial of it is over: when it is another one than at the last start and no
 * Download brought it, somebody replaced it on the box, which is a transfer that the ACS did not order. Noted after it was
 * reported: killed in between, it is reported twice rather than never.
 */
export async function noteConfiguration(
  found: FoundConfiguration,
  { settings, clock, report }: ReplacedConfigurationOptions,
): Promise<void> {
  const last = parseLast(await settings.get(lastSetting));
  const trial = await readTrial(found.file);
  const isDownloaded =
    trial?.state === "inForce" && trial.content === found.content && trial.id !== last?.trial;
  if (last !== undefined && last.content !== found.content && !isDownloaded) {
    await report(transferOf(found, clock.nowMs()));
    log.info("configuration was replaced on the box", { file: found.file });
  }
  const now: LastConfiguration = { content: found.content, trial: trial?.id ?? "" };
  await settings.set(lastSetting, JSON.stringify(now));
}

/** Neither the folder nor anything of the content. */
function transferOf(found: FoundConfiguration, nowMs: number): AutonomousTransfer {
  const name = basename(found.file);
  return {
    isDownload: true,
    fileType: "3 Vendor Configuration File",
    transferUrl: name,
    targetFileName: name,
    fileSize: found.bytes,
    // A file copied from a machine whose clock is ahead says nothing about when.
    ...(found.writtenAtMs > nowMs ? {} : { startedAtMs: found.writtenAtMs }),
    completedAtMs: nowMs,
    faultCode: 0,
    faultString: "",
  };
}

/** Written by {@link noteConfiguration}; anything else counts as nothing. */
function parseLast(text = "{}"): LastConfiguration | undefined {
  const last: unknown = JSON.parse(text);
  return typeof last === "object" &&
    last !== null &&
    "content" in last &&
    typeof last.content === "string" &&
    "trial" in last &&
    typeof last.trial === "string"
    ? { content: last.content, trial: last.trial }
    : undefined;
}
