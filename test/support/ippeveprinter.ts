import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type IppAttributes, readIppAttributes } from "./ipptool.ts";
import { waitUntil } from "./wait-until.ts";

/**
 * CUPS's `ippeveprinter`: a stranger's printer with pages for media and supplies. It announces itself by mDNS and
 * listens on every address, so that it lives in a network of its own, as a host next to this one.
 */
export interface Ippeveprinter {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** What the printer says over IPP. */
  ipp(...names: readonly string[]): Promise<IppAttributes>;
  stop(): Promise<void>;
}

const port = 8631;
const tools = ["ip", "unshare", "dbus-daemon", "avahi-daemon", "ippeveprinter", "ipptool"] as const;
/** Daemons live in sbin, which a plain PATH lacks. */
const toolEnv = { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };

/** Whether there is all that is needed: root, Debian's `cups-ipp-utils`, `avahi-daemon` and `dbus`. */
export function canRunIppeveprinter(): boolean {
  if (process.getuid?.() !== 0) return false;
  return tools.every(
    (tool) => spawnSync("sh", ["-c", `command -v ${tool}`], { env: toolEnv }).status === 0,
  );
}

/** Starts a printer of that name in hall 1 and waits until its pages can be read. */
export async function startIppeveprinter(name = "EVE"): Promise<Ippeveprinter> {
  const folder = mkdtempSync(join(tmpdir(), "mfpgate-eve-"));
  const network = new NeighbourNetwork();
  const script = join(folder, "start.sh");
  writeFileSync(script, startScript);
  writeFileSync(join(folder, "avahi.conf"), avahiConfiguration);
  mkdirSync(join(folder, "spool"));
  const own = ["unshare", "--mount", "--pid", "--fork", "--kill-child"];
  const words = ["netns", "exec", network.name, ...own, "sh", script, folder, String(port), name];
  const child = spawn("ip", words, { env: toolEnv, stdio: "ignore" });
  const url = `http://${network.host}:${port}`;
  await waitUntil("ippeveprinter listens", () => isUp(child, url));
  return {
    url,
    host: network.host,
    port,
    ipp: (...names) => readIppAttributes(`ipp://${network.host}:${port}/ipp/print`, names),
    stop: async () => {
      child.kill("SIGKILL"); // takes all of its process namespace along
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      network.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Message bus and mDNS daemon of its own, in a /run of its own: nothing of the machine's is touched. */
const startScript = `
folder=$1 port=$2 name=$3
mount -t tmpfs tmpfs /run
mkdir -p /run/dbus /run/avahi-daemon
ip link set lo up
dbus-daemon --system --fork --nopidfile
avahi-daemon --no-drop-root --no-chroot --no-rlimits -f "$folder/avahi.conf" &
until [ -S /run/avahi-daemon/socket ]; do sleep 0.05; done
exec ippeveprinter -p "$port" -d "$folder/spool" -l "Hall 1" "$name"
`;

const avahiConfiguration = `
[server]
host-name=eve
use-ipv6=no
[publish]
publish-workstation=no
`;

/** A network namespace with one cable to this host, on addresses derived from the process id. */
class NeighbourNetwork {
  readonly name = `mfpgate-eve-${process.pid}`;
  readonly host: string;

  constructor() {
    const [near, far] = [`eve${process.pid}`, "eth0"];
    const [third, fourth] = [(process.pid >> 6) & 255, (process.pid & 63) << 2];
    this.host = `10.213.${third}.${fourth + 2}`;
    ip("netns", "add", this.name);
    ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", this.name);
    ip("addr", "add", `10.213.${third}.${fourth + 1}/30`, "dev", near);
    ip("link", "set", near, "up");
    ip("-n", this.name, "addr", "add", `${this.host}/30`, "dev", far);
    ip("-n", this.name, "link", "set", far, "up");
  }

  remove(): void {
    ip("netns", "del", this.name);
  }
}

function ip(...words: readonly string[]): void {
  execFileSync("ip", words, { stdio: "pipe", env: toolEnv });
}

async function isUp(child: ChildProcess, url: string): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`ippeveprinter ended with ${child.exitCode}`);
  try {
    return (await fetch(url)).ok;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return false; // nobody listens yet
  }
}
