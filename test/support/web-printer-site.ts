import type { RpcOutcome } from "../../src/simulator/acs/acs-messages.ts";
import type { DeviceRecord } from "../../src/simulator/acs/device-record.ts";
import { inSequence, takeOverConnectionRequests } from "../../src/simulator/acs/session-script.ts";
import type { Daemon } from "./daemon.ts";
import { Site } from "./site.ts";
import { waitUntil } from "./wait-until.ts";

const service = "Device.Services.X_MFPGATE-ORG_MFP.1.";
const patienceMs = 60_000;

/** One printer that has nothing but web pages, as a virtual device of the test ACS. */
export class WebPrinterSite {
  readonly site: Site;
  readonly device: DeviceRecord;
  readonly daemon: Daemon;

  private constructor(site: Site, device: DeviceRecord, daemon: Daemon) {
    this.site = site;
    this.device = device;
    this.daemon = daemon;
  }

  static async open(host: string, port: number): Promise<WebPrinterSite> {
    const takeOver = takeOverConnectionRequests(() => "connection-request-password");
    const acs = { scripts: [inSequence(takeOver)] };
    const site = await Site.open({ recordings: [], acs });
    try {
      const printer = { host, snmp: false, ews: { port, scheme: "http" } };
      const discovery = { interval: "1h", static: [printer] };
      const daemon = await site.start(site.configure({ discovery }));
      const what = "the printer is a device of the ACS";
      const device = await waitUntil(what, () => managedPrinter(site), patienceMs);
      return new WebPrinterSite(site, device, daemon);
    } catch (error) {
      await site.stop();
      throw error;
    }
  }

  /** Values by their paths below the service object. */
  async read(path: string): Promise<Readonly<Record<string, string>>> {
    const outcome = await this.site.acs.getParameterValues(this.device.id, [service + path]);
    if (outcome.outcome !== "response" || !("parameters" in outcome.message))
      throw new Error(`${path} cannot be read: ${JSON.stringify(outcome)}`);
    return Object.fromEntries(
      outcome.message.parameters.map(({ path: full, value }) => [
        full.slice(service.length),
        value,
      ]),
    );
  }

  write(values: Readonly<Record<string, string>>): Promise<RpcOutcome> {
    const full = Object.entries(values).map(([path, value]) => [service + path, value]);
    return this.site.acs.setParameterValues(
      this.device.id,
      Object.fromEntries(full) as Readonly<Record<string, string>>,
    );
  }

  /** Fault of SetParameterValues, by paths below the service object. */
  async refusal(values: Readonly<Record<string, string>>): Promise<unknown> {
    const outcome = await this.write(values);
    if (outcome.outcome !== "fault") return outcome;
    const parameters = outcome.parameters.map(({ path, code }) => [
      path.slice(service.length),
      code,
    ]);
    return { code: outcome.code, ...(Object.fromEntries(parameters) as Record<string, number>) };
  }
}

/** The device that is not the box, once the ACS can ask it for sessions. */
function managedPrinter({ acs }: Site): DeviceRecord | undefined {
  return acs
    .devices()
    .find(
      ({ deviceId, connectionRequestCredentials, sessions }) =>
        deviceId.productClass !== "mfpgate" &&
        connectionRequestCredentials !== undefined &&
        sessions.last()?.endedAtMs !== undefined,
    );
}
