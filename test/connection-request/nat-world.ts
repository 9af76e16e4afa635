import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../support/command.ts";
import { Daemon } from "../support/daemon.ts";
import { waitUntil } from "../support/wait-until.ts";

/** What the ACS outside saw of one session. */
export interface NatSession {
  readonly events: readonly string[];
  readonly address: string;
  readonly nat: string;
  readonly username: string;
}

/** A datagram for the ACS outside to send. */
export interface OutgoingDatagram {
  /** `host:port`. */
  readonly to: string;
  readonly datagram: string;
}

/** Addresses: the box inside, both sides of the gateway, ACS and STUN server outside. */
export const natAddresses = {
  box: "10.203.1.2",
  gatewayInside: "10.203.1.1",
  gateway: "198.18.203.1",
  outside: "198.18.203.2",
  /** A STUN server of RFC 3489 wants two. */
  alsoOutside: "198.18.203.3",
} as const;

export const stunPort = 3_478;
const acsPort = 7_580;

/** Whether there is all that is needed: root, `ip`, `iptables`, `conntrack`. */
export function canMakeNat(): boolean {
  if (process.getuid?.() !== 0) return false;
  return ["ip", "iptables", "conntrack"].every(
    (tool) => spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0,
  );
}

/** Whether a STUN server is installed: `turnserver` of coturn, `stund` of stun-server. */
export function hasStunServer(tool: "turnserver" | "stund"): boolean {
  return spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0;
}

/**
 * Three network namespaces: the box inside, a gateway that translates addresses, and outside an ACS and a STUN server.
 * Everything in it is real but the distance.
 */
export class NatWorld {
  readonly folder = mkdtempSync(join(tmpdir(), "mfpgate-nat-"));
  readonly sessions: NatSession[] = [];
  readonly #name = `mfp${process.pid}`;
  readonly #processes: ChildProcess[] = [];
  readonly #daemons: Daemon[] = [];
  #acs: ChildProcess | undefined;

  constructor() {
    for (const side of ["in", "gw", "out"]) {
      ip("netns", "add", this.#netns(side));
      ip("-n", this.#netns(side), "link", "set", "lo", "up");
    }
    this.#connect("in", natAddresses.box, natAddresses.gatewayInside);
    this.#connect("out", natAddresses.outside, natAddresses.gateway);
    ip("-n", this.#netns("in"), "route", "add", "default", "via", natAddresses.gatewayInside);
    const [also, device] = [natAddresses.alsoOutside, "eth-out"];
    ip("-n", this.#netns("out"), "addr", "add", `${also}/24`, "dev", device);
    this.inGateway("sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
  }

  /** Translates the box's UDP port to this one of the gateway from now on; bindings there were are forgotten. */
  translateTo(port: number): void {
    this.inGateway("iptables", "-t", "nat", "-F");
    const outwards = ["-t", "nat", "-A", "POSTROUTING", "-o", "eth-out"];
    const boxPort = ["-p", "udp", "--sport", "7547"];
    const to = ["--to-ports", String(port)];
    this.inGateway("iptables", ...outwards, ...boxPort, "-j", "MASQUERADE", ...to);
    this.inGateway("iptables", ...outwards, "-j", "MASQUERADE");
    this.inGateway("conntrack", "-F");
  }

  /** Runs a command in the gateway, to its end. */
  inGateway(...words: readonly string[]): void {
    execFileSync("ip", ["netns", "exec", this.#netns("gw"), ...words], { stdio: "pipe" });
  }

  /** Starts a STUN server outside. */
  startStunServer(tool: "turnserver" | "stund"): void {
    const { outside, alsoOutside } = natAddresses;
    const words = {
      turnserver: ["-n", "-S", "-L", outside, "-p", String(stunPort), "--no-tls", "--no-dtls"],
      stund: ["-h", outside, "-a", alsoOutside, "-p", String(stunPort), "-o", "3479"],
    } as const;
    const own = { turnserver: ["--pidfile", join(this.folder, "turn.pid")], stund: [] } as const;
    this.#spawn("out", [tool, ...words[tool], ...own[tool]]);
  }

  /** Starts the ACS outside. */
  async startAcs(): Promise<void> {
    const script = join(import.meta.dirname, "acs-outside.ts");
    const words = ["--import", "tsx", script, natAddresses.outside, String(acsPort)];
    const acs = this.#spawn("out", [process.execPath, ...words]);
    let text = "";
    acs.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (text + chunk).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines)
        if (line.startsWith("{")) this.sessions.push(JSON.parse(line) as NatSession);
        else this.#acs = acs; // ready
    });
    await waitUntil("the ACS runs", () => this.#acs !== undefined);
  }

  /** Has the ACS send a datagram. */
  send(datagram: OutgoingDatagram): void {
    this.#acs?.stdin?.write(`${JSON.stringify(datagram)}\n`);
  }

  /** Starts the service inside; `stun` as in its configuration. */
  async startBox(stun: Readonly<Record<string, unknown>>): Promise<Daemon> {
    const file = join(this.folder, "config.yaml");
    const password = "nat-test-password";
    const configuration = {
      proxier: { oui: "00005E", productClass: "mfpgate", serialNumber: "NAT" },
      dataDir: "./data",
      acs: { url: `http://${natAddresses.outside}:${acsPort}/`, periodicInform: "1h" },
      connectionRequest: {
        listen: "0.0.0.0:7547",
        password,
        stun: { server: `${natAddresses.outside}:${stunPort}`, ...stun },
      },
      api: { listen: "127.0.0.1:8632", token: "nat-test-token" },
      log: { level: "debug", format: "json" },
    };
    writeFileSync(file, JSON.stringify(configuration));
    const daemon = new Daemon(file, "nat-test-token", {
      prefix: ["ip", "netns", "exec", this.#netns("in")],
    });
    this.#daemons.push(daemon);
    await daemon.runs();
    return daemon;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#daemons.map((daemon) => daemon.kill()));
    for (const child of this.#processes) {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    }
    for (const side of ["in", "gw", "out"]) ip("netns", "del", this.#netns(side));
    rmSync(this.folder, { recursive: true, force: true });
  }

  #connect(side: "in" | "out", address: string, gateway: string): void {
    const [theirs, ours] = [this.#netns(side), this.#netns("gw")];
    const device = `eth-${side}`;
    ip("-n", theirs, "link", "add", device, "type", "veth", "peer", device, "netns", ours);
    for (const [netns, host] of [
      [theirs, address],
      [ours, gateway],
    ] as const) {
      ip("-n", netns, "addr", "add", `${host}/24`, "dev", device);
      ip("-n", netns, "link", "set", device, "up");
    }
  }

  #spawn(side: string, words: readonly string[]): ChildProcess {
    const child = spawn("ip", ["netns", "exec", this.#netns(side), ...words], {
      cwd: projectRoot,
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.#processes.push(child);
    return child;
  }

  #netns(side: string): string {
    return `${this.#name}-${side}`;
  }
}

function ip(...words: readonly string[]): void {
  execFileSync("ip", words, { stdio: "pipe" });
}
