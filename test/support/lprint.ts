import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { type IppAttributes, readIppAttributes } from "./ipptool.ts";
import { waitUntil } from "./wait-until.ts";

/**
 * LPrint, a label printer application on PAPPL, on 127.0.0.1: a stranger's web server whose settings are forms with a
 * hidden `session` token, and whose IPP side tells what really was set.
 */
export interface Lprint {
  readonly url: string;
  readonly port: number;
  /** Name of the queue, under which its pages lie. */
  readonly printer: string;
  /** What the printer says over IPP. */
  ipp(...names: readonly string[]): Promise<IppAttributes>;
  stop(): Promise<void>;
}

/** How it is set up. */
export interface LprintOptions {
  readonly printer?: string;
  /** One of `lprint drivers`; absent: a direct thermal printer of four inches. */
  readonly driver?: string;
  /** Further queues on the same server. */
  readonly neighbours?: readonly string[];
}

/** Debian's `nobody`: as root, LPrint would write below /var and /run. */
const nobody = 65_534;

/** Whether Debian's `lprint` and `cups-ipp-utils` are installed. */
export function hasLprint(): boolean {
  return ["lprint", "ipptool"].every(
    (tool) => spawnSync(tool, ["--help"], { stdio: "ignore" }).error === undefined,
  );
}

/** Starts a server with one label printer whose device takes everything and says nothing. */
export async function startLprint(options: LprintOptions = {}): Promise<Lprint> {
  const { printer = "LABEL", driver = "zpl_4inch-203dpi-dt", neighbours = [] } = options;
  const folder = mkdtempSync(join(tmpdir(), "mfpgate-lprint-"));
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if (user.uid !== undefined) chownSync(folder, nobody, nobody);
  chmodSync(folder, 0o700);
  const how = { ...user, env: { ...process.env, HOME: folder, TMPDIR: folder } };
  const [device, port] = [await startDevice(), await freePort()];
  const server = spawn("lprint", serverWords(port, folder), { ...how, stdio: "ignore" });
  await waitUntil("lprint listens", () => isUp(server, port));
  for (const name of [printer, ...neighbours]) {
    const uri = `socket://127.0.0.1:${(device.address() as AddressInfo).port}`;
    const words = ["add", "-u", `ipp://127.0.0.1:${port}/ipp/system`, "-d", name, "-v", uri];
    const { status } = spawnSync("lprint", [...words, "-m", driver], { ...how, stdio: "ignore" });
    if (status !== 0) throw new Error(`lprint could not add ${name}`);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    printer,
    ipp: (...names) => readIppAttributes(`ipp://127.0.0.1:${port}/ipp/print/${printer}`, names),
    stop: async () => {
      server.kill();
      if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
      device.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function serverWords(port: number, folder: string): readonly string[] {
  const settings = {
    "server-port": port,
    "listen-hostname": "127.0.0.1",
    "spool-directory": join(folder, "spool"),
    "log-file": join(folder, "log"),
  };
  return [
    "server",
    ...Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]),
  ];
}

async function startDevice(): Promise<Server> {
  const device = createServer((socket) =>
    socket
      .on("error", () => undefined)
      .end()
      .resume(),
  );
  device.listen(0, "127.0.0.1");
  await once(device, "listening");
  return device;
}

async function isUp(server: ChildProcess, port: number): Promise<boolean> {
  if (server.exitCode !== null) throw new Error(`lprint ended with ${server.exitCode}`);
  try {
    return (await fetch(`http://127.0.0.1:${port}/`)).ok;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return false; // nobody listens yet
  }
}
