/**
 * `npm run check`: everything a commit must satisfy besides its tests. Runs all steps, then fails if any failed, so that
 * one run shows the whole picture.
 */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, "node_modules", ".bin", name);

const steps = [
  ["types", bin("tsc"), ["-p", "tsconfig.json"]],
  ["lint and room table", bin("eslint"), ["."]],
  ["format", bin("prettier"), ["--check", "--log-level", "warn", "."]],
  ["generated files fresh", bin("tsx"), ["tools/generate.ts", "--check"]],
  ["mappings", process.execPath, ["dist/cli/main.js", "mapping", "lint"]],
];

let failed = 0;
for (const [name, command, args] of steps) {
  const startedMs = Date.now();
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const verdict = status === 0 ? "ok" : "FAILED";
  if (status !== 0) failed += 1;
  process.stdout.write(
    `check: ${name}: ${verdict} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)\n`,
  );
}
process.stdout.write(`check: ${steps.length - failed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
