import { describe, expect, it } from "vitest";
import { Box } from "../../../test/cwmp/endpoint-harness.ts";
import { LivelyTree } from "../../../test/cwmp/lively-tree.ts";

describe("GetParameterValues of what comes and goes", () => {
  it("names the rows that are there after the reading, and refuses a name that is gone by then", async () => {
    const tree = new LivelyTree();
    await tree.addObject("Device.Services.Link.");
    const box = new Box();
    const endpoint = await box.start({ tree });
    tree.onRefresh = async () => {
      const gone = `Device.Services.Link.${String(tree.rows[0])}.`;
      await tree.deleteObject(gone);
      await tree.addObject("Device.Services.Link.");
    };
    const [all, one] = await box.ask(
      endpoint,
      { method: "GetParameterValues", paths: ["Device.Services.Link."] },
      { method: "GetParameterValues", paths: ["Device.Services.Link.2.Name"] },
    );
    const row2 = { path: "Device.Services.Link.2.Name", type: "string", value: "" };
    const alias2 = { path: "Device.Services.Link.2.Alias", type: "string", value: "cpe-2" };
    expect(all).toMatchObject({ parameters: [alias2, row2] });
    expect(one).toMatchObject({ method: "Fault", code: 9005 });
  });

  it("gives what has no value just now the empty value of its type", async () => {
    const box = new Box();
    const endpoint = await box.start();
    const paths = ["Device.DeviceInfo.UpTime", "Device.DeviceInfo.HardwareVersion"];
    for (const path of paths) box.tree.values.delete(path);
    const [answer] = await box.ask(endpoint, { method: "GetParameterValues", paths });
    expect(answer).toMatchObject({
      parameters: [
        { path: paths[0], type: "unsignedInt", value: "0" },
        { path: paths[1], type: "string", value: "" },
      ],
    });
  });
});
