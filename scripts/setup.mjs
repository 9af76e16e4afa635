/**
 * Brings a fresh clone to the point where `dist/` can run: installs the locked dependencies, builds the native ones
 * that are on the allow-list, compiles TypeScript. Each step is skipped when its result is already there, so the
 * second start costs a few file-system look-ups. Plain JavaScript: it runs before anything is installed.
 *
 * Usage: node scripts/setup.mjs [--no-build]
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Packages whose install scripts may run; everything else is installed with scripts off (.npmrc). */
const nativePackages = ["better-sqlite3"];

main();

function main() {
  requireNode();
  installDependencies();
  for (const name of nativePackages) buildNative(name);
  if (!process.argv.includes("--no-build")) compile();
}

function requireNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20 || major > 24) {
    fail(`Node ${process.versions.node} is not supported: use Node 20, 22 or 24`);
  }
}

function installDependencies() {
  const stamp = join(root, "node_modules", ".mfpgate-installed");
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say("installing dependencies (about half a minute)");
  run("npm", ["ci", "--ignore-scripts", "--loglevel=error"], "npm ci failed: see the lines above");
  writeFileSync(stamp, wanted);
}

/** The lock file decides what is installed; the Node ABI decides whether native code still fits. */
function fingerprint() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  return `${lock} ${process.versions.modules}`;
}

function buildNative(name) {
  if (loads(name)) return;
  say(`building ${name} from source (one to three minutes, once)`);
  const args = ["rebuild", name, "--ignore-scripts=false", "--loglevel=error"];
  const env = { ...process.env };
  const headers = installedHeaders() ?? headersFromRegistry();
  if (headers !== undefined) {
    // Compile against the headers of this very Node, whatever the user's npm configuration says.
    env.npm_config_nodedir = headers;
    env.npm_config_build_from_source = "true";
  }
  run("npm", args, `building ${name} failed: it needs a C++ compiler, make and python3`, env);
  if (!loads(name))
    fail(
      `${name} was built but does not load in Node ${process.versions.node}: remove node_modules and start again; ` +
        "if that does not help, `npm config get nodedir` names the headers of another Node: unset it",
    );
}

/** A real open and close: a package can be present and its binary built for another Node. */
function loads(name) {
  const probe = `new (require(${JSON.stringify(name)}))(":memory:").close()`;
  return spawnSync(process.execPath, ["-e", probe], { cwd: root, stdio: "ignore" }).status === 0;
}

/** The prefix of this Node when it was installed with its headers. */
function installedHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return hasHeaders(prefix) ? prefix : undefined;
}

/**
 * Headers of this Node from the package registry, for a Node that came without (npx, some version managers): the
 * platform packages behind `node` hold the whole distribution. Undefined when there is none; node-gyp then finds its own.
 */
function headersFromRegistry() {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(root, "node_modules", ".cache", `${name}-${process.versions.node}`);
  const unpacked = join(folder, "package");
  if (hasHeaders(unpacked)) return unpacked;
  say(`fetching the headers of Node ${process.versions.node}`);
  mkdirSync(folder, { recursive: true });
  const wanted = `${name}@${process.versions.node}`;
  const packed = spawnSync("npm", ["pack", "--silent", wanted], { cwd: folder, encoding: "utf8" });
  const file = packed.stdout?.trim().split("\n").at(-1) ?? "";
  if (packed.status !== 0 || file === "") return undefined;
  spawnSync("tar", ["xzf", file, "package/include"], { cwd: folder });
  rmSync(join(folder, file), { force: true });
  return hasHeaders(unpacked) ? unpacked : undefined;
}

/** Whether the headers below `prefix` are those of the Node that runs: others compile, but the result does not load. */
function hasHeaders(prefix) {
  const file = join(prefix, "include", "node", "node_version.h");
  if (!existsSync(file)) return false;
  const major = /#define NODE_MAJOR_VERSION (\d+)/.exec(readFileSync(file, "utf8"))?.[1];
  return major === process.versions.node.split(".")[0];
}

function compile() {
  // Written last: the compiler leaves its own files also when it found errors, and those must be told again.
  const stamp = join(root, "dist", ".compiled");
  if (existsSync(stamp) && newest(join(root, "src")) <= statSync(stamp).mtimeMs) return;
  // A file saved while the compiler runs must be newer than the stamp.
  const startedAt = new Date();
  say("compiling");
  mkdirSync(join(root, "dist"), { recursive: true });
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  run(
    process.execPath,
    [tsc, "-p", "tsconfig.build.json"],
    "the TypeScript compiler reported errors",
  );
  writeFileSync(stamp, "");
  utimesSync(stamp, startedAt, startedAt);
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const at = entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
    if (at > latest) latest = at;
  }
  return latest;
}

function run(command, args, remedy, env = process.env) {
  const result = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], env });
  if (result.error !== undefined) fail(`${command}: ${result.error.message}`);
  if (result.status !== 0) fail(remedy);
}

function say(text) {
  process.stderr.write(`mfpgate set-up: ${text} …\n`);
}

function fail(text) {
  process.stderr.write(`mfpgate set-up: ${text}\n`);
  process.exit(1);
}
