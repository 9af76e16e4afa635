import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../config/config.ts";
import { ConfigError } from "../../config/errors.ts";
import { parseConfig } from "../../config/load.ts";
import { withSecretsOf, withoutSecrets } from "../../config/portable-config.ts";
import type {
  AppliedFile,
  AppliedVerdict,
  CollectedFile,
  DownloadedFile,
  DownloadedFileKind,
  TransferRefusal,
  TransferTarget,
} from "../../cwmp/parameter-tree.ts";
import { TransferError } from "../../cwmp/transfers/transfer-error.ts";
import type { Clock } from "../../shared/clock.ts";
import { systemCode } from "../../shared/errors.ts";
import { redact } from "../../shared/redact.ts";
import { hashOf, putOnTrial, readTrial } from "./config-trial.ts";
import { logFileName } from "./log-file.ts";

/** What the files of the box are made of. */
export interface BoxTargetOptions {
  /** The configuration in force. */
  readonly config: Config;
  readonly clock: Clock;
  /** The list of events, newest last, one line each. */
  readonly eventLines: () => Promise<readonly string[]>;
}

/** No configuration is larger. */
const largestConfig = 1024 * 1024;
/** How long a start with a new configuration may take. */
const startWithinMs = 300_000;
const lookEveryMs = 250;

/** What the operator has to change before the configuration can be replaced. */
const refusalsOfDisk: ReadonlySet<string> = new Set([
  "EROFS",
  "EACCES",
  "EPERM",
  "EBUSY",
  "ENOSPC",
  "EDQUOT",
]);

const configType = "3 Vendor Configuration File";
/** What the ACS may ask for; 1 and 2 are the deprecated forms without instance (TR-069a6 A.4.1.5). */
const uploads: Readonly<Record<string, "configuration" | "events" | "log">> = {
  "1 Vendor Configuration File": "configuration",
  "2 Vendor Log File": "events",
  "3 Vendor Configuration File 1": "configuration",
  "4 Vendor Log File 1": "events",
  "4 Vendor Log File 2": "log",
};

/**
 * The files of the box itself. Download `3 Vendor Configuration File`: checked as at the start, put in place, tried by a
 * restart of the service, taken back when it does not come up. Upload: that configuration without its secrets, the list of
 * events, the log.
 */
export class BoxTarget implements TransferTarget {
  readonly #options: BoxTargetOptions;

  constructor(options: BoxTargetOptions) {
    this.#options = options;
  }

  refusalOfDownload({ fileType, fileSize }: DownloadedFileKind): TransferRefusal | undefined {
    if (fileType !== configType)
      return { code: 9010, text: `${fileType} is not taken here; ${configType} is` };
    return fileSize > largestConfig
      ? { code: 9004, text: `a configuration has at most ${largestConfig} bytes` }
      : undefined;
  }

  refusalOfUpload(fileType: string): TransferRefusal | undefined {
    if (Object.hasOwn(uploads, fileType)) return undefined;
    return { code: 9003, text: `${fileType} is none of ${Object.keys(uploads).join(", ")}` };
  }

  async apply({ path }: DownloadedFile): Promise<AppliedFile> {
    const { file } = this.#options.config;
    const text = await readText(path);
    const current = await readFile(file, "utf8");
    const wanted = this.#checked(current, text);
    if (wanted === current) return { needsRestart: false };
    try {
      await putOnTrial(file, wanted, hashOf(text));
    } catch (cause) {
      const code = systemCode(cause);
      if (!refusalsOfDisk.has(code)) throw cause;
      throw new TransferError(9001, `${file} cannot be replaced (${code})`, { cause });
    }
    return { needsRestart: true };
  }

  /** Waits for the end of the trial: this is asked while the service starts. */
  async judge({ path }: DownloadedFile): Promise<AppliedVerdict> {
    const { config, clock } = this.#options;
    const source = hashOf(await readText(path));
    const endMs = clock.nowMs() + startWithinMs;
    for (;;) {
      const trial = await readTrial(config.file);
      if (trial?.source !== source) return "notApplied";
      if (trial.state === "inForce") return "inForce";
      if (trial.state === "rolledBack")
        throw new TransferError(9018, `did not come up and was taken back: ${trial.reason}`);
      if (trial.starts === 0) return "waiting";
      if (clock.nowMs() > endMs) throw new TransferError(9002, "the service does not come up");
      await new Promise<void>((resolve) => {
        clock.after(lookEveryMs, resolve);
      });
    }
  }

  async collect(fileType: string, folder: string): Promise<CollectedFile> {
    const what = uploads[fileType];
    if (what === undefined) throw new TransferError(9011, `${fileType} is not given here`);
    const path = join(folder, what);
    await writeFile(path, await this.#content(what), { mode: 0o600 });
    const contentType = what === "configuration" ? "application/yaml" : "text/plain";
    return { path, contentType: `${contentType}; charset=utf-8` };
  }

  async #content(what: "configuration" | "events" | "log"): Promise<string> {
    const { config, eventLines } = this.#options;
    if (what === "events") return redact(`${(await eventLines()).join("\n")}\n`);
    if (what === "log") {
      const newer = join(config.dataDir, logFileName);
      return redact((await readIfThere(`${newer}.1`)) + (await readIfThere(newer)));
    }
    try {
      return withoutSecrets(await readFile(config.file, "utf8"), config.file);
    } catch (cause) {
      if (!(cause instanceof ConfigError)) throw cause;
      throw new TransferError(9011, `${config.file} is not valid; see mfpgate run --check`, {
        cause,
      });
    }
  }

  /** The new configuration with the secrets of the present one. @throws {TransferError} 9018, 9001 */
  #checked(current: string, text: string): string {
    const { config } = this.#options;
    try {
      const filled = withSecretsOf(current, text, "configuration");
      const parsed = parseConfig(filled, { file: config.file });
      refuseOtherBox(config, parsed);
      return filled;
    } catch (cause) {
      if (!(cause instanceof ConfigError)) throw cause;
      throw new TransferError(9018, redact(inOneLine(cause)), { cause });
    }
  }
}

/** One mistake in YAML is often seen at several places: FaultString has 256 characters, so each is told once. */
function inOneLine({ problems }: ConfigError): string {
  const told = new Set<string>();
  const first = problems.filter(({ path, text }) => {
    const isNew = !told.has(path + text);
    told.add(path + text);
    return isNew;
  });
  return new ConfigError(first).message.replaceAll("\n", "; ");
}

/** With another identity or data directory this box would come back as a stranger, its queues and this report lost. */
function refuseOtherBox(present: Config, wanted: Config): void {
  const identity = ({ proxier }: Config): string => JSON.stringify(Object.entries(proxier).sort());
  if (identity(present) !== identity(wanted))
    throw new TransferError(9001, "proxier may only be changed on the box itself");
  if (present.dataDir !== wanted.dataDir)
    throw new TransferError(9001, "dataDir may only be changed on the box itself");
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  if (bytes.length > largestConfig)
    throw new TransferError(9018, `a configuration has at most ${largestConfig} bytes`);
  return bytes.toString("utf8");
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return "";
    throw error;
  }
}
