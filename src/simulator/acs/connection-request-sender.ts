import { Agent, type IncomingMessage, get } from "node:http";
import { HttpAuthentication } from "../../shared/http/digest-client.ts";

/** Where and how to ask a CPE for a session. */
export interface ConnectionRequestOptions {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** For each of the two GETs. */
  readonly timeoutMs: number;
  /** The address of this machine to call from; default: any. */
  readonly localAddress?: string;
}

/**
 * Sends a connection request as GenieACS does: a GET, the answer to its digest challenge on the same connection.
 * Resolves with the last HTTP status; 200 and 204 mean accepted, 503 that the device is off line.
 * @throws when the CPE cannot be reached or answers no HTTP
 */
export async function sendConnectionRequest(options: ConnectionRequestOptions): Promise<number> {
  const { username, password } = options;
  const url = new URL(options.url);
  const authentication = new HttpAuthentication({ username, password }, { allowBasic: false });
  const { localAddress } = options;
  const from = localAddress === undefined ? {} : { localAddress };
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ...from });
  try {
    const first = await ask(url, agent, options.timeoutMs);
    if (first.statusCode !== 401) return first.statusCode ?? 0;
    if (authentication.challenged(first.headers["www-authenticate"]) !== "retry") return 401;
    const authorization = authentication.header("GET", url.pathname + url.search);
    const second = await ask(url, agent, options.timeoutMs, authorization);
    return second.statusCode ?? 0;
  } finally {
    agent.destroy();
  }
}

function ask(
  url: URL,
  agent: Agent,
  timeoutMs: number,
  authorization?: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = authorization === undefined ? {} : { Authorization: authorization };
    const request = get(url, { agent, headers }, (response) => {
      response.on("error", reject);
      response.on("end", () => {
        resolve(response);
      });
      response.resume();
    });
    request.setTimeout(timeoutMs, () => request.destroy(new Error(`no answer in ${timeoutMs} ms`)));
    request.on("error", reject);
  });
}
