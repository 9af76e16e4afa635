import type { Command } from "commander";

/** `--json`, which every command takes. */
export interface JsonOption {
  readonly json?: true;
}

/** Adds `--json`. */
export function withJson(command: Command): Command {
  return command.option("--json", "print JSON for programs");
}

/** Adds the options that find a running daemon, and `--json`. */
export function withDaemon(command: Command): Command {
  return withJson(command)
    .option(
      "-c, --config <file>",
      "configuration of the daemon; MFPGATE_CONFIG names another default",
      process.env["MFPGATE_CONFIG"] ?? "config.yaml",
    )
    .option("--api <url>", "address of the local API (default: from the configuration)")
    .option("--token <token>", "bearer token of the local API (default: from the configuration)");
}
