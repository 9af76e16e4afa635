/** Ports through which the proxier's tree has tests run; the diagnostics room and main implement them. */

/** A test that came to nothing; the reason is the rest of a word `Error_…`. */
export interface TestFailure {
  readonly outcome: "failed";
  readonly reason: string;
}

/** Which addresses of a host count. */
export type TestIpVersion = "Any" | "IPv4" | "IPv6";

/** What tests of the IP layer have in common. */
interface IpTest {
  readonly host: string;
  readonly version: TestIpVersion;
  readonly timeoutMs: number;
  readonly blockSize: number;
  readonly dscp: number;
  readonly interfaceName: string | undefined;
}

/** Arguments of a ping. */
export interface PingTest extends IpTest {
  readonly repetitions: number;
}

/** What came of a ping; times in microseconds. */
export type PingTestResult =
  | TestFailure
  | {
      readonly outcome: "complete";
      readonly sourceAddress: string;
      readonly succeeded: number;
      readonly failed: number;
      readonly averageUs: number;
      readonly minimumUs: number;
      readonly maximumUs: number;
    };

/** Arguments of a traceroute. */
export interface TraceRouteTest extends IpTest {
  readonly tries: number;
  readonly maxHops: number;
}

/** One hop of a route. */
export interface TestedHop {
  readonly host: string;
  readonly hostAddress: string;
  readonly errorCode: number;
  readonly timesMs: readonly number[];
}

/** What came of a traceroute. */
export type TraceRouteTestResult =
  | (TestFailure & { readonly hops?: readonly TestedHop[] })
  | {
      readonly outcome: "complete";
      readonly sourceAddress: string;
      readonly hops: readonly TestedHop[];
      readonly responseMs: number;
    };

/** Arguments of a name lookup. */
export interface NameLookupTest {
  readonly hostName: string;
  readonly dnsServer: string;
  readonly timeoutMs: number;
  readonly repetitions: number;
  readonly interfaceName: string | undefined;
}

/** What came of a name lookup; the words of each answer are those of TR-181i2. */
export type NameLookupTestResult =
  | TestFailure
  | {
      readonly outcome: "complete";
      readonly answers: readonly {
        readonly status: string;
        readonly answerType: string;
        readonly hostName: string;
        readonly addresses: readonly string[];
        readonly serverAddress: string;
        readonly responseMs: number;
      }[];
    };

/** Arguments of a download. */
export interface TransferTest {
  readonly url: string;
  readonly version: TestIpVersion;
  readonly interfaceName: string | undefined;
}

/** What came of a transfer; instants in epoch microseconds. */
export type TransferTestResult =
  | TestFailure
  | {
      readonly outcome: "complete";
      readonly sourceAddress: string;
      readonly tcpOpenRequestUs: number;
      readonly tcpOpenResponseUs: number;
      readonly requestUs: number;
      readonly beginUs: number;
      readonly endUs: number;
      readonly testBytes: number;
      readonly totalReceived: bigint | "unknown";
      readonly totalSent: bigint | "unknown";
    };

/** What came of looking whether a printer is there; times in milliseconds, 0 without an answer. */
export interface PrinterTestResult {
  readonly host: string;
  readonly pingStatus: string;
  readonly pingMs: number;
  readonly snmpStatus: string;
  readonly snmpMs: number;
  readonly webStatus: string;
  readonly webMs: number;
  readonly webUrl: string;
  readonly httpStatus: number;
}

/** Runs tests. None rejects because of what the network does. */
export interface DiagnosticRunners {
  ping(test: PingTest, signal: AbortSignal): Promise<PingTestResult>;
  traceRoute(test: TraceRouteTest, signal: AbortSignal): Promise<TraceRouteTestResult>;
  nameLookup(test: NameLookupTest, signal: AbortSignal): Promise<NameLookupTestResult>;
  download(test: TransferTest, signal: AbortSignal): Promise<TransferTestResult>;
  upload(
    test: TransferTest & { readonly fileLength: number },
    signal: AbortSignal,
  ): Promise<TransferTestResult>;
  /** Undefined when there is no such printer. */
  printer(
    test: { readonly reference: string; readonly timeoutMs: number },
    signal: AbortSignal,
  ): Promise<PrinterTestResult | undefined>;
  /** One line of text per thing looked at. */
  self(signal: AbortSignal): Promise<readonly string[]>;
}

/** What a box can say of itself before a test is asked for. */
export interface DiagnosticSurroundings {
  /** System name of the interface at a path (`Device.IP.Interface.1`); undefined when there is none. */
  readonly interfaceName: (path: string) => string | undefined;
  /** Whether an id or path is that of a printer. */
  readonly isPrinter: (reference: string) => boolean;
  /** Bytes a transfer test may move. */
  readonly mostTransferBytes: number;
  /** Whether the programs for ping and traceroute are installed. */
  readonly hasPing: boolean;
  readonly hasTraceRoute: boolean;
}
