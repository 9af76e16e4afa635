import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

/** The project's folder. */
export const projectRoot = resolve(import.meta.dirname, "../..");
const main = join(projectRoot, "dist/cli/main.js");

/** Builds `dist/` as `npm run demo` does; a look at the clock of some files when it is fresh. */
export function setUp(): void {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/setup.mjs"], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`set-up failed: ${stderr}`);
}

/** What a command came to. `code` is undefined when a signal ended it. */
export interface CommandResult {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is started. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Program and arguments that start it in their turn: `ip netns exec NAME`. */
  readonly prefix?: readonly string[];
}

/** A running `mfpgate`, as somebody at a terminal would start it. */
export class Command {
  stdout = "";
  stderr = "";
  readonly startedAtMs = performance.now();
  /** Resolves when it has ended and said everything. */
  readonly ended: Promise<CommandResult>;
  #hasEnded = false;
  readonly #child: ChildProcess;

  constructor(words: readonly string[], options: CommandOptions = {}) {
    const [program = process.execPath, ...rest] = [
      ...(options.prefix ?? []),
      process.execPath,
      main,
      ...words,
    ];
    const child = spawn(program, rest, {
      cwd: options.cwd ?? projectRoot,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    this.ended = new Promise((settle) => {
      child.on("close", (code, signal) => {
        this.#hasEnded = true;
        const { stdout, stderr } = this;
        settle({ code: code ?? undefined, signal: signal ?? undefined, stdout, stderr });
      });
    });
    this.#child = child;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Sends a signal to this process; resolves when it has ended. */
  async end(signal: NodeJS.Signals): Promise<CommandResult> {
    if (!this.#hasEnded) this.#child.kill(signal);
    return this.ended;
  }
}

/** Runs a command to its end. */
export function run(
  words: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Command(words, options).ended;
}
