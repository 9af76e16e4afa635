import { Counter, Gauge, Registry, collectDefaultMetrics } from "prom-client";

/** Counters the service feeds while it runs. */
export interface ServiceMetrics {
  sessionEnded(outcome: "ok" | "failed"): void;
  errorSeen(code: string): void;
  /** Prometheus text exposition. */
  render(): Promise<string>;
}

/** Values read at scrape time. */
export interface MetricSources {
  printersByReachability(): Readonly<Record<string, number>>;
  pollQueue(): number;
  sessionQueue(): number;
}

/** Builds the registry behind `/metrics`. One per service, so that tests do not share state. */
export function createMetrics(sources: MetricSources): ServiceMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "mfpgate_" });
  const sessions = new Counter({
    name: "mfpgate_cwmp_sessions_total",
    help: "CWMP sessions ended, by outcome",
    labelNames: ["outcome"],
    registers: [registry],
  });
  const errors = new Counter({
    name: "mfpgate_errors_total",
    help: "Errors met and survived, by error code",
    labelNames: ["code"],
    registers: [registry],
  });
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  new Gauge({
    name: "mfpgate_printers",
    help: "Printers, by reachability",
    labelNames: ["reachability"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [reachability, count] of Object.entries(sources.printersByReachability())) {
        this.set({ reachability }, count);
      }
    },
  });
  gauge("mfpgate_poll_queue", "Polls due and waiting", () => sources.pollQueue());
  gauge("mfpgate_cwmp_session_queue", "CWMP sessions waiting", () => sources.sessionQueue());
  return {
    sessionEnded: (outcome) => {
      sessions.inc({ outcome });
    },
    errorSeen: (code) => {
      errors.inc({ code });
    },
    render: () => registry.metrics(),
  };
}
