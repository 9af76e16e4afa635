/**
 * `npm run test:soak [-- --devices N --minutes M --interval S]`: so many CWMP endpoints inform a test ACS in another
 * process every few seconds. Fails when one Inform is missed or doubled, a session fails, a rule is broken or memory grows.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transpileProject } from "../store/transpiled-project.ts";

async function run(): Promise<number> {
  const compiled = await mkdtemp(join(tmpdir(), "mfpgate-soak-"));
  try {
    // No loader of TypeScript, so that the memory measured is that of the program.
    transpileProject(["src", "test"], compiled);
    const main = join(compiled, "test", "soak", "soak.js");
    const child = spawn(process.execPath, ["--expose-gc", main, ...process.argv.slice(2)], {
      stdio: "inherit",
    });
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => child.kill(signal));
    }
    const [code] = (await once(child, "exit")) as [number | null];
    return code ?? 1;
  } finally {
    await rm(compiled, { recursive: true, force: true });
  }
}

process.exitCode = await run();
