import { execFileSync, spawnSync } from "node:child_process";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/**
 * Three hosts in network namespaces of their own, `box` – `router` – `printer`; nothing of it can be reached from
 * outside. Addresses: box 198.51.100.1, router 198.51.100.2 and 203.0.113.2, printer 203.0.113.3.
 */
export class SmallNetwork {
  readonly box = this.#name("box");
  readonly router = this.#name("router");
  readonly printer = this.#name("printer");

  constructor() {
    const { box, router, printer } = this;
    for (const host of [box, router, printer]) {
      ip("netns", "add", host);
      ip("-n", host, "link", "set", "lo", "up");
    }
    this.#cable([box, "198.51.100.1/24"], [router, "198.51.100.2/24"], "a");
    this.#cable([router, "203.0.113.2/24"], [printer, "203.0.113.3/24"], "b");
    ip("-n", box, "route", "add", "203.0.113.0/24", "via", "198.51.100.2");
    ip("-n", printer, "route", "add", "default", "via", "203.0.113.2");
    const forward = "echo 1 > /proc/sys/net/ipv4/ip_forward";
    ip("netns", "exec", router, "sh", "-c", forward);
  }

  /** Runs a test of the diagnostics room on the box; `kind` as in `run-test.ts`. */
  run(kind: string, options: object): unknown {
    const script = resolve(import.meta.dirname, "run-test.ts");
    const node = [process.execPath, "--import", "tsx", script, kind, JSON.stringify(options)];
    const output = execFileSync("ip", ["netns", "exec", this.box, ...node], {
      cwd: root,
      encoding: "utf8",
    });
    return JSON.parse(output);
  }

  remove(): void {
    for (const host of [this.box, this.router, this.printer])
      spawnSync("ip", ["netns", "del", host]);
  }

  #name(host: string): string {
    return `mfpgate-${host}-${process.pid.toString()}`;
  }

  #cable(
    [left, leftAddress]: [string, string],
    [right, rightAddress]: [string, string],
    name: string,
  ) {
    ip(
      "link",
      "add",
      `${name}0`,
      "netns",
      left,
      "type",
      "veth",
      "peer",
      "name",
      `${name}1`,
      "netns",
      right,
    );
    ip("-n", left, "addr", "add", leftAddress, "dev", `${name}0`);
    ip("-n", right, "addr", "add", rightAddress, "dev", `${name}1`);
    ip("-n", left, "link", "set", `${name}0`, "up");
    ip("-n", right, "link", "set", `${name}1`, "up");
  }
}

function ip(...args: string[]): void {
  execFileSync("ip", args, { stdio: "pipe" });
}
