import { inTime } from "../diagnostics/pause.ts";
import type { SnmpProbeResult } from "../diagnostics/printer-test.ts";
import { FleetError } from "../fleet/errors.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { Printer } from "../fleet/printer.ts";
import type { DeviceTree } from "../presentation/tree.ts";
import type { Clock } from "../shared/clock.ts";
import { errorText } from "../shared/errors.ts";
import { logger } from "../shared/log.ts";
import { SnmpError } from "../southbound/snmp/errors.ts";

const log = logger("main.printer-probe");

const server = "Device.ManagementServer.";

/**
 * The printer an id or a path names; undefined when there is none. Paths are those of its rows in the proxier's tree:
 * `VirtualDevice.{i}`, `EmbeddedDevice.{i}`, `X_MFPGATE-ORG_ProxiedDevice.{i}`, and of an embedded printer's own object.
 */
export function printerAt(
  reference: string,
  fleet: Pick<Fleet, "printers">,
  tree: DeviceTree,
): Printer | undefined {
  const path = reference.replace(/\.$/, "");
  const read = (name: string): string | undefined => tree.get(`${path}.${name}`)?.value;
  const id = read("ProxiedDeviceID") ?? embeddedId(path, tree) ?? reference;
  const printers = fleet.printers();
  const named = printers.find((printer) => printer.id === id);
  if (named !== undefined || !path.startsWith(`${server}VirtualDevice.`)) return named;
  const [oui, productClass, serialNumber] = [
    read("ManufacturerOUI"),
    read("ProductClass"),
    read("SerialNumber"),
  ];
  return printers.find(
    ({ identity }) =>
      identity.oui === oui &&
      identity.productClass === productClass &&
      identity.serialNumber === serialNumber,
  );
}

/** Id of the embedded printer whose own object stands at `path`. */
function embeddedId(path: string, tree: DeviceTree): string | undefined {
  const table = tree.tables?.().find((one) => one.path === `${server}EmbeddedDevice.`);
  if (table === undefined || !path.startsWith("Device.Services.")) return undefined;
  const rows = table.instances().map((row) => table.path + row.toString());
  const row = rows.find((one) => tree.get(`${one}.Reference`)?.value === path);
  return row === undefined ? undefined : tree.get(`${row}.ProxiedDeviceID`)?.value;
}

/** How to ask. */
export interface SnmpProbeOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Asks a printer's agent for its uptime, in its turn among the other conversations with that printer. */
export async function probeSnmp(
  printer: Pick<Printer, "id" | "responseMs">,
  { clock, timeoutMs }: SnmpProbeOptions,
  signal: AbortSignal,
): Promise<SnmpProbeResult> {
  const ended = new AbortController();
  try {
    const answer = printer.responseMs(AbortSignal.any([signal, ended.signal]));
    const ms = await inTime(answer, { clock, ms: timeoutMs, signal });
    if (ms === undefined) return { status: "Timeout", responseMs: 0 };
    return { status: "Success", responseMs: Math.max(1, Math.round(ms)) };
  } catch (error) {
    if (!(error instanceof SnmpError) && !(error instanceof FleetError)) throw error;
    log.info("printer did not answer", { device: printer.id, error: errorText(error) });
    return { status: statusOf(error), responseMs: 0 };
  } finally {
    ended.abort();
  }
}

function statusOf({ code }: SnmpError | FleetError): SnmpProbeResult["status"] {
  if (code === "fleet.no-credential") return "NotConfigured";
  if (code === "snmp.auth") return "Refused";
  return code === "snmp.timeout" ? "Timeout" : "Error";
}
