import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const shared = resolve(root, "../shared");
const script = join(shared, "tools/validate-dt.sh");

/** Whether the workplace's validator and schemas stand beside the project; tests that need them say so when not. */
export const hasTr106Validator = existsSync(script);

/** Tells on standard error what a run without `../shared` leaves out. */
export function reportLeftOut(what: string): void {
  process.stderr.write(`left out: ${what} (../shared/tools/validate-dt.sh is not here)\n`);
}

/**
 * Validates a DM or DT document against the Broadband Forum's schemas, and every name of a DT against the models it
 * imports (those of the project are taken from `schema/`).
 */
export function validateTr106(fileName: string, xml: string): { valid: boolean; report: string } {
  const folder = mkdtempSync(join(tmpdir(), "tr106-"));
  try {
    const file = join(folder, fileName);
    writeFileSync(file, xml);
    const { status, stdout, stderr } = spawnSync(script, [file], {
      encoding: "utf8",
      env: {
        ...process.env,
        SPEC_DIR: join(shared, "spec"),
        DT_PATH: join(root, "schema"),
        DT_DEEP: "1",
      },
    });
    return { valid: status === 0, report: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
