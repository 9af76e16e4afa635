import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestCertificates } from "../cwmp/test-certificates.ts";
import { waitUntil } from "../support/wait-until.ts";

/** Prosody on 127.0.0.1 with the domain `localhost` and a certificate of its own. */
export interface Prosody {
  /** STARTTLS. */
  readonly port: number;
  /** TLS from the start. */
  readonly tlsPort: number;
  stop(): Promise<void>;
  /** Starts it again on the same ports after {@link stop}. */
  restart(): Promise<void>;
}

/** How the server is set up. */
export interface ProsodyOptions {
  readonly certificates: TestCertificates["server"];
  /** Name → password, in the domain `localhost`. */
  readonly accounts: Readonly<Record<string, string>>;
  /** False: a server that knows nothing of TLS. */
  readonly hasTls?: boolean;
  /** False: passwords in the clear (under TLS), which costs neither side a second of arithmetic. */
  readonly hasScram?: boolean;
}

/** Whether Debian's `prosody` is installed. */
export function hasProsody(): boolean {
  return spawnSync("prosodyctl", ["about"], { stdio: "ignore" }).error === undefined;
}

/** Starts the server and waits until it listens. */
export async function startProsody(options: ProsodyOptions): Promise<Prosody> {
  const folder = mkdtempSync(join(tmpdir(), "mfpgate-prosody-"));
  const [port, tlsPort] = [await freePort(), await freePort()];
  writeFiles(folder, { port, tlsPort }, options);
  let child = await run(folder, port);
  return {
    port,
    tlsPort,
    stop: async () => {
      await end(child);
    },
    restart: async () => {
      child = await run(folder, port);
    },
  };
}

function writeFiles(
  folder: string,
  ports: { readonly port: number; readonly tlsPort: number },
  { certificates, accounts, hasTls = true, hasScram = true }: ProsodyOptions,
): void {
  writeFileSync(join(folder, "server.crt"), certificates.cert);
  writeFileSync(join(folder, "server.key"), certificates.key, { mode: 0o600 });
  const accountFolder = join(folder, "data", "localhost", "accounts");
  mkdirSync(accountFolder, { recursive: true });
  for (const [name, password] of Object.entries(accounts))
    writeFileSync(join(accountFolder, `${name}.dat`), `return { ["password"] = "${password}" };\n`);
  const certificate = `certificate = "${folder}/server.crt", key = "${folder}/server.key"`;
  const configuration = [
    "run_as_root = true",
    `pidfile = "${folder}/pid"`,
    `data_path = "${folder}/data"`,
    `log = { info = "${folder}/log" }`,
    `modules_enabled = { "saslauth", ${hasTls ? '"tls", ' : ""}"disco", "ping" }`,
    'modules_disabled = { "s2s" }',
    'interfaces = { "127.0.0.1" }',
    `c2s_ports = { ${ports.port} }`,
    hasTls ? `c2s_direct_tls_ports = { ${ports.tlsPort} }` : "",
    hasTls ? `c2s_direct_tls_ssl = { ${certificate} }` : "",
    `c2s_require_encryption = ${String(hasTls)}`,
    `allow_unencrypted_plain_auth = ${String(!hasTls)}`,
    'authentication = "internal_plain"',
    hasScram ? "" : 'disable_sasl_mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-256" }',
    'VirtualHost "localhost"',
    hasTls ? `ssl = { ${certificate} }` : "",
  ];
  writeFileSync(join(folder, "prosody.cfg.lua"), configuration.join("\n"));
}

async function run(folder: string, port: number): Promise<ChildProcess> {
  const child = spawn("prosody", ["-F", "--config", join(folder, "prosody.cfg.lua")], {
    stdio: "ignore",
  });
  child.once("exit", () => {
    if (child.killed) return;
    rmSync(folder, { recursive: true, force: true });
  });
  await waitUntil("prosody listens", () => {
    if (child.exitCode !== null) throw new Error(`prosody ended with ${child.exitCode}`);
    return isOpen(port);
  });
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  child.kill();
  if (child.exitCode === null) await once(child, "exit");
}

function isOpen(port: number): Promise<boolean> {
  const socket = connect({ host: "127.0.0.1", port });
  return new Promise((resolve) => {
    socket.once("error", () => {
      resolve(false);
    });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
