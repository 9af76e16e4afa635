import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { isIP } from "node:net";
import type { Clock } from "../shared/clock.ts";
import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import { interfaceAddress, resolveHost } from "./addresses.ts";
import {
  type DnsAnswer,
  DnsMessageError,
  type DnsQuestion,
  decodeDnsAnswer,
  dnsCode,
  dnsType,
  encodeDnsQuestion,
} from "./dns-message.ts";
import { microseconds } from "./micro-time.ts";
import { type NameServer, defaultNameServer, fullName } from "./name-servers.ts";
import { type Failure, failure } from "./outcome.ts";
import { inTime, pause } from "./pause.ts";

const log = logger("diagnostics.name-lookup");

/** What to look up, and where (TR-181i2 NSLookupDiagnostics). */
export interface NameLookupOptions {
  readonly hostName: string;
  /** Name or address; empty: the system's own. */
  readonly dnsServer: string;
  /** Port of `dnsServer`; 53 unless told. */
  readonly port?: number;
  /** Per question. */
  readonly timeoutMs: number;
  readonly repetitions: number;
  /** Network interface whose address is used; absent: by the routing table. */
  readonly interfaceName?: string | undefined;
  readonly clock: Clock;
}

/** One repetition. */
export interface NameLookupAnswer {
  readonly status:
    | "Success"
    | "Error_DNSServerNotAvailable"
    | "Error_HostNameNotResolved"
    | "Error_Timeout"
    | "Error_Other";
  readonly answerType: "None" | "Authoritative" | "NonAuthoritative";
  /** The full name that was asked for; empty without any answer. */
  readonly hostName: string;
  /** At most 10, IPv4 first. */
  readonly addresses: readonly string[];
  readonly serverAddress: string;
  /** Of the first answer; 0 without any. */
  readonly responseMs: number;
}

/** What came of it. */
export type NameLookupResult =
  { readonly outcome: "complete"; readonly answers: readonly NameLookupAnswer[] } | Failure;

/** `IPAddresses` is a list of at most ten (TR-181i2). */
const mostAddresses = 10;

/** Between two repetitions, for the server's sake. */
const spacingMs = 100;

/**
 * Asks a name server directly, past the resolver of the system, so that the result says whether the answer is
 * authoritative, which `node:dns` does not tell. Failing repetitions are results; only a server that cannot be found
 * is a failure.
 */
export async function runNameLookup(
  options: NameLookupOptions,
  signal: AbortSignal,
): Promise<NameLookupResult> {
  const server = await findServer(options, signal);
  if (server === undefined) return failure("DNSServerNotResolved");
  const name = await fullName(options.hostName);
  const answers: NameLookupAnswer[] = [];
  for (let done = 0; done < options.repetitions && !signal.aborted; done++) {
    if (done > 0) await pause({ clock: options.clock, ms: spacingMs, signal });
    answers.push(await lookUpOnce(name, server, options, signal));
  }
  return { outcome: "complete", answers };
}

async function findServer(
  { dnsServer, port = 53, clock }: NameLookupOptions,
  signal: AbortSignal,
): Promise<NameServer | undefined> {
  if (dnsServer === "") return defaultNameServer();
  const found = await resolveHost({ host: dnsServer, version: "Any", clock }, signal);
  return found === undefined ? undefined : { address: found.address, port };
}

/** What one question came to. */
type Exchange =
  | { readonly outcome: "answered"; readonly answer: DnsAnswer; readonly timeMs: number }
  | { readonly outcome: "timeout" | "unavailable" | "malformed" };

