import type { PrinterWrite } from "../printer-view.ts";
import type { TreeWriter } from "../tree.ts";

/** One SetParameterValues that was promised to the ACS and is still to be done on the printer. */
export interface PendingCommand {
  /** Distinguishes the commands of a printer. */
  readonly id: number;
  readonly writes: readonly PrinterWrite[];
  /** Who asked for it; the ACS when absent. */
  readonly who?: TreeWriter;
  readonly acceptedAtMs: number;
  /** How often it was tried. */
  readonly attempts: number;
  /** How often the printer answered and did not take it. */
  readonly refusals: number;
  /** Why the last attempt came to nothing; "" before the first. */
  readonly lastError: string;
}

/** What is kept of one printer's commands: what is to be done, in order, and what failed since nothing was left to do. */
export interface CommandRecord {
  readonly commands: readonly PendingCommand[];
  readonly failures: readonly string[];
}

/** The record of a printer that was never asked for anything, or did all of it. */
export const noCommands: CommandRecord = { commands: [], failures: [] };

/** Where records are kept. The store implements it. */
export interface CommandStore {
  /** On disk when it resolves. A record without content is removed. */
  save(printerId: string, record: CommandRecord): Promise<void>;
}

/** TR-181i2 `EmbeddedDevice.{i}.CommandProcessed`. */
export type CommandProcessed = "Pending" | "Retrying" | "Success" | "Error";

/** TR-181i2 `EmbeddedDevice.{i}.CommandProcessingErrMsg` holds so many characters. */
const longestMessage = 1024;

/** Failures kept; who sends more than that in a row knows. */
const mostFailures = 20;

/** Whether all that was promised reached the printer. An error stays until something is promised or done anew. */
export function commandProcessed({ commands, failures }: CommandRecord): CommandProcessed {
  if (commands.length > 0)
    return commands.some(({ attempts }) => attempts > 0) ? "Retrying" : "Pending";
  return failures.length > 0 ? "Error" : "Success";
}

/** What failed, and what the first command still waits for. */
export function processingMessage({ commands, failures }: CommandRecord): string {
  const waiting = commands.map(({ lastError }) => lastError).filter((text) => text !== "");
  const text = [...failures, ...waiting.slice(0, 1)].join("; ");
  return Array.from(text).slice(0, longestMessage).join("");
}

/** Adds a command at the end. Whatever it sets again is taken out of those before it: the last value counts. */
export function withCommand(record: CommandRecord, command: PendingCommand): CommandRecord {
  const paths = command.writes.map(({ path }) => path);
  const before = withoutPaths(record, paths).commands;
  const failures = record.commands.length > 0 ? record.failures : [];
  return { commands: [...before, command], failures };
}

/** Takes paths out of all commands; a command without any is gone. */
export function withoutPaths(record: CommandRecord, paths: readonly string[]): CommandRecord {
  const gone = new Set(paths);
  const commands = record.commands.flatMap((command) => {
    const writes = command.writes.filter(({ path }) => !gone.has(path));
    if (writes.length === command.writes.length) return [command];
    return writes.length === 0 ? [] : [{ ...command, writes }];
  });
  return { ...record, commands };
}

/** Takes a command out that is over; `failure` says why it came to nothing. */
export function withoutCommand(record: CommandRecord, id: number, failure?: string): CommandRecord {
  const commands = record.commands.filter((command) => command.id !== id);
  const failures = failure === undefined ? record.failures : [...record.failures, failure];
  return { commands, failures: failures.slice(-mostFailures) };
}

/** Notes an attempt that is to be repeated. */
export function withAttempt(
  record: CommandRecord,
  id: number,
  { wasRefused, error }: { readonly wasRefused: boolean; readonly error: string },
): CommandRecord {
  const commands = record.commands.map((command) =>
    command.id === id
      ? {
          ...command,
          attempts: command.attempts + 1,
          refusals: command.refusals + (wasRefused ? 1 : 0),
          lastError: error,
        }
      : command,
  );
  return { ...record, commands };
}
