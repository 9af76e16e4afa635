import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import { add, codes, itemCodes, notify, remove, set } from "../../../test/cwmp/requests.ts";
import { MemoryTree, deviceNodes } from "../../../test/cwmp/memory-tree.ts";
import { missingValidator, validateSoap } from "../../../test/cwmp/validate-soap.ts";
import type { CwmpEndpoint } from "../endpoint/endpoint.ts";
import type { ParameterNode, ParameterTable, ParameterValue } from "../parameter-tree.ts";
import { device2 } from "../root-model.ts";

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

/** Of another root model, hence with another list of nodes. */
class OlderTree extends MemoryTree {
  readonly #nodes = [...super.nodes()];

  override nodes(): readonly ParameterNode[] {
    return this.#nodes;
  }
}

describe("a root model without aliases and wildcards", () => {
  it("has neither, and refuses both with 9005", async () => {
    const box = new Box();
    const absent = /^(AliasBasedAddressing|Instance|AutoCreate|InformParameter)/;
    const endpoint = await box.start({
      tree: new OlderTree(),
      rootModel: { ...device2, hasSetting: (name) => !absent.test(name) },
    });
    for (const path of [`${tray}2.Alias`, `${tray}[cpe-2].Level`, `${tray}*.Level`, table, count])
      expect([path, await valuesOf(box, endpoint, path)]).toEqual([path, 9005]);
    expect(codes(await box.ask(endpoint, add(table)))).toEqual([9005]);
    expect(valueOf(endpoint, count)).toBeUndefined();
    expect(await valuesOf(box, endpoint, tray)).toEqual({
      [`${tray}2.Level`]: "7",
      [`${tray}10.Level`]: "5",
    });
  });
});

/** A proxier with many embedded devices, whose rows are not among its nodes. */
class CrowdedTree extends OlderTree {
  readonly #rows = Array.from({ length: 15_000 }, (_, index) => index + 1);

  override nodes(): readonly ParameterNode[] {
    return crowdedNodes;
  }

  tables(): readonly ParameterTable[] {
    const row: readonly ParameterNode[] = [
      { path: "Port.", writable: false },
      { path: "Port.7.", writable: false },
      { path: "Port.7.Name", writable: false, type: "string" },
    ];
    return [{ path: crowd, instances: () => this.#rows, row: () => row }];
  }

  override get(path: string): ParameterValue | undefined {
    return path.startsWith(crowd) ? { path, type: "string", value: "x" } : super.get(path);
  }
}

const crowd = "Device.Crowd.";
const crowdedNodes: readonly ParameterNode[] = [...deviceNodes, { path: crowd, writable: false }];

describe("a tree with thousands of devices in it", () => {
  it("is addressed by aliases and wildcards like any other, the Alias of inner rows included", async () => {
    const box = new Box();
    const endpoint = await box.start({ tree: new CrowdedTree() });
    await box.ask(
      endpoint,
      set({ [`${crowd}9.Port.7.Alias`]: "lan", [`${crowd}9.Alias`]: "nine" }),
    );
    expect(await valuesOf(box, endpoint, `${crowd}[nine].Port.[lan].Name`)).toEqual({
      [`${crowd}9.Port.7.Name`]: "x",
    });
    expect(await valuesOf(box, endpoint, `${crowd}[nine].Port.*.`)).toEqual({
      [`${crowd}9.Port.7.Alias`]: "lan",
      [`${crowd}9.Port.7.Name`]: "x",
    });
    const all = await valuesOf(box, endpoint, `${crowd}*.Port.*.Name`);
    expect(Object.keys(all)).toHaveLength(15_000);
  });

  it("is refused with 9004 when too much of it is asked for at a time", async () => {
    const box = new Box();
    const endpoint = await box.start({ tree: new CrowdedTree() });
    for (const path of [crowd, `${crowd}*.`, "Device."])
      expect([path, await valuesOf(box, endpoint, path)]).toEqual([path, 9004]);
  });
});

const reason = missingValidator();

describe("envelopes with aliases and rows", () => {
  it.skipIf(reason !== undefined)(`are valid by the CWMP schemas${reason ?? ""}`, async () => {
    const { box, endpoint } = await started();
    await box.ask(
      endpoint,
      set({ "Device.ManagementServer.InstanceMode": "InstanceAlias" }),
      add(`${table}[m&m's <1>].`),
      set({ [`${table}[m&m's <1>].Enable`]: "perhaps" }),
      { method: "GetParameterNames", path: "", nextLevel: false },
      { method: "GetParameterValues", paths: [""] },
      { method: "GetParameterAttributes", paths: [table] },
      remove(`${table}[m&m's <1>].`),
    );
    expect(box.acs.envelopes.join("")).toContain("[m&amp;m's &lt;1&gt;].Enable");
    expect(validateSoap(box.acs.envelopes)).toBe("");
  });
});
