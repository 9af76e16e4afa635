import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SnmpV3Security } from "../../src/southbound/driver.ts";

/** Net-SNMP's agent on 127.0.0.1, the stranger our clients are measured against. */
export interface Snmpd {
  readonly port: number;
  stop(): Promise<void>;
}

const key = "authentication-1";
const privacyKey = "privacy-phrase-1";

export const snmpdUser = {
  user: "mfpuser",
  auth: { protocol: "sha256", key },
  privacy: { protocol: "aes", key: privacyKey },
} as const;

/** Users with other protocols, by Net-SNMP's names for those. */
export const snmpdUsers: readonly { readonly created: string; readonly v3: SnmpV3Security }[] = [
  {
    created: `SHA-256 "${key}" AES "${privacyKey}"`,
    v3: snmpdUser,
  },
  {
    created: `MD5 "${key}" DES "${privacyKey}"`,
    v3: {
      user: "md5des",
      auth: { protocol: "md5", key },
      privacy: { protocol: "des", key: privacyKey },
    },
  },
  {
    created: `SHA "${key}"`,
    v3: { user: "sha", auth: { protocol: "sha", key } },
  },
  {
    created: `SHA-512 "${key}" AES-256 "${privacyKey}"`,
    v3: {
      user: "sha512aes256",
      auth: { protocol: "sha512", key },
      privacy: { protocol: "aes256b", key: privacyKey },
    },
  },
];

/** Whether Debian's `snmpd` is installed. */
export function hasSnmpd(): boolean {
  return spawnSync("snmpd", ["-v"], { env: toolEnv() }).error === undefined;
}

/** Daemons live in sbin, which an ordinary user's PATH lacks. */
function toolEnv(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };
}

/** Starts an agent with v2c read and write communities and one v3 user, and waits until it listens. */
export async function startSnmpd(): Promise<Snmpd> {
  const folder = mkdtempSync(join(tmpdir(), "mfpgate-snmpd-"));
  const port = await freePort();
  const configuration = [
    "rocommunity public 127.0.0.1",
    "rwcommunity private 127.0.0.1",
    ...snmpdUsers.flatMap(({ created, v3: { user, privacy } }) => [
      `createUser ${user} ${created}`,
      `rwuser ${user} ${privacy ? "authpriv" : "auth"}`,
    ]),
    "sysObjectID 1.3.6.1.4.1.8072.9999",
    // extend gives a table with strings, integers and rows of its own to walk
    ...Array.from({ length: 30 }, (_, n) => `extend row${n} /bin/echo ${n}`),
  ].join("\n");
  const file = join(folder, "snmpd.conf");
  writeFileSync(file, `${configuration}\n`);
  const child = spawn(
    "snmpd",
    [
      "-f",
      "-C",
      "-c",
      file,
      "-Lf",
      join(folder, "log"),
      "-p",
      join(folder, "pid"),
      `udp:127.0.0.1:${port}`,
    ],
    { env: { ...toolEnv(), SNMP_PERSISTENT_DIR: folder }, stdio: "ignore" },
  );
  await listening(port, child);
  return {
    port,
    stop: async () => {
      child.kill();
      if (child.exitCode === null) await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

/** Runs Net-SNMP's client until the agent answers it; at most ten seconds. */
async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    if (child.exitCode !== null) throw new Error(`snmpd ended with ${child.exitCode}`);
    const get = spawn(
      "snmpget",
      ["-v2c", "-cpublic", "-t0.4", "-r0", `127.0.0.1:${port}`, "1.3.6.1.2.1.1.1.0"],
      { stdio: "ignore" },
    );
    const [code] = (await once(get, "exit")) as [number | null];
    if (code === 0) return;
  }
  throw new Error("snmpd does not answer");
}
