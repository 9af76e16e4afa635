import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { hasProgram } from "../../src/diagnostics/run-program.ts";

/** Packages of `scripts/test-packages.sh` that give the programs used here. */
const packages = { ping: "iputils-ping", traceroute: "traceroute", ip: "iproute2" } as const;

/** Whether the programs are installed; in CI a missing one is a failing test. */
export async function requireTools(...names: (keyof typeof packages)[]): Promise<boolean> {
  const missing: string[] = [];
  for (const name of names) if (!(await hasProgram(name))) missing.push(packages[name]);
  it.runIf(process.env["CI"] === "true")("has its programs in CI", () => {
    expect(missing).toEqual([]);
  });
  if (missing.length > 0)
    process.stderr.write(`left out: install ${missing.join(", ")} (scripts/test-packages.sh)\n`);
  return missing.length === 0;
}

/** Whether network namespaces can be made here (root, and a kernel that lets us). */
export function mayMakeNamespaces(): boolean {
  const name = `mfpgate-try-${process.pid.toString()}`;
  const isMade = spawnSync("ip", ["netns", "add", name]).status === 0;
  if (isMade) spawnSync("ip", ["netns", "del", name]);
  else process.stderr.write("left out: network namespaces cannot be made here (root only)\n");
  return isMade;
}
