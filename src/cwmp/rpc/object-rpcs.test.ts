import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import { LivelyTree } from "../../../test/cwmp/lively-tree.ts";
import type { CwmpEndpoint } from "../endpoint/endpoint.ts";
import type { CwmpMessage, DecodedMessage } from "../soap/message.ts";

const table = "Device.Services.Link.";
const count = "Device.Services.LinkNumberOfEntries";
const parameterKey = "Device.ManagementServer.ParameterKey";

const add = (path: string, key = ""): CwmpMessage => ({
  method: "AddObject",
  path,
  parameterKey: key,
});
const remove = (path: string, key = ""): CwmpMessage => ({
  method: "DeleteObject",
  path,
  parameterKey: key,
});

async function started(): Promise<{ box: Box; endpoint: CwmpEndpoint; tree: LivelyTree }> {
  const box = new Box();
  const tree = new LivelyTree();
  return { box, tree, endpoint: await box.start({ tree }) };
}

const keyOf = (endpoint: CwmpEndpoint): string | undefined =>
  endpoint.tree.get(parameterKey)?.value;
const codes = (answers: readonly DecodedMessage[]): readonly (number | string)[] =>
  answers.map((answer) => (answer.method === "Fault" ? answer.code : answer.method));

describe("AddObject", () => {
  it("adds a row, answers with its number and sets the ParameterKey", async () => {
    const { box, endpoint } = await started();
    const answers = await box.ask(
      endpoint,
      add(table, "first"),
      { method: "GetParameterNames", path: table, nextLevel: true },
      { method: "GetParameterValues", paths: [`${table}1.Name`, count] },
    );
    expect(answers).toMatchObject([
      { method: "AddObjectResponse", instanceNumber: 1, status: 0 },
      { names: [{ path: `${table}1.`, writable: true }] },
      { parameters: [{ path: `${table}1.Name`, value: "" }, { value: "1" }] },
    ]);
    expect(keyOf(endpoint)).toBe("first");
  });

  it("refuses what is no writable table with 9005, a full one with 9004, and leaves the ParameterKey", async () => {
    const { box, endpoint } = await started();
    await box.ask(endpoint, add(table, "kept"), add(table, "kept"), add(table, "kept"));
    const answers = await box.ask(
      endpoint,
      add(table, "x"),
      add("Device.Services.Tray.", "x"),
      add("Device.Services.Nothing.", "x"),
      add("Device.Services.Location", "x"),
      add("Device.Services.Link", "x"),
      add(`${table}1.`, "x"),
    );
    expect(codes(answers)).toEqual([9004, 9005, 9005, 9005, 9005, 9005]);
    expect(keyOf(endpoint)).toBe("kept");
  });

  it("does not tell the ACS of the rows it made itself", async () => {
    const { box, endpoint, tree } = await started();
    await box.ask(endpoint, {
      method: "SetParameterAttributes",
      attributes: [{ path: count, notification: 2 }],
    });
    await box.ask(endpoint, add(table));
    await box.restart({ tree });
    expect(box.acs.events()).toEqual(["6 CONNECTION REQUEST"]);
    await tree.addObject(table);
    await box.restart({ tree });
    expect(box.acs.events()).toEqual(["4 VALUE CHANGE"]);
  });
});

describe("DeleteObject", () => {
  it("deletes a row with everything below, never to use its number again", async () => {
    const { box, endpoint } = await started();
    const answers = await box.ask(
      endpoint,
      add(table),
      add(table),
      remove(`${table}2.`, "gone"),
      { method: "GetParameterValues", paths: [`${table}2.Name`] },
      add(table, "third"),
    );
    expect(answers.slice(2)).toMatchObject([
      { method: "DeleteObjectResponse", status: 1 },
      { method: "Fault", code: 9005 },
      { method: "AddObjectResponse", instanceNumber: 3 },
    ]);
  });

  it("refuses tables, rows of read-only tables and rows that are not there with 9005", async () => {
    const { box, endpoint } = await started();
    const answers = await box.ask(
      endpoint,
      remove(table, "x"),
      remove(`${table}7.`, "x"),
      remove(`${table}1`, "x"),
      remove("Device.Services.Tray.2.", "x"),
      remove("Device.Services.", "x"),
    );
    expect(codes(answers)).toEqual([9005, 9005, 9005, 9005, 9005]);
    expect(keyOf(endpoint)).toBe("");
  });
});
