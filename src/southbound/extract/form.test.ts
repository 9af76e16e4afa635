import { describe, expect, it } from "vitest";
import { fillForm, type FormWish } from "./form.ts";

const page = `<html><body>
<form action="/search"><input name="q"></form>
<form id="net" name="net" action="/set.cgi" method="post" enctype="multipart/form-data">
<input type=hidden name=token value="T1"><input type=hidden name=rep value=1><input type=hidden name=rep value=2>
<table><tr><td>Host name :</td><td><input name=B12 value="old"></td></tr>
<tr><td>DNS</td><td><input type=radio name=dns value=0 checked>Automatic<input type=radio name=dns value=1>Manual</td></tr>
<tr><td>Server</td><td><input name=srv value="1.1.1.1" disabled></td></tr>
<tr><td>Speed</td><td><select name=speed><option value=a>Auto</option><option value=b selected>100 Mbps</option><option disabled>x</select></td></tr>
<tr><td>Zone</td><td><select name=zone><option value=1>One<option value=2>Two</select></td></tr>
<tr><td>Langs</td><td><select name=langs multiple><option selected>de<option>en<option selected>fr</select></td></tr></table>
<select name=filled></select>
<label><input type=checkbox name=lpd value=1 checked> LPD</label><input type=checkbox name=raw> Raw port
<textarea name=note>
a
b</textarea><input type=file name=cert><input name="" value=no><input value=no>
<fieldset disabled><legend><input name=inlegend value=1></legend><input name=infieldset value=1></fieldset>
<input type=submit value=Plain><button name=go value=1>Go</button><input type=image name=img><button type=button name=no>No</button><input type=submit name=apply value=Apply formaction="/apply.cgi">
</form><input form=net name=outside value=o></body></html>`;

const fill = (wish: Partial<FormWish> = {}) =>
  fillForm(page, { form: "#net", fields: [], ...wish });
const valuesOf = (name: string, wish: Partial<FormWish>) =>
  fill(wish)
    .fields.filter(([each]) => each === name)
    .map(([, value]) => value);

describe("a form", () => {
  it("is sent as a browser sends it: every field once more, in the order of the page", () => {
    expect(fill()).toEqual({
      action: "/set.cgi",
      method: "POST",
      enctype: "multipart/form-data",
      fields: [
        ["token", "T1"],
        ["rep", "1"],
        ["rep", "2"],
        ["B12", "old"],
        ["dns", "0"],
        ["speed", "b"],
        ["zone", "1"],
        ["langs", "de"],
        ["langs", "fr"],
        ["lpd", "1"],
        ["note", "a\r\nb"],
        ["cert", ""],
        ["inlegend", "1"],
        ["go", "1"],
        ["outside", "o"],
      ],
    });
  });

  it("sends the button that is pressed, and goes where it says", () => {
    const pressed = fill({ press: "apply" });
    expect(pressed.action).toBe("/apply.cgi");
    expect(pressed.fields).toContainEqual(["apply", "Apply"]);
    expect(pressed.fields.map(([name]) => name)).not.toContain("go");
    expect(fill({ press: "img" }).fields).toContainEqual(["img.x", "0"]);
    expect(() => fill({ press: "no" })).toThrow(/button no/);
  });

  it("sends lists without a selection as the mapping says", () => {
    expect(valuesOf("zone", { unselected: { zone: "2" } })).toEqual(["2"]);
    expect(valuesOf("zone", { unselected: { zone: false } })).toEqual([]);
  });

  it("takes nothing said of lists for one that is called like a member of every object", () => {
    const html = '<form><input name=a><select name="constructor"><option>1</select></form>';
    const wish = { fields: [{ at: { name: "a" }, set: { value: "x" } }], unselected: {} };
    expect(fillForm(html, wish).fields).toEqual([
      ["a", "x"],
      ["constructor", "1"],
    ]);
  });

  it("is encoded as the pressed button says", () => {
    const html = `<form enctype="text/plain"><input name=a>
<input type=submit name=go formenctype="multipart/form-data"></form>`;
    expect(fillForm(html, { fields: [] }).enctype).toBe("multipart/form-data");
  });

  it("is the first one that has all fields when none is named", () => {
    const { action } = fillForm(page, { fields: [{ at: { name: "B12" }, set: { value: "x" } }] });
    expect(action).toBe("/set.cgi");
    expect(fillForm(page, { fields: [] }).action).toBe("/search");
  });

  it("may be a page without a form, or a part of it", () => {
    const bare = "<div id=a><input name=x value=1></div><input name=y value=2>";
    expect(fillForm(bare, { fields: [] })).toEqual({
      action: undefined,
      method: "GET",
      enctype: "application/x-www-form-urlencoded",
      fields: [
        ["x", "1"],
        ["y", "2"],
      ],
    });
    expect(fillForm(bare, { form: "#a", fields: [] }).fields).toEqual([["x", "1"]]);
  });

  it("keeps controls that stand after the table row it began in", () => {
    const overlapping =
      "<table><tr><form action=/f><td><input name=a></td></tr><tr><td><input name=b></td></tr></form></table>";
    expect(fillForm(overlapping, { fields: [] }).fields.map(([name]) => name)).toEqual(["a", "b"]);
  });
});

