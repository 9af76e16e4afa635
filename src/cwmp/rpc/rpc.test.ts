import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import type { CwmpEndpoint } from "../endpoint/endpoint.ts";
import type { ParameterAssignment } from "../parameter-tree.ts";
import type { CwmpMessage, DecodedMessage, MessageOf } from "../soap/message.ts";

const parameterKey = "Device.ManagementServer.ParameterKey";
const location = "Device.Services.Location";

const set = (key: string, ...parameters: readonly ParameterAssignment[]): CwmpMessage => ({
  method: "SetParameterValues",
  parameters,
  parameterKey: key,
});
const fault = (answer: DecodedMessage | undefined): MessageOf<"Fault"> => {
  if (answer?.method !== "Fault") throw new Error(`no fault but ${answer?.method ?? "nothing"}`);
  return answer;
};

async function started(): Promise<{ box: Box; endpoint: CwmpEndpoint }> {
  const box = new Box();
  return { box, endpoint: await box.start() };
}

describe("GetParameterNames", () => {
  const names = async (path: string, nextLevel: boolean): Promise<readonly string[] | number> => {
    const { box, endpoint } = await started();
    const [answer] = await box.ask(endpoint, { method: "GetParameterNames", path, nextLevel });
    if (answer?.method === "GetParameterNamesResponse")
      return answer.names.map((name) => name.path);
    return fault(answer).code;
  };

  it("lists an object and all below it, numbers of instances in order", async () => {
    expect(await names("Device.Services.", false)).toEqual([
      "Device.Services.",
      "Device.Services.Empty.",
      "Device.Services.Location",
      "Device.Services.Tray.",
      "Device.Services.Tray.2.",
      "Device.Services.Tray.2.Alias",
      "Device.Services.Tray.2.Level",
      "Device.Services.Tray.10.",
      "Device.Services.Tray.10.Alias",
      "Device.Services.Tray.10.Level",
      "Device.Services.TrayNumberOfEntries",
    ]);
  });

  it("lists direct children only, without the object itself", async () => {
    expect(await names("Device.Services.", true)).toEqual([
      "Device.Services.Empty.",
      "Device.Services.Location",
      "Device.Services.Tray.",
      "Device.Services.TrayNumberOfEntries",
    ]);
    expect(await names("Device.Services.Empty.", true)).toEqual([]);
  });

  it("takes the empty path for what is above the root", async () => {
    expect(await names("", true)).toEqual(["Device."]);
    const all = await names("", false);
    expect(all).toEqual(await names("Device.", false));
    expect(all).toContain("Device.ManagementServer.URL");
    expect(new Set(all as string[]).size).toBe((all as string[]).length);
  });

  it("names one parameter, but has no next level below it", async () => {
    expect(await names(location, false)).toEqual([location]);
    expect(await names(location, true)).toBe(9003);
  });

  it("refuses unknown paths, objects without their dot, aliases and wildcards", async () => {
    for (const path of ["Device.Nothing", "Device.Services", "Device.Services.Tray.[a].", "."]) {
      expect(await names(path, false)).toBe(9005);
    }
    expect(await names("Device.Nothing.", true)).toBe(9005);
  });
});

