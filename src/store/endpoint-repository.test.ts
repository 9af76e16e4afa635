import { describe, expect, it } from "vitest";
import { temporaryStore } from "../../test/store/temporary-store.ts";

describe("EndpointRepository", () => {
  it("loads an endpoint never seen as empty", async () => {
    const { endpoints } = await temporaryStore();
    expect(await endpoints.load("nobody")).toEqual({
      events: [],
      attributes: [],
      pendingChanges: [],
      reported: new Map(),
      settings: new Map(),
    });
  });

  it("keeps every part of a change", async () => {
    const { endpoints } = await temporaryStore();
    const attribute = { path: "Device.A", notification: 2, accessList: ["Subscriber"] };
    const ids = await endpoints.commit("e", {
      addEvents: [
        { eventCode: "0 BOOTSTRAP", commandKey: "" },
        { eventCode: "M Reboot", commandKey: "key" },
      ],
      setAttributes: [attribute],
      addPendingChanges: ["Device.A", "Device.A", "Device.B"],
      setReported: new Map([["Device.A", "1"]]),
      setSettings: new Map([["URL", "http://acs"]]),
    });
    expect(await endpoints.load("e")).toEqual({
      events: [
        { id: ids[0], eventCode: "0 BOOTSTRAP", commandKey: "" },
        { id: ids[1], eventCode: "M Reboot", commandKey: "key" },
      ],
      attributes: [attribute],
      pendingChanges: ["Device.A", "Device.B"],
      reported: new Map([["Device.A", "1"]]),
      settings: new Map([["URL", "http://acs"]]),
    });
  });

  it("replaces and removes what a later change names and leaves the rest", async () => {
    const { endpoints } = await temporaryStore();
    const [first] = await endpoints.commit("e", {
      addEvents: [
        { eventCode: "1 BOOT", commandKey: "" },
        { eventCode: "2 PERIODIC", commandKey: "" },
      ],
      addPendingChanges: ["a", "b"],
      setReported: new Map([["a", "1"]]),
      setSettings: new Map([
        ["keep", "1"],
        ["drop", "2"],
      ]),
    });
    await endpoints.commit("e", {
      removeEvents: [first ?? 0],
      removePendingChanges: ["a"],
      setReported: new Map([["a", "2"]]),
      setSettings: new Map<string, string | undefined>([["drop", undefined]]),
    });
    const state = await endpoints.load("e");
    expect(state.events.map(({ eventCode }) => eventCode)).toEqual(["2 PERIODIC"]);
    expect(state.pendingChanges).toEqual(["b"]);
    expect(state.reported.get("a")).toBe("2");
    expect([...state.settings]).toEqual([["keep", "1"]]);
  });

  it("forgets the attributes and values of a row that is gone", async () => {
    const { endpoints } = await temporaryStore();
    const attribute = (path: string) => ({ path, notification: 1, accessList: [] });
    await endpoints.commit("e", {
      setAttributes: [attribute("T.1.A"), attribute("T.2.A")],
      setReported: new Map([
        ["T.1.A", "1"],
        ["T.2.A", "2"],
      ]),
    });
    await endpoints.commit("e", { removeAttributes: ["T.1.A"], removeReported: ["T.1.A"] });
    const state = await endpoints.load("e");
    expect(state.attributes).toEqual([attribute("T.2.A")]);
    expect([...state.reported]).toEqual([["T.2.A", "2"]]);
  });

  it("never gives an event id twice, not even after the newest was removed", async () => {
    const { endpoints } = await temporaryStore();
    const add = { addEvents: [{ eventCode: "6 CONNECTION REQUEST", commandKey: "" }] };
    const [first = 0] = await endpoints.commit("e", add);
    await endpoints.commit("e", { removeEvents: [first] });
    const [second = 0] = await endpoints.commit("e", add);
    expect(second).toBeGreaterThan(first);
  });

  it("keeps endpoints apart and forgets only the one removed", async () => {
    const { endpoints } = await temporaryStore();
    const change = {
      addEvents: [{ eventCode: "1 BOOT", commandKey: "" }],
      setSettings: new Map([["a", "1"]]),
    };
    const [id = 0] = await endpoints.commit("one", change);
    await endpoints.commit("two", { ...change, removeEvents: [id] });
    await endpoints.remove("two");
    expect((await endpoints.load("one")).events).toHaveLength(1);
    expect((await endpoints.load("two")).settings.size).toBe(0);
  });
});
