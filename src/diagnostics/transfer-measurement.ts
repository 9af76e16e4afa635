import { type InterfaceOctets, interfaceOctets } from "./interface-octets.ts";
import type { MicroClock } from "./micro-time.ts";
import type { TransferConnection, TransferTarget } from "./transfer-connection.ts";

/** What a transfer measured (TR-143). Instants in epoch microseconds. */
export interface TransferMeasurement {
  readonly outcome: "complete";
  /** Address of the box that was used. */
  readonly sourceAddress: string;
  readonly tcpOpenRequestUs: number;
  readonly tcpOpenResponseUs: number;
  /** ROMTime: the request was sent. */
  readonly requestUs: number;
  /** BOMTime: the first bytes were received, or the first of the file sent. */
  readonly beginUs: number;
  /** EOMTime: the last bytes were received; of an upload, the answer. */
  readonly endUs: number;
  /** Bytes of the HTTP transaction in the direction of the test, headers included. */
  readonly testBytes: number;
  /** Octets of the interface between begin and end; `unknown` when it has no counters, 0 without an interface. */
  readonly totalReceived: bigint | "unknown";
  readonly totalSent: bigint | "unknown";
}

/** The instants and counts of one transfer. */
export class Measurement {
  readonly #connection: TransferConnection;
  readonly #micro: MicroClock;
  readonly #interfaceName: string | undefined;
  readonly #requestUs: number;
  #beginUs = 0;
  #endUs = 0;
  #atBegin: InterfaceOctets | undefined;

  constructor(options: TransferTarget, connection: TransferConnection, micro: MicroClock) {
    this.#connection = connection;
    this.#micro = micro;
    this.#interfaceName = options.interfaceName;
    this.#requestUs = micro.nowUs();
  }

  begin(): void {
    this.#beginUs = this.#endUs = this.#micro.nowUs();
    this.#atBegin = this.#octets();
  }

  moved(): void {
    this.#endUs = this.#micro.nowUs();
  }

  result(testBytes: number): TransferMeasurement {
    const { sourceAddress, tcpOpenRequestUs, tcpOpenResponseUs } = this.#connection;
    const atEnd = this.#octets();
    const between = (direction: keyof InterfaceOctets): bigint | "unknown" => {
      if (this.#interfaceName === undefined) return 0n;
      if (atEnd === undefined || this.#atBegin === undefined) return "unknown";
      return atEnd[direction] - this.#atBegin[direction];
    };
    return {
      outcome: "complete",
      sourceAddress,
      tcpOpenRequestUs,
      tcpOpenResponseUs,
      requestUs: this.#requestUs,
      beginUs: this.#beginUs,
      endUs: this.#endUs,
      testBytes,
      totalReceived: between("received"),
      totalSent: between("sent"),
    };
  }

  #octets(): InterfaceOctets | undefined {
    return this.#interfaceName === undefined ? undefined : interfaceOctets(this.#interfaceName);
  }
}