describe("GetParameterValues", () => {
  it("expands partial paths and refreshes the device's part before answering", async () => {
    const { box, endpoint } = await started();
    box.tree.onRefresh = () => {
      box.tree.values.set("Device.Services.Tray.2.Level", "99");
      return Promise.resolve();
    };
    const paths = ["Device.Services.Tray.", "Device.Services.Tray.2.Level"];
    const [answer] = await box.ask(endpoint, { method: "GetParameterValues", paths });
    expect(answer).toEqual({
      method: "GetParameterValuesResponse",
      parameters: [
        { path: "Device.Services.Tray.2.Alias", type: "string", value: "cpe-2" },
        { path: "Device.Services.Tray.2.Level", type: "int", value: "99" },
        { path: "Device.Services.Tray.10.Alias", type: "string", value: "cpe-10" },
        { path: "Device.Services.Tray.10.Level", type: "int", value: "5" },
      ],
    });
    expect(box.tree.refreshed).toEqual([
      ["Device.Services.Tray.2.Level", "Device.Services.Tray.10.Level"],
    ]);
  });

  it("answers with an empty list for an object without content", async () => {
    const { box, endpoint } = await started();
    const request = { method: "GetParameterValues", paths: ["Device.Services.Empty."] } as const;
    expect(await box.ask(endpoint, request)).toEqual([
      { method: "GetParameterValuesResponse", parameters: [] },
    ]);
  });

  it("fails as a whole when one name is unknown, or none is given", async () => {
    const { box, endpoint } = await started();
    const answers = await box.ask(
      endpoint,
      { method: "GetParameterValues", paths: [location, "Device.Nothing"] },
      { method: "GetParameterValues", paths: [] },
    );
    expect(answers.map((answer) => fault(answer).code)).toEqual([9005, 9003]);
  });

  it("gives everything for the empty path, and hides passwords", async () => {
    const { box, endpoint } = await started();
    const [answer] = await box.ask(endpoint, { method: "GetParameterValues", paths: [""] });
    if (answer?.method !== "GetParameterValuesResponse") throw new Error("no response");
    const values = new Map(answer.parameters.map(({ path, value }) => [path, value]));
    expect(values.get(location)).toBe("cellar");
    expect(values.get("Device.ManagementServer.Password")).toBe("");
    expect(values.get("Device.ManagementServer.ConnectionRequestPassword")).toBe("");
    expect([...values.values()].join()).not.toContain("-password");
  });

  it("serves last known values when the device does not answer in time", async () => {
    const { box, endpoint } = await started();
    box.tree.onRefresh = () => new Promise(() => undefined);
    await box.ask(endpoint, { method: "GetParameterValues", paths: [location] });
    await box.clock.advance(20_000);
    await box.settle();
    expect(box.acs.answers()).toEqual([
      {
        method: "GetParameterValuesResponse",
        parameters: [{ path: location, type: "string", value: "cellar" }],
      },
    ]);
  });
});

describe("SetParameterValues", () => {
  it("writes the device, the endpoint's settings and the ParameterKey, and keeps them over a restart", async () => {
    const { box, endpoint } = await started();
    const interval = "Device.ManagementServer.PeriodicInformInterval";
    const [answer] = await box.ask(
      endpoint,
      set(
        "key-1",
        { path: location, value: "attic", type: "string" },
        { path: interval, value: "0300" },
      ),
    );
    expect(answer).toEqual({ method: "SetParameterValuesResponse", status: 0 });
    expect(box.tree.values.get(location)).toBe("attic");
    const again = await box.restart();
    expect(again.tree.get(interval)?.value).toBe("300");
    expect(again.tree.get(parameterKey)?.value).toBe("key-1");
  });

  it("lists every fault in one 9003, and changes nothing, the ParameterKey neither", async () => {
    const { box, endpoint } = await started();
    await box.ask(endpoint, set("before"));
    const [answer] = await box.ask(
      endpoint,
      set(
        "after",
        { path: location, value: "attic" },
        { path: "Device.Nothing", value: "1" },
        { path: "Device.Services.", value: "1" },
        { path: "Device.DeviceInfo.UpTime", value: "1" },
        { path: "Device.DeviceInfo.ProvisioningCode", value: "bad" },
        { path: "Device.ManagementServer.EnableCWMP", value: "1", type: "int" },
        { path: "Device.ManagementServer.PeriodicInformInterval", value: "0" },
        { path: "Device.ManagementServer.URL", value: "http://u:p@acs/" },
        { path: parameterKey, value: "x" },
      ),
    );
    expect(fault(answer).code).toBe(9003);
    expect(fault(answer).parameters?.map(({ path, code }) => [path, code])).toEqual([
      ["Device.Nothing", 9005],
      ["Device.Services.", 9005],
      ["Device.DeviceInfo.UpTime", 9008],
      ["Device.DeviceInfo.ProvisioningCode", 9007],
      ["Device.ManagementServer.EnableCWMP", 9006],
      ["Device.ManagementServer.PeriodicInformInterval", 9007],
      ["Device.ManagementServer.URL", 9007],
      [parameterKey, 9008],
    ]);
    expect(box.tree.values.get(location)).toBe("cellar");
    expect(endpoint.tree.get(parameterKey)?.value).toBe("before");
  });

  it("tells the ACS why the device cannot set a parameter", async () => {
    const { box, endpoint } = await started();
    const path = "Device.DeviceInfo.UpTime";
    const answered = async (): Promise<string | undefined> => {
      const [answer] = await box.ask(endpoint, set("k", { path, value: "1" }));
      return fault(answer).parameters?.[0]?.text;
    };
    expect(await answered()).toContain("is read-only");
    box.tree.validate = () => ({ path, code: 9008, text: "no write community" });
    expect(await answered()).toContain("no write community");
  });

  it("refuses a parameter named twice", async () => {
    const { box, endpoint } = await started();
    const [answer] = await box.ask(
      endpoint,
      set("k", { path: location, value: "a" }, { path: location, value: "a" }),
    );
    expect(fault(answer)).toMatchObject({ code: 9003 });
    expect(fault(answer).parameters).toBeUndefined();
  });

  it("leaves settings and ParameterKey alone when the device refuses", async () => {
    const { box, endpoint } = await started();
    const upgrades = "Device.ManagementServer.UpgradesManaged";
    const request = set("k", { path: location, value: "a" }, { path: upgrades, value: "1" });
    box.tree.onWrite = () =>
      Promise.resolve({ outcome: "refused", code: 9002, text: "device is off", faults: [] });
    const [whole] = await box.ask(endpoint, request);
    expect(fault(whole)).toMatchObject({ code: 9002, text: "Internal error: device is off" });
    box.tree.onWrite = () =>
      Promise.resolve({
        outcome: "refused",
        code: 9003,
        text: "",
        faults: [{ path: location, code: 9002, text: "did not take" }],
      });
    const [single] = await box.ask(endpoint, request);
    expect(fault(single)).toMatchObject({ code: 9003, parameters: [{ path: location }] });
    expect(endpoint.tree.get(upgrades)?.value).toBe("false");
    expect(endpoint.tree.get(parameterKey)?.value).toBe("");
  });

  it("answers Status 1 for what is committed, and for a write that outlasts the session", async () => {
    const { box, endpoint } = await started();
    box.tree.onWrite = () => Promise.resolve({ outcome: "committed" });
    const [committed] = await box.ask(endpoint, set("1", { path: location, value: "a" }));
    expect(committed).toMatchObject({ status: 1 });
    box.tree.onWrite = () => new Promise(() => undefined);
    await box.ask(endpoint, set("2", { path: location, value: "b" }));
    await box.clock.advance(22_000);
    await box.settle();
    expect(box.acs.answers()).toMatchObject([{ status: 1 }]);
    expect(endpoint.tree.get(parameterKey)?.value).toBe("2");
  });

  it("answers 9002 with an error id when something of ours breaks, and goes on", async () => {
    const { box, endpoint } = await started();
    box.tree.onWrite = () => Promise.reject(new TypeError("secret detail"));
    const answers = await box.ask(endpoint, set("k", { path: location, value: "a" }), {
      method: "GetRPCMethods",
    });
    expect(fault(answers[0]).text).toMatch(/^Internal error: error [0-9a-f]{8}$/);
    expect(answers[1]?.method).toBe("GetRPCMethodsResponse");
  });
});

