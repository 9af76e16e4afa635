import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { TestAcs } from "../../src/simulator/acs/acs-port.ts";
import type { DeviceRecord } from "../../src/simulator/acs/device-record.ts";
import { startTestAcs } from "../../src/simulator/acs/test-acs.ts";
import { operatorScript } from "../../src/simulator/acs/session-script.ts";
import { setUp } from "../support/command.ts";
import { Site } from "../support/site.ts";

const settings = "Device.ManagementServer.";

/** A lease of dhclient with option 43 in encapsulated form. */
function leaseFor(...options: readonly Field[]): string {
  return `lease {\n  interface "eth0";\n  option vendor-encapsulated-options ${hex(fields(options))};\n}\n`;
}

/** The same with the gateway in option 125 (TR-069 Annex F). */
function leaseWithGateway(options: readonly Field[], gateway: readonly Field[]): string {
  const own = fields(gateway);
  const option = hex([0, 0, 0x0d, 0xe9, own.length, ...own]);
  return leaseFor(...options).replace("\n}", `\n  option vivso ${option};\n}`);
}

type Field = readonly [code: number, value: string];

function fields(list: readonly Field[]): readonly number[] {
  return list.flatMap(([code, value]) => [code, value.length, ...Buffer.from(value)]);
}

function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16)).join(":");
}

/** An ACS that sets its own connection-request password and so can ask for sessions. */
function takeOver() {
  return operatorScript({ periodicInformS: 3_600, newPassword: () => "cr-password" });
}

describe("a service that has its ACS from DHCP", () => {
  let site: Site;
  const others: TestAcs[] = [];

  beforeAll(setUp);
  afterEach(async () => {
    await site.stop();
    await Promise.all(others.splice(0).map((acs) => acs.stop()));
  });

  async function openSite(): Promise<{ readonly lease: string; readonly config: string }> {
    site = await Site.open({ recordings: [], acs: { scripts: [takeOver()] } });
    const lease = join(site.folder, "dhclient.eth0.leases");
    const config = site.configure({
      acs: { url: "auto", discovery: { leases: ["./dhclient*.leases"] }, periodicInform: "1h" },
    });
    return { lease, config };
  }

  function bootstrapped(acs: TestAcs): Promise<DeviceRecord> {
    return acs.waitFor(() => {
      const [device] = acs.devices();
      const isBootstrap = (event: { eventCode: string }) => event.eventCode === "0 BOOTSTRAP";
      const isOver = device?.sessions.last()?.endedAtMs !== undefined;
      return isOver && device.events.all().some(isBootstrap) ? device : undefined;
    }, 20_000);
  }

  it("informs to the ACS of the lease, with what else the lease says", async () => {
    const { lease, config } = await openSite();
    const options = [
      [1, site.acs.url],
      [2, "site.7"],
      [3, "7"],
      [4, "1500"],
    ] as const;
    const gateway = [
      [4, "00256D"],
      [5, "GW-1"],
      [6, "Router"],
    ] as const;
    writeFileSync(lease, leaseWithGateway(options, gateway));
    await site.start(config);
    const { id } = await bootstrapped(site.acs);
    const names = ["URL", "CWMPRetryMinimumWaitInterval", "CWMPRetryIntervalMultiplier"];
    await site.acs.getParameterValues(
      id,
      names.map((name) => settings + name),
    );
    const device = site.acs.device(id);
    expect(names.map((name) => device?.value(settings + name))).toEqual([
      site.acs.url,
      "7",
      "1500",
    ]);
    expect(device?.value("Device.DeviceInfo.ProvisioningCode")).toBe("site.7");
    await site.acs.getParameterValues(id, ["Device.GatewayInfo."]);
    const gatewayInfo = ["ManufacturerOUI", "SerialNumber", "ProductClass"];
    expect(gatewayInfo.map((name) => device?.value(`Device.GatewayInfo.${name}`))).toEqual(
      gateway.map(([, value]) => value),
    );
    expect(site.acs.violations()).toEqual([]);
  });

  it("waits for a lease, goes to the ACS of the next one with BOOTSTRAP, and stays there without one", async () => {
    const { lease, config } = await openSite();
    const daemon = await site.start(config);
    expect(site.acs.devices()).toEqual([]);
    writeFileSync(lease, leaseFor([1, site.acs.url]));
    await bootstrapped(site.acs);
    const second = await startTestAcs({ scripts: [takeOver()] });
    others.push(second);
    writeFileSync(lease, leaseFor([1, second.url]));
    await bootstrapped(second);
    await daemon.stop();
    writeFileSync(lease, "");
    const before = second.devices()[0]?.informCount ?? 0;
    await site.start(config);
    await second.waitFor(
      () => ((second.devices()[0]?.informCount ?? 0) > before ? true : undefined),
      20_000,
    );
    expect([...site.acs.violations(), ...second.violations()]).toEqual([]);
  });

  it("keeps to the URL the ACS set, whatever the lease says", async () => {
    const { lease, config } = await openSite();
    writeFileSync(lease, leaseFor([1, site.acs.url]));
    await site.start(config);
    const { id } = await bootstrapped(site.acs);
    const second = await startTestAcs({ scripts: [takeOver()] });
    const third = await startTestAcs({ scripts: [takeOver()] });
    others.push(second, third);
    await site.acs.setParameterValues(id, { [`${settings}URL`]: second.url });
    const device = await bootstrapped(second);
    writeFileSync(lease, leaseFor([1, third.url], [3, "9"]));
    const interval = `${settings}CWMPRetryMinimumWaitInterval`;
    const deadlineAt = Date.now() + 15_000;
    while (second.device(device.id)?.value(interval) !== "9" && Date.now() < deadlineAt)
      await second.getParameterValues(device.id, [interval, `${settings}URL`]);
    expect(second.device(device.id)?.value(interval)).toBe("9");
    expect(second.device(device.id)?.value(`${settings}URL`)).toBe(second.url);
    expect(third.devices()).toEqual([]);
  });
});
