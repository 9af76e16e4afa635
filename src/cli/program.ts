import { Command, CommanderError } from "commander";
import { ProxierError, errorText } from "../shared/errors.ts";
import { packageVersion } from "../shared/package-version.ts";
import { acsCommand } from "./commands/acs.ts";
import { auditCommand } from "./commands/audit.ts";
import { demoCommand } from "./commands/demo.ts";
import { discoverCommand } from "./commands/discover.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { eventsCommand } from "./commands/events.ts";
import { explainCommand } from "./commands/explain.ts";
import { getCommand } from "./commands/get.ts";
import { informCommand } from "./commands/inform.ts";
import { approveCommand, retireCommand } from "./commands/lifecycle.ts";
import { mappingCommand } from "./commands/mapping.ts";
import { presentCommand } from "./commands/present.ts";
import { printersCommand } from "./commands/printers.ts";
import { requestDownloadCommand } from "./commands/request-download.ts";
import { runCommand } from "./commands/run.ts";
import { setCommand } from "./commands/set.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { statusCommand } from "./commands/status.ts";
import { transfersCommand } from "./commands/transfers.ts";
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
    .addHelpText(
      "after",
      "\nExit codes: 0 ok, 1 failed, 2 bad usage or configuration, 3 daemon not reachable.",
    );
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
    presentCommand(),
    informCommand(),
    requestDownloadCommand(),
    eventsCommand(),
    auditCommand(),
    transfersCommand(),
    mappingCommand(),
    simulateCommand(),
    acsCommand(),
  ]) {
    program.addCommand(command);
  }
  return tame(program);
}

/** Commander ends the process and writes errors of several lines unless every command is told not to. */
function tame(command: Command): Command {
  command.exitOverride().configureOutput({
    outputError: (text, write) => {
      write(`mfpgate: ${usageMistake(text)}; see ${fullName(command)} --help\n`);
    },
  });
  for (const child of command.commands) tame(child);
  return command;
}

/** Commander's text as the middle of a line: without its own prefix, full stop and second line. */
function usageMistake(text: string): string {
  return text
    .trim()
    .replace(/^error: /, "")
    .replace(/\s*\(Did you mean (.+)\?\)$/, ", did you mean $1?")
    .replace(/\.$/, "");
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
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