describe("parameter attributes", () => {
  const attributesOf = async (
    box: Box,
    endpoint: CwmpEndpoint,
    ...paths: readonly string[]
  ): Promise<ReadonlyMap<string, number>> => {
    const [answer] = await box.ask(endpoint, { method: "GetParameterAttributes", paths });
    if (answer?.method !== "GetParameterAttributesResponse") throw new Error("no response");
    return new Map(answer.attributes.map(({ path, notification }) => [path, notification]));
  };
  const setNotification = (path: string, notification: number): CwmpMessage => ({
    method: "SetParameterAttributes",
    attributes: [{ path, notification }],
  });

  it("are active from the start where the model says so, and off elsewhere", async () => {
    const { box, endpoint } = await started();
    const found = await attributesOf(
      box,
      endpoint,
      "Device.DeviceInfo.",
      "Device.ManagementServer.",
    );
    const active = [...found].filter(([, notification]) => notification === 2);
    expect(active.map(([path]) => path)).toEqual([
      "Device.DeviceInfo.ProvisioningCode",
      "Device.DeviceInfo.SoftwareVersion",
      "Device.ManagementServer.ConnReqJabberID",
      "Device.ManagementServer.ConnectionRequestURL",
    ]);
  });

  it("can be set by partial path and survive a restart", async () => {
    const { box, endpoint } = await started();
    await box.ask(endpoint, setNotification("Device.Services.Tray.", 1));
    const again = await box.restart();
    expect([...(await attributesOf(box, again, "Device.Services.")).values()]).toEqual([
      0, 1, 1, 1, 1, 0,
    ]);
  });

  it("stay active where forced, and can be switched off where active is only the default", async () => {
    const { box, endpoint } = await started();
    const [answer] = await box.ask(
      endpoint,
      setNotification("Device.DeviceInfo.SoftwareVersion", 0),
      setNotification("Device.ManagementServer.ConnectionRequestURL", 0),
    );
    expect(answer?.method).toBe("SetParameterAttributesResponse");
    const found = await attributesOf(
      box,
      endpoint,
      "Device.DeviceInfo.SoftwareVersion",
      "Device.ManagementServer.ConnectionRequestURL",
    );
    expect([...found.values()]).toEqual([2, 0]);
  });

  it("are refused as a whole: 9009 on a counter, 9003 on unknown values, 9005 on unknown names", async () => {
    const { box, endpoint } = await started();
    const both = (path: string, notification: number): CwmpMessage => ({
      method: "SetParameterAttributes",
      attributes: [
        { path: location, notification: 2 },
        { path, notification },
      ],
    });
    const answers = await box.ask(
      endpoint,
      both("Device.DeviceInfo.UpTime", 2),
      both("Device.Services.Tray.", 3),
      both("Device.Nothing", 1),
      { method: "SetParameterAttributes", attributes: [{ path: location, accessList: ["Me"] }] },
    );
    expect(answers.map((answer) => fault(answer).code)).toEqual([9009, 9003, 9005, 9003]);
    expect([...(await attributesOf(box, endpoint, location)).values()]).toEqual([0]);
  });

  it("allow active notification on a counter when the operator does", async () => {
    const box = new Box({ denyActiveNotification: false });
    const endpoint = await box.start();
    const [answer] = await box.ask(endpoint, setNotification("Device.DeviceInfo.UpTime", 2));
    expect(answer?.method).toBe("SetParameterAttributesResponse");
  });

  it("change only what is asked for", async () => {
    const { box, endpoint } = await started();
    const answers = await box.ask(
      endpoint,
      { method: "SetParameterAttributes", attributes: [{ path: location, accessList: [] }] },
      setNotification(location, 1),
      { method: "GetParameterAttributes", paths: [location] },
    );
    expect(answers.at(-1)).toEqual({
      method: "GetParameterAttributesResponse",
      attributes: [{ path: location, notification: 1, accessList: [] }],
    });
  });
});

