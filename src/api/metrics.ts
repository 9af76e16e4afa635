import { Counter, Gauge, Registry, collectDefaultMetrics } from "prom-client";

/** Counters the service feeds while it runs. */
export interface ServiceMetrics {
  sessionEnded(outcome: "ok" | "failed"): void;
  errorSeen(code: string): void;
  /** Something worth a line in the operator's event list happened. */
  eventSeen(kind: string): void;
  connectionRequestSeen(outcome: string): void;
  /** Prometheus text exposition. */
  render(): Promise<string>;
}

/** Values read at scrape time. */
export interface MetricSources {
  printersByReachability(): Readonly<Record<string, number>>;
  pollQueue(): number;
  sessionQueue(): number;
  /** SNMP datagrams not taken, by reason, since the start. */
  droppedDatagrams(): Readonly<Record<string, number>>;
}

/** Builds the registry behind `/metrics`. One per service, so that tests do not share state. */
export function createMetrics(sources: MetricSources): ServiceMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "mfpgate_" });
  const counter = (name: string, help: string, label: string): ((value: string) => void) => {
    const counted = new Counter({ name, help, labelNames: [label], registers: [registry] });
    return (value) => {
      counted.inc({ [label]: value });
    };
  };
  const gauges = (
    name: string,
    help: string,
    label: string,
    read: () => Readonly<Record<string, number>>,
  ): void => {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        this.reset();
        for (const [key, value] of Object.entries(read())) this.set({ [label]: key }, value);
      },
    });
  };
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
  gauges("mfpgate_printers", "Printers, by reachability", "reachability", () =>
    sources.printersByReachability(),
  );
  gauges("mfpgate_snmp_dropped_datagrams", "SNMP datagrams not taken, by reason", "reason", () =>
    sources.droppedDatagrams(),
  );
  gauge("mfpgate_poll_queue", "Polls due and waiting", () => sources.pollQueue());
  gauge("mfpgate_cwmp_session_queue", "CWMP sessions waiting", () => sources.sessionQueue());
  return {
    sessionEnded: counter(
      "mfpgate_cwmp_sessions_total",
      "CWMP sessions ended, by outcome",
      "outcome",
    ),
    errorSeen: counter("mfpgate_errors_total", "Errors met and survived, by error code", "code"),
    eventSeen: counter("mfpgate_events_total", "Events of the fleet, by kind", "kind"),
    connectionRequestSeen: counter(
      "mfpgate_connection_requests_total",
      "Requests to the connection-request port, by outcome",
      "outcome",
    ),
    render: () => registry.metrics(),
  };
}
