import { afterEach, describe, expect, it } from "vitest";
import { FleetBench, printerRecording } from "../../test/fleet/fleet-bench.ts";
import { waitUntil } from "../../test/support/wait-until.ts";
import { parseConfig } from "../config/load.ts";
import { EndpointManager } from "../cwmp/endpoint/endpoint-manager.ts";
import { managementServerNodes } from "../cwmp/management-server/management-server.ts";
import { type AcsConnection, AcsTransportError } from "../cwmp/transport.ts";
import type { Printer } from "../fleet/printer.ts";
import { toPath } from "../model/model.ts";
import { DeviceTypes } from "../presentation/device-types.ts";
import { device2Root } from "../presentation/root-model.ts";
import type { SnmpAgent } from "../simulator/snmp-agent.ts";
import {
  type PresentationFaces,
  type PresentationParts,
  createPresentation,
} from "./presentation.ts";

const service = "Device.Services.X_MFPGATE-ORG_MFP.";
const sysLocation = "1.3.6.1.2.1.1.6.0";

const endpointDefaults = {
  tls: {},
  root: device2Root,
  managementServer: () => ({
    url: "http://127.0.0.1:9/acs",
    username: "",
    password: "",
    periodicInformEnable: true,
    periodicInformIntervalS: 900,
    connectionRequestUsername: "",
    connectionRequestPassword: "",
  }),
  pathOf: (endpointId: string) => `/${endpointId}`,
  urlOf: (path: string) => `http://192.0.2.1:7547${path}`,
};

/** An ACS that never answers: what is to be sent to it waits. */
function silentAcs(): AcsConnection {
  let close = (): void => undefined;
  return {
    post: () =>
      new Promise((_, reject) => {
        close = () => {
          reject(new AcsTransportError("closed", { code: "cwmp.connection-closed" }));
        };
      }),
    close: () => {
      close();
    },
  };
}

/** A fleet presented to an ACS that is never reached; everything it keeps outlives `restart`. */
class PresentationBench {
  readonly fleetBench = new FleetBench();
  readonly #config;
  #faces: PresentationFaces | undefined;
  #endpoints: EndpointManager | undefined;

  constructor(presentation: unknown) {
    const config = { acs: { url: "http://127.0.0.1:9/acs" }, presentation };
    this.#config = parseConfig(JSON.stringify(config));
  }

  readonly deviceTypes = new DeviceTypes(() => "http://192.0.2.1:7547");

  get faces(): PresentationFaces {
    if (this.#faces === undefined) throw new Error("start the bench first");
    return this.#faces;
  }

  get endpoints(): EndpointManager {
    if (this.#endpoints === undefined) throw new Error("start the bench first");
    return this.#endpoints;
  }

  async start(): Promise<void> {
    const fleet = await this.fleetBench.start();
    const { store, clock } = this.fleetBench;
    this.#endpoints = new EndpointManager({
      clock,
      store: store.endpoints,
      transport: { connect: silentAcs },
    });
    const periodsMs = this.#config.pollingMs;
    const proxier = { manufacturer: "M", oui: "00005E", productClass: "b", serialNumber: "1" };
    const { deviceTypes } = this;
    this.#faces = await createPresentation({
      config: this.#config,
      store,
      fleet,
      endpoints: this.#endpoints,
      listener: { register: () => () => undefined },
      requests: { virtualLive: {}, join: () => () => undefined },
      defaults: endpointDefaults,
      environment: {
        clock,
        periodsMs,
        proxier,
        deviceTypes,
        managementNodes: managementServerNodes,
      },
    } as unknown as PresentationParts);
    await this.#faces.printers.start();
  }

  async adopt(serial: string, mac: string): Promise<{ agent: SnmpAgent; printer: Printer }> {
    const agent = await this.fleetBench.agent(printerRecording(serial, mac));
    await this.fleetBench.discover(agent);
    await this.faces.printers.settled();
    const printer = this.fleetBench.fleet
      .printers()
      .find(({ identity }) => identity.serialNumber === serial);
    if (printer === undefined) throw new Error(`${serial} was not adopted`);
    return { agent, printer };
  }

  async restart(): Promise<void> {
    this.faces.stop();
    await this.fleetBench.stop();
    await this.start();
  }

  /** Everything the ACS could take hold of. */
  numbers(id: string): unknown {
    const { rows } = this.faces;
    const find = (table: { instances(): readonly number[]; get(n: number): unknown }) =>
      table.instances().filter((n) => JSON.stringify(viewOf(table.get(n))) === JSON.stringify(id));
    return {
      services: find(rows.services),
      embedded: find(rows.embeddedDevices),
      virtual: find(rows.virtualDevices),
      hosts: find(rows.hosts),
      proxied: find(rows.proxiedDevices),
    };
  }
}

