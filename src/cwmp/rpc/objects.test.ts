import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import { add, codes, itemCodes, notify, remove, set } from "../../../test/cwmp/requests.ts";
import type { CwmpEndpoint } from "../endpoint.ts";

const table = "Device.ManagementServer.InformParameter.";
const count = "Device.ManagementServer.InformParameterNumberOfEntries";
const tray = "Device.Services.Tray.";

async function started(): Promise<{ box: Box; endpoint: CwmpEndpoint }> {
  const box = new Box();
  return { box, endpoint: await box.start() };
}

const valueOf = (endpoint: CwmpEndpoint, path: string): string | undefined =>
  endpoint.tree.get(path)?.value;

async function valuesOf(
  box: Box,
  endpoint: CwmpEndpoint,
  ...paths: readonly string[]
): Promise<Readonly<Record<string, string>> | number> {
  const [answer] = await box.ask(endpoint, { method: "GetParameterValues", paths });
  if (answer?.method !== "GetParameterValuesResponse") return Number(codes([answer ?? fail()])[0]);
  return Object.fromEntries(answer.parameters.map(({ path, value }) => [path, value]));
}

function fail(): never {
  throw new Error("no answer");
}

describe("AddObject and DeleteObject on the endpoint's own tables", () => {
  it("add a row with the defaults of the model, which is there in the same session", async () => {
    const { box, endpoint } = await started();
    const answers = await box.ask(endpoint, add(table, "key-1"), {
      method: "GetParameterValues",
      paths: [table],
    });
    expect(answers[0]).toEqual({ method: "AddObjectResponse", instanceNumber: 1, status: 0 });
    expect(answers[1]).toMatchObject({
      parameters: [
        { path: `${table}1.Alias`, type: "string", value: "cpe-1" },
        { path: `${table}1.Enable`, type: "boolean", value: "false" },
        { path: `${table}1.EventList`, type: "string", value: "" },
        { path: `${table}1.ParameterName`, type: "string", value: "" },
      ],
    });
    expect(valueOf(endpoint, count)).toBe("1");
    expect(valueOf(endpoint, "Device.ManagementServer.ParameterKey")).toBe("key-1");
  });

  it("keep rows and never give a number again, over a restart neither", async () => {
    const { box, endpoint } = await started();
    await box.ask(endpoint, add(table), add(table), set({ [`${table}2.Enable`]: "1" }));
    await box.ask(endpoint, remove(`${table}1.`, "gone"));
    const again = await box.restart();
    expect(valueOf(again, `${table}2.Enable`)).toBe("true");
    expect(valueOf(again, `${table}1.Enable`)).toBeUndefined();
    expect(valueOf(again, "Device.ManagementServer.ParameterKey")).toBe("gone");
    await box.ask(again, remove(`${table}2.`));
    const [answer] = await box.ask(again, add(table));
    expect(answer).toMatchObject({ instanceNumber: 3 });
  });

  it("show the table as one that rows can be added to, and rows as deletable", async () => {
    const { box, endpoint } = await started();
    const path = "Device.ManagementServer.";
    const [, names] = await box.ask(endpoint, add(table), {
      method: "GetParameterNames",
      path: table,
      nextLevel: false,
    });
    expect(names).toMatchObject({
      names: [
        { path: table, writable: true },
        { path: `${table}1.`, writable: true },
        { path: `${table}1.Alias`, writable: true },
        { path: `${table}1.Enable`, writable: true },
        { path: `${table}1.EventList`, writable: true },
        { path: `${table}1.ParameterName`, writable: true },
      ],
    });
    const [children] = await box.ask(endpoint, {
      method: "GetParameterNames",
      path: `${path}InformParameter.`,
      nextLevel: true,
    });
    expect(children).toMatchObject({ names: [{ path: `${table}1.`, writable: true }] });
  });

  it("refuse with 9005 what is no table or no row, and leave the ParameterKey", async () => {
    const { box, endpoint } = await started();
    const wrong = [
      add(tray),
      add(`${table}1.`),
      add("Device.ManagementServer.URL"),
      add("Device.ManagementServer.InformParameter"),
      add(`${tray}[x].`),
      add(`${table}[9lives].`),
      add(`${table}[cpe-7].`),
      add(`${table}*.`),
      add("Device.".repeat(40)),
      remove(table),
      remove(`${table}1.`),
      remove(`${tray}2.`),
      remove(`${table}*.`),
      remove(`${table}[none].`),
    ];
    expect(codes(await box.ask(endpoint, ...wrong))).toEqual(wrong.map(() => 9005));
    expect(valueOf(endpoint, "Device.ManagementServer.ParameterKey")).toBe("");
  });

  it("answer 9004 when the table is full", async () => {
    const { box, endpoint } = await started();
    const answers = await box.ask(endpoint, ...Array.from({ length: 65 }, () => add(table)));
    expect(codes(answers).slice(-2)).toEqual(["AddObjectResponse", 9004]);
    expect(valueOf(endpoint, count)).toBe("64");
  });

  it("change nothing when it cannot be written down", async () => {
    const { box, endpoint } = await started();
    await box.ask(endpoint, add(table));
    box.store.isFull = true;
    expect(codes(await box.ask(endpoint, add(table), remove(`${table}1.`)))).toEqual([9002, 9002]);
    expect(valueOf(endpoint, count)).toBe("1");
    expect(valueOf(endpoint, `${table}1.Enable`)).toBe("false");
  });

  it("forget attributes, aliases and pending changes of a row that is gone, with it", async () => {
    const { box, endpoint } = await started();
    await box.ask(
      endpoint,
      add(table),
      notify(table, 2),
      set({ [`${table}1.Alias`]: "mine" }),
      remove(`${table}[mine].`),
    );
    const stored = await box.store.load("device-1");
    expect(stored.attributes.filter(({ path }) => path.startsWith(table))).toEqual([]);
    expect([...stored.reported.keys()].filter((path) => path.startsWith(table))).toEqual([]);
    expect(stored.settings.get("aliases")).toBe("{}");
    expect(stored.settings.get("informParameters")).toBe('{"next":2,"rows":{}}');
  });

  it("are no news to the ACS that asked for them: neither the count nor the ParameterKey", async () => {
    const { box, endpoint } = await started();
    await box.ask(
      endpoint,
      notify(count, 2),
      notify("Device.ManagementServer.ParameterKey", 1),
      add(table, "other"),
      remove(`${table}1.`, "another"),
      add(table, "third"),
    );
    const sessions = box.acs.sessions.length;
    const again = await box.restart();
    await box.pass(10);
    expect(box.acs.sessions.length).toBe(sessions);
    expect(valueOf(again, count)).toBe("1");
  });
});

