import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transpileProject } from "../test/store/transpiled-project.ts";

/** Compiles the project as it is and runs the benchmark on the result, so that no loader is measured with it. */
async function run(): Promise<number> {
  const compiled = await mkdtemp(join(tmpdir(), "mfpgate-bench-js-"));
  try {
    transpileProject(["src", "bench"], compiled);
    const projectRoot = fileURLToPath(new URL("..", import.meta.url));
    const main = join(compiled, "bench", "main.js");
    const child = spawn(process.execPath, [main, projectRoot, ...process.argv.slice(2)], {
      stdio: "inherit",
    });
    const forward = (signal: NodeJS.Signals): void => {
      child.kill(signal);
    };
    process.on("SIGINT", forward).on("SIGTERM", forward);
    const [code] = (await once(child, "exit")) as [number | null];
    return code ?? 1;
  } finally {
    await rm(compiled, { recursive: true, force: true });
  }
}

process.exitCode = await run();
