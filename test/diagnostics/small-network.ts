import { execFileSync, spawnSync } from "node:child_process";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Kind of test, as in `run-test.ts`, and its options. */
export type TestRun = readonly [kind: string, options: object];

/** Runs tests of the diagnostics room in a process of their own, begun by `prefix`. */
export function runTests(
  prefix: readonly [string, ...string[]],
  tests: readonly TestRun[],
): readonly unknown[] {
  const script = resolve(import.meta.dirname, "run-test.ts");
  const node = [process.execPath, "--import", "tsx", script, JSON.stringify(tests)];
  const [program, ...words] = prefix;
  const output = execFileSync(program, [...words, ...node], { cwd: root, encoding: "utf8" });
  return JSON.parse(output) as readonly unknown[];
}

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
    this.set(router, "ip_forward", 1);
    // A neighbour that is not there is given up after a fifth of a second, not after three.
    for (const [host, device] of [
      [box, "a0"],
      [router, "b0"],
    ] as const) {
      this.set(host, `neigh/${device}/mcast_solicit`, 2);
      this.set(host, `neigh/${device}/retrans_time_ms`, 100);
    }
  }

  /** Sets a switch of the IPv4 stack of one host. */
  set(host: string, name: string, value: number): void {
    const command = `echo ${value.toString()} > /proc/sys/net/ipv4/${name}`;
    ip("netns", "exec", host, "sh", "-c", command);
  }

  /** Runs tests of the diagnostics room on the box, one after the other. */
  run(...tests: readonly TestRun[]): readonly unknown[] {
    return runTests(["ip", "netns", "exec", this.box], tests);
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