describe("other RPCs", () => {
  it("lists exactly what is answered, Reboot only where the device can", async () => {
    const { box, endpoint } = await started();
    const all = [
      "GetRPCMethods",
      "SetParameterValues",
      "GetParameterValues",
      "GetParameterNames",
      "SetParameterAttributes",
      "GetParameterAttributes",
      "AddObject",
      "DeleteObject",
      "Reboot",
      "FactoryReset",
      "ScheduleInform",
      "ChangeDUState",
    ];
    const without = (...methods: readonly string[]): readonly string[] =>
      all.filter((method) => !methods.includes(method));
    const request = { method: "GetRPCMethods" } as const;
    expect(await box.ask(endpoint, request)).toEqual([
      { method: "GetRPCMethodsResponse", methods: without("FactoryReset") },
    ]);
    const able = new Box();
    const factoryReset = (): Promise<void> => Promise.resolve();
    const resettable = await able.start({
      actions: { reboot: () => Promise.resolve(), factoryReset },
    });
    expect(await able.ask(resettable, request)).toEqual([
      { method: "GetRPCMethodsResponse", methods: all },
    ]);
    const other = new Box();
    const rigid = await other.start({ actions: {} });
    expect(await other.ask(rigid, request)).toEqual([
      { method: "GetRPCMethodsResponse", methods: without("Reboot", "FactoryReset") },
    ]);
    const [refused] = await other.ask(rigid, { method: "Reboot", commandKey: "" });
    expect(fault(refused).code).toBe(9000);
  });

  it("refuses endless lists with 9004, without holding up anybody else", async () => {
    const { box, endpoint } = await started();
    const fill = <Item>(count: number, item: Item): Item[] => Array<Item>(count).fill(item);
    const answers = await box.ask(
      endpoint,
      { method: "GetParameterValues", paths: fill(5_001, "Device.") },
      {
        method: "SetParameterValues",
        parameters: fill(5_001, { path: "x", value: "" }),
        parameterKey: "",
      },
      { method: "SetParameterAttributes", attributes: fill(4_000, { path: "", notification: 0 }) },
    );
    expect(answers.map((answer) => fault(answer).code)).toEqual([9004, 9004, 9004]);
    const [allowed] = await box.ask(endpoint, {
      method: "GetParameterValues",
      paths: fill(5_000, location),
    });
    expect(allowed).toMatchObject({ parameters: [{ path: location }] });
  });

  it("refuses AddObject and DeleteObject where nothing can be added or deleted", async () => {
    const { box, endpoint } = await started();
    const answers = await box.ask(
      endpoint,
      { method: "AddObject", path: "Device.Services.Tray.", parameterKey: "k" },
      { method: "DeleteObject", path: "Device.Services.Tray.2.", parameterKey: "k" },
    );
    expect(answers.map((answer) => fault(answer).code)).toEqual([9005, 9005]);
    expect(endpoint.tree.get(parameterKey)?.value).toBe("");
  });
});
