import { Command, CommanderError } from "commander";
import { ProxierError, errorText } from "../shared/errors.ts";
import { packageVersion } from "../shared/package-version.ts";
import { acsCommand } from "./commands/acs.ts";
import { demoCommand } from "./commands/demo.ts";
import { discoverCommand } from "./commands/discover.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { eventsCommand } from "./commands/events.ts";
import { explainCommand } from "./commands/explain.ts";
import { getCommand } from "./commands/get.ts";
import { informCommand } from "./commands/inform.ts";
import { approveCommand, retireCommand } from "./commands/lifecycle.ts";
import { mappingCommand } from "./commands/mapping.ts";
import { printersCommand } from "./commands/printers.ts";
import { runCommand } from "./commands/run.ts";
import { setCommand } from "./commands/set.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { statusCommand } from "./commands/status.ts";
import { exitCode, exitCodeOf } from "./exit.ts";

/** Runs `mfpgate` with the given words and returns the exit code. Errors become one line on standard error. */
export async function runCli(words: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync([...words], { from: "user" });
    return Number(process.exitCode ?? exitCode.ok);
  } catch (error) {
    return report(error);
  }
}

function createProgram(): Command {
  const program = new Command("mfpgate")
    .description("CPE proxier: printers without CWMP, managed by any TR-069 ACS")
    .version(packageVersion())
    .showHelpAfterError("(see mfpgate --help)")
    .exitOverride();
  for (const command of [
    runCommand(),
    demoCommand(),
    statusCommand(),
    printersCommand(),
    getCommand(),
    setCommand(),
    explainCommand(),
    evaluateCommand(),
    discoverCommand(),
    approveCommand(),
    retireCommand(),
    informCommand(),
    eventsCommand(),
    mappingCommand(),
    simulateCommand(),
    acsCommand(),
  ]) {
    program.addCommand(inheritExit(command));
  }
  return program;
}

/** Commander ends the process unless every command is told not to. */
function inheritExit(command: Command): Command {
  command.exitOverride().showHelpAfterError("(see mfpgate --help)");
  for (const child of command.commands) inheritExit(child);
  return command;
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has printed its own line; help and version are no errors.
    return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  }
  const text =
    error instanceof ProxierError ? error.message : `internal error: ${errorText(error)}`;
  process.stderr.write(`mfpgate: ${text}\n`);
  return exitCodeOf(error);
}
