import type { Clock } from "../shared/clock.ts";
import { type PingResult, runPing } from "./ping.ts";
import { type WebProbeResult, probeWeb } from "./web-probe.ts";

/** What came of asking a printer's SNMP agent. */
export interface SnmpProbeResult {
  readonly status: "Success" | "Timeout" | "Refused" | "NotConfigured" | "Error";
  /** Whole milliseconds, at least 1; 0 without an answer. */
  readonly responseMs: number;
}

/** A printer to look for. */
export interface PrinterTestOptions {
  readonly host: string;
  /** Where its web server may be; the first that answers counts. */
  readonly web: readonly { readonly scheme: "http" | "https"; readonly port: number }[];
  /** Asks its SNMP agent; settles within `timeoutMs`. */
  readonly snmp: (signal: AbortSignal) => Promise<SnmpProbeResult>;
  /** Per probe. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** Whether a printer answers, and how fast; times in milliseconds, 0 without an answer. */
export interface PrinterTestResult {
  readonly host: string;
  readonly pingStatus: "Success" | "Timeout" | "Unreachable" | "Error";
  readonly pingMs: number;
  readonly snmpStatus: SnmpProbeResult["status"];
  readonly snmpMs: number;
  readonly webStatus: WebProbeResult["status"];
  readonly webMs: number;
  /** Where the web server was asked; empty when nothing was tried. */
  readonly webUrl: string;
  readonly httpStatus: number;
}

/** Looks for a printer by ping, SNMP and HTTP, one after the other: small printers lose answers when asked in parallel. */
export async function runPrinterTest(
  options: PrinterTestOptions,
  signal: AbortSignal,
): Promise<PrinterTestResult> {
  const { host, timeoutMs, clock } = options;
  const echo = { host, version: "Any", repetitions: 1, blockSize: 56, dscp: 0 } as const;
  const ping = await runPing({ ...echo, timeoutMs, clock }, signal);
  const snmp = await options.snmp(signal);
  const { url, ...web } = await findWeb(options, signal);
  return {
    host,
    pingStatus: pingStatus(ping),
    pingMs: ping.outcome === "complete" ? Math.ceil(ping.averageUs / 1000) : 0,
    snmpStatus: snmp.status,
    snmpMs: snmp.responseMs,
    webStatus: web.status,
    webMs: web.responseMs,
    webUrl: url,
    httpStatus: web.httpStatus,
  };
}

function pingStatus(ping: PingResult): PrinterTestResult["pingStatus"] {
  if (ping.outcome === "complete") return ping.succeeded > 0 ? "Success" : "Timeout";
  return ping.reason === "NoRouteToHost" ? "Unreachable" : "Error";
}

async function findWeb(
  { host, web, timeoutMs, clock }: PrinterTestOptions,
  signal: AbortSignal,
): Promise<WebProbeResult & { readonly url: string }> {
  let last = { status: "Error", httpStatus: 0, responseMs: 0, url: "" } as WebProbeResult & {
    readonly url: string;
  };
  for (const { scheme, port } of web) {
    if (signal.aborted) break;
    const authority = host.includes(":") ? `[${host}]` : host;
    const url = `${scheme}://${authority}:${port.toString()}/`;
    last = { ...(await probeWeb({ host, scheme, port, timeoutMs, clock }, signal)), url };
    if (last.status === "Success") break;
  }
  return last;
}
