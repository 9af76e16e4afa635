import { Command } from "commander";
import { formatProblem } from "../../config/errors.ts";
import { loadConfig } from "../../config/load.ts";
import { type Service, startService } from "../../main.ts";
import { confirmTrial, resumeTrial, rollBack } from "../../main/box-transfers/config-trial.ts";
import { LogFile } from "../../main/box-transfers/log-file.ts";
import { mappingFolders } from "../../main/mapping-folders.ts";
import { formatProblem as formatMappingProblem } from "../../mapping/errors.ts";
import { loadMappings } from "../../mapping/load.ts";
import { errorText } from "../../shared/errors.ts";
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
      if (options.check === true) {
        const config = await loadConfig(options.config);
        const mappings = await loadMappings(mappingFolders(config.mappings));
        const output = createOutput(options.json === true);
        const warnings = [
          ...config.warnings.map(formatProblem),
          ...mappings.warnings.map(formatMappingProblem),
        ];
        if (output.isJson) output.json({ ok: true, mappings: mappings.names.length, warnings });
        else {
          for (const warning of warnings) output.line(`warning: ${warning}`);
          output.line(`configuration and ${mappings.names.length} mapping files are right`);
        }
        return;
      }
      await withSignal((signalled) => serve(options.config, signalled));
    },
  );
}

/** Runs the service until a signal comes; a restart the ACS asked for takes it down and starts it again. */
async function serve(configFile: string, signalled: Promise<NodeJS.Signals>): Promise<void> {
  const logFile = new LogFile();
  for (;;) {
    const service = await startTried(configFile, logFile);
    const reason = await Promise.race([signalled, service.restartRequested.then(() => "Reboot")]);
    log.info("stopping", { reason });
    await service.stop();
    logFile.close();
    if (reason !== "Reboot") return;
  }
}

/**
 * Starts the service with the configuration as it is now. One that the ACS sent and that does not come up is taken back,
 * and the service starts with the one before.
 */
async function startTried(configFile: string, logFile: LogFile): Promise<Service> {
  const isOnTrial = await resumeTrial(configFile);
  try {
    const config = await loadConfig(configFile);
    configureLog({ level: config.log.level, format: config.log.format, copy: logFile });
    const service = await startService(config);
    logFile.open(config.dataDir);
    if (isOnTrial) await confirmTrial(configFile);
    await service.configurationDecided();
    return service;
  } catch (error) {
    if (!isOnTrial) throw error;
    await rollBack(configFile, errorText(error));
    return startTried(configFile, logFile);
  }
}
