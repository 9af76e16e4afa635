import { describe, expect, it } from "vitest";
import { parseXmlPath, setInXml, xmlBranch } from "./xml-edit.ts";

const text = `<?xml version="1.0"?>
<p:Config xmlns:p="urn:p" xmlns:dd="urn:dd">
  <dd:Name>old</dd:Name>
  <p:Tray><dd:Bin>1</dd:Bin><dd:Size>a4</dd:Size></p:Tray>
  <p:Tray><dd:Bin>2</dd:Bin><dd:Media><dd:Color>white</dd:Color></dd:Media></p:Tray>
</p:Config>`;

function set(path: string, to: string): string | undefined {
  const steps = parseXmlPath(path);
  return steps === undefined ? undefined : setInXml(text, steps, to);
}

describe("an element named without its place", () => {
  it("is changed where it is the only one of its name, with everything else left as it is", () => {
    expect(set("//Color", "red")).toBe(text.replace("white", "red"));
    expect(set("//dd:Name", "a<b")).toBe(text.replace("old", "a&lt;b"));
  });

  it("is not changed where there are several or none", () => {
    expect(set("//Bin", "3")).toBeUndefined();
    expect(set("//Weight", "80")).toBeUndefined();
  });

  it("is sent with the branch that leads to it", () => {
    const path = parseXmlPath("//Color") ?? [];
    expect(xmlBranch(text, [{ path, to: "red" }])).toBe(
      '<?xml version="1.0"?>\n<p:Config xmlns:p="urn:p" xmlns:dd="urn:dd"><p:Tray><dd:Media><dd:Color>red</dd:Color></dd:Media></p:Tray></p:Config>',
    );
  });

  it("has no steps behind it", () => {
    expect(parseXmlPath("//Media/Color")).toBeUndefined();
    expect(parseXmlPath("/Config//Color")).toBeUndefined();
  });
});