function viewOf(row: unknown): string {
  const { view, id } = row as { view?: { id: string }; id?: string };
  return view?.id ?? id ?? "";
}

const benches: PresentationBench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) {
    bench.faces.stop();
    await bench.fleetBench.dispose();
  }
});

async function begin(presentation: unknown): Promise<PresentationBench> {
  const bench = new PresentationBench(presentation);
  benches.push(bench);
  await bench.start();
  return bench;
}

describe("presented printers", () => {
  it("are shown as the rules say", async () => {
    const bench = await begin({ default: "embedded", rules: [] });
    const { printer } = await bench.adopt("SN1", "01");
    expect(bench.faces.printers.presentationOf(printer)).toEqual({ as: "embedded", row: 1 });
    expect(bench.faces.printers.chosen(printer.id)).toBe("auto");
    expect(bench.endpoints.get(printer.id)).toBeUndefined();
    expect(bench.numbers(printer.id)).toEqual({
      services: [1],
      embedded: [1],
      virtual: [],
      hosts: [1],
      proxied: [1],
    });
  });

  it("change their face while they run, and keep their numbers through all changes and restarts", async () => {
    const bench = await begin({ default: "virtual" });
    await bench.adopt("SN1", "01");
    const { printer } = await bench.adopt("SN2", "02");
    const { printers } = bench.faces;
    const virtual = { services: [], embedded: [], virtual: [2], hosts: [2], proxied: [2] };
    expect(bench.numbers(printer.id)).toEqual(virtual);
    await printers.choose(printer, "embedded");
    const embedded = { services: [1], embedded: [1], virtual: [], hosts: [2], proxied: [2] };
    expect(bench.numbers(printer.id)).toEqual(embedded);
    expect(bench.endpoints.get(printer.id)).toBeUndefined();
    await printers.choose(printer, "none");
    expect(bench.numbers(printer.id)).toEqual({ ...embedded, services: [], embedded: [] });
    await printers.choose(printer, "virtual");
    expect(bench.numbers(printer.id)).toEqual(virtual);
    await printers.choose(printer, "embedded");

    await bench.restart();
    const again = bench.fleetBench.fleet.printer(printer.id);
    expect(bench.numbers(printer.id)).toEqual(embedded);
    expect(bench.faces.printers.chosen(printer.id)).toBe("embedded");
    if (again !== undefined) await bench.faces.printers.choose(again, "auto");
    expect(bench.numbers(printer.id)).toEqual(virtual);
  });

  it("say of restarts at a set time in their device type what they say themselves", async () => {
    const bench = await begin({ default: "virtual" });
    const { printer } = await bench.adopt("SN1", "01");
    const accesses = [];
    for (const canReboot of [true, false]) {
      const reboot = canReboot ? () => Promise.resolve() : undefined;
      Object.defineProperty(printer, "reboot", { value: reboot, configurable: true });
      await bench.faces.printers.choose(printer, "none");
      await bench.faces.printers.choose(printer, "virtual");
      const tree = bench.endpoints.get(printer.id)?.tree;
      const url = tree?.get("Device.DeviceInfo.SupportedDataModel.1.URL")?.value ?? "";
      const xml = bench.deviceTypes.document(url.slice(url.lastIndexOf("/") + 1)) ?? "";
      for (const name of ["ScheduleReboot", "DelayReboot"]) {
        const isWritable = tree?.node(`Device.ManagementServer.${name}`)?.writable;
        const [, access] = new RegExp(`ref="${name}" access="(\\w+)"`).exec(xml) ?? [];
        accesses.push([name, isWritable, access]);
      }
    }
    expect(accesses).toEqual([
      ["ScheduleReboot", true, "readWrite"],
      ["DelayReboot", true, "readWrite"],
      ["ScheduleReboot", false, "readOnly"],
      ["DelayReboot", false, "readOnly"],
    ]);
  });

  it("keep what their endpoint has while they are shown otherwise", async () => {
    const bench = await begin({ default: "virtual" });
    const { printer } = await bench.adopt("SN1", "01");
    await bench.endpoints.start();
    const endpoint = bench.endpoints.get(printer.id);
    await endpoint?.set([
      { path: "Device.ManagementServer.PeriodicInformInterval", value: "77" },
      { path: "Device.DeviceInfo.ProvisioningCode", value: "site 5" },
    ]);
    const before = endpoint?.status().pendingEvents;
    expect(before).toContain("1 BOOT");
    await bench.faces.printers.choose(printer, "embedded");
    await bench.faces.printers.choose(printer, "virtual");
    const after = bench.endpoints.get(printer.id);
    expect(after).not.toBe(endpoint);
    expect(after?.status().pendingEvents).toEqual(before);
    const value = (path: string) => after?.tree.get(path)?.value;
    expect(value("Device.ManagementServer.PeriodicInformInterval")).toBe("77");
    expect(value("Device.DeviceInfo.ProvisioningCode")).toBe("site 5");
    await bench.endpoints.stop();
  });

  it("carry a promised command over a change of face", async () => {
    const bench = await begin({ default: "embedded" });
    const { printer, agent } = await bench.adopt("SN1", "01");
    agent.power.off();
    await printer.poll(["status"]);
    await printer.poll(["status"]);
    const row = bench.faces.rows.services.get(1);
    const receipt = await row?.write([{ path: "General.SystemLocation", value: "cellar" }]);
    expect(receipt?.outcome).toBe("committed");
    await bench.faces.printers.choose(printer, "none");
    await bench.restart();
    agent.power.on();
    await waitUntil("the printer has it", async () => {
      await bench.fleetBench.clock.advance(1_000);
      const { value } = agent.mib.get(sysLocation) ?? {};
      return value instanceof Uint8Array && Buffer.from(value).toString() === "cellar";
    });
    await waitUntil("nothing is left", async () => {
      return (await bench.fleetBench.store.presentation.commands()).size === 0;
    });
  });

  it("drop a promised value that is written through the other face", async () => {
    const bench = await begin({ default: "embedded" });
    const { printer, agent } = await bench.adopt("SN1", "01");
    agent.power.off();
    await printer.poll(["status"]);
    await printer.poll(["status"]);
    await bench.faces.rows.services
      .get(1)
      ?.write([{ path: "General.SystemLocation", value: "cellar" }]);
    await bench.faces.printers.choose(printer, "virtual");
    const location = `${service}1.General.SystemLocation`;
    const endpoint = bench.endpoints.get(printer.id);
    expect(await endpoint?.set([{ path: location, value: "attic" }])).toMatchObject({
      outcome: "refused",
      code: 9002,
    });
    expect((await bench.fleetBench.store.presentation.commands()).size).toBe(1);
    agent.power.on();
    await waitUntil("it is written", async () => {
      const result = await endpoint?.set([{ path: location, value: "attic" }]);
      if (result?.outcome !== "applied") await printer.poll(["status"]);
      return result?.outcome === "applied";
    });
    expect((await bench.fleetBench.store.presentation.commands()).size).toBe(0);
    const { value } = agent.mib.get(sysLocation) ?? {};
    expect(value instanceof Uint8Array && Buffer.from(value).toString()).toBe("attic");
  });

  it("are as the rules say after a reset, with their numbers, and nothing is promised any more", async () => {
    const bench = await begin({ default: "embedded" });
    const { printer, agent } = await bench.adopt("SN1", "01");
    const gone = (await bench.adopt("SN2", "02")).printer;
    const shown = bench.numbers(printer.id);
    agent.power.off();
    await printer.poll(["status"]);
    await printer.poll(["status"]);
    const write = [{ path: "General.SystemLocation", value: "cellar" }];
    await bench.faces.rows.services.get(1)?.write(write);
    await bench.faces.printers.choose(printer, "none");
    await bench.faces.printers.choose(gone, "virtual");
    await bench.fleetBench.fleet.retire(gone.id);
    await bench.restart(); // what waits is on disk only now
    const { presentation } = bench.fleetBench.store;
    expect((await presentation.commands()).size).toBe(1);
    expect((await presentation.choices()).size).toBe(2);

    await bench.faces.printers.reset();
    expect(bench.numbers(printer.id)).toEqual(shown);
    expect(bench.faces.printers.chosen(printer.id)).toBe("auto");
    expect(bench.faces.rows.services.get(1)?.commands.processed).toBe("Success");
    expect((await presentation.commands()).size).toBe(0);
    expect((await presentation.choices()).size).toBe(0);
    await bench.faces.printers.reset();
    expect(bench.numbers(printer.id)).toEqual(shown);
  });

  it("are talked to as configured after a reset, while a device of its own keeps what its ACS set", async () => {
    const bench = await begin({ default: "embedded" });
    const { printer } = await bench.adopt("SN1", "01");
    const { printer: device } = await bench.adopt("SN2", "02");
    await bench.faces.printers.choose(device, "virtual");
    const retries = [{ path: toPath("Interaction.SNMP.Retries"), value: 0 }];
    for (const each of [printer, device]) await each.interaction.set(retries, { who: "acs" });
    await bench.faces.printers.choose(device, "virtual");
    await bench.faces.printers.reset();
    expect(printer.interaction.overridden).toEqual([]);
    expect(device.interaction.overridden).toEqual(["SNMP.Retries"]);
  });

  it("leave nothing behind when they are removed", async () => {
    const bench = await begin({ default: "virtual" });
    const { printer } = await bench.adopt("SN1", "01");
    await bench.faces.printers.choose(printer, "embedded");
    await bench.fleetBench.fleet.retire(printer.id);
    await bench.faces.printers.settled();
    expect(bench.numbers(printer.id)).toEqual({
      services: [],
      embedded: [],
      virtual: [],
      hosts: [],
      proxied: [],
    });
    expect(bench.faces.printers.chosen(printer.id)).toBe("embedded");
    await bench.fleetBench.fleet.remove(printer.id);
    await bench.faces.printers.settled();
    expect(bench.faces.printers.chosen(printer.id)).toBe("auto");
    expect((await bench.fleetBench.store.presentation.choices()).size).toBe(0);
    const stored = await bench.fleetBench.store.endpoints.load(printer.id);
    expect(stored.settings.size).toBe(0);
  });

  it("of one kind share a row of supported models", async () => {
    const bench = await begin({ default: "embedded" });
    await bench.adopt("SN1", "01");
    const { printer } = await bench.adopt("SN2", "02");
    const { rows, modelRowOf } = bench.faces;
    const models = rows.supportedModels.instances();
    expect(models).toHaveLength(1);
    expect(models).not.toContain(1); // that one is the box's own
    const embedded = rows.services.get(2);
    expect(embedded === undefined ? undefined : modelRowOf(embedded)).toBe(models[0]);
    expect(rows.supportedModels.get(models[0] ?? 0)?.()?.urn).toContain("x-mfpgate-org-mfp");
    for (const other of bench.fleetBench.fleet.printers())
      await bench.faces.printers.choose(other, "none");
    expect(rows.supportedModels.instances()).toEqual([]);
    await bench.faces.printers.choose(printer, "auto");
    expect(rows.supportedModels.instances()).toEqual(models);
  });
});
