import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cliUserAgent } from "../api/server.ts";
import { loadConfig } from "../config/load.ts";
import { tokenFile } from "../main/box-names.ts";
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
    const response = await reach(base, path, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        "Content-Type": "application/json",
        "User-Agent": cliUserAgent,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return unpack(base, response);
  };
  return { get: (path) => call("GET", path), post: (path, body) => call("POST", path, body) };
}

async function locate({
  config: file,
  api,
  token: given,
}: DaemonOptions): Promise<{ base: string; token: string }> {
  const named = api === undefined ? undefined : baseOf(api);
  if (given !== undefined && !/^[\x20-\x7e]+$/.test(given))
    throw new CliError("--token takes printable ASCII characters, on one line", exitCode.usage);
  if (named !== undefined && given !== undefined) return { base: named, token: given };
  const config = await loadConfig(file);
  const token =
    given ?? (config.api.token === "auto" ? await savedToken(config.dataDir) : config.api.token);
  const { host, port } = config.api.listen;
  return { base: named ?? `http://${host.includes(":") ? `[${host}]` : host}:${port}`, token };
}

function baseOf(api: string): string {
  const url = URL.canParse(api) ? new URL(api) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return api.replace(/\/+$/, "");
  throw new CliError(
    `--api takes an address such as http://127.0.0.1:8632, not ${api}`,
    exitCode.usage,
  );
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

/** Searching a /16 at the usual rate takes over two minutes; beyond five the HTTP client gives up by itself. */
const answerTimeoutMs = 290_000;

async function reach(base: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${base}${path}`, { ...init, signal: AbortSignal.timeout(answerTimeoutMs) });
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") {
      throw new CliError(
        `the daemon at ${base} is not done after ${answerTimeoutMs / 1000} s and goes on without this command: see mfpgate status`,
      );
    }
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new CliError(
      `no daemon answers at ${base} (${errorText(cause)}): start it with mfpgate run, or name its --config`,
      exitCode.unreachable,
    );
  }
}

/** A refused set (422) is a result with faults, not an error; everything else above 299 is. */
async function unpack(base: string, response: Response): Promise<unknown> {
  const body = await readJson(response);
  if (body === undefined) throw notOurs(base);
  if (response.ok || response.status === 422) return body;
  const message = messageOf(body);
  throw message === undefined ? notOurs(base) : new CliError(message);
}

function notOurs(base: string): CliError {
  return new CliError(
    `what answers at ${base} is not mfpgate: correct --api, or api.listen in the configuration`,
    exitCode.unreachable,
  );
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function messageOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("error" in body)) return undefined;
  const { error } = body;
  return typeof error === "object" && error !== null && "message" in error
    ? String(error.message)
    : undefined;
}