describe("aliases", () => {
  it("stand for instance numbers wherever a path does", async () => {
    const { box, endpoint } = await started();
    await box.ask(endpoint, set({ [`${tray}10.Alias`]: "big one.A4" }));
    const path = `${tray}[big one.A4].Level`;
    expect(await valuesOf(box, endpoint, path, `${tray}[cpe-2].`)).toEqual({
      [`${tray}10.Level`]: "5",
      [`${tray}2.Alias`]: "cpe-2",
      [`${tray}2.Level`]: "7",
    });
    const answers = await box.ask(
      endpoint,
      { method: "GetParameterNames", path: `${tray}[big one.A4].`, nextLevel: true },
      notify(path, 1),
      { method: "GetParameterAttributes", paths: [path] },
      add(`${table}[mine].`),
      set({ [`${table}[mine].Enable`]: "true" }),
      { method: "GetParameterValues", paths: [`${table}1.Enable`, `${table}[mine].Alias`] },
      remove(`${table}[mine].`),
    );
    expect(codes(answers).filter((code) => typeof code === "number")).toEqual([]);
    expect(answers[2]).toMatchObject({
      attributes: [{ path: `${tray}10.Level`, notification: 1 }],
    });
    expect(answers[5]).toMatchObject({ parameters: [{ value: "true" }, { value: "mine" }] });
  });

  it("are what the CPE itself writes in InstanceMode InstanceAlias, in Informs too", async () => {
    const { box, endpoint } = await started();
    await box.ask(
      endpoint,
      set({
        "Device.ManagementServer.InstanceMode": "InstanceAlias",
        [`${tray}10.Alias`]: "big",
      }),
      notify(`${tray}10.Level`, 2),
    );
    expect(await valuesOf(box, endpoint, tray)).toEqual({
      [`${tray}[cpe-2].Alias`]: "cpe-2",
      [`${tray}[cpe-2].Level`]: "7",
      [`${tray}[big].Alias`]: "big",
      [`${tray}[big].Level`]: "5",
    });
    const [names, attributes] = await box.ask(
      endpoint,
      { method: "GetParameterNames", path: `${tray}10.`, nextLevel: false },
      { method: "GetParameterAttributes", paths: [`${tray}10.Level`] },
    );
    expect(names).toMatchObject({ names: [{ path: `${tray}[big].` }, {}, {}] });
    expect(attributes).toMatchObject({ attributes: [{ path: `${tray}[big].Level` }] });
    box.tree.change(`${tray}10.Level`, "4");
    await box.settle();
    expect(box.acs.inform().parameters.at(-1)).toMatchObject({
      path: `${tray}[big].Level`,
      value: "4",
    });
  });

  it("survive a restart, and are unique, addressable and the CPE's own where they begin with cpe-", async () => {
    const { box, endpoint } = await started();
    await box.ask(endpoint, set({ [`${tray}10.Alias`]: "big" }));
    const again = await box.restart();
    expect(valueOf(again, `${tray}10.Alias`)).toBe("big");
    const alias = `${tray}2.Alias`;
    for (const value of ["big", "", "9lives", "a[b]", "a".repeat(65), "cpe-10"]) {
      const [answer] = await box.ask(again, set({ [alias]: value }));
      expect([value, ...itemCodes(answer)]).toEqual([value, alias, 9007]);
    }
    const both = set({ [alias]: "big", [`${tray}10.Alias`]: "bigger" });
    expect(codes(await box.ask(again, both))).toEqual(["SetParameterValuesResponse"]);
    expect(codes(await box.ask(again, set({ [alias]: "cpe-2" })))).toEqual([
      "SetParameterValuesResponse",
    ]);
  });

  it("that no row has are refused: 9005 for reads and, in the list, for writes", async () => {
    const { box, endpoint } = await started();
    for (const path of [`${tray}[x].Level`, `${tray}[].Level`, `${tray}[cpe-2.Level`, "[Device]."])
      expect(await valuesOf(box, endpoint, path)).toBe(9005);
    const path = `${table}[x].Enable`;
    expect(itemCodes((await box.ask(endpoint, set({ [path]: "1" })))[0])).toEqual([path, 9005]);
  });

  it("count as the same parameter as the number in one request", async () => {
    const { box, endpoint } = await started();
    const twice = set({ [`${tray}2.Alias`]: "a", [`${tray}[cpe-2].Alias`]: "b" });
    expect(codes(await box.ask(endpoint, twice))).toEqual([9003]);
  });
});

