import type { Config } from "../config/config.ts";
import type { EndpointManager } from "../cwmp/endpoint/endpoint-manager.ts";
import { FileServerAddresses } from "../cwmp/transfers/file-server-addresses.ts";
import { TransferError } from "../cwmp/transfers/transfer-error.ts";
import { runNameLookup } from "../diagnostics/name-lookup.ts";
import { runPing } from "../diagnostics/ping.ts";
import { runPrinterTest } from "../diagnostics/printer-test.ts";
import { hasProgram } from "../diagnostics/run-program.ts";
import { runTraceRoute } from "../diagnostics/trace-route.ts";
import { runDownloadTest, runUploadTest } from "../diagnostics/transfer-test.ts";
import type { Fleet } from "../fleet/fleet.ts";
import { type DiagnosticsPart, diagnosticsPart } from "../presentation/proxier/diagnostics-part.ts";
import type { DiagnosticRunners } from "../presentation/proxier/diagnostics-ports.ts";
import type { DeviceTree } from "../presentation/tree.ts";
import type { Clock } from "../shared/clock.ts";
import { logger } from "../shared/log.ts";
import type { Store } from "../store/store.ts";
import { proxierId } from "./box-names.ts";
import type { Life } from "./life.ts";
import { printerAt, probeSnmp } from "./printer-probe.ts";
import { runSelfTest } from "./self-test.ts";

const log = logger("main.diagnostics");

/** What tests of the box are joined to. */
export interface DiagnosticsOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly life: Life;
  readonly store: Pick<Store, "settings">;
  readonly fleet: Pick<Fleet, "printers" | "status">;
  readonly endpoints: Pick<EndpointManager, "get">;
  /** The proxier's tree, which has the part made here. */
  readonly tree: () => DeviceTree;
}

/** Where printers have their web servers. */
const webPorts = [
  { scheme: "http", port: 80 },
  { scheme: "https", port: 443 },
] as const;

/** Tests of the diagnostics room and of the fleet's drivers as a part of the proxier's tree; ended with the service. */
export async function createDiagnostics(options: DiagnosticsOptions): Promise<DiagnosticsPart> {
  const { clock, life, config, fleet, tree } = options;
  const stop = new AbortController();
  const [hasPing, hasTraceRoute] = await Promise.all([
    hasProgram("ping"),
    hasProgram("traceroute"),
  ]);
  if (!hasPing || !hasTraceRoute)
    log.info("tests left out: install iputils-ping and traceroute", { hasPing, hasTraceRoute });
  const part = diagnosticsPart({
    runners: createRunners(options),
    surroundings: {
      interfaceName: (path) => interfaceName(path, tree()),
      isPrinter: (reference) => printerAt(reference, fleet, tree()) !== undefined,
      mostTransferBytes: config.transfers.maxSize,
      hasPing,
      hasTraceRoute,
    },
    clock,
    stop: stop.signal,
  });
  life.onEnd(async () => {
    stop.abort();
    await part.settled();
  });
  return part;
}

function createRunners(options: DiagnosticsOptions): DiagnosticRunners {
  const { config, clock, fleet, tree, store, endpoints } = options;
  const { ca, insecure } = config.acs.tls;
  const transfer = {
    clock,
    tls: { ca, insecure },
    limits: { bytes: config.transfers.maxSize },
    isAllowed: addressCheck(config.transfers.allowHosts),
  };
  return {
    ping: (test, signal) => runPing({ ...test, clock }, signal),
    traceRoute: (test, signal) => runTraceRoute({ ...test, clock }, signal),
    nameLookup: (test, signal) => runNameLookup({ ...test, clock }, signal),
    download: (test, signal) => runDownloadTest({ ...test, ...transfer }, signal),
    upload: (test, signal) => runUploadTest({ ...test, ...transfer }, signal),
    printer: async ({ reference, timeoutMs }, signal) => {
      const printer = printerAt(reference, fleet, tree());
      if (printer === undefined) return undefined;
      const { host } = printer.facts();
      const snmp = (ended: AbortSignal) => probeSnmp(printer, { clock, timeoutMs }, ended);
      return runPrinterTest({ host, web: webPorts, snmp, timeoutMs, clock }, signal);
    },
    self: () =>
      runSelfTest({
        settings: store.settings,
        fleet,
        endpoint: () => endpoints.get(proxierId)?.status(),
      }),
  };
}

/** The rule for files the ACS has transferred holds for transfer tests too: `transfers.allowHosts`. */
function addressCheck(allowHosts: readonly string[]) {
  return async (url: URL, address: string): Promise<boolean> => {
    try {
      await new FileServerAddresses(allowHosts, () => Promise.resolve([address])).pin(url);
      return true;
    } catch (error) {
      if (!(error instanceof TransferError)) throw error;
      log.warn("transfer test refused", { error: error.message });
      return false;
    }
  };
}

const interfacePath = /^Device\.(?:IP|Ethernet)\.Interface\.\d+\.?$/;

/** System name of the interface in a row of the proxier's own tree. */
function interfaceName(path: string, tree: DeviceTree): string | undefined {
  if (!interfacePath.test(path)) return undefined;
  const name = tree.get(`${path.replace(/\.$/, "")}.Name`)?.value;
  // It becomes an argument of a program: what begins with a dash would be an option.
  return name !== undefined && /^\w[\w.:@-]*$/.test(name) ? name : undefined;
}
