import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import { add, codes, notify, remove, set } from "../../../test/cwmp/requests.ts";
import { MemoryTree } from "../../../test/cwmp/memory-tree.ts";
import type { CwmpEndpoint } from "../endpoint/endpoint.ts";
import type {
  AddObjectResult,
  ParameterAssignment,
  ParameterNode,
  ParameterValue,
  WriteResult,
} from "../parameter-tree.ts";

const table = "Device.ManagementServer.InformParameter.";
const count = "Device.ManagementServer.InformParameterNumberOfEntries";
const tray = "Device.Services.Tray.";

async function started(): Promise<{ box: Box; endpoint: CwmpEndpoint }> {
  const box = new Box();
  return { box, endpoint: await box.start() };
}

const valueOf = (endpoint: CwmpEndpoint, path: string): string | undefined =>
  endpoint.tree.get(path)?.value;

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

/** A device that keeps users: rows that can be added and deleted, at most three. */
class UserTree extends MemoryTree {
  readonly users = new Map<number, string>();
  #next = 1;
  #cached: readonly ParameterNode[] = [];

  override nodes(): readonly ParameterNode[] {
    if (this.#cached.length === 0) {
      const rows = [...this.users.keys()].flatMap((user): ParameterNode[] => [
        { path: `${users}${user}.`, writable: true },
        { path: `${users}${user}.Name`, writable: true, type: "string" },
      ]);
      const counted = { path: "Device.UserNumberOfEntries", writable: false, type: "int" } as const;
      this.#cached = [...super.nodes(), { path: users, writable: true }, counted, ...rows];
    }
    return this.#cached;
  }

  override get(path: string): ParameterValue | undefined {
    if (path === "Device.UserNumberOfEntries")
      return { path, type: "int", value: String(this.users.size) };
    const value = this.users.get(Number(/User\.(\d+)\.Name$/.exec(path)?.[1]));
    return value === undefined ? super.get(path) : { path, type: "string", value };
  }

  addObject(table: string): Promise<AddObjectResult> {
    if (this.users.size === 3)
      return Promise.resolve({ outcome: "refused", code: 9004, text: table, faults: [] });
    const instanceNumber = this.#next;
    this.#next += 1;
    this.users.set(instanceNumber, "");
    this.#changed();
    return Promise.resolve({ outcome: "applied", instanceNumber });
  }

  deleteObject(instance: string): Promise<WriteResult> {
    this.users.delete(Number(/(\d+)\.$/.exec(instance)?.[1]));
    this.#changed();
    return Promise.resolve({ outcome: "applied" });
  }

  override async write(assignments: readonly ParameterAssignment[]): Promise<WriteResult> {
    const result = await super.write(assignments);
    if (result.outcome === "refused") return result;
    for (const { path, value } of assignments)
      this.users.set(Number(/User\.(\d+)\./.exec(path)?.[1]), value);
    return result;
  }

  #changed(): void {
    this.#cached = [];
    this.change("Device.UserNumberOfEntries", String(this.users.size));
  }
}

const users = "Device.User.";

describe("AddObject and DeleteObject on the tables of a device", () => {
  async function startedUsers(): Promise<{ box: Box; endpoint: CwmpEndpoint; tree: UserTree }> {
    const box = new Box();
    const tree = new UserTree();
    return { box, tree, endpoint: await box.start({ tree }) };
  }
  const autoCreate = set({ "Device.ManagementServer.AutoCreateInstances": "true" });

  it("go to the device, with the alias kept by the endpoint", async () => {
    const { box, endpoint, tree } = await startedUsers();
    const answers = await box.ask(
      endpoint,
      notify("Device.UserNumberOfEntries", 2),
      add(`${users}[anna].`),
      set({ [`${users}[anna].Name`]: "Anna" }),
      add(users),
      remove(`${users}[cpe-2].`, "last"),
    );
    expect(answers[1]).toMatchObject({ method: "AddObjectResponse", instanceNumber: 1 });
    expect([...tree.users]).toEqual([[1, "Anna"]]);
    expect(valueOf(endpoint, `${users}1.Alias`)).toBe("anna");
    expect(valueOf(endpoint, "Device.ManagementServer.ParameterKey")).toBe("last");
    const sessions = box.acs.sessions.length;
    await box.pass(10);
    expect(box.acs.sessions.length).toBe(sessions);
  });

  it("pass on what the device refuses, and take a row back that cannot be written down", async () => {
    const { box, endpoint, tree } = await startedUsers();
    await box.ask(endpoint, add(users));
    box.store.isFull = true;
    expect(codes(await box.ask(endpoint, add(`${users}[anna].`)))).toEqual([9002]);
    box.store.isFull = false;
    expect(tree.users.size).toBe(1);
    const answers = await box.ask(endpoint, add(users), add(users), add(users));
    expect(codes(answers)).toEqual(["AddObjectResponse", "AddObjectResponse", 9004]);
  });

  it("begin with notification off, also where the table was watched as a whole", async () => {
    const { box, endpoint } = await startedUsers();
    const [, , , answer] = await box.ask(
      endpoint,
      add(users),
      notify("Device.User.", 2),
      add(users),
      { method: "GetParameterAttributes", paths: [`${users}*.Name`] },
    );
    expect(answer).toMatchObject({
      attributes: [
        { path: `${users}1.Name`, notification: 2 },
        { path: `${users}2.Name`, notification: 0 },
      ],
    });
  });

  it("are told to the ACS when it was not the one to change them", async () => {
    const { box, endpoint, tree } = await startedUsers();
    await box.ask(endpoint, notify("Device.UserNumberOfEntries", 2));
    await tree.addObject(users);
    await box.settle();
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE"]);
    expect(box.acs.inform().parameters).toContainEqual({
      path: "Device.UserNumberOfEntries",
      type: "int",
      value: "1",
    });
  });

  it("create and take back rows with AutoCreateInstances", async () => {
    const { box, endpoint, tree } = await startedUsers();
    const names = { [`${users}[anna].Name`]: "Anna", [`${users}[bert].Name`]: "Bert" };
    await box.ask(endpoint, autoCreate, set(names));
    expect([...tree.users.values()]).toEqual(["Anna", "Bert"]);
    const bad = set({ [`${users}[cleo].Name`]: "bad" });
    const full = set({ [`${users}[d].Name`]: "D", [`${users}[e].Name`]: "E" });
    expect(codes(await box.ask(endpoint, bad, full))).toEqual([9003, 9004]);
    expect([...tree.users.values()]).toEqual(["Anna", "Bert"]);
    expect(valueOf(endpoint, `${users}[cleo].Alias`)).toBeUndefined();
  });
});
