import type { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { deflate, gzip } from "node:zlib";
import type { Clock } from "../../shared/clock.ts";
import type { AcsReply } from "./acs-session.ts";
import type { InjectedFault } from "./fault-injection.ts";

/** What goes with a reply. */
export interface ReplyOptions {
  readonly fault: InjectedFault | undefined;
  readonly clock: Clock;
  /** Compresses it. */
  readonly coding: "gzip" | "deflate" | undefined;
}

/** Sends `reply`, spoilt by `fault` where that concerns HTTP. */
export async function sendReply(
  response: ServerResponse,
  reply: AcsReply,
  { fault, clock, coding }: ReplyOptions,
): Promise<void> {
  switch (fault?.kind) {
    case "close":
      response.destroy();
      return;
    case "status": {
      const { retryAfterS } = fault;
      if (retryAfterS !== undefined) response.setHeader("Retry-After", retryAfterS);
      response.writeHead(fault.status, { "Content-Length": 0, Connection: "close" }).end();
      return;
    }
    case "redirect":
      response.writeHead(fault.status, { Location: fault.location, "Content-Length": 0 }).end();
      return;
    case "huge":
      send(response, 200, `<huge>${"x".repeat(fault.bytes)}</huge>`);
      return;
    case "malformed":
      send(response, 200, reply.body.slice(0, -20) || "<soap-env:Envelope");
      return;
    case "drip":
      await drip(response, reply.body, fault.intervalMs, clock);
      return;
    case "delay":
      await wait(clock, fault.delayMs);
      break;
    default:
      break; // the others have spoilt the message, not its way
  }
  if (coding === undefined || reply.status !== 200) send(response, reply.status, reply.body);
  else
    send(response.setHeader("Content-Encoding", coding), 200, await encoders[coding](reply.body));
}

const encoders = { gzip: promisify(gzip), deflate: promisify(deflate) } as const;

function send(response: ServerResponse, status: number, body: string | Buffer): void {
  if (status === 200) response.setHeader("Content-Type", 'text/xml; charset="utf-8"');
  else response.setHeader("Connection", "close");
  if (status !== 204) response.setHeader("Content-Length", Buffer.byteLength(body));
  response.writeHead(status).end(status === 204 ? undefined : body);
}

async function drip(
  response: ServerResponse,
  body: string,
  intervalMs: number,
  clock: Clock,
): Promise<void> {
  response.writeHead(200, { "Content-Length": Buffer.byteLength(body) });
  for (const byte of Buffer.from(body)) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await wait(clock, intervalMs);
  }
  response.end();
}

function wait(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}
