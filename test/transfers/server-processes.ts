import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/site.ts";
import { waitUntil } from "../support/wait-until.ts";

/** A file server of somebody else's making, on loopback, over a folder of its own. */
export interface FileServerProcess {
  readonly port: number;
  /** Where its files are. */
  readonly files: string;
  /** What else is known of it, such as an SSH host key. */
  readonly fingerprint: string;
  stop(): Promise<void>;
}

export const login = { username: "mfp", password: "file-password-1" } as const;

/** Daemons live in sbin, which an ordinary user's PATH lacks. */
const env = { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };

/** Whether a daemon is installed and this process may start it (all three want to be root). */
export function hasDaemon(name: "proftpd" | "sshd" | "in.tftpd"): boolean {
  return (
    process.getuid?.() === 0 && spawnSync("sh", ["-c", `command -v ${name}`], { env }).status === 0
  );
}

/** ProFTPD with one virtual user. */
export async function startFtp(): Promise<FileServerProcess> {
  const { folder, files } = makeFolders("ftp");
  const hash = execFileSync("openssl", ["passwd", "-6", login.password]).toString().trim();
  const users = join(folder, "users");
  writeFileSync(users, `${login.username}:${hash}:65534:65534::${files}:/bin/false\n`, {
    mode: 0o600,
  });
  execFileSync("chown", ["-R", "65534:65534", files]);
  const port = await freePort();
  const configuration = join(folder, "proftpd.conf");
  writeFileSync(
    configuration,
    [
      "ServerType standalone",
      "DefaultServer on",
      "UseIPv6 off",
      "DefaultAddress 127.0.0.1",
      "SocketBindTight on",
      `Port ${port}`,
      "User nobody",
      "Group nogroup",
      `AuthUserFile ${users}`,
      "AuthOrder mod_auth_file.c",
      "RequireValidShell off",
      "AllowOverwrite on",
      "UseFtpUsers off",
      "WtmpLog off",
      "TransferLog none",
      "DelayEngine off",
      `SystemLog ${join(folder, "log")}`,
      `PidFile ${join(folder, "pid")}`,
      `ScoreboardFile ${join(folder, "scoreboard")}`,
      "",
    ].join("\n"),
  );
  const child = run("proftpd", ["--nodaemon", "--config", configuration]);
  return started({ child, port, files, folder, fingerprint: "" });
}

/** OpenSSH with one user, who exists only in the process's own view of `/etc`. */
export async function startSftp(): Promise<FileServerProcess> {
  const { folder, files } = makeFolders("sftp");
  const hostKey = join(folder, "host_key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", hostKey]);
  const [, fingerprint = ""] = execFileSync("ssh-keygen", ["-l", "-f", hostKey])
    .toString()
    .split(" ");
  const hash = execFileSync("openssl", ["passwd", "-6", login.password]).toString().trim();
  const { username } = login;
  const passwd = `${readFileSync("/etc/passwd", "utf8")}${username}:x:65534:65534::${files}:/bin/sh\n`;
  const shadow = `${readFileSync("/etc/shadow", "utf8")}${username}:${hash}:19000:0:99999:7:::\n`;
  writeFileSync(join(folder, "passwd"), passwd);
  writeFileSync(join(folder, "shadow"), shadow, { mode: 0o600 });
  execFileSync("chown", ["-R", "65534:65534", files]);
  const port = await freePort();
  const configuration = join(folder, "sshd_config");
  writeFileSync(
    configuration,
    [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${hostKey}`,
      "UsePAM no",
      "PasswordAuthentication yes",
      "PidFile none",
      "StrictModes no",
      "Subsystem sftp internal-sftp",
      "ForceCommand internal-sftp",
      "",
    ].join("\n"),
  );
  const script = [
    `mount --bind ${folder}/passwd /etc/passwd`,
    `mount --bind ${folder}/shadow /etc/shadow`,
    "mount -t tmpfs tmpfs /run",
    "mkdir -p /run/sshd",
    `exec /usr/sbin/sshd -D -e -f ${configuration}`,
  ].join(" && ");
  const child = run("unshare", ["--mount", "sh", "-c", script]);
  return started({ child, port, files, folder, fingerprint });
}

/** H. Peter Anvin's TFTP server; takes new files too. */
export async function startTftp(): Promise<FileServerProcess> {
  const { folder, files } = makeFolders("tftp");
  const port = await freePort();
  const child = run("in.tftpd", [
    ...["--foreground", "--address", `127.0.0.1:${port}`],
    ...["--secure", "--create", "--permissive", "--user", "root", files],
  ]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { port, files, fingerprint: "", stop: () => stop(child, folder) };
}

function makeFolders(name: string): { readonly folder: string; readonly files: string } {
  const folder = mkdtempSync(join(tmpdir(), `mfpgate-${name}-`));
  const files = join(folder, "files");
  mkdirSync(files);
  execFileSync("chmod", ["755", folder]);
  return { folder, files };
}

function run(command: string, words: readonly string[]): ChildProcess {
  return spawn(command, words, { env, stdio: ["ignore", "ignore", "pipe"] });
}

async function started(
  parts: { child: ChildProcess; folder: string } & Omit<FileServerProcess, "stop">,
): Promise<FileServerProcess> {
  const { child, folder, ...server } = parts;
  let complaints = "";
  child.stderr?.on("data", (bytes: Buffer) => (complaints += bytes.toString()));
  await waitUntil(`a server on port ${server.port}`, async () => {
    if (child.exitCode !== null) throw new Error(`it ended: ${complaints}`);
    return isOpen(server.port);
  });
  return { ...server, stop: () => stop(child, folder) };
}

function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  return new Promise((resolve) => {
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  child.kill("SIGTERM");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  rmSync(folder, { recursive: true, force: true });
}
