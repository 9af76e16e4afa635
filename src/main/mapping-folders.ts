import { type FSWatcher, existsSync, watch } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { CompileOptions } from "../mapping/compile/program.ts";
import { formatProblem } from "../mapping/errors.ts";
import { loadMappings } from "../mapping/load.ts";
import type { MappingSet } from "../mapping/evaluation.ts";
import type { CancelTimer, Clock } from "../shared/clock.ts";
import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import { packageRoot } from "../shared/package-version.ts";

const log = logger("main.mapping-folders");

/** Editors write a file in several steps; what comes within this time is one change. */
const settleMs = 150;

/** Folder of the shipped mapping files; the operator's own folders come after it and win. */
export const shippedMappings = fileURLToPath(new URL("mappings", packageRoot));

/**
 * All folders to load, the shipped one first. `./mappings` beside the configuration is the usual place for own files and
 * stands in many configurations before there are any: as long as it does not exist it counts as empty. Any other
 * missing folder is a mistake that loading reports.
 */
export function mappingFolders(own: readonly string[]): readonly string[] {
  const present = own.filter((folder) => basename(folder) !== "mappings" || existsSync(folder));
  return [shippedMappings, ...present];
}

/** The mapping files in force, loaded anew when a file changes. A broken edit is reported and the old set stays. */
export class MappingFolders {
  readonly #folders: readonly string[];
  readonly #clock: Clock;
  readonly #options: CompileOptions;
  #current: MappingSet;
  #watchers: FSWatcher[] = [];
  #cancel: CancelTimer | undefined;

  private constructor(
    folders: readonly string[],
    clock: Clock,
    options: CompileOptions,
    current: MappingSet,
  ) {
    this.#folders = folders;
    this.#clock = clock;
    this.#options = options;
    this.#current = current;
  }

  /** @throws {MappingError} when the files are wrong: nothing starts half */
  static async load(
    folders: readonly string[],
    clock: Clock,
    options: CompileOptions = {},
  ): Promise<MappingFolders> {
    const loaded = await loadMappings(folders, options);
    for (const warning of loaded.warnings)
      log.warn("mapping files", { problem: formatProblem(warning) });
    return new MappingFolders(folders, clock, options, loaded);
  }

  get current(): MappingSet {
    return this.#current;
  }

  /** Calls `onReload` after every successful reload. */
  watch(onReload: () => void): void {
    for (const folder of this.#folders) {
      try {
        const watcher = watch(folder, { recursive: true, persistent: false }, () => {
          this.#settle(onReload);
        });
        watcher.on("error", (error) => {
          log.warn("folder is not watched any more", { folder, error: errorText(error) });
        });
        this.#watchers.push(watcher);
      } catch (error) {
        log.warn("changes of this folder need a restart", { folder, error: errorText(error) });
      }
    }
  }

  stop(): void {
    this.#cancel?.();
    for (const watcher of this.#watchers.splice(0)) watcher.close();
  }

  #settle(onReload: () => void): void {
    this.#cancel?.();
    this.#cancel = this.#clock.after(settleMs, () => {
      this.#reload(onReload).catch((error: unknown) => {
        log.error("mapping files are wrong, the last good ones stay in force", {
          error: errorText(error),
        });
      });
    });
  }

  async #reload(onReload: () => void): Promise<void> {
    this.#current = await loadMappings(this.#folders, this.#options);
    log.info("mapping files loaded anew", { count: this.#current.names.length });
    onReload();
  }
}