describe("a field of a form", () => {
  it.each([
    ["by name", { at: { name: "B12" }, set: { value: "new" } }, "B12", ["new"]],
    [
      "by label",
      { at: { label: ["Hostname", "Host name"] }, set: { value: "new" } },
      "B12",
      ["new"],
    ],
    ["by CSS", { at: { css: "td > input[value=old]" }, set: { value: "new" } }, "B12", ["new"]],
    ["that is a list, by value", { at: { name: "speed" }, set: { value: "a" } }, "speed", ["a"]],
    [
      "that is a list, by the text of the option",
      { at: { label: "Speed" }, set: { optionText: "auto" } },
      "speed",
      ["a"],
    ],
    [
      "that is a list a script fills",
      { at: { name: "filled" }, set: { value: "z" } },
      "filled",
      ["z"],
    ],
    [
      "that is a radio button, by value",
      { at: { label: "DNS" }, set: { value: "1" } },
      "dns",
      ["1"],
    ],
    [
      "that is a radio button, by its text",
      { at: { name: "dns" }, set: { optionText: "Manual" } },
      "dns",
      ["1"],
    ],
    ["that is a check box, off", { at: { label: "LPD" }, set: { checked: false } }, "lpd", []],
    [
      "that is a check box without label, on",
      { at: { label: "Raw port" }, set: { checked: true } },
      "raw",
      ["on"],
    ],
    ["that is a textarea", { at: { name: "note" }, set: { value: "c\nd" } }, "note", ["c\r\nd"]],
    [
      "that is disabled until it is set",
      { at: { name: "srv" }, set: { value: "9.9.9.9" } },
      "srv",
      ["9.9.9.9"],
    ],
    ["that is hidden", { at: { name: "token" }, set: { value: "T2" } }, "token", ["T2"]],
    ["that repeats, the first", { at: { name: "rep" }, set: { value: "9" } }, "rep", ["9", "2"]],
  ] as const)("is set %s", (_name, field, name, expected) => {
    expect(valuesOf(name, { fields: [field] })).toEqual(expected);
  });

  it.each([
    [{ at: { name: "gone" }, set: { value: "x" } }, "ews.no-field", "gone"],
    [{ at: { label: ["Gone", "Weg"] }, set: { value: "x" } }, "ews.no-field", "“Gone” or “Weg”"],
    [{ at: { css: "input.gone" }, set: { value: "x" } }, "ews.no-field", "input.gone"],
    [{ at: { name: "speed" }, set: { value: "z" } }, "ews.no-option", "speed"],
    [{ at: { name: "speed" }, set: { value: "z" } }, "ews.no-option", "there are a, b"],
    [{ at: { name: "speed" }, set: { optionText: "Slow" } }, "ews.no-option", "“Slow”"],
    [{ at: { name: "zone" }, set: { optionText: "3" } }, "ews.no-option", "there are One, Two"],
    [{ at: { name: "dns" }, set: { value: "7" } }, "ews.no-option", "dns"],
    [{ at: { name: "B12" }, set: { checked: true } }, "ews.no-option", "B12"],
    [{ at: { name: "dns" }, set: { checked: false } }, "ews.no-option", "not a switch"],
    [{ at: { name: "B12" }, set: { optionText: "x" } }, "ews.no-option", "B12"],
  ] as const)("that cannot be set so is told: %j", (field, code, text) => {
    expect(() => fill({ fields: [field] })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(text) as string }),
    );
  });

  it("names not more of a list than a message holds", () => {
    const options = Array.from({ length: 50 }, (_, n) => `<option>v${n}</option>`).join("");
    const wish = { fields: [{ at: { name: "a" }, set: { value: "x" } }], unselected: {} };
    expect(() => fillForm(`<form><select name=a>${options}</select></form>`, wish)).toThrow(
      /there are v0, .*, v39, …$/,
    );
  });

  it("of a form that is not there is told, too", () => {
    expect(() => fill({ form: "#gone" })).toThrow(expect.objectContaining({ code: "ews.no-form" }));
    expect(() => fill({ form: "[" })).toThrow(
      expect.objectContaining({ code: "ews.bad-selector" }),
    );
  });

  it("is never told with the value it was to have", () => {
    const secret = { at: { name: "gone" }, set: { value: "hunter2" } };
    expect(() => fill({ fields: [secret] })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("hunter2") as string }),
    );
  });
});
