import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import { add, codes, itemCodes, set } from "../../../test/cwmp/requests.ts";
import type { CwmpEndpoint } from "../endpoint/endpoint.ts";

const table = "Device.ManagementServer.InformParameter.";
const tray = "Device.Services.Tray.";

describe("InformParameter", () => {
  const location = "Device.Services.Location";

  async function start(): Promise<{ box: Box; endpoint: CwmpEndpoint }> {
    const box = new Box();
    return { box, endpoint: await box.start() };
  }

  async function withRow(
    values: Readonly<Record<string, string>>,
  ): Promise<{ box: Box; endpoint: CwmpEndpoint }> {
    const { box, endpoint } = await start();
    const row = Object.entries({ Enable: "true", ...values });
    const [, answer] = await box.ask(
      endpoint,
      add(table),
      set(Object.fromEntries(row.map(([name, value]) => [`${table}1.${name}`, value]))),
    );
    expect(answer?.method).toBe("SetParameterValuesResponse");
    return { box, endpoint };
  }
  const informed = (box: Box): readonly string[] =>
    box.acs
      .inform()
      .parameters.map(({ path }) => path)
      .filter((path) => path.startsWith("Device.Services."));

  it("adds a parameter to every Inform but one for 4 VALUE CHANGE alone", async () => {
    const { box, endpoint } = await withRow({ ParameterName: location });
    endpoint.requestSession("2 PERIODIC");
    await box.settle();
    expect(informed(box)).toEqual([location]);
    box.tree.change("Device.DeviceInfo.SoftwareVersion", "2.0");
    await box.settle();
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE"]);
    expect(informed(box)).toEqual([]);
  });

  it("adds it for the events listed only, and only while enabled, after a restart too", async () => {
    const { box, endpoint } = await withRow({
      ParameterName: location,
      EventList: "2 PERIODIC, 1 BOOT",
    });
    endpoint.requestSession("6 CONNECTION REQUEST");
    await box.settle();
    expect(informed(box)).toEqual([]);
    const again = await box.restart({ bootsWithProcess: true });
    expect(box.acs.events()).toEqual(["1 BOOT"]);
    expect(informed(box)).toEqual([location]);
    await box.ask(again, set({ [`${table}1.Enable`]: "0" }));
    again.requestSession("2 PERIODIC");
    await box.settle();
    expect(informed(box)).toEqual([]);
  });

  it("takes wildcards and partial paths, and nothing that is not there", async () => {
    const { box, endpoint } = await withRow({ ParameterName: `${tray}*.Level` });
    await box.ask(
      endpoint,
      add(table),
      set({ [`${table}2.Enable`]: "1", [`${table}2.ParameterName`]: "Device.Nothing.*.Here" }),
      add(table),
      set({ [`${table}3.Enable`]: "1", [`${table}3.ParameterName`]: `${tray}[cpe-2].` }),
    );
    endpoint.requestSession("2 PERIODIC");
    await box.settle();
    expect(informed(box)).toEqual([`${tray}2.Level`, `${tray}10.Level`, `${tray}2.Alias`]);
  });

  it("refuses forced parameters, 4 VALUE CHANGE, unknown events and a name that is taken with 9007", async () => {
    const { box, endpoint } = await withRow({ ParameterName: location });
    const refused: readonly (readonly [string, string])[] = [
      ["ParameterName", "Device.ManagementServer.ParameterKey"],
      ["ParameterName", "Device.*.X"],
      ["ParameterName", "Device.Services.Tray.*.*"],
      ["ParameterName", "Device.Services.Tr*y.1.Level"],
      ["ParameterName", "InternetGatewayDevice.X"],
      ["ParameterName", `Device.${"x".repeat(260)}`],
      ["ParameterName", location],
      ["EventList", "4 VALUE CHANGE"],
      ["EventList", "2 PERIODIC,42 ANSWER"],
      ["Enable", "perhaps"],
    ];
    await box.ask(endpoint, add(table));
    for (const [name, value] of refused) {
      const [answer] = await box.ask(endpoint, set({ [`${table}2.${name}`]: value }));
      expect([name, value, ...itemCodes(answer)]).toEqual([name, value, `${table}2.${name}`, 9007]);
    }
    const swap = set({
      [`${table}1.ParameterName`]: "Device.DeviceInfo.UpTime",
      [`${table}2.ParameterName`]: location,
      [`${table}2.EventList`]: "M Reboot,X 00005E Own",
    });
    expect(codes(await box.ask(endpoint, swap))).toEqual(["SetParameterValuesResponse"]);
  });
});
