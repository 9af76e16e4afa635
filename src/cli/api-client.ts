import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadConfig } from "../config/load.ts";
import { tokenFile } from "../main/box-service.ts";
import { errorText } from "../shared/errors.ts";
import { CliError, exitCode } from "./exit.ts";

/** Options that tell a command which daemon to talk to. */
export interface DaemonOptions {
  readonly config: string;
  readonly api?: string;
  readonly token?: string;
}

/** Talks to the local API of a running daemon. */
export interface ApiClient {
  get(path: string): Promise<unknown>;
  post(path: string, body?: unknown): Promise<unknown>;
}

/**
 * Finds address and token in the configuration the daemon runs with, unless given.
 * @throws {CliError} exit 3 when the daemon cannot be reached, exit 2 when it cannot be found
 */
export async function connectDaemon(options: DaemonOptions): Promise<ApiClient> {
  const { base, token } = await locate(options);
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await reach(`${base}${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return unpack(response);
  };
  return { get: (path) => call("GET", path), post: (path, body) => call("POST", path, body) };
}

async function locate(options: DaemonOptions): Promise<{ base: string; token: string }> {
  if (options.api !== undefined && options.token !== undefined) {
    return { base: options.api.replace(/\/$/, ""), token: options.token };
  }
  const config = await loadConfig(options.config);
  const base = options.api ?? `http://${config.api.listen.host}:${config.api.listen.port}`;
  const token =
    options.token ??
    (config.api.token === "auto" ? await savedToken(config.dataDir) : config.api.token);
  return { base: base.replace(/\/$/, ""), token };
}

async function savedToken(dataDir: string): Promise<string> {
  const path = join(dataDir, tokenFile);
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    throw new CliError(
      `no token at ${path} (${errorText(error)}): is the daemon of this configuration running?`,
      exitCode.unreachable,
    );
  }
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(60_000) });
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new CliError(
      `no daemon answers at ${new URL(url).origin} (${errorText(cause)}): start it with mfpgate run, or name its --config`,
      exitCode.unreachable,
    );
  }
}

/** A refused set (422) is a result with faults, not an error; everything else above 299 is. */
async function unpack(response: Response): Promise<unknown> {
  const body: unknown = await response.json();
  if (response.ok || response.status === 422) return body;
  throw new CliError(messageOf(body) ?? `the daemon answered ${response.status}`);
}

function messageOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("error" in body)) return undefined;
  const { error } = body;
  return typeof error === "object" && error !== null && "message" in error
    ? String(error.message)
    : undefined;
}
