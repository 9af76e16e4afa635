import { type ChildProcess, spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** What came of running a program. `cut`: it said more than anybody needs and was ended. */
export type ProgramOutcome =
  | {
      readonly outcome: "ended";
      /** Undefined when a signal ended it. */
      readonly exitCode: number | undefined;
      readonly output: string;
      readonly errors: string;
    }
  | { readonly outcome: "missing" }
  | { readonly outcome: "cut" };

/** Bytes of output kept of one run; ping and traceroute say far less. */
const mostOutput = 262_144;

/** Services are often started without the folders of administration programs, where traceroute is. */
const searchPath = [process.env["PATH"] ?? "", "/usr/bin", "/bin", "/usr/sbin", "/sbin"].join(
  delimiter,
);

/**
 * Runs a program of the system without a shell. When `signal` aborts the program is killed; the promise settles when
 * the process is gone, so that nothing is left behind.
 *
 * @param args never taken from outside without a check: a leading dash would be an option
 */
export function runProgram(
  name: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<ProgramOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: searchPath, LC_ALL: "C" }, // the output is read by a program
    });
    const output = collect(child, "stdout");
    const errors = collect(child, "stderr");
    const kill = (): void => {
      child.kill("SIGKILL");
    };
    signal.addEventListener("abort", kill);
    if (signal.aborted) kill();
    child.once("error", (error: NodeJS.ErrnoException) => {
      signal.removeEventListener("abort", kill);
      if (error.code === "ENOENT" || error.code === "EACCES") resolve({ outcome: "missing" });
      else reject(error);
    });
    child.once("close", (exitCode) => {
      signal.removeEventListener("abort", kill);
      if (output.isCut() || errors.isCut()) resolve({ outcome: "cut" });
      else
        resolve({
          outcome: "ended",
          exitCode: exitCode ?? undefined,
          output: output.text(),
          errors: errors.text(),
        });
    });
  });
}

/** Collects one stream of a child; a child that does not stop is killed. */
function collect(child: ChildProcess, stream: "stdout" | "stderr") {
  const chunks: Buffer[] = [];
  let size = 0;
  child[stream]?.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= mostOutput) chunks.push(chunk);
    else child.kill("SIGKILL");
  });
  return {
    isCut: () => size > mostOutput,
    text: () => Buffer.concat(chunks).toString("utf8"),
  };
}

/** Whether a program is installed where {@link runProgram} looks for it. */
export async function hasProgram(name: string): Promise<boolean> {
  const tries = searchPath
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => access(join(folder, name), constants.X_OK));
  return (await Promise.allSettled(tries)).some(({ status }) => status === "fulfilled");
}