describe("AutoCreateInstances", () => {
  const autoCreate = set({ "Device.ManagementServer.AutoCreateInstances": "true" });

  it("creates the rows that SetParameterValues names by a new alias", async () => {
    const { box, endpoint } = await started();
    const values = { [`${table}[mine].Enable`]: "1", [`${table}[mine].EventList`]: "1 BOOT" };
    expect(itemCodes((await box.ask(endpoint, set(values)))[0])).toContain(9005);
    const [, answer] = await box.ask(endpoint, autoCreate, set(values, "made"));
    expect(answer).toEqual({ method: "SetParameterValuesResponse", status: 0 });
    const again = await box.restart();
    expect(valueOf(again, `${table}1.Alias`)).toBe("mine");
    expect(valueOf(again, `${table}1.Enable`)).toBe("true");
    expect(valueOf(again, "Device.ManagementServer.ParameterKey")).toBe("made");
  });

  it("leaves no row behind when anything else is refused", async () => {
    const { box, endpoint } = await started();
    const values = { [`${table}[mine].Enable`]: "1", [`${table}[other].Enable`]: "perhaps" };
    const [, answer] = await box.ask(endpoint, autoCreate, set(values, "made"));
    expect(itemCodes(answer)).toEqual([`${table}[other].Enable`, 9007]);
    expect(valueOf(endpoint, count)).toBe("0");
    expect(valueOf(endpoint, "Device.ManagementServer.ParameterKey")).toBe("k");
  });

  it("creates nothing where nothing can be added", async () => {
    const { box, endpoint } = await started();
    const path = `${tray}[new].Alias`;
    const [, answer] = await box.ask(endpoint, autoCreate, set({ [path]: "x" }));
    expect(itemCodes(answer)).toEqual([path, 9005]);
  });
});

