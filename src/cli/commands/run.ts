import { Command } from "commander";
import type { Config } from "../../config/config.ts";
import { loadConfig } from "../../config/load.ts";
import { startService } from "../../main.ts";
import { mappingFolders } from "../../main/mapping-folders.ts";
import { loadMappings } from "../../mapping/load.ts";
import { configureLog, logger } from "../../shared/log.ts";
import { type JsonOption, withJson } from "../options.ts";
import { createOutput } from "../output.ts";
import { withSignal } from "../signals.ts";

const log = logger("cli.run");

/** `mfpgate run --config FILE`: the service in the foreground until SIGINT or SIGTERM. */
export function runCommand(): Command {
  const command = new Command("run")
    .description("the service in the foreground")
    .option(
      "-c, --config <file>",
      "configuration file; MFPGATE_CONFIG names another default",
      process.env["MFPGATE_CONFIG"] ?? "config.yaml",
    )
    .option("--check", "validate configuration and mapping files, then exit");
  return withJson(command).action(
    async (options: JsonOption & { readonly config: string; readonly check?: true }) => {
      const config = await loadConfig(options.config);
      if (options.check === true) {
        const mappings = await loadMappings(mappingFolders(config.mappings));
        const output = createOutput(options.json === true);
        if (output.isJson) output.json({ ok: true, mappings: mappings.names.length });
        else output.line(`configuration and ${mappings.names.length} mapping files are right`);
        return;
      }
      configureLog({ level: config.log.level, format: config.log.format });
      await withSignal((signalled) => serve(config, signalled));
    },
  );
}

/** Runs the service until a signal comes; a Reboot by the ACS takes it down and starts it again. */
async function serve(config: Config, signalled: Promise<NodeJS.Signals>): Promise<void> {
  for (;;) {
    const service = await startService(config);
    const reason = await Promise.race([signalled, service.restartRequested.then(() => "Reboot")]);
    log.info("stopping", { reason });
    await service.stop();
    if (reason !== "Reboot") return;
  }
}
