import type {
  DiagnosticRunners,
  PingTest,
  PingTestResult,
} from "../../src/presentation/proxier/diagnostics-ports.ts";

const pinged: PingTestResult = {
  outcome: "complete",
  sourceAddress: "192.0.2.1",
  succeeded: 2,
  failed: 1,
  averageUs: 1500,
  minimumUs: 400,
  maximumUs: 2600,
};

/** Runs of ping that end when the test says so; everything else ends at once. */
export class HeldRunners implements DiagnosticRunners {
  readonly pings: { readonly test: PingTest; readonly signal: AbortSignal }[] = [];
  readonly #ends: ((result: PingTestResult) => void)[] = [];
  mostAtOnce = 0;
  #atOnce = 0;

  ping(test: PingTest, signal: AbortSignal): Promise<PingTestResult> {
    this.pings.push({ test, signal });
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    return new Promise<PingTestResult>((resolve) => {
      this.#ends.push(resolve);
      signal.addEventListener("abort", () => {
        // As a process that has to be gone first.
        setTimeout(resolve, 5, { outcome: "failed", reason: "Other" });
      });
    }).finally(() => (this.#atOnce -= 1));
  }

  end(result: PingTestResult = pinged): void {
    this.#ends.at(-1)?.(result);
  }

  traceRoute() {
    const hop = { host: "gate.example", hostAddress: "192.0.2.254", errorCode: 0, timesMs: [1, 0] };
    const hops = [hop, { ...hop, host: "192.0.2.7", hostAddress: "", errorCode: 3 }];
    return Promise.resolve({
      outcome: "complete",
      sourceAddress: "",
      hops,
      responseMs: 4,
    } as const);
  }

  nameLookup() {
    const answer = {
      status: "Error_Timeout",
      answerType: "None",
      hostName: "",
      addresses: [],
      serverAddress: "192.0.2.53",
      responseMs: 0,
    };
    return Promise.resolve({ outcome: "complete", answers: [answer, answer] } as const);
  }

  download(): Promise<never> {
    return Promise.reject(new Error("a mistake of ours"));
  }

  upload() {
    const us = 1_207_753_265_123_456;
    return Promise.resolve({
      outcome: "complete",
      sourceAddress: "192.0.2.1",
      tcpOpenRequestUs: us,
      tcpOpenResponseUs: us + 1,
      requestUs: us + 2,
      beginUs: us + 3,
      endUs: us + 4,
      testBytes: 1000,
      totalReceived: "unknown",
      totalSent: 1200n,
    } as const);
  }

  printer() {
    return Promise.resolve(undefined);
  }

  self() {
    return Promise.resolve(["store: written and read back", "ACS: not reached"]);
  }
}