describe("instance wildcards", () => {
  it("name all rows for reading values, names and attributes", async () => {
    const { box, endpoint } = await started();
    expect(valueOf(endpoint, "Device.ManagementServer.InstanceWildcardsSupported")).toBe("true");
    expect(await valuesOf(box, endpoint, `${tray}*.Level`)).toEqual({
      [`${tray}2.Level`]: "7",
      [`${tray}10.Level`]: "5",
    });
    const [names, next, attributes] = await box.ask(
      endpoint,
      { method: "GetParameterNames", path: `${tray}*.Level`, nextLevel: false },
      { method: "GetParameterNames", path: `${tray}*.`, nextLevel: true },
      { method: "GetParameterAttributes", paths: [`${tray}*.`] },
    );
    expect(names).toMatchObject({
      names: [{ path: `${tray}2.Level` }, { path: `${tray}10.Level` }],
    });
    expect(next).toMatchObject({ names: [{ path: `${tray}2.Alias` }, {}, {}, {}] });
    expect(attributes).toMatchObject({ attributes: [{}, {}, {}, {}] });
  });

  it("name nothing in a table without rows", async () => {
    const { box, endpoint } = await started();
    expect(await valuesOf(box, endpoint, `${table}*.Enable`)).toEqual({});
  });

  it("are refused with 9005 elsewhere, and where no instance can be", async () => {
    const { box, endpoint } = await started();
    for (const path of [
      "Device.*.Location",
      "*",
      "*.",
      `${tray}*.Nothing`,
      `${tray}2.*`,
      `${tray}*2.`,
    ])
      expect([path, await valuesOf(box, endpoint, path)]).toEqual([path, 9005]);
    expect(codes(await box.ask(endpoint, notify(`${tray}*.Level`, 1)))).toEqual([9005]);
    const path = `${table}*.Enable`;
    expect(itemCodes((await box.ask(endpoint, set({ [path]: "1" })))[0])).toEqual([path, 9005]);
  });
});

describe("limits", () => {
  it("are 256 characters for a path and 65,536 for a value", async () => {
    const { box, endpoint } = await started();
    const long = `Device.${"x".repeat(250)}`;
    expect(await valuesOf(box, endpoint, long)).toBe(9005);
    expect(itemCodes((await box.ask(endpoint, set({ [long]: "1" })))[0])).toEqual([long, 9005]);
    const path = "Device.Services.Location";
    const huge = set({ [path]: "x".repeat(65_537) });
    expect(itemCodes((await box.ask(endpoint, huge))[0])).toEqual([path, 9007]);
    expect(valueOf(endpoint, path)).toBe("cellar");
  });
});
