import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measured, Row } from "./row.ts";

const worker = new URL("./worker.js", import.meta.url);
const endWaitMs = 10_000;

/** What a worker reports before it ends. */
type Report = { readonly measured: Measured } | { readonly error: string };

/**
 * Measures a row once, in a process and a folder of its own. An abort ends the process.
 * @throws {Error} when the measurement failed: a number that nobody checked is worse than none
 */
export async function repeat(
  row: Row,
  projectRoot: string,
  signal: AbortSignal,
): Promise<Measured> {
  const scratch = await mkdtemp(join(tmpdir(), "mfpgate-bench-"));
  const child = fork(worker, [row.name, projectRoot, scratch], {
    execArgv: ["--expose-gc"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const onAbort = (): void => {
    child.kill();
  };
  signal.addEventListener("abort", onAbort);
  try {
    return await reportOf(child, row);
  } finally {
    await ended(child);
    signal.removeEventListener("abort", onAbort);
    await rm(scratch, { recursive: true, force: true });
  }
}

async function reportOf(child: ChildProcess, { name }: Row): Promise<Measured> {
  const report = await new Promise<Report>((resolve) => {
    child.once("message", (message) => {
      resolve(message as Report);
    });
    child.once("exit", (code, signal) => {
      resolve({ error: `ended with ${String(signal ?? code)}` });
    });
  });
  if ("error" in report) throw new Error(`row ${name} could not be measured: ${report.error}`);
  return report.measured;
}

/** A worker that has reported ends by itself; one that does not is ended. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill("SIGKILL"), endWaitMs);
  await once(child, "exit");
  clearTimeout(timer);
}