async function lookUpOnce(
  name: string,
  server: NameServer,
  { timeoutMs, clock, interfaceName }: NameLookupOptions,
  signal: AbortSignal,
): Promise<NameLookupAnswer> {
  const ask = (type: number): Promise<Exchange> =>
    exchange(
      { id: randomInt(65_536), name, type },
      { server, timeoutMs, clock, signal, interfaceName },
    );
  const both = await Promise.all([ask(dnsType.a), ask(dnsType.aaaa)]);
  const answered = both.filter((one) => one.outcome === "answered");
  const addresses = answered.flatMap(({ answer }) => answer.addresses).slice(0, mostAddresses);
  const withAddress = answered.find(({ answer }) => answer.addresses.length > 0)?.answer;
  const timesMs = answered.map(({ timeMs }) => timeMs);
  return {
    status: withAddress === undefined ? statusOf(both) : "Success",
    answerType:
      withAddress === undefined
        ? "None"
        : withAddress.isAuthoritative
          ? "Authoritative"
          : "NonAuthoritative",
    hostName: answered.length === 0 ? "" : name,
    addresses,
    serverAddress: server.address,
    responseMs: answered.length === 0 ? 0 : Math.max(1, Math.round(Math.min(...timesMs))),
  };
}

/** Why there is no address. */
function statusOf(both: readonly Exchange[]): Exclude<NameLookupAnswer["status"], "Success"> {
  const answered = both.filter((one) => one.outcome === "answered");
  if (answered.length === 0) {
    if (both.some(({ outcome }) => outcome === "malformed")) return "Error_Other";
    const isUnavailable = both.some(({ outcome }) => outcome === "unavailable");
    return isUnavailable ? "Error_DNSServerNotAvailable" : "Error_Timeout";
  }
  const isKnown = answered.every(
    ({ answer: { code } }) => code === dnsCode.noError || code === dnsCode.noSuchName,
  );
  return isKnown ? "Error_HostNameNotResolved" : "Error_Other";
}

interface ExchangeOptions {
  readonly server: NameServer;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly interfaceName: string | undefined;
}

/** One datagram and its answer. Never rejects. */
async function exchange(question: DnsQuestion, options: ExchangeOptions): Promise<Exchange> {
  let request: Buffer;
  try {
    request = encodeDnsQuestion(question);
  } catch (error) {
    if (!(error instanceof DnsMessageError)) throw error;
    log.info("name cannot be asked for", { name: question.name, error: error.message });
    return { outcome: "malformed" };
  }
  const { server, timeoutMs, clock, signal, interfaceName } = options;
  const family = isIP(server.address) === 6 ? 6 : 4;
  const local = interfaceName === undefined ? undefined : interfaceAddress(interfaceName, family);
  if (interfaceName !== undefined && local === undefined) return { outcome: "unavailable" };
  // A socket of its own for each question: the random port is half of what makes forging an answer hard.
  const socket = createSocket(family === 6 ? "udp6" : "udp4");
  const startedUs = microseconds();
  const answered = new Promise<Exchange>((resolve) => {
    socket.on("error", (error) => {
      log.debug("name server not available", { ...server, error: errorText(error) });
      resolve({ outcome: "unavailable" });
    });
    socket.on("message", (bytes) => {
      const answer = answerTo(question, bytes);
      if (answer === undefined) return;
      resolve({ outcome: "answered", answer, timeMs: (microseconds() - startedUs) / 1000 });
    });
    if (local !== undefined) socket.bind(0, local);
    // Connected, so that only this server is heard and a refusal is told.
    socket.connect(server.port, server.address, () => {
      socket.send(request);
    });
  });
  const result = await inTime(answered, { clock, ms: timeoutMs, signal });
  socket.close();
  return result ?? { outcome: "timeout" };
}

/** The answer in a datagram; undefined for anything that is not the answer to `question`. */
function answerTo({ id, name, type }: DnsQuestion, bytes: Buffer): DnsAnswer | undefined {
  try {
    const answer = decodeDnsAnswer(bytes);
    const asked = answer.question;
    if (answer.id !== id) return undefined;
    const isSame = asked?.type === type && asked.name.toLowerCase() === name.toLowerCase();
    // Servers that fail early may leave the question out.
    return isSame || (asked === undefined && answer.code !== dnsCode.noError) ? answer : undefined;
  } catch (error) {
    if (!(error instanceof DnsMessageError)) throw error;
    log.debug("datagram that is no DNS answer", { error: error.message });
    return undefined;
  }
}
