import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const shared = resolve(import.meta.dirname, "../../../shared");
const script = join(shared, "tools/validate-soap.sh");

/** Why envelopes cannot be validated here; undefined when they can. Shown as the reason of the skipped test. */
export function missingValidator(): string | undefined {
  if (!existsSync(script)) return "left out: ../shared/tools/validate-soap.sh is not there";
  if (spawnSync("xmllint", ["--version"]).error !== undefined) return "left out: no xmllint";
  return undefined;
}

/** Validates envelopes against the CWMP XSDs. Returns the complaints; empty when all are valid. */
export function validateSoap(envelopes: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "soap-"));
  try {
    const files = envelopes.map((envelope, index) => {
      const file = join(folder, `${index}.xml`);
      writeFileSync(file, envelope);
      return file;
    });
    const { status, stdout, stderr } = spawnSync("bash", [script, ...files], {
      env: { ...process.env, SPEC_DIR: join(shared, "spec") },
      encoding: "utf8",
    });
    return status === 0 ? "" : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
