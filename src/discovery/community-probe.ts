import { SnmpDecodeError } from "../southbound/snmp/errors.ts";
import { type ResponseView, decodeResponse } from "../southbound/snmp/message.ts";
import type { DiscoveryCredential } from "./credentials.ts";
import {
  type Findings,
  description,
  encodeQuestions,
  findings,
  isPrinter,
  questions,
} from "./printer-questions.ts";

/** One kind of question, put to many addresses. */
export interface Probe {
  /** The datagram; the same for every address. */
  readonly bytes: Uint8Array;
  /** Some host still owes answers to further questions. */
  readonly isWaiting: boolean;
  /** An answer from `address`; anything may come. */
  receive(bytes: Uint8Array, address: number): void;
  /** No more answers will come. */
  conclude(): void;
}

/** What is asked, and who is told of the answers; addresses as numbers. */
export interface CommunityProbeOptions {
  readonly credential: DiscoveryCredential;
  /** Random, so that nobody answers unasked; further questions use the numbers after it. */
  readonly requestId: number;
  /** An agent let us in. */
  readonly onHost: (address: number) => void;
  /** It is a printer. */
  readonly onPrinter: (address: number, about: ReturnType<typeof description>) => void;
  /** The agent must be asked this as well. */
  readonly askMore: (bytes: Uint8Array, address: number) => void;
}

/**
 * v1/v2c question to all addresses: one GETNEXT for everything. An agent that answers with an error (a v1 agent whose
 * MIB ends before one of the names, or one with too little room) is asked name by name.
 */
export class CommunityProbe implements Probe {
  readonly bytes: Uint8Array;
  readonly #options: CommunityProbeOptions;
  readonly #singles: readonly Uint8Array[];
  readonly #judged = new Set<number>();
  /** What is known of hosts asked name by name. */
  readonly #partial = new Map<number, Findings>();

  constructor(options: CommunityProbeOptions) {
    this.#options = options;
    const { security } = options.credential;
    if (security.version === "3") throw new RangeError("a community probe needs a community");
    const { version, read: community } = security;
    const ask = (offset: number, about: Parameters<typeof encodeQuestions>[1]): Uint8Array =>
      encodeQuestions({ version, community, requestId: options.requestId + offset }, about);
    this.bytes = ask(0, questions);
    this.#singles = questions.map((question, n) => ask(n + 1, [question]));
  }

  get isWaiting(): boolean {
    return this.#partial.size > 0;
  }

  receive(bytes: Uint8Array, address: number): void {
    const answer = decode(bytes);
    const offset = (answer?.requestId ?? -1) - this.#options.requestId;
    if (answer === undefined || offset < 0 || offset > questions.length) return;
    if (this.#judged.has(address)) return;
    this.#options.onHost(address);
    if (offset > 0) this.#receiveSingle(answer, offset - 1, address);
    else if (answer.errorStatus === 0) this.#judge(address, findings(answer, questions));
    else if (!this.#partial.has(address)) {
      this.#partial.set(address, {});
      for (const single of this.#singles) this.#options.askMore(single, address);
    }
  }

  /** Hosts that answered some questions only: a printer needs its Printer-MIB then, as a computer might hide its rest. */
  conclude(): void {
    for (const [address, found] of [...this.#partial])
      this.#judge(address, { ...found, hrSwRun: found.hrSwRun ?? "present" });
  }

  #receiveSingle(answer: ResponseView, n: number, address: number): void {
    const question = questions[n];
    const before = this.#partial.get(address);
    if (question === undefined || before === undefined) return;
    const found =
      answer.errorStatus === 0 ? findings(answer, [question]) : { [question]: "absent" as const };
    const known = { ...before, ...found };
    this.#partial.set(address, known);
    if (questions.every((asked) => asked in known)) this.#judge(address, known);
  }

  #judge(address: number, found: Findings): void {
    this.#judged.add(address);
    this.#partial.delete(address);
    if (isPrinter(found)) this.#options.onPrinter(address, description(found));
  }
}

function decode(bytes: Uint8Array): ResponseView | undefined {
  try {
    return decodeResponse(bytes);
  } catch (error) {
    if (!(error instanceof SnmpDecodeError)) throw error;
    return undefined; // anything may arrive at an open port
  }
}
